"""Keys that live as long as the run, and the algorithms they sign with."""

import functools
import hashlib

from asn1crypto.keys import PublicKeyInfo
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa

from der import bits, context, integer, null, octets, oid, seq

DIGESTS = {
    "sha1": ("1.3.14.3.2.26", hashes.SHA1),
    "sha224": ("2.16.840.1.101.3.4.2.4", hashes.SHA224),
    "sha256": ("2.16.840.1.101.3.4.2.1", hashes.SHA256),
    "sha384": ("2.16.840.1.101.3.4.2.2", hashes.SHA384),
    "sha512": ("2.16.840.1.101.3.4.2.3", hashes.SHA512),
    "sha3_256": ("2.16.840.1.101.3.4.2.8", hashes.SHA3_256),
}
RSA_WITH = {"sha1": 5, "sha224": 14, "sha256": 11, "sha384": 12, "sha512": 13}
ECDSA_WITH = {"sha224": 1, "sha256": 2, "sha384": 3, "sha512": 4}


def digest(name, data):
    return hashlib.new(name, data).digest()


def digest_algorithm(name, parameters=True):
    return seq(oid(DIGESTS[name][0]), null() if parameters else b"")


class Key:
    def __init__(self, private, spki=None, scheme=None):
        self.private = private
        self.scheme = scheme  # what it signs with unless told otherwise
        self.spki = spki or private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        # The key alone, without its algorithm: what identifiers are made of.
        self.bits = bytes(PublicKeyInfo.load(self.spki)["public_key"].contents)[1:]
        self.identifier = digest("sha1", self.bits)

    @property
    def kind(self):
        for name, kind in (
            ("rsa", rsa.RSAPrivateKey),
            ("ec", ec.EllipticCurvePrivateKey),
            ("dsa", dsa.DSAPrivateKey),
        ):
            if isinstance(self.private, kind):
                return name
        return "ed25519"

    def sign(self, data, hash="sha256", scheme=None, salt=32, mask=None):
        """The signature and its AlgorithmIdentifier. Schemes of RSA: `named` (sha256WithRSA),
        `plain` (rsaEncryption), `bare` (the same without parameters), `pss`."""
        scheme = scheme or self.scheme
        method = DIGESTS[hash][1]() if hash in DIGESTS else None
        if self.kind == "ec":
            name = oid(f"1.2.840.10045.4.3.{ECDSA_WITH[hash]}")
            return self.private.sign(data, ec.ECDSA(method)), seq(name)
        if self.kind == "dsa":
            return self.private.sign(data, method), seq(oid("2.16.840.1.101.3.4.3.2"))
        if self.kind == "ed25519":
            return self.private.sign(data), seq(oid("1.3.101.112"))
        if scheme == "pss":
            mgf = padding.MGF1(DIGESTS[mask or hash][1]())
            value = self.private.sign(data, padding.PSS(mgf, salt), method)
            return value, pss_algorithm(hash, mask or hash, salt)
        value = self.private.sign(data, padding.PKCS1v15(), method)
        if scheme in ("plain", "bare"):
            return value, seq(oid("1.2.840.113549.1.1.1"), null() if scheme == "plain" else b"")
        return value, seq(oid(f"1.2.840.113549.1.1.{RSA_WITH[hash]}"), null())


def pss_algorithm(hash, mask, salt):
    return seq(
        oid("1.2.840.113549.1.1.10"),
        seq(
            context(0, digest_algorithm(hash)),
            context(1, seq(oid("1.2.840.113549.1.1.8"), digest_algorithm(mask))),
            context(2, integer(salt)),
        ),
    )


@functools.cache
def rsa_key(name, size=2048):
    """One key a name and size."""
    return Key(rsa.generate_private_key(65537, size))


@functools.cache
def ec_key(name, curve):
    return Key(ec.generate_private_key(curve()))


def pss_key(name, named=False):
    """Signs with RSASSA-PSS alone; `named` says so in the key's own algorithm."""
    private = rsa_key(name).private
    if not named:
        return Key(private, scheme="pss")
    point = rsa_key(name).bits
    return Key(private, seq(seq(oid("1.2.840.113549.1.1.10")), bits(point)), "pss")


def explicit_ec_key():
    """P-256, but with its numbers written out instead of its name."""
    private = ec.generate_private_key(ec.SECP256R1())
    p = 2**256 - 2**224 + 2**192 + 2**96 - 1
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    g = bytes.fromhex(
        "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
    )
    n = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    field = seq(oid("1.2.840.10045.1.1"), integer(p))
    curve = seq(octets((p - 3).to_bytes(32, "big")), octets(b.to_bytes(32, "big")))
    domain = seq(integer(1), field, curve, octets(g), integer(n), integer(1))
    point = private.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return Key(private, seq(seq(oid("1.2.840.10045.2.1"), domain), bits(point)))


def dsa_key():
    return Key(dsa.generate_private_key(2048))


def ed25519_key():
    return Key(ed25519.Ed25519PrivateKey.generate())
