"""What nobody may get past, each with the reason that must be found."""

import re
import zlib

from genuine import APART, WAITING, description, described, resources
from pdf import stream, with_key
from signing import FONT, FORGED, RECT, STAMP, fill, page, sign, validation

MODIFIED = ("invalid", "modified_after_signing")
ACTIVE = ("refuse", "active_content")
LIMITS = ("refuse", "limits")
COVERING = ("invalid", "new_visible_field_after_certification")
LAST = b"/Lock << /Type /SigFieldLock /Action /All /P 1 >> "
SCRIPT = b"<< /S /JavaScript /JS (1) >>"


def updates(office):
    """Updates behind the last signature."""

    def signed(**how):
        return sign(page(office, **how), office.satu)

    def generation(table):
        document = signed(table=table)
        document.generations = {4: 1}
        return document.write({4: FORGED})

    def generation_with_signature():
        document = signed()
        document.generations = {4: 1}
        return sign(document, office.dua, name=b"dua", also=lambda d, o, n: {4: FORGED})

    def older_object():
        document = signed()
        return document.write({1: document.objects[1]}, places={3: document.data.index(b"3 0 obj")})

    def unlisted_object():
        document = signed()
        body = b"4 0 obj\n" + FORGED + b"\nendobj\n"
        return document.write(
            {1: document.objects[1]}, before=body, places={4: len(document.data)})

    def skipped_revision():
        document = page(office)
        first = document.start
        sign(document, office.satu)
        last = document.size - 1
        return document.write({key: document.objects[key] for key in (1, 3, last)}, prev=first)

    def two_tables():
        document = signed()
        place, number = len(document.data), document.new()
        body = b"4 0 obj\n" + FORGED + b"\nendobj\n"
        rows = bytes([1]) + place.to_bytes(4, "big") + bytes(2)
        table = b"%d 0 obj\n" % number + stream(
            rows, b"/Type /XRef /W [1 4 2] /Index [4 1] /Size %d /Root 1 0 R " % (number + 1))
        return document.write(
            {number + 1: b"[]"}, before=body + table + b"\nendobj\n",
            trailer=b" /XRefStm %d" % (place + len(body)))

    def changed(number, old, new, **how):
        document = signed(**how)
        return document.write({number: document.text(number, old, new)})

    def added(number, entry, **how):
        document = signed(**how)
        return document.write({number: document.key(number, entry)})

    def orphan(body, table="table"):
        document = signed(table=table)
        return document.write({document.new(): body})

    return {
        "u-orphan": (lambda: orphan(b"<< /A 1 >>"), MODIFIED),
        "u-orphan-object-stream": (
            lambda: orphan(stream(b"4 0 [ ]", b"/Type /ObjStm /N 1 /First 4 ")), MODIFIED),
        "u-orphan-object-stream-packed": (lambda: orphan(
            stream(b"4 0 [ ]", b"/Type /ObjStm /N 1 /First 4 "), "stream"), MODIFIED),
        "u-orphan-table": (lambda: orphan(
            stream(bytes(7), b"/Type /XRef /W [1 4 2] /Size 1 "), "stream"), MODIFIED),
        "u-generation-table": (lambda: generation("table"), MODIFIED),
        "u-generation-stream": (lambda: generation("stream"), MODIFIED),
        "u-generation-signed": (generation_with_signature, MODIFIED),
        "u-older-object": (older_object, MODIFIED),
        "u-unlisted-object": (unlisted_object, MODIFIED),
        "u-skipped-revision": (skipped_revision, ("refuse", "no_signature")),
        "u-two-tables": (two_tables, MODIFIED),
        "u-trailer-key": (
            lambda: signed().write({9: b"[]"}, trailer=b" /Lain 9 0 R"), MODIFIED),
        "u-information-title": (lambda: changed(6, b"(Peraga)", b"(Palsu)"), MODIFIED),
        "u-information-recoded": (
            lambda: changed(6, b"(Peraga)", b"<FEFF00500061006C00730075>"), MODIFIED),
        "u-information-reference": (lambda: added(6, b"/ModDate 4 0 R"), MODIFIED),
        "u-information-other": (
            lambda: signed().write({9: b"<< /Title (Palsu) >>"}, info=9), MODIFIED),
        "u-version-reference": (lambda: added(1, b"/Version 4 0 R"), MODIFIED),
        "u-version-word": (lambda: added(1, b"/Version /Palsu"), MODIFIED),
        "u-producer-mark": (lambda: added(2, b"/ITXT (2.1.7)"), MODIFIED),
        "u-extensions-is-font": (lambda: changed(
            5, b"Helvetica", b"Symbol", catalog=b"/Extensions 5 0 R "), MODIFIED),
        "u-layers": (lambda: added(
            1, b"/OCProperties << /OCGs [] /D << /BaseState /OFF >> >>"), MODIFIED),
        "u-page-labels": (lambda: added(1, b"/PageLabels << /Nums [0 << /S /R >>] >>"), MODIFIED),
        "u-form-redrawn": (lambda: added(
            9, b"/NeedAppearances true", form=b"9 0 R", extra={9: b"<< /Fields [] >>"}), MODIFIED),
        "u-form-style": (lambda: added(
            9, b"/DA (/Helv 0 Tf)", form=b"9 0 R", extra={9: b"<< /Fields [] >>"}), MODIFIED),
        "u-form-flags": (lambda: added(
            9, b"/SigFlags 1", form=b"9 0 R", extra={9: b"<< /Fields [] >>"}), MODIFIED),
        "u-description-title": (
            lambda: described(office).write({9: description(b"palsu")}), MODIFIED),
        "u-description-hidden-in-trace": (
            lambda: described(office).write({9: description(b"asli", b"<t>palsu</t>")}), MODIFIED),
        "u-description-new": (lambda: validation(signed(), also=lambda d, o, n: {
            1: with_key(o[1], b"/Metadata %d 0 R" % n), n: description(b"palsu")}), MODIFIED),
        "u-store-with-content": (
            lambda: validation(signed(), also=lambda d, o, n: {4: FORGED}), MODIFIED),
        "u-store-leaf-draws": (lambda: validation(signed(), also=lambda d, o, n: {
            n - 1: with_key(o[n - 1], b"/Certs 3 0 R")}), ("invalid", "malformed_pdf")),
        "u-stamp-thin": (lambda: sign(
            signed(), None, name=b"waktu", stamp=True, rect=b"[50 700 50 800]"), MODIFIED),
        "u-stamp-visible-apart": (lambda: sign(
            signed(), None, name=b"waktu", stamp=True, kid=True, rect=RECT, appearance=STAMP),
            MODIFIED),
    }


def signatures(office):
    """A later signature as a vehicle; the second signer is one of the office's own people."""
    satu, tiga = office.satu, office.tiga

    def signed(**how):
        return sign(page(office, **how), satu)

    def later(document, also, **how):
        return sign(document, tiga, name=b"tiga", also=also, **how)

    text = {9: b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (n) /V (PALSU) /DA (/Zz 20 Tf) "
               b"/Rect [0 0 99 99] >>", 10: b"<< /Fields [9 0 R] >>"}

    def filled_form():
        return signed(form=b"10 0 R", annotations=b"/Annots [9 0 R] ", extra=text)

    def shared_resources():
        return signed(form=b"10 0 R", resources=b"9 0 R", extra={
            9: b"<< /Font << /F1 5 0 R >> >>", 10: b"<< /Fields [] /DR 9 0 R >>"})

    def shared_description():
        return signed(catalog=b"/Metadata 9 0 R ", contents=b"[4 0 R 9 0 R]",
                      extra={9: description(b"asli")})

    def dangling(then, entries=b"", contents=b"[4 0 R 60 0 R]"):
        document = signed(entries=entries, contents=contents)
        document.size = 60
        return then(document)

    def moved(document, objects, spare):
        return {12: document.text(12, b"[50 50 130 90]", b"[0 0 595 842]")}

    waiting = dict(form=b"11 0 R", annotations=b"/Annots [9 0 R 10 0 R] ", extra=WAITING)
    apart = dict(form=b"11 0 R", annotations=b"/Annots [12 0 R 13 0 R] ", extra=APART)
    return {
        "s-with-content": (lambda: later(signed(), lambda d, o, n: {4: FORGED}), MODIFIED),
        "s-with-font": (lambda: later(
            signed(), lambda d, o, n: {5: d.text(5, b"Helvetica", b"Symbol")}), MODIFIED),
        "s-with-page-size": (lambda: later(
            signed(), lambda d, o, n: {2: d.key(2, b"/ITXT (1) /Rotate 90")}), MODIFIED),
        "s-mark-refers": (lambda: later(
            signed(), lambda d, o, n: {2: d.key(2, b"/ITXT 4 0 R")}), MODIFIED),
        "s-with-annotation": (lambda: later(signed(), lambda d, o, n: {
            n: b"<< /Type /Annot /Subtype /FreeText /Rect [0 0 300 300] >>",
            3: o[3].replace(b"/Annots [", b"/Annots [%d 0 R " % n)}), MODIFIED),
        "s-redraws-first-stamp": (lambda: later(signed(), lambda d, o, n: {
            n: FORGED, d.widget: d.key(d.widget, b"/AP << /N %d 0 R >>" % n)}), MODIFIED),
        "s-takes-first-away": (lambda: later(signed(), lambda d, o, n: {
            3: re.sub(rb"/Annots \[[^\]]*\]", b"", d.objects[3])}), MODIFIED),
        "s-on-page-too": (lambda: later(signed(), lambda d, o, n: {
            3: with_key(o[3], b"/Rotate 90")}), MODIFIED),
        "s-fields-are-contents": (lambda: later(signed(
            form=b"10 0 R", contents=b"9 0 R", extra={
                9: b"[4 0 R]", 10: b"<< /Fields 9 0 R >>"}), lambda d, o, n: {}), MODIFIED),
        "s-two-widgets": (lambda: later(signed(), lambda d, o, n: {
            d.new(): o[d.new()].replace(b"/Kids [", b"/Kids [%d 0 R " % n),
            n: b"<< /Type /Annot /Subtype /Widget /Rect [0 0 595 842] >>"}, kid=True), MODIFIED),
        "s-layer-of-its-own": (lambda: later(
            signed(), lambda d, o, n: {}, entries=b"/OC 4 0 R "), MODIFIED),
        "s-form-redrawn": (lambda: later(
            signed(form=b"9 0 R", extra={9: b"<< /Fields [] >>"}),
            lambda d, o, n: {9: with_key(o[9], b"/NeedAppearances true")}), MODIFIED),
        "s-font-for-text": (lambda: later(filled_form(), lambda d, o, n: {
            10: with_key(o[10], b"/DR << /Font << /Zz 5 0 R >> >>")}), MODIFIED),
        "s-stamp-font-for-text": (lambda: sign(
            filled_form(), None, name=b"waktu", stamp=True, also=lambda d, o, n: {
                10: with_key(o[10], b"/DR << /Font << /Zz 5 0 R >> >>")}), MODIFIED),
        "s-stamp-leaves-draft": (lambda: sign(
            signed(), None, name=b"waktu", stamp=True, also=lambda d, o, n: {n: FONT}), MODIFIED),
        "s-style-for-text": (lambda: later(filled_form(), lambda d, o, n: {
            10: with_key(o[10], b"/DA (/Helv 0 Tf)")}), MODIFIED),
        "s-resources-of-page": (lambda: later(shared_resources(), lambda d, o, n: {
            9: b"<< /Font << /F1 5 0 R /Zz %d 0 R >> >>" % n, n: FONT}), MODIFIED),
        "s-resources-changed": (lambda: later(sign(resources(office), satu), lambda d, o, n: {
            9: b"<< /Font << /F1 %d 0 R >> >>" % n, n: FONT}), MODIFIED),
        "s-description-is-content": (
            lambda: later(shared_description(), lambda d, o, n: {9: description(b"x")}), MODIFIED),
        "s-awakens-reference": (lambda: dangling(
            lambda d: later(d, lambda d, o, n: {})), MODIFIED),
        "s-awakens-entry": (lambda: dangling(
            lambda d: later(d, lambda d, o, n: {}), b"/Group 60 0 R ", b"4 0 R"), MODIFIED),
        "s-store-awakens-reference": (lambda: dangling(validation), MODIFIED),
        "s-moves-waiting-widget": (
            lambda: fill(signed(**apart), tiga, 9, also=moved), MODIFIED),
        "s-stamp-fills-visible": (
            lambda: fill(signed(**waiting), None, 9, stamp=True, appearance=STAMP), MODIFIED),
        "s-stamp-fills-visible-apart": (
            lambda: fill(signed(**apart), None, 9, stamp=True), MODIFIED),
        "s-certified-covered": (lambda: sign(
            sign(page(office), satu, level=2), tiga, name=b"tiga", kid=True, rect=RECT,
            appearance=STAMP), COVERING),
        "s-certified-late": (
            lambda: later(signed(), lambda d, o, n: {}, level=2), ("invalid", "docmdp_violation")),
        "s-after-the-last": (lambda: later(
            sign(page(office), satu, entries=LAST), lambda d, o, n: {}),
            ("invalid", "docmdp_violation")),
        "s-same-name": (
            lambda: sign(signed(), tiga), ("invalid", "duplicate_signature")),
    }


def contents(office):
    """Signed as they are, and yet not fit to be printed."""

    def holding(body, **how):
        return sign(page(office, extra={9: body}, **how), office.satu)

    swelling = zlib.compress(bytes(70 << 20), 9)
    outline = b"<< /Type /Outlines /First 10 0 R /Last 10 0 R >>"
    item = b"<< /Title (a) /Parent 9 0 R /A << /S /Lain >> >>"
    return {
        "c-swelling-short-name": (lambda: holding(
            b"<< /Filter /Fl /Length %d >>\nstream\n%s\nendstream" % (len(swelling), swelling)),
            LIMITS),
        "c-two-compressors": (
            lambda: holding(stream(b"x", b"/Filter [/FlateDecode /Fl] ")), LIMITS),
        "c-outline-action": (lambda: sign(page(
            office, catalog=b"/Outlines 9 0 R ", extra={9: outline, 10: item}), office.satu),
            ACTIVE),
        "c-escaped-script": (
            lambda: holding(b"<< /S /Java#53cript >>"), ACTIVE),
        "c-page-opening-link": (lambda: holding(
            b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /PA %s >>" % SCRIPT,
            annotations=b"/Annots [9 0 R] "), ACTIVE),
        "c-opi": (lambda: holding(stream(
            b"", b"/Type /XObject /Subtype /Form /BBox [0 0 1 1] /OPI << >> ")), ACTIVE),
        "c-postscript-form": (lambda: holding(stream(
            b"", b"/Type /XObject /Subtype /Form /Subtype2 /PS /BBox [0 0 1 1] ")), ACTIVE),
        "c-embedded-file": (lambda: holding(stream(b"x", b"/Type /EmbeddedFile ")), ACTIVE),
    }


def cases(office):
    return {**updates(office), **signatures(office), **contents(office)}
