"""What producers do: a page, a signature, a time stamp, validation data."""

import hashlib
import re

from pdf import Document, listed, stream, with_key

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
TEXT = b"BT /F1 18 Tf 60 760 Td (KARTU PERAGA) Tj 0 -30 Td (Rekaan Contoh, UJI-0001) Tj ET"
FORGED = stream(b"BT /F1 18 Tf 60 760 Td (KARTU PALSU) Tj ET")
STAMP = stream(
    b"BT /F1 8 Tf 2 2 Td (Ditandatangani) Tj ET",
    b"/Type /XObject /Subtype /Form /BBox [0 0 80 40] "
    b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> ")
RECT = b"[50 50 130 90]"


def page(office, version=b"1.7", line=b"\n", table="table", catalog=b"", entries=b"", annotations=b"",
         form=b"", extra=None, contents=b"4 0 R", resources=b"<< /Font << /F1 5 0 R >> >>",
         info=True, trailer=b""):
    """One page: 1 catalog, 2 pages, 3 page, 4 contents, 5 font, 6 information, 9... `extra`."""
    document = Document(office, line, table)
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s%s>>" % (
            catalog, b"/AcroForm %s " % form if form else b""),
        2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %s /Resources %s %s%s>>"
           % (contents, resources, entries, annotations),
        4: stream(TEXT), 5: FONT}
    if info:
        objects[6] = b"<< /Title (Peraga) /Producer (Pembuat Peraga) >>"
        document.info = 6
    objects.update(extra or {})
    header = b"%%PDF-%s%s%%\xe2\xe3\xcf\xd3%s" % (version, line, line)
    return document.write(objects, header=header, trailer=trailer)


def sign(document, party, name=b"satu", rect=b"[0 0 0 0]", stamp=False, appearance=None, entries=b"",
         level=None, kid=False, direct=False, annotations="page", form="direct", also=None,
         container=b"", **how):
    """A new field with a signature (or, with `stamp`, a document time stamp) in one update."""
    objects = {}
    field = document.new()
    value, spare = field + 1, field + 2
    if level:
        container += (
            b"/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams "
            b"<< /Type /TransformParams /P %d /V /1.2 >> >>] " % level)
    body = b"/FT /Sig /T (%s) %s" % (name, entries)
    if direct:
        body += b"/V %s " % document.container(stamp, container)
    else:
        body += b"/V %d 0 R " % value
        objects[value] = document.container(stamp, container)
    shown = b"/Type /Annot /Subtype /Widget /Rect %s /F 132 /P 3 0 R " % rect
    if appearance:
        objects[spare] = appearance
        shown += b"/AP << /N %d 0 R >> " % spare
        spare += 1
    widget = field
    if kid:
        widget, spare = spare, spare + 1
        objects[widget] = b"<< %s/Parent %d 0 R >>" % (shown, field)
        objects[field] = b"<< %s/Kids [%d 0 R] >>" % (body, widget)
    else:
        objects[field] = b"<< %s%s>>" % (shown, body)
    if annotations:
        spare = annotate(document, objects, b"%d 0 R" % widget, annotations, spare)
    spare = enlist(document, objects, b"%d 0 R" % field, form, spare)
    if also:
        objects.update(also(document, objects, spare))
    document.field, document.widget = field, widget
    return document.write(objects, **how).seal(party, stamp)


def annotate(document, objects, widget, way, spare):
    text = document.objects[3]
    held = re.search(rb"/Annots (\d+) 0 R", text)
    if held:
        objects[int(held[1])] = b"%s %s]" % (document.objects[int(held[1])][:-1], widget)
    elif b"/Annots [" in text:
        objects[3] = listed(text, b"Annots", widget)
    elif way == "list":
        objects[spare] = b"[%s]" % widget
        objects[3] = with_key(text, b"/Annots %d 0 R" % spare)
        spare += 1
    else:
        objects[3] = with_key(text, b"/Annots [%s]" % widget)
    return spare


def enlist(document, objects, field, way, spare):
    catalog = document.objects[document.root]
    held = re.search(rb"/AcroForm (\d+) 0 R", catalog)
    if held:
        number = int(held[1])
        text = document.objects[number]
        inner = re.search(rb"/Fields (\d+) 0 R", text)
        if inner:
            objects[int(inner[1])] = b"%s %s]" % (document.objects[int(inner[1])][:-1], field)
        else:
            objects[number] = listed(text, b"Fields", field)
    elif b"/AcroForm" in catalog:
        objects[document.root] = listed(catalog, b"Fields", field)
    elif way == "list":
        objects[spare] = b"[%s]" % field
        objects[spare + 1] = b"<< /Fields %d 0 R /SigFlags 3 >>" % spare
        objects[document.root] = with_key(catalog, b"/AcroForm %d 0 R" % (spare + 1))
        spare += 2
    else:
        objects[document.root] = with_key(
            catalog, b"/AcroForm << /Fields [%s] /SigFlags 3 >>" % field)
    return spare


def fill(document, party, field, stamp=False, appearance=None, also=None):
    """A signature in a field that waited for it."""
    value = document.new()
    entry = b"/V %d 0 R" % value
    objects = {value: document.container(stamp)}
    if appearance:
        objects[value + 1] = appearance
        entry += b" /AP << /N %d 0 R >>" % (value + 1)
    objects[field] = document.key(field, entry)
    if also:
        objects.update(also(document, objects, value + 2))
    return document.write(objects).seal(party, stamp)


def validation(document, layout="plain", also=None, **how):
    """A document security store, as different producers lay it out."""
    office, objects = document.office, {}
    spare = document.new()

    def put(body):
        nonlocal spare
        objects[spare] = body
        spare += 1
        return b"%d 0 R" % (spare - 1)

    certificates = b" ".join(
        put(stream(party.der, deflate=True)) for party in (office.root, office.issuer))
    lists = b" ".join(
        put(stream(party.revocation_list, deflate=True)) for party in (office.root, office.issuer))
    digest = hashlib.sha1(document.container_bytes).hexdigest().upper().encode()
    if layout == "lists":
        held, known = put(b"[%s]" % certificates), put(b"[%s]" % lists)
        entry = put(b"<< /Cert %s /CRL %s /TU (D:20261111000000+07'00') >>" % (held, known))
        related = put(b"<< /%s %s >>" % (digest, entry))
        store = put(b"<< /Certs %s /CRLs %s /OCSPs %s /VRI %s >>" % (
            held, known, put(b"[]"), related))
    elif layout == "inline":
        store = b"<< /Certs [%s] /CRLs [%s] /VRI << /%s << /Cert [%s] /CRL [%s] >> >> >>" % (
            certificates, lists, digest, certificates, lists)
    else:
        store = put(b"<< /Type /DSS /Certs [%s] /CRLs [%s] >>" % (certificates, lists))
    catalog = document.objects[document.root]
    if b"/DSS" in catalog:
        catalog = catalog.replace(b"/DSS " + document.store, b"/DSS " + store)
    else:
        catalog = with_key(catalog, b"/DSS " + store)
    objects[document.root] = catalog
    document.store = store
    if also:
        objects.update(also(document, objects, spare))
    return document.write(objects, **how)
