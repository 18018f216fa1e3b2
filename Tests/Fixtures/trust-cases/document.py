"""A one-page PDF that grows by revisions: signatures, document time stamps, validation data."""

import zlib

TEXT = b"BT /F1 18 Tf 72 760 Td (SURAT KETERANGAN CONTOH - UJI KEPERCAYAAN) Tj ET"


class Document:
    def __init__(self):
        self.bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
        self.next = 6
        self.previous = None
        self.fields = []
        self.store = None
        page = TEXT
        self.update(
            {
                1: b"<< /Type /Catalog /Pages 2 0 R >>",
                2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                3: self._page(),
                4: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
                5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            }
        )
        self.signed_end = None

    def _page(self):
        annotations = b" ".join(b"%d 0 R" % field for field in self.fields)
        return (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >>"
            + (b" /Annots [%s]" % annotations if annotations else b"")
            + b" >>"
        )

    def _catalog(self):
        form = store = b""
        if self.fields:
            fields = b" ".join(b"%d 0 R" % field for field in self.fields)
            form = b" /AcroForm << /Fields [%s] /SigFlags 3 >>" % fields
        if self.store:
            store = b" /DSS %d 0 R" % self.store
        return b"<< /Type /Catalog /Pages 2 0 R" + form + store + b" >>"

    def update(self, objects):
        """Appends a revision that writes these objects anew."""
        places = {}
        for number in sorted(objects):
            places[number] = len(self.bytes)
            self.bytes += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
        table = len(self.bytes)
        self.bytes += b"xref\n"
        if self.previous is None:
            self.bytes += b"0 1\n0000000000 65535 f \n"
        for number, place in sorted(places.items()):
            self.bytes += b"%d 1\n%010d 00000 n \n" % (number, place)
        size = max(self.next, max(places) + 1)
        before = b" /Prev %d" % self.previous if self.previous is not None else b""
        self.bytes += b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (
            size,
            before,
            table,
        )
        self.previous = table
        return self

    def _reserve(self, count):
        first = self.next
        self.next += count
        return range(first, first + count)

    def _seal(self, make, filter, kind):
        """A revision with one more signature; `make` turns the signed bytes into a message."""
        room = 2 * len(make(b"")) + 64
        field, value = self._reserve(2)
        self.fields.append(field)
        blank = b"[0 0000000000 0000000000 0000000000]"
        start = len(self.bytes)
        self.update(
            {
                1: self._catalog(),
                3: self._page(),
                field: b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (%s%d) /V %d 0 R /F 132"
                b" /Rect [0 0 0 0] /P 3 0 R >>" % (kind, field, value),
                value: b"<< /Type /%s /Filter /Adobe.PPKLite /SubFilter /%s /ByteRange %s"
                b" /Contents <%s> >>" % (kind, filter, blank, b"0" * room),
            }
        )
        gap = self.bytes.index(b"/Contents <", start) + len(b"/Contents ")
        after = gap + room + 2
        ranges = b"[0 %d %d %d]" % (gap, after, len(self.bytes) - after)
        place = self.bytes.index(blank, start)
        whole = bytearray(self.bytes)
        whole[place : place + len(blank)] = ranges.ljust(len(blank))
        message = make(bytes(whole[:gap] + whole[after:])).hex().encode()
        if len(message) > room:
            raise ValueError("the message outgrew its room")
        whole[gap + 1 : gap + 1 + len(message)] = message
        self.bytes = bytes(whole)
        return self

    def sign(self, make, cades=True):
        filter = b"ETSI.CAdES.detached" if cades else b"adbe.pkcs7.detached"
        self._seal(make, filter, b"Sig")
        self.signed_end = len(self.bytes)
        return self

    def stamp(self, make):
        return self._seal(make, b"ETSI.RFC3161", b"DocTimeStamp")

    def validation(self, certificates=(), lists=(), answers=(), by_signature=False):
        """A security store; `by_signature` puts everything below /VRI alone."""
        objects = {}

        def leaves(items):
            names = []
            for item in items:
                (number,) = self._reserve(1)
                packed = zlib.compress(item)
                objects[number] = (
                    b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream"
                    % (len(packed), packed)
                )
                names.append(b"%d 0 R" % number)
            return b"[" + b" ".join(names) + b"]"

        parts = [("Certs", "Cert", [one.der for one in certificates])]
        parts += [("CRLs", "CRL", lists), ("OCSPs", "OCSP", answers)]
        inside = b"".join(
            b" /%s %s" % ((one if by_signature else many).encode(), leaves(items))
            for many, one, items in parts
            if items
        )
        (self.store,) = self._reserve(1)
        if by_signature:
            inside = b" /VRI << /%s <<%s >> >>" % (b"A" * 40, inside)
        objects[self.store] = b"<< /Type /DSS%s >>" % inside
        objects[1] = self._catalog()
        return self.update(objects)
