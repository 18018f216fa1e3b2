"""Steps 18 and 19: time stamps in signatures and in the document."""

from cryptography.hazmat.primitives.asymmetric import ec

from der import boolean, context, implicit, integer, null, octets, oid, seq
from document import Document
from keys import ec_key, rsa_key
from messages import TIME_STAMP_TOKEN, attribute, ess_v1, signed_data, token
from pki import DOCUMENT_SIGNING, KEY_ENCIPHERMENT, TIME_STAMPING, revoked
from world import (
    LEGACY,
    ROOT,
    SIGNED,
    SIGNER,
    STRANGER,
    TSA,
    document_stamp,
    issuer_list,
    person,
    root_list,
    signed,
    stamped,
    stamping,
)

SOON = "2026-11-20T12:04:00"
TOO_SOON = "2026-11-20T12:06:00"
# Ran out between the signature and now.
SHORT = stamping("Stempel Waktu Singkat", valid=("2023-01-01", "2026-11-01"))
EVIDENCE = [root_list(), issuer_list()]


def genuine(cases):
    def valid(name, document, context="default"):
        cases.valid(name, "timestamp", document, context)

    cases.context("strict-tsa", policy={"expired_tsa": "reject"})
    accuracy = seq(integer(1), implicit(0, b"\x01\xf4"))
    valid(
        "stamp-with-everything",
        stamped(fraction=".125", accuracy=accuracy, ordering=True, nonce=2**63 + 1),
    )
    valid("stamp-binding-sha1", stamped(ess=ess_v1(TSA)))
    valid("stamp-sha512", stamped(imprint="sha512", hash="sha512"))
    curve = stamping("Stempel Waktu Kurva", ec_key("tsa", ec.SECP384R1))
    valid("stamp-of-a-curve", stamped(authority=curve, hash="sha384"))
    valid("stamp-endless-lengths", stamped(ber=True))
    valid("stamp-ahead-within-tolerance", stamped(time=SOON))
    valid("stamp-of-expired-authority", stamped(authority=SHORT))
    renewed = stamped(authority=SHORT).stamp(document_stamp())
    valid("stamp-renewed-in-time", renewed, "strict-tsa")
    chain = stamped(authority=SHORT).stamp(document_stamp(TSA, SIGNED))
    valid("stamp-renewed-in-the-same-second", chain, "strict-tsa")
    # The middle one ran out first; the last one still falls into the first one's life.
    brief = stamping("Stempel Waktu Sebentar", valid=("2023-01-01", "2026-10-11"))
    detour = stamped(authority=SHORT).stamp(document_stamp(brief))
    valid(
        "stamp-renewed-past-a-shorter-one",
        detour.stamp(document_stamp(TSA, "2026-10-20")),
        "strict-tsa",
    )
    gone = person("Ketut Rekaan", valid=("2024-09-20", "2026-11-10"))
    proof = signed(gone).stamp(document_stamp()).validation(lists=EVIDENCE)
    proof_early = (
        signed(gone)
        .stamp(document_stamp())
        .validation(lists=[root_list(), issuer_list(this="2026-11-05", next="2026-11-12")])
    )
    valid("proven-by-document-stamp-alone", proof_early)
    cases.untrusted("list-younger-than-certificate", "revocation", "revocation_unknown", proof)
    short = person("Wayan Peraga", valid=("2024-10-15", "2026-10-15"))
    twice = signed(short).stamp(document_stamp()).stamp(document_stamp(time="2026-11-01"))
    valid(
        "earliest-document-stamp-counts",
        twice.validation(lists=[root_list(), issuer_list(this="2026-10-12", next="2026-10-19")]),
    )
    retired = stamping("Stempel Waktu Purna")
    cases.revoke(retired, "2026-10-01", 5)  # cessationOfOperation
    valid("stamp-before-authority-ceased", stamped(authority=retired))
    valid(
        "legacy-stamp-and-root",
        stamped(
            person("Nyoman Rekaan", issuer=LEGACY, valid=("2022-06-01", "2024-06-01")),
            stamping("Stempel Waktu Lama", issuer=LEGACY, valid=("2017-01-01", "2026-08-01")),
            "2023-03-03T03:03:03",
        ).validation(
            lists=[issuer_list(issuer=LEGACY, this="2023-03-01", next="2023-03-08", number=12)]
        ),
    )


def wrong(cases):
    def untrusted(name, reason, document, context="default"):
        cases.untrusted(name, "timestamp", reason, document, context)

    twice = lambda value: [token(value, TSA, SIGNED), token(value, TSA, "2026-09-15T03:05:00")]
    untrusted(
        "two-stamps-in-one-attribute",
        "bad_timestamp",
        signed(unsigned=lambda value: [attribute(TIME_STAMP_TOKEN, *twice(value))]),
    )
    untrusted(
        "two-stamp-attributes",
        "bad_timestamp",
        signed(unsigned=lambda value: [attribute(TIME_STAMP_TOKEN, t) for t in twice(value)]),
    )
    cases.invalid(
        "stamp-attribute-empty",
        "timestamp",
        "bad_timestamp",
        signed(unsigned=lambda value: [attribute(TIME_STAMP_TOKEN)]),
    )
    cases.invalid(
        "stamp-is-no-message",
        "timestamp",
        "bad_timestamp",
        signed(unsigned=lambda value: [attribute(TIME_STAMP_TOKEN, seq(integer(1)))]),
    )
    untrusted("stamp-imprint-sha1", "bad_timestamp", stamped(imprint="sha1"))
    untrusted("stamp-of-another-signature", "bad_timestamp", stamped(other=b"another signature"))
    untrusted("stamp-without-binding", "bad_timestamp", stamped(ess=None))
    untrusted(
        "stamp-of-weak-key",
        "bad_timestamp",
        stamped(authority=stamping("Stempel Waktu Lemah", rsa_key("weak", 1024))),
    )
    untrusted("stamp-too-far-ahead", "bad_timestamp", stamped(time=TOO_SOON))
    critical = context(1, seq(oid("1.3.6.1.4.1.99999.5"), boolean(True), octets(null())))
    untrusted("stamp-critical-extension", "bad_timestamp", stamped(extensions=critical))
    untrusted("stamp-of-another-kind", "bad_timestamp", stamped(kinds=["1.2.840.113549.1.7.1"]))
    cases.invalid(
        "stamp-time-changed",
        "timestamp",
        "bad_timestamp",
        stamped(tamper=lambda info: info.replace(b"20260915", b"20260815")),
    )
    cases.invalid(
        "stamp-signed-by-another-key",
        "timestamp",
        "bad_timestamp",
        stamped(sign_with=rsa_key("other")),
    )
    untrusted(
        "stamp-certificate-in-store", "tsa_untrusted", stamped(certificates=[]).validation([TSA])
    )
    untrusted("stamp-authority-nowhere", "tsa_untrusted", stamped(certificates=[]))
    untrusted(
        "stamp-authority-expired-then",
        "tsa_untrusted",
        stamped(authority=stamping("Stempel Waktu Basi", valid=("2023-01-01", "2026-09-01"))),
    )
    untrusted(
        "stamp-authority-not-yet-valid",
        "tsa_untrusted",
        stamped(authority=stamping("Stempel Waktu Baru", valid=("2026-10-01", "2032-01-01"))),
    )
    untrusted(
        "stamp-purpose-not-critical",
        "tsa_untrusted",
        stamped(authority=stamping("Stempel Waktu Longgar", purposes_critical=False)),
    )
    coded = stamping("Stempel Waktu Sandi", usage=KEY_ENCIPHERMENT)
    untrusted("stamp-authority-may-not-sign", "tsa_untrusted", stamped(authority=coded))
    untrusted("stamp-of-version-2", "bad_timestamp", stamped(info_version=2))
    told = stamping("Stempel Waktu Jujur")
    untrusted(
        "stamp-tells-its-own-revocation",
        "tsa_revoked",
        stamped(authority=told, lists=[issuer_list(revoked(told, "2026-09-01", 5))]),
    )
    both = (TIME_STAMPING, DOCUMENT_SIGNING)
    untrusted(
        "stamp-purpose-not-alone",
        "tsa_untrusted",
        stamped(authority=stamping("Stempel Waktu Ganda", purposes=both)),
    )
    untrusted(
        "stamp-by-the-signer",
        "tsa_untrusted",
        stamped(authority=SIGNER),
    )
    untrusted(
        "stamp-by-authority-itself",
        "tsa_untrusted",
        stamped(authority=stamping("Stempel Waktu Penerbit", authority=True)),
    )
    outside = stamping("Stempel Waktu Umum", issuer=STRANGER)
    untrusted(
        "stamp-of-unpinned-issuer", "tsa_untrusted", stamped(authority=outside, chain=[STRANGER])
    )
    untrusted(
        "stamp-of-root",
        "tsa_untrusted",
        stamped(authority=stamping("Stempel Waktu Akar", issuer=ROOT)),
    )
    for name, date, reason in (
        ("held-before", "2026-09-01", 6),
        ("ceased-before", "2026-09-01", 5),
        ("compromised-later", "2026-10-01", 1),
        ("revoked-later-without-reason", "2026-10-01", None),
        ("issuer-compromised-later", "2026-10-01", 2),
    ):
        lost = stamping(f"Stempel Waktu {name}")
        cases.revoke(lost, date, reason)
        untrusted(f"stamp-authority-{name}", "tsa_revoked", stamped(authority=lost))
    untrusted(
        "stamp-older-than-certificate",
        "not_yet_valid",
        stamped(person("Putu Rekaan", valid=("2026-10-01", "2028-10-01"))),
    )
    before = Document().stamp(document_stamp(time=SIGNED))
    early = person("Made Peraga", valid=("2024-09-20", "2026-11-10"))
    untrusted(
        "document-stamp-before-signature",
        "expired_no_poe",
        before.sign(lambda data: signed_data(data, early)),
    )
    untrusted("stamp-expired-strictly", "tsa_expired", stamped(authority=SHORT), "strict-tsa")
    # The authority would live on; the one that certified it does not.
    orphan = stamping("Stempel Waktu Yatim", issuer=LEGACY, valid=("2017-01-01", "2032-01-01"))
    before = "2026-08-01T03:03:03"
    untrusted(
        "stamp-outlives-its-issuer",
        "tsa_expired",
        stamped(authority=orphan, time=before),
        "strict-tsa",
    )
    late = stamped(authority=SHORT).stamp(document_stamp(TSA, "2026-11-05"))
    untrusted("stamp-renewed-too-late", "tsa_expired", late, "strict-tsa")
    again = stamped(authority=SHORT).stamp(document_stamp(SHORT))
    untrusted("stamp-renewed-by-the-expired", "tsa_expired", again, "strict-tsa")
    untrusted(
        "document-stamp-of-stranger",
        "tsa_untrusted",
        stamped().stamp(document_stamp(outside, chain=[STRANGER])),
    )
    untrusted(
        "document-stamp-of-other-bytes",
        "bad_timestamp",
        stamped().stamp(document_stamp(other=b"another document")),
    )
    cases.invalid(
        "document-stamp-changed",
        "timestamp",
        "bad_timestamp",
        stamped().stamp(document_stamp(tamper=lambda i: i.replace(b"20261010", b"20260915"))),
    )
    untrusted(
        "document-stamp-too-far-ahead",
        "bad_timestamp",
        signed().stamp(document_stamp(time=TOO_SOON)),
    )
