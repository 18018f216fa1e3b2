"""A virtual secure access module and a KTP-el that believes it, for virtual-card.

The steps are those that public sources agree on (open, reset, calculate challenge, internal and
external authenticate, wrap, unwrap). What happens inside, which nobody outside knows, is invented:
HMAC-SHA256 under one invented key. Real cards and modules compute otherwise.
"""
import hashlib
import hmac
import os
import struct

OK, WRONG, REFUSED, LENGTH = b"\x90\x00", b"\x6A\x80", b"\x69\x82", b"\x67\x00"
NOT_OPEN = b"\x69\x85"


def seal(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


class Channel:
    """Encrypts and seals what goes between module and card, one number for each message."""

    def __init__(self, key):
        self.key, self.number = key, 0

    def stream(self, number, data):
        out = b""
        while len(out) < len(data):
            out += seal(self.key, b"stream", struct.pack(">IH", number, len(out)))
        return bytes(a ^ b for a, b in zip(data, out))

    def close(self, data):
        self.number += 1
        hidden = self.stream(self.number, data)
        return hidden + seal(self.key, b"seal", struct.pack(">I", self.number), hidden)[:8]

    def open(self, message):
        """None for what the other side did not send."""
        number, hidden = self.number + 1, message[:-8]
        if not hmac.compare_digest(message[-8:], seal(self.key, b"seal", struct.pack(">I", number), hidden)[:8]):
            return None
        self.number = number
        return self.stream(number, hidden)


class Module:
    """The SAM. Profile: {"kind": "sam", "atr", "pcid" (16 bytes), "conf" (32), "key"}."""

    def __init__(self, profile):
        self.atr = bytes.fromhex(profile["atr"])
        self.key = bytes.fromhex(profile["key"])
        pcid, conf = bytes.fromhex(profile["pcid"]), bytes.fromhex(profile["conf"])
        self.secret = bytes(a ^ b for a, b in zip(conf, pcid + pcid))
        self.reset()

    def reset(self):
        self.is_open, self.expected, self.channel, self.session = False, None, None, None

    def answer(self, apdu):
        if len(apdu) < 4 or apdu[0] != 0:
            return b"\x6E\x00"
        ins, p2 = apdu[1], apdu[3]
        data = apdu[5:] if len(apdu) > 5 else b""
        if len(apdu) > 5 and apdu[4] != len(data):
            return LENGTH
        if ins == 0xF0:
            self.is_open = hmac.compare_digest(data, self.secret)
            return OK if self.is_open else REFUSED
        if not self.is_open:
            return NOT_OPEN
        if ins == 0xFF:
            self.expected = self.channel = None
            return OK
        if ins == 0xF1:                                   # control + number (8) + challenge (8)
            if len(data) != {1: 51, 0: 29}.get(p2, -1) + 16:
                return LENGTH
            nonce = os.urandom(8)
            self.expected = seal(self.key, b"card", data, nonce)[:16]
            self.session = seal(self.key, b"session", data, nonce)
            return nonce + seal(self.key, b"module", data, nonce) + OK
        if ins == 0xF2:
            if self.expected is None or not hmac.compare_digest(data, self.expected):
                return REFUSED
            self.channel, self.expected = Channel(self.session), None
            return OK
        if self.channel is None:
            return NOT_OPEN
        if ins == 0xF3:
            body = self.channel.close(data)
            return bytes([0x0C, data[1], 0, 0, len(body)]) + body + OK
        if ins == 0xF4:
            plain = self.channel.open(data)
            return REFUSED if plain is None else plain + OK
        return b"\x6D\x00"


class SecureSide:
    """What a KTP-el with a key adds: challenge, external authenticate, wrapped commands. Profile:
    {"secure": {"key", "number" (8 bytes), "type_a"}}; files with "read": "secure"."""

    def __init__(self, card, profile):
        self.card = card
        self.key = bytes.fromhex(profile["key"])
        self.number = bytes.fromhex(profile["number"])
        self.type_a = profile.get("type_a", True)
        self.reset()

    def reset(self):
        self.challenge, self.channel = None, None

    @property
    def is_proved(self):
        return self.channel is not None

    def answer(self, apdu):
        """None for what the plain card answers."""
        cla, ins = apdu[0], apdu[1]
        if cla == 0xFF and ins == 0xCA:
            return self.number[1:] + OK if self.type_a else b"\x6A\x81"
        if ins == 0xDD:
            return b"\x6D\x00" if self.type_a else self.number + OK
        if cla == 0x00 and ins == 0x84:
            self.challenge = os.urandom(8)
            return self.challenge + OK
        if cla == 0x00 and ins == 0x82:
            return self.authenticate(apdu[5:])
        if cla == 0x0C:
            return self.wrapped(apdu[5:])
        return None

    def authenticate(self, proof):
        challenge, self.challenge, self.channel = self.challenge, None, None
        if challenge is None or len(proof) != 40:
            return LENGTH
        control = self.card.files[0x6FF0]["data"][2:]
        data, nonce = control + self.number + challenge, proof[:8]
        if not hmac.compare_digest(proof[8:], seal(self.key, b"module", data, nonce)):
            return REFUSED
        self.channel = Channel(seal(self.key, b"session", data, nonce))
        return seal(self.key, b"card", data, nonce)[:16] + OK

    def wrapped(self, body):
        if self.channel is None:
            return REFUSED
        plain = self.channel.open(body)
        if plain is None:
            self.channel = None
            return b"\x69\x88"                             # wrong secure messaging
        if plain[1] == 0xB0 and plain[4] % 8:
            return LENGTH                                  # reads go in multiples of 8
        answer = self.card.plain_answer(plain, secure=True)
        data, status = answer[:-2], answer[-2:]
        if status not in (OK, b"\x62\x82"):
            return status
        if plain[1] == 0xB0:
            data += bytes(plain[4] - len(data))
        return self.channel.close(data) + OK
