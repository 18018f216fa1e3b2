"""CMS messages and time-stamp tokens, built by hand so that every field can be wrong."""

from der import (
    boolean,
    context,
    endless,
    general_time,
    implicit,
    integer,
    octets,
    oid,
    seq,
    set_of,
    tlv,
    utc_time,
)
from keys import digest, digest_algorithm

DATA = "1.2.840.113549.1.7.1"
SIGNED_DATA = "1.2.840.113549.1.7.2"
TST_INFO = "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"
COUNTERSIGNATURE = "1.2.840.113549.1.9.6"
ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52"
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
TIME_STAMP_TOKEN = "1.2.840.113549.1.9.16.2.14"
ARCHIVE_TIME_STAMP = "0.4.0.1733.2.4"
SIGNATURE_POLICY = "1.2.840.113549.1.9.16.2.15"
REVOCATION_ARCHIVE = "1.2.840.113583.1.1.8"


def attribute(kind, *values):
    return seq(oid(kind), set_of(*values))


def _certificate_id(certificate, hash, serial, default):
    """An ESSCertID; SHA-256 is the default of version 2 and left out unless `default` says so."""
    named = hash == "sha1" or (hash == "sha256" and not default)
    place = b""
    if serial is not None:
        issuer = context(4, certificate.issuer.subject)
        place = seq(seq(issuer), integer(certificate.serial if serial is True else serial))
    return seq(
        b"" if named else digest_algorithm(hash),
        octets(digest(hash, certificate.der)),
        place,
    )


def ess_v1(*certificates, serial=None):
    ids = [_certificate_id(one, "sha1", serial, False) for one in certificates]
    return attribute(SIGNING_CERTIFICATE, seq(seq(*ids)))


def ess_v2(*certificates, hash="sha256", serial=None, default=False):
    ids = [_certificate_id(one, hash, serial, default) for one in certificates]
    return attribute(SIGNING_CERTIFICATE_V2, seq(seq(*ids)))


def protection_value(digest_name, signature_algorithm):
    """The algorithm's SEQUENCE becomes [1]."""
    return seq(digest_algorithm(digest_name), b"\xa1" + signature_algorithm[1:])


def protection(digest_name, signature_algorithm):
    """CMSAlgorithmProtection."""
    return attribute(ALGORITHM_PROTECTION, protection_value(digest_name, signature_algorithm))


def signed_data(
    data,
    signer,
    *,
    chain=(),
    hash="sha256",
    scheme=None,
    salt=32,
    mask=None,
    ess="v2",
    kind=DATA,
    content=None,
    digests=None,
    kinds=None,
    extra=(),
    attributes=None,
    unsigned=None,
    certificates=None,
    lists=(),
    digest_names=None,
    parameters=True,
    by_key=False,
    version=None,
    sign_with=None,
    change=None,
    ordered=True,
    signers=None,
    algorithm=None,
    ber=False,
):
    """A SignedData over `data`. `unsigned` gets the signature value and returns attributes;
    `change` gets the signature and the algorithm and returns what is written instead."""
    key = sign_with or signer.key
    if attributes is None:
        attributes = [attribute(CONTENT_TYPE, oid(one)) for one in kinds or [kind]]
        for one in digests if digests is not None else [digest(hash, data)]:
            attributes.append(attribute(MESSAGE_DIGEST, octets(one)))
        if ess == "v2":
            attributes.append(ess_v2(signer))
        elif ess:
            attributes += ess if isinstance(ess, list) else [ess]
        attributes += extra
    body = set_of(*attributes, ordered=ordered)
    value, named = key.sign(body, hash, scheme=scheme, salt=salt, mask=mask)
    if change:
        value, named = change(value, named)
    named = algorithm or named
    content_of_set = b"".join(sorted(attributes) if ordered else attributes)
    added = unsigned(value) if unsigned else []
    info = seq(
        integer(version or (3 if by_key else 1)),
        implicit(0, signer.key.identifier) if by_key else signer.issuer_and_serial,
        digest_algorithm(hash, parameters),
        endless(0xA0, content_of_set) if ber else tlv(0xA0, content_of_set),
        named,
        endless(0x24, octets(value[:100]), octets(value[100:])) if ber else octets(value),
        context(1, *added) if added else b"",
    )
    carried = [signer.der, *(one.der for one in chain)] if certificates is None else certificates
    wrap, wrap_context = (
        (lambda *parts: endless(0x30, *parts), lambda number, *p: endless(0xA0 | number, *p))
        if ber
        else (seq, context)
    )
    inner = wrap(
        integer(3 if kind == TST_INFO or by_key else 1),
        set_of(*(digest_algorithm(one, parameters) for one in digest_names or [hash])),
        wrap(oid(kind), context(0, octets(content)) if content is not None else b""),
        wrap_context(0, *carried) if carried else b"",
        context(1, *lists) if lists else b"",
        set_of(*(signers(info) if signers else [info])),
    )
    return wrap(oid(SIGNED_DATA), wrap_context(0, inner))


def token(
    stamped,
    authority,
    time,
    *,
    imprint="sha256",
    other=None,
    fraction="",
    accuracy=None,
    ordering=False,
    nonce=None,
    extensions=b"",
    info_version=1,
    tamper=None,
    **message,
):
    """A time-stamp token over `stamped`; `other` is stamped instead when given; `tamper` changes
    the TSTInfo after it was signed."""
    info = seq(
        integer(info_version),
        oid("1.3.6.1.4.1.99999.2.1"),
        seq(digest_algorithm(imprint), octets(digest(imprint, other or stamped))),
        integer(0x7777),
        general_time(time, fraction),
        accuracy or b"",
        boolean(True) if ordering else b"",
        integer(nonce) if nonce is not None else b"",
        extensions,
    )
    written = tamper(info) if tamper else info
    message.setdefault("extra", [attribute(SIGNING_TIME, utc_time(time))])
    return signed_data(info, authority, kind=TST_INFO, content=written, **message)


def stamp(*arguments, **options):
    """Unsigned attributes with one signature time stamp."""
    return lambda value: [attribute(TIME_STAMP_TOKEN, token(value, *arguments, **options))]
