"""A small PDF writer that can also write what no library would."""

import copy
import hashlib
import re
import zlib

import containers

PLACE = b"########## ########## ##########"


def stream(data, keys=b"", deflate=False):
    if deflate:
        data, keys = zlib.compress(data), b"/Filter /FlateDecode " + keys
    return b"<< %s/Length %d >>\nstream\n%s\nendstream" % (keys, len(data), data)


class Document:
    """The bytes so far, and every object as it was written last."""

    room = 2000  # bytes of a signature container
    tight = False  # no line end between `trailer` and its dictionary

    def __init__(self, office, line=b"\n", table="table"):
        self.office, self.line, self.table, self.tail = office, line, table, line
        self.data, self.objects, self.generations = b"", {}, {}
        self.size, self.root, self.info, self.start, self.printed = 1, 1, None, None, 0
        self.identifier, self.trailer, self.field, self.widget = b"5245" * 8, b"", None, None

    def copy(self):
        twin = copy.copy(self)
        twin.objects, twin.generations = dict(self.objects), dict(self.generations)
        return twin

    def new(self):
        return max(self.size, max(self.objects, default=0) + 1)

    def text(self, number, old, new):
        """Object `number` with `old` replaced."""
        assert old in self.objects[number], (number, old)
        return self.objects[number].replace(old, new, 1)

    def key(self, number, entry):
        """Object `number` with one more entry in its dictionary."""
        return with_key(self.objects[number], entry)

    def write(self, objects, table=None, header=b"", trailer=b"", free=(), places=None,
              before=b"", prev=None, root=None, info=None, zero=False):
        """Appends objects with a cross-reference section of their own."""
        table, line = table or self.table, self.line
        out = bytearray(self.data + header + before)
        size = max([self.size, *(number + 1 for number in objects)])
        packed, plain = {}, dict(objects)
        if table == "packed":
            size = self.pack(objects, plain, packed, size)
        places_at = {}
        for number, body in plain.items():
            places_at[number] = len(out)
            head = b"%d %d obj" % (number, self.generations.get(number, 0))
            out += head + line + body + line + b"endobj" + line
        places_at.update(places or {})
        start = len(out)
        self.root, self.info = root or self.root, info or self.info
        rest = b" /Root %d 0 R" % self.root
        if self.info:
            rest += b" /Info %d 0 R" % self.info
        if self.identifier:
            rest += b" /ID [<%s> <%s>]" % (self.identifier, self.identifier)
        if self.start is not None:
            rest += b" /Prev %d" % (self.start if prev is None else prev)
        rest += self.trailer + trailer
        if table == "table":
            out += self.rows(places_at, free, zero or not self.data)
            out += b"trailer" + (b"" if self.tight else line)
            out += b"<</Size %d%s >>" % (size, rest) + line
        else:
            places_at[size] = start
            body = self.binary(places_at, packed, size, rest)
            out += b"%d 0 obj" % size + line + body + line + b"endobj" + line
            size += 1
        out += b"startxref" + line + b"%d" % start + line + b"%%EOF" + self.tail
        self.data, self.start, self.size = bytes(out), start, max(size, self.size)
        self.objects.update(objects)
        return self

    def pack(self, objects, plain, packed, size):
        """Moves what may be packed into one object stream, and returns the next number."""
        heads = body = b""
        for number, text in objects.items():
            if b"stream\n" in text or b"/ByteRange" in text:
                continue
            packed[number] = (size, len(packed))
            heads += b"%d %d " % (number, len(body))
            body += text + b" "
            del plain[number]
        if not packed:
            return size
        plain[size] = stream(
            heads + body, b"/Type /ObjStm /N %d /First %d " % (len(packed), len(heads)), True)
        return size + 1

    def rows(self, places, free, zero):
        line = self.line
        rows = {
            number: b"%010d %05d n" % (place, self.generations.get(number, 0))
            for number, place in places.items()}
        rows.update({number: b"%010d %05d f" % (0, 1) for number in free})
        if zero:
            rows[0] = b"0000000000 65535 f"
        out = b"xref" + line
        for first, count in runs(rows):
            out += b"%d %d" % (first, count) + line
            for number in range(first, first + count):
                out += rows[number] + (line if len(line) == 2 else b" " + line)
        return out

    def binary(self, places, packed, number, rest):
        rows = {
            key: (1, place, self.generations.get(key, 0)) for key, place in places.items()}
        rows.update({key: (2, *place) for key, place in packed.items()})
        if not self.data:
            rows[0] = (0, 0, 65535)
        index = b" ".join(b"%d %d" % run for run in runs(rows))
        raw = b"".join(
            bytes([kind]) + place.to_bytes(4, "big") + last.to_bytes(2, "big")
            for _, (kind, place, last) in sorted(rows.items()))
        keys = b"/Type /XRef /W [1 4 2] /Index [%s] /Size %d%s " % (index, number + 1, rest)
        return stream(raw, keys, True)

    def container(self, stamp, extra=b""):
        head = b"/Type /Sig /SubFilter /ETSI.CAdES.detached /M (D:20261110160000+07'00') "
        if stamp:
            head = b"/Type /DocTimeStamp /SubFilter /ETSI.RFC3161 "
        return b"<< %s/Filter /Adobe.PPKLite %s/ByteRange [0 %s] /Contents <%s> >>" % (
            head, extra, PLACE, b"0" * (2 * self.room))

    def seal(self, party, stamp=False):
        """Fills the container that was written last."""
        at = self.data.rindex(PLACE)
        gap = self.data.index(b"<", at)
        end = self.data.index(b">", gap) + 1
        numbers = (b"%d %d %d" % (gap, end, len(self.data) - end)).ljust(len(PLACE))
        data = self.data[:at] + numbers + self.data[at + len(PLACE):]
        digest = hashlib.sha256(data[:gap] + data[end:]).digest()
        office = self.office
        made = (containers.token(office, digest) if stamp
                else containers.signature(office, party, digest))
        self.container_bytes = made
        text = made.hex().encode().ljust(2 * self.room, b"0")
        assert len(text) == 2 * self.room
        self.data = data[:gap + 1] + text + data[end - 1:]
        for number, body in self.objects.items():
            self.objects[number] = body.replace(PLACE, numbers).replace(b"0" * (2 * self.room), text)
        if not stamp:
            self.printed = len(self.data)
        return self


def with_key(body, entry):
    end = body.find(b"stream\n")
    place = body.rfind(b">>", 0, len(body) if end < 0 else end)
    return body[:place] + entry + b" " + body[place:]


def runs(numbers):
    """Consecutive numbers as (first, count)."""
    found = []
    for number in sorted(numbers):
        if found and number == found[-1][0] + found[-1][1]:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((number, 1))
    return found


def listed(text, key, entry):
    """`text` with one more reference at the end of the array under `key`."""
    return re.sub(
        rb"/%s \[([^\]]*)\]" % key, lambda old: b"/%s [%s %s]" % (key, old[1], entry), text, count=1)
