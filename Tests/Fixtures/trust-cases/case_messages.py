"""Step C: the message and its one signer."""

from cryptography.hazmat.primitives.asymmetric import ec

from der import integer, octets, oid, seq, tlv, utc_time
from document import Document
from keys import (
    RSA_WITH,
    digest,
    digest_algorithm,
    dsa_key,
    ec_key,
    ed25519_key,
    explicit_ec_key,
    pss_algorithm,
    pss_key,
    rsa_key,
)
from messages import (
    ALGORITHM_PROTECTION,
    ARCHIVE_TIME_STAMP,
    CONTENT_TYPE,
    COUNTERSIGNATURE,
    MESSAGE_DIGEST,
    SIGNATURE_POLICY,
    SIGNING_CERTIFICATE_V2,
    SIGNING_TIME,
    attribute,
    ess_v1,
    ess_v2,
    protection,
    protection_value,
    signed_data,
)
from world import (
    ISSUER,
    ROOT,
    SIGNER,
    STRANGER,
    TSA,
    changed,
    false_issuer,
    person,
    signed,
    stamped,
    tiny_certificate,
)


def named(hash):
    """sha256WithRSA and its siblings, as an AlgorithmIdentifier."""
    return seq(oid(f"1.2.840.113549.1.1.{RSA_WITH[hash]}"), b"\x05\0")


def genuine(cases):
    def valid(name, document, context="default"):
        cases.valid(name, "cms", document, context)

    valid("plain", signed())
    valid("adbe-without-binding", signed(ess=None, cades=False))
    valid("binding-sha1", signed(ess=ess_v1(SIGNER)))
    valid("binding-both", signed(ess=[ess_v1(SIGNER), ess_v2(SIGNER)]))
    valid("binding-sha256-named", signed(ess=ess_v2(SIGNER, default=True)))
    valid("binding-sha512-with-serial", signed(ess=ess_v2(SIGNER, hash="sha512", serial=True)))
    valid("binding-names-the-path", signed(ess=ess_v2(SIGNER, ISSUER, ROOT)))
    valid("rsa-without-parameters", signed(scheme="bare", parameters=False))
    valid("rsa-8192", signed(person(key=rsa_key("huge", 8192))))
    valid("pss-longest-salt", signed(scheme="pss", hash="sha384", salt=256 - 48 - 2))
    valid("pss-salt-20", signed(scheme="pss", salt=20))
    valid("pss-key", signed(person(key=pss_key("pss-signer", named=True))))
    valid("p256-with-sha384", signed(person(key=ec_key("a", ec.SECP256R1)), hash="sha384"))
    valid("p521-with-sha512", signed(person(key=ec_key("b", ec.SECP521R1)), hash="sha512"))
    valid("named-by-key", signed(by_key=True))
    valid("named-by-key-version-1", signed(by_key=True, version=1))
    # Renewed with its key: the binding says which of the two it is.
    elder = person(valid=("2024-06-01", "2026-06-01"))
    valid("renewed-signer", signed(by_key=True, certificates=[elder.der, SIGNER.der]))
    valid("endless-lengths", signed(ber=True))
    valid("algorithm-protection", signed(extra=[protection("sha256", named("sha256"))]))
    claimed = attribute(SIGNING_TIME, utc_time("2026-09-15"))
    valid("attributes-out-of-order", signed(ess=[ess_v2(SIGNER), claimed], ordered=False))
    elsewhere = person("Warga Contoh", rsa_key("elsewhere"), STRANGER)
    valid("certificate-of-a-stranger", signed(chain=[elsewhere]))
    policy = seq(oid("1.3.6.1.4.1.99999.3"), seq(digest_algorithm("sha256"), octets(b"x" * 32)))
    valid(
        "other-attributes",
        signed(
            extra=[
                attribute(SIGNING_TIME, utc_time("1999-01-01")),
                attribute(SIGNATURE_POLICY, policy),
                attribute("1.3.6.1.4.1.99999.4", integer(1), integer(2)),
            ],
            unsigned=lambda value: [
                attribute(COUNTERSIGNATURE, seq(integer(1))),
                attribute(ARCHIVE_TIME_STAMP, seq(integer(1))),
            ],
        ),
    )


def wrong(cases):
    def invalid(name, reason, document):
        cases.invalid(name, "cms", reason, document)

    def refused(name, reason, document):
        cases.refused(name, "cms", reason, document)

    invalid("two-digests", "missing_attribute", _two_digests())
    invalid("two-content-types", "missing_attribute", signed(kinds=["1.2.840.113549.1.7.1"] * 2))
    invalid("digest-with-two-values", "missing_attribute", _digest_with_two_values())
    invalid("content-type-with-two-values", "missing_attribute", _content_type_with_two_values())
    invalid("digest-not-octets", "digest_mismatch", _digest_not_octets())
    invalid("digest-not-announced", "algorithm_mismatch", signed(digest_names=["sha384"]))
    invalid(
        "protection-of-another-digest",
        "algorithm_mismatch",
        signed(extra=[protection("sha512", named("sha256"))]),
    )
    invalid(
        "protection-of-another-algorithm",
        "algorithm_mismatch",
        signed(extra=[protection("sha256", named("sha512"))]),
    )
    once = protection("sha256", named("sha256"))
    twofold = attribute(
        ALGORITHM_PROTECTION,
        *(protection_value("sha256", named(one)) for one in ("sha256", "sha512")),
    )
    invalid("protection-with-two-values", "algorithm_mismatch", signed(extra=[twofold]))
    invalid("protection-twice", "algorithm_mismatch", signed(extra=[once, once]))
    invalid(
        "curve-named-as-rsa",
        "algorithm_mismatch",
        signed(person(key=ec_key("e", ec.SECP256R1)), algorithm=named("sha256")),
    )
    invalid(
        "rsa-named-as-curve",
        "algorithm_mismatch",
        signed(algorithm=seq(oid("1.2.840.10045.4.3.2"))),
    )
    invalid("named-for-another-digest", "algorithm_mismatch", signed(algorithm=named("sha512")))
    invalid("pss-other-mask", "algorithm_mismatch", signed(scheme="pss", mask="sha512"))
    invalid(
        "pss-other-hash",
        "algorithm_mismatch",
        signed(scheme="pss", algorithm=pss_algorithm("sha512", "sha256", 32)),
    )
    invalid("pss-salt-too-short", "algorithm_mismatch", signed(scheme="pss", salt=8))
    invalid(
        "pss-salt-not-as-said",
        "bad_signature",
        signed(scheme="pss", salt=32, algorithm=pss_algorithm("sha256", "sha256", 48)),
    )
    invalid("signed-by-another-key", "bad_signature", signed(sign_with=rsa_key("other")))
    invalid(
        "same-key-other-certificate",
        "signing_certificate_mismatch",
        signed(ess=ess_v2(person("Made Rekaan, S.Contoh."))),
    )
    invalid(
        "binding-to-other-serial",
        "signing_certificate_mismatch",
        signed(ess=ess_v2(SIGNER, serial=4711)),
    )
    invalid(
        "binding-versions-differ",
        "signing_certificate_mismatch",
        signed(ess=[ess_v1(SIGNER), ess_v2(TSA)]),
    )
    invalid(
        "binding-twice",
        "signing_certificate_mismatch",
        signed(ess=[ess_v2(SIGNER), ess_v2(SIGNER, hash="sha512")]),
    )
    invalid(
        "binding-sha1-twice",
        "signing_certificate_mismatch",
        signed(ess=[ess_v1(SIGNER), ess_v1(SIGNER, serial=True)]),
    )
    invalid(
        "binding-empty",
        "signing_certificate_mismatch",
        signed(ess=attribute(SIGNING_CERTIFICATE_V2, seq(seq()))),
    )
    invalid(
        "adbe-with-wrong-binding",
        "signing_certificate_mismatch",
        signed(ess=ess_v2(TSA), cades=False),
    )
    invalid("empty-content-inside", "encapsulated_content", signed(content=b""))
    invalid("no-signer", "malformed_signature", signed(signers=lambda info: []))
    refused(
        "the-same-signer-twice", "multiple_signer_infos", signed(signers=lambda info: [info, info])
    )
    _changed_certificates(cases)
    many = [attribute(f"1.3.6.1.4.1.99999.6.{index}", integer(index)) for index in range(65)]
    refused("too-many-signed-attributes", "limits", signed(extra=many))
    refused("too-many-unsigned-attributes", "limits", signed(unsigned=lambda value: many))
    refused(
        "too-many-certificates",
        "limits",
        signed(certificates=[SIGNER.der, *(tiny_certificate(index) for index in range(64))]),
    )
    refused("sha224", "weak_digest", signed(hash="sha224"))
    refused("sha3", "weak_digest", signed(hash="sha3_256", scheme="plain"))
    refused("signer-certified-with-sha1", "weak_digest", signed(person(hash="sha1")))
    refused("p224", "unsupported_algorithm", signed(person(key=ec_key("c", ec.SECP224R1))))
    refused(
        "brainpool", "unsupported_algorithm", signed(person(key=ec_key("d", ec.BrainpoolP256R1)))
    )
    refused("curve-written-out", "unsupported_algorithm", signed(person(key=explicit_ec_key())))
    refused("ed25519", "unsupported_algorithm", signed(person(key=ed25519_key()), hash="sha512"))
    refused("dsa", "unsupported_algorithm", signed(person(key=dsa_key())))
    missing = "signer_certificate_missing"
    cases.untrusted("signer-in-store", "cms", missing, signed(certificates=[]).validation([SIGNER]))
    other = signed(certificates=[person("Made Rekaan", rsa_key("other")).der])
    cases.untrusted("signer-replaced-by-another", "cms", missing, other.validation([SIGNER]))
    cases.untrusted("signer-nowhere", "cms", "signer_certificate_missing", signed(certificates=[]))


def _changed_certificates(cases):
    """The good ones are at hand as well, and what the document says would be proven."""
    cut = changed(SIGNER.der)
    other_key = SIGNER.der.replace(SIGNER.key.bits[20:40], bytes(20))
    unreadable = SIGNER.der.replace(utc_time("2027-06-01"), b"\x17\x0d" + b"x" * 13)
    namesake = person(key=rsa_key("person"), issuer=false_issuer())
    unbound = "signing_certificate_mismatch"
    for name, reason, found in (
        ("certificate-changed", unbound, [cut]),
        ("certificate-with-key-changed", unbound, [other_key]),
        ("certificate-unreadable", "bad_certificate", [unreadable]),
        ("certificate-of-issuer-changed", "bad_certificate", [SIGNER.der, changed(ISSUER.der)]),
        ("certificate-of-signer-twice", "bad_certificate", [SIGNER.der, namesake.der]),
    ):
        cases.invalid(name, "cms", reason, signed(certificates=found).validation([SIGNER]))
    cases.invalid(
        "certificate-changed-adbe",
        "cms",
        "bad_signature",
        signed(certificates=[other_key], ess=None, cades=False).validation([SIGNER]),
    )
    cases.untrusted(
        "certificate-changed-alone",
        "cms",
        "untrusted_signer",
        signed(certificates=[cut], ess=None, cades=False),
    )
    for name, found in (
        ("stamp-certificate-changed", [changed(TSA.der)]),
        ("stamp-certificate-of-issuer-changed", [TSA.der, changed(ISSUER.der)]),
    ):
        document = stamped(certificates=found).validation([TSA])
        cases.invalid(name, "timestamp", "bad_timestamp", document)


def _two_digests():
    """The right one and one of something else."""

    def make(data):
        digests = [digest("sha256", data), digest("sha256", b"another page")]
        return signed_data(data, SIGNER, digests=digests)

    return Document().sign(make)


def _attributes(digest_attribute):
    def make(data):
        attributes = [
            attribute(CONTENT_TYPE, oid("1.2.840.113549.1.7.1")),
            digest_attribute(digest("sha256", data)),
            ess_v2(SIGNER),
        ]
        return signed_data(data, SIGNER, attributes=attributes)

    return Document().sign(make)


def _content_type_with_two_values():
    kind = oid("1.2.840.113549.1.7.1")

    def make(data):
        attributes = [
            attribute(CONTENT_TYPE, kind, kind),
            attribute(MESSAGE_DIGEST, octets(digest("sha256", data))),
            ess_v2(SIGNER),
        ]
        return signed_data(data, SIGNER, attributes=attributes)

    return Document().sign(make)


def _digest_with_two_values():
    other = octets(digest("sha256", b"another page"))
    return _attributes(lambda value: attribute(MESSAGE_DIGEST, octets(value), other))


def _digest_not_octets():
    return _attributes(lambda value: attribute(MESSAGE_DIGEST, tlv(3, b"\0" + value)))
