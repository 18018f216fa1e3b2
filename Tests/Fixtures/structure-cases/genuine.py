"""What real tools write, and what therefore must stay valid."""

import zlib

from pdf import stream, with_key
from signing import FONT, RECT, STAMP, TEXT, fill, page, sign, validation

WAITING = {
    9: b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (kepala) /Rect [50 50 130 90] /F 4 >>",
    10: b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (saksi) /Rect [250 50 330 90] /F 4 >>",
    11: b"<< /Fields [9 0 R 10 0 R] >>"}
APART = {
    9: b"<< /FT /Sig /T (kepala) /Kids [12 0 R] >>",
    10: b"<< /FT /Sig /T (saksi) /Kids [13 0 R] >>",
    11: b"<< /Fields [9 0 R 10 0 R] >>",
    12: b"<< /Type /Annot /Subtype /Widget /Parent 9 0 R /Rect [50 50 130 90] /F 4 >>",
    13: b"<< /Type /Annot /Subtype /Widget /Parent 10 0 R /Rect [250 50 330 90] /F 4 >>"}


def description(title, trace=b"satu"):
    return stream(
        b"<x:xmpmeta><dc:title>%s</dc:title><pdf:Producer>%s</pdf:Producer>"
        b"<d xmp:ModifyDate=\"%s\"/></x:xmpmeta>" % (title, trace, trace),
        b"/Type /Metadata /Subtype /XML ")


def described(office):
    return sign(
        page(office, catalog=b"/Metadata 9 0 R ", extra={9: description(b"asli")}), office.satu)


def resources(office):
    """A form with fonts of its own."""
    return page(office, form=b"10 0 R", extra={
        9: b"<< /Font << /F1 5 0 R >> >>", 10: b"<< /Fields [] /DR 9 0 R >>"})


def shown(widget):
    """An appearance for a widget that stands apart from its field."""
    return lambda document, objects, spare: {
        spare: STAMP, widget: document.key(widget, b"/AP << /N %d 0 R >>" % spare)}


def cases(office):
    satu, dua, tiga = office.satu, office.dua, office.tiga

    def two(**how):
        return sign(sign(page(office), satu), dua, name=b"dua", **how)

    def without_line_end():
        document = page(office)
        document.tail = b""
        return validation(sign(document, satu), header=b"\n")

    def dropped_trailer_key():
        document = page(office)
        document.trailer = b" /DocChecksum /00"
        sign(document, satu)
        document.trailer = b""
        return validation(document)

    def new_information():
        document = sign(page(office, info=False), satu)
        return validation(
            document, also=lambda d, o, n: {n: b"<< /Producer (Lain) /ModDate (D:20261111) >>"},
            info=document.new() + 5)

    def other_identifier():
        document = sign(page(office), satu)
        document.identifier = b"ab" * 16
        return validation(document)

    def grown_store():
        document = validation(sign(page(office), satu), "lists")
        number = document.new()
        held = next(key for key, body in document.objects.items()
                    if body.startswith(b"[") and body.endswith(b"R]") and b" 0 R " in body
                    and key > document.field)
        return document.write({
            number: stream(dua.der),
            held: document.objects[held][:-1] + b" %d 0 R]" % number})

    def draft_of_later_generation():
        document = sign(page(office), satu)
        document.generations = {document.new() + 9: 1}
        return sign(document, dua, name=b"dua", also=lambda d, o, n: {max(d.generations): b"[]"})

    def tight_trailer():
        document = page(office)
        document.tight = True
        return validation(sign(document, satu))

    def freed_before():
        document = page(office, extra={9: b"<< /A 1 >>"})
        return validation(sign(document.write({4: stream(TEXT)}, free=(9,)), satu))

    return {
        "v-line-ends-cr": lambda: validation(sign(page(office, line=b"\r"), satu)),
        "v-no-line-end": without_line_end,
        "v-tight-trailer": tight_trailer,
        "v-freed-before": freed_before,
        "v-packed-stamp": lambda: sign(
            validation(sign(page(office, table="packed"), satu)), None, name=b"waktu", stamp=True),
        "v-table-then-packed": lambda: validation(sign(page(office), satu), table="packed"),
        "v-zero-section": lambda: validation(sign(page(office), satu, zero=True), zero=True),
        "v-inline-value": lambda: two(direct=True),
        "v-form-in-objects": lambda: validation(
            sign(sign(page(office), satu, form="list"), dua, name=b"dua")),
        "v-new-annotation-list": lambda: sign(
            sign(page(office), satu, annotations=None), dua, name=b"dua", annotations="list"),
        "v-widget-apart": lambda: two(kid=True, rect=RECT, appearance=STAMP),
        "v-stamp-widget-apart": lambda: sign(
            sign(page(office), satu), None, name=b"waktu", stamp=True, kid=True),
        "v-waiting-fields": lambda: fill(
            fill(page(office, form=b"11 0 R", annotations=b"/Annots [9 0 R 10 0 R] ", extra=WAITING),
                 satu, 9, appearance=STAMP), dua, 10, appearance=STAMP),
        "v-waiting-widgets-apart": lambda: fill(
            fill(page(office, form=b"11 0 R", annotations=b"/Annots [12 0 R 13 0 R] ", extra=APART),
                 satu, 9, also=shown(12)), dua, 10, also=shown(13)),
        "v-waiting-gets-page": lambda: fill(
            sign(page(office, form=b"11 0 R", annotations=b"/Annots [9 0 R 10 0 R] ", extra=WAITING),
                 satu), dua, 9, also=lambda d, o, n: {9: with_key(o[9], b"/P 3 0 R /Ff 1")}),
        "v-certified-fills-waiting": lambda: fill(
            sign(page(office, form=b"11 0 R", annotations=b"/Annots [9 0 R 10 0 R] ", extra=WAITING),
                 satu, level=2), dua, 9, appearance=STAMP),
        "v-lock-leaves-signing": lambda: sign(
            sign(page(office), satu, entries=b"/Lock << /Action /All /P 2 >> "), dua, name=b"dua"),
        "v-lock-on-last": lambda: sign(validation(sign(
            sign(page(office), satu), dua, name=b"dua", entries=b"/Lock << /Action /All /P 1 >> ")),
            None, name=b"waktu", stamp=True),
        "v-removed-field": lambda: validation(sign(
            page(office, form=b"10 0 R", extra={10: b"<< /Fields [9 0 R] >>"}), satu)),
        "v-stamp-between": lambda: sign(
            sign(sign(page(office), satu), None, name=b"waktu", stamp=True), tiga, name=b"tiga"),
        "v-store-inline-twice": lambda: validation(
            validation(sign(page(office), satu), "inline"), "inline"),
        "v-store-lists-grown": grown_store,
        "v-extensions-grown": lambda: validation(
            sign(page(office, catalog=b"/Extensions 9 0 R ", extra={
                9: b"<< /ADBE << /BaseVersion /1.7 /ExtensionLevel 8 >> >>"}), satu),
            also=lambda d, o, n: {9: with_key(
                d.objects[9], b"/ESIC << /BaseVersion /1.7 /ExtensionLevel 5 >>")}),
        "v-version-raised": lambda: validation(
            sign(page(office, b"1.4"), satu),
            also=lambda d, o, n: {1: with_key(o[1], b"/Version /1.7")}),
        "v-version-lowered": lambda: sign(
            sign(page(office, catalog=b"/Version /1.7 "), satu), dua, name=b"dua",
            also=lambda d, o, n: {1: o[1].replace(b"/1.7", b"/1.4")}),
        "v-trailer-key-dropped": dropped_trailer_key,
        "v-trailer-key-back": lambda: validation(
            sign(page(office), satu), trailer=b" /DocChecksum /00"),
        "v-producer-mark": lambda: two(
            also=lambda d, o, n: {2: d.key(2, b"/ITXT (2.1.7)")}),
        "v-information-added": new_information,
        "v-information-recoded": lambda: validation(
            sign(page(office), satu), also=lambda d, o, n: {
                6: d.text(6, b"(Peraga)", b"<FEFF005000650072006100670061>")}),
        "v-other-identifier": other_identifier,
        "v-description-dated": lambda: validation(
            described(office), also=lambda d, o, n: {9: description(b"asli", b"dua")}),
        "v-description-packed": lambda: described(office).write({9: stream(
            zlib.compress(description(b"asli", b"dua").split(b"stream\n")[1][:-10]),
            b"/Type /Metadata /Subtype /XML /Filter /FlateDecode ")}),
        "v-description-signed": lambda: sign(
            described(office), dua, name=b"dua", also=lambda d, o, n: {9: description(b"baru")}),
        "v-form-resources-grown": lambda: sign(
            sign(resources(office), satu), dua, name=b"dua", also=lambda d, o, n: {
                9: b"<< /Font << /F1 5 0 R /Baru %d 0 R >> >>" % n, n: FONT}),
        "v-form-style-added": lambda: sign(
            sign(page(office, form=b"9 0 R", extra={9: b"<< /Fields [] >>"}), satu), dua,
            name=b"dua", also=lambda d, o, n: {9: with_key(o[9], b"/DA (/Helv 0 Tf)")}),
        "v-form-style-stamped": lambda: sign(
            sign(page(office, form=b"9 0 R", extra={9: b"<< /Fields [] >>"}), satu), None,
            name=b"waktu", stamp=True, also=lambda d, o, n: {
                9: with_key(o[9], b"/DA (/Helv 0 Tf) /DR << /Font << /Helv %d 0 R >> >>" % n),
                n: FONT}),
        "v-draft-left": lambda: two(also=lambda d, o, n: {n: FONT, n + 1: b"[%d 0 R]" % n}),
        "v-draft-of-later-generation": draft_of_later_generation,
    }
