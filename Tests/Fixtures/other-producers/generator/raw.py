"""Pages with an empty place for a signature, written here byte by byte: another syntax than any
library's. And what belongs into such a place, made by OpenSSL."""

import re
import subprocess

RESERVED = 24000


def page(subfilter, eol=b"\n", body="AKTA KELAHIRAN CONTOH - BUKAN DOKUMEN SAH", form=True):
    """A one-page document with one signature field whose /Contents is all zeros and whose
    /ByteRange is right."""
    content = b"BT /F1 14 Tf 72 720 Td (" + body.encode() + b") Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/SigFlags 3>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>/Annots[6 0 R]>>",
        b"<</Length %d>>" % len(content) + eol + b"stream\r\n" + content + b"\r\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Tanda)/F 132/Rect[0 0 0 0]/P 3 0 R/V 7 0 R>>",
        b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/" + subfilter.encode()
        + b"/M(D:20261120000000+07'00')/Contents<" + b"0" * RESERVED
        + b">/ByteRange[0 AAAAAAAAAA BBBBBBBBBB CCCCCCCCCC]>>",
    ]
    out = b"%PDF-1.7" + eol + b"%\xe2\xe3\xcf\xd3" + eol
    offsets = []
    for number, text in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj" % number + eol + text + eol + b"endobj" + eol
    table = len(out)
    pair = eol if len(eol) == 2 else b" " + eol
    out += b"xref" + eol + b"0 %d" % (len(objects) + 1) + eol + b"0000000000 65535 f" + pair
    for offset in offsets:
        out += b"%010d 00000 n" % offset + pair
    out += (b"trailer" + eol + b"<</Size %d/Root 1 0 R>>" % (len(objects) + 1) + eol
            + b"startxref" + eol + b"%d" % table + eol + b"%%EOF" + eol)
    start = out.index(b"/Contents<") + 9
    end = start + RESERVED + 2
    for mark, number in ((b"A", start), (b"B", end), (b"C", len(out) - end)):
        out = out.replace(mark * 10, b"%-10d" % number)
    return out


def ranges(document):
    """The last /ByteRange's four numbers."""
    return [int(one) for one in re.findall(
        rb"/ByteRange ?\[ ?(\d+) +(\d+) +(\d+) +(\d+) *\]", document)[-1]]


def covered(document):
    _, start, end, length = ranges(document)
    return document[:start] + document[end:end + length]


def openssl(document, pki, signer, *arguments, chain=True):
    """The CMS of OpenSSL's `cms -sign` over what the last signature covers."""
    data = pki.folder / "data"
    data.write_bytes(covered(document))
    command = ["openssl", "cms", "-sign", "-binary", "-in", str(data), "-signer",
               pki.path(signer + ".pem"), "-inkey", pki.path(signer + ".key"), "-outform", "DER"]
    if chain:
        command += ["-certfile", pki.path("chain.pem")]
    return subprocess.run(command + list(arguments), check=True, capture_output=True).stdout


def filled(document, message):
    _, start, end, _ = ranges(document)
    digits = message.hex().encode()
    room = end - start - 2
    assert len(digits) <= room and document[start:start + 1] == b"<"
    return document[:start + 1] + digits.ljust(room, b"0") + document[end - 1:]


def ends(document):
    """Where what each signature or stamp covers ends, in the order of the file."""
    return sorted(int(c) + int(d) for c, d in re.findall(
        rb"/ByteRange ?\[ ?0 +\d+ +(\d+) +(\d+) *\]", document))
