"""DER (and the BER that a few cases need) from its parts, so that every field can be wrong."""

import datetime


def tlv(tag, *parts):
    content = b"".join(parts)
    count = len(content)
    if count < 0x80:
        return bytes([tag, count]) + content
    length = count.to_bytes((count.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def endless(tag, *parts):
    """The same value with an indefinite length (BER)."""
    return bytes([tag, 0x80]) + b"".join(parts) + b"\0\0"


def seq(*parts):
    return tlv(0x30, *parts)


def set_of(*parts, ordered=True):
    return tlv(0x31, *(sorted(parts) if ordered else parts))


def context(number, *parts):
    """[number] EXPLICIT, or IMPLICIT over a constructed value."""
    return tlv(0xA0 | number, *parts)


def implicit(number, content):
    """[number] IMPLICIT over a primitive value."""
    return tlv(0x80 | number, content)


def integer(value):
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def boolean(value):
    return tlv(1, b"\xff" if value else b"\0")


def enumerated(value):
    return tlv(10, bytes([value]))


def octets(content):
    return tlv(4, content)


def bits(content, unused=0):
    return tlv(3, bytes([unused]), content)


def null():
    return b"\x05\0"


def utf8(text):
    return tlv(12, text.encode())


def ia5(text):
    return tlv(22, text.encode())


def oid(dotted):
    first, second, *rest = map(int, dotted.split("."))
    content = b""
    for number in [first * 40 + second, *rest]:
        group = [number & 0x7F]
        while number := number >> 7:
            group.insert(0, 0x80 | number & 0x7F)
        content += bytes(group)
    return tlv(6, content)


def moment(text):
    """2026-11-20 or 2026-11-20T12:00:00, always UTC."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


def utc_time(text):
    return tlv(23, moment(text).strftime("%y%m%d%H%M%SZ").encode())


def general_time(text, fraction=""):
    return tlv(24, moment(text).strftime("%Y%m%d%H%M%S" + fraction + "Z").encode())
