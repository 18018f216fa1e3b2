"""Certificates, revocation lists and OCSP answers, built by hand."""

import itertools

from der import (
    bits,
    boolean,
    context,
    enumerated,
    general_time,
    implicit,
    integer,
    null,
    octets,
    oid,
    seq,
    set_of,
    tlv,
    utc_time,
    utf8,
)
from keys import digest, digest_algorithm

DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"
TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
SIGN = 0b1000_0000
NON_REPUDIATION = 0b0100_0000
KEY_ENCIPHERMENT = 0b0010_0000
AUTHORITY = 0b0000_0110  # keyCertSign, cRLSign

serials = itertools.count(0x5EA1_0000_0000_0001)


def name(common, organization="Badan Peraga Sandi", unit=None):
    parts = [("2.5.4.6", tlv(19, b"ID")), ("2.5.4.10", utf8(organization))]
    if unit:
        parts.append(("2.5.4.11", utf8(unit)))
    parts.append(("2.5.4.3", utf8(common)))
    return seq(*(set_of(seq(oid(kind), value)) for kind, value in parts))


def extension(kind, value, critical=False):
    return seq(oid(kind), boolean(True) if critical else b"", octets(value))


class Certificate:
    def __init__(self, der, subject, key, serial, issuer):
        self.der, self.subject, self.key, self.serial = der, subject, key, serial
        self.issuer = issuer or self  # self-signed

    @property
    def issuer_and_serial(self):
        return seq(self.issuer.subject, integer(self.serial))


def certificate(
    subject,
    key,
    issuer=None,
    *,
    valid=("2025-06-01", "2027-06-01"),
    authority=False,
    path=None,
    usage=SIGN | NON_REPUDIATION,
    purposes=(),
    purposes_critical=False,
    hash="sha256",
    extensions=(),
    constraints=True,
    names_key=True,
    serial=None,
):
    serial = serial or next(serials)
    parts = [extension("2.5.29.14", octets(key.identifier))]
    if names_key:
        parent = issuer.key if issuer else key
        parts.append(extension("2.5.29.35", seq(implicit(0, parent.identifier))))
    if constraints:
        limit = integer(path) if path is not None else b""
        parts.append(
            extension("2.5.29.19", seq(boolean(True), limit) if authority else seq(), True)
        )
    if usage:
        unused = (usage & -usage).bit_length() - 1
        parts.append(extension("2.5.29.15", bits(bytes([usage]), unused), True))
    if purposes:
        parts.append(extension("2.5.29.37", seq(*map(oid, purposes)), purposes_critical))
    signer = issuer.key if issuer else key
    _, algorithm = signer.sign(b"", hash)
    body = seq(
        context(0, integer(2)),
        integer(serial),
        algorithm,
        issuer.subject if issuer else subject,
        seq(utc_time(valid[0]), utc_time(valid[1])),
        subject,
        key.spki,
        context(3, seq(*parts, *extensions)),
    )
    value, _ = signer.sign(body, hash)
    return Certificate(seq(body, algorithm, bits(value)), subject, key, serial, issuer)


def revoked(certificate, date, reason=None, since=None, extensions=()):
    """An entry of a revocation list; `since` is the invalidity date."""
    parts = list(extensions)
    if reason is not None:
        parts.append(extension("2.5.29.21", enumerated(reason)))
    if since:
        parts.append(extension("2.5.29.24", general_time(since)))
    return seq(integer(certificate.serial), utc_time(date), seq(*parts) if parts else b"")


def revocation_list(
    issuer,
    *entries,
    this="2026-11-20",
    next="2026-11-27",
    number=20777,
    hash="sha256",
    key=None,
    extensions=(),
):
    signer = key or issuer.key
    _, algorithm = signer.sign(b"", hash)
    body = seq(
        integer(1),
        algorithm,
        issuer.subject,
        utc_time(this),
        utc_time(next) if next else b"",
        seq(*entries) if entries else b"",
        context(
            0,
            seq(
                extension("2.5.29.35", seq(implicit(0, issuer.key.identifier))),
                extension("2.5.29.20", integer(number)),
                *extensions,
            ),
        ),
    )
    value, _ = signer.sign(body, hash)
    return seq(body, algorithm, bits(value))


PARTIAL = extension("2.5.29.28", seq(implicit(1, b"\xff")), True)  # only user certificates
PARTIAL_QUIETLY = extension("2.5.29.28", seq(implicit(1, b"\xff")))
DELTA = extension("2.5.29.27", integer(20000), True)
DELTA_QUIETLY = extension("2.5.29.27", integer(20000))
UNKNOWN_CRITICAL = extension("1.3.6.1.4.1.99999.1", null(), True)

GOOD = implicit(0, b"")
UNKNOWN = implicit(2, b"")


def revoked_answer(date, reason=None):
    return context(
        1, general_time(date), context(0, enumerated(reason)) if reason is not None else b""
    )


def ocsp(
    certificate,
    *statuses,
    issuer=None,
    responder=None,
    this="2026-11-20",
    next="2026-11-27",
    produced=None,
    hash="sha1",
    by_name=False,
    outcome=0,
    sign_with=None,
):
    """An OCSPResponse with a statement for each of `statuses`."""
    issuer = issuer or certificate.issuer
    signer = responder or issuer
    if outcome:
        return seq(enumerated(outcome))
    identifier = seq(
        digest_algorithm(hash),
        octets(digest(hash, issuer.subject)),
        octets(digest(hash, issuer.key.bits)),
        integer(certificate.serial),
    )
    singles = [
        seq(identifier, status, general_time(this), context(0, general_time(next)) if next else b"")
        for status in statuses or (GOOD,)
    ]
    who = context(1, signer.subject) if by_name else context(2, octets(signer.key.identifier))
    data = seq(who, general_time(produced or this), seq(*singles))
    value, algorithm = (sign_with or signer.key).sign(data, "sha256")
    carried = context(0, seq(responder.der)) if responder else b""
    basic = seq(data, algorithm, bits(value), carried)
    return seq(enumerated(0), context(0, seq(oid("1.3.6.1.5.5.7.48.1.1"), octets(basic))))


def permitted(directory):
    """Name constraints: only names below `directory`."""
    return extension("2.5.29.30", seq(context(0, seq(context(4, directory)))), True)
