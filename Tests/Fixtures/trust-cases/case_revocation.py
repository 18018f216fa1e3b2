"""Step 22: was a certificate revoked, and does anything say that it was not?"""

from der import context, seq
from keys import rsa_key
from messages import REVOCATION_ARCHIVE, attribute
from pki import (
    DELTA,
    DELTA_QUIETLY,
    DOCUMENT_SIGNING,
    GOOD,
    OCSP_SIGNING,
    PARTIAL,
    PARTIAL_QUIETLY,
    SIGN,
    UNKNOWN,
    UNKNOWN_CRITICAL,
    ocsp,
    revoked,
    revoked_answer,
)
from world import (
    ISSUER,
    SIGNED,
    SIGNER,
    STRANGER,
    TSA,
    issuer_list,
    issuing,
    person,
    root_list,
    signed,
    stamped,
)

LOST = person("Gede Rekaan")
AT_SIGNING = issuer_list(this="2026-09-15", next="2026-09-22", number=20711)
ROOT_THEN = root_list(this="2026-09-01", next="2026-12-01")


def responder(common="Penjawab Peraga", **options):
    options.setdefault("purposes", (OCSP_SIGNING,))
    return person(common, rsa_key("responder"), usage=SIGN, **options)


def genuine(cases):
    def valid(name, document, context="none"):
        cases.valid(name, "revocation", document, context)

    cases.context("none", lists={})
    cases.context("warn", lists={}, policy={"unknown_revocation": "warn"})
    then = [ROOT_THEN, AT_SIGNING]
    valid("list-in-message", stamped(message={"lists": then}))
    archive = seq(context(0, seq(*then)))
    valid(
        "list-in-archive",
        stamped(message={"extra": [attribute(REVOCATION_ARCHIVE, archive)], "cades": False}),
    )
    answers = seq(context(0, seq(ROOT_THEN)), context(1, seq(ocsp(SIGNER, this="2026-09-15"))))
    valid(
        "answer-in-archive",
        stamped(message={"extra": [attribute(REVOCATION_ARCHIVE, answers)], "cades": False}),
    )
    valid("list-by-signature-alone", stamped().validation(lists=then, by_signature=True))
    valid("list-with-line-end", stamped().validation(lists=[part + b"\r\n" for part in then]))
    valid(
        "answer-of-the-issuer",
        stamped().validation(
            lists=[ROOT_THEN], answers=[ocsp(SIGNER, this="2026-09-16", next="2026-09-17")]
        ),
    )
    helper = responder()
    valid(
        "answer-of-responder",
        stamped().validation(
            lists=[ROOT_THEN],
            answers=[ocsp(SIGNER, responder=helper, this="2026-09-16", hash="sha256")],
        ),
    )
    # Some responders sign by a clock that runs ahead; what they speak about is thisUpdate.
    ahead = ocsp(SIGNER, responder=helper, this="2026-09-16", produced="2026-11-20T20:00:00")
    valid("answer-signed-ahead", stamped().validation(lists=[ROOT_THEN], answers=[ahead]))
    short = responder("Penjawab Singkat", valid=("2026-09-15", "2026-09-17"))
    brief = ocsp(SIGNER, responder=short, this="2026-09-16", produced="2026-11-20T20:00:00")
    valid("answer-of-short-responder", stamped().validation(lists=[ROOT_THEN], answers=[brief]))
    valid(
        "answer-of-responder-by-name",
        stamped().validation(
            lists=[ROOT_THEN], answers=[ocsp(SIGNER, responder=helper, by_name=True)]
        ),
    )
    fresh = responder("Penjawab Baru", valid=("2026-10-01", "2027-10-01"))
    late = ocsp(SIGNER, responder=fresh, this="2026-09-16", produced="2026-10-02")
    valid("answer-of-responder-made-later", stamped().validation(lists=[ROOT_THEN], answers=[late]))
    valid(
        "answer-about-the-issuer",
        stamped().validation(
            lists=[AT_SIGNING], answers=[ocsp(ISSUER, this="2026-09-16", next=None)]
        ),
    )
    valid(
        "unknown-beside-a-list", stamped().validation(lists=then, answers=[ocsp(SIGNER, UNKNOWN)])
    )
    valid(
        "list-twenty-hours-older",
        stamped().validation(
            lists=[ROOT_THEN, issuer_list(this="2026-09-14T07:00:00", next="2026-09-14T19:00:00")]
        ),
    )
    valid(
        "list-without-next-update", stamped().validation(lists=[ROOT_THEN, issuer_list(next=None)])
    )
    valid(
        "stale-list-after-the-stamp",
        stamped(),
        cases.context(
            "stale",
            lists={
                "akar": root_list(this="2026-09-20", next="2026-09-21"),
                "g1": issuer_list(this="2026-09-16", next="2026-09-17"),
            },
        ),
    )
    valid(
        "list-29-days-old",
        signed(),
        cases.context(
            "old-lists",
            lists={"akar": root_list(), "g1": issuer_list(this="2026-10-23", next="2026-10-30")},
        ),
    )
    valid(
        "list-old-but-still-valid",
        signed().validation(lists=[root_list(), issuer_list(this="2026-09-01", next="2026-12-31")]),
    )
    valid("no-evidence-but-warned", signed(), "warn")
    later = person("Luh Rekaan")
    for reason in (1, 6):
        entry = revoked(later, "2026-09-15T03:04:06", reason)
        valid(
            f"revoked-a-second-later-for-{reason}",
            stamped(later).validation(lists=[ROOT_THEN, issuer_list(entry)]),
        )
    valid(
        "answer-revoked-later",
        stamped().validation(
            lists=[ROOT_THEN], answers=[ocsp(SIGNER, revoked_answer("2026-11-01", 4))]
        ),
    )
    valid(
        "issuer-revoked-later",
        stamped().validation(lists=[root_list(revoked(ISSUER, "2026-11-12", 5)), AT_SIGNING]),
    )
    valid(
        "delta-list-beside-a-whole-one",
        signed().validation(lists=[issuer_list(extensions=[DELTA])]),
        "default",
    )


def wrong(cases):
    def gone(name, document, context="default"):
        cases.untrusted(name, "revocation", "revoked", document, context)

    def unknown(name, document, context="none"):
        cases.untrusted(name, "revocation", "revocation_unknown", document, context)

    # Revoked: any source wins.
    def carried(name, document, *entries, **options):
        """In the document; the local list knows nothing of it."""
        gone(name, document.validation(lists=[issuer_list(*entries, **options)]))

    carried("revoked-at-the-proven-second", stamped(LOST), revoked(LOST, SIGNED, 1))
    carried("revoked-from-tomorrow-without-stamp", signed(LOST), revoked(LOST, "2026-11-21", 5))
    carried("revoked-later-without-stamp", signed(LOST), revoked(LOST, "2026-11-19", 4))
    carried(
        "invalid-since-before", stamped(LOST), revoked(LOST, "2026-11-01", 1, since="2026-09-01")
    )
    carried("held-once", signed(LOST), revoked(LOST, "2026-09-01", 6), this="2026-11-10")
    for name, mark in (("partial", PARTIAL), ("delta", DELTA)):
        carried(
            f"revoked-in-{name}-list",
            signed(LOST),
            revoked(LOST, "2026-09-01", 1),
            extensions=[mark],
        )
    carried(
        "revoked-in-list-of-tomorrow",
        signed(LOST),
        revoked(LOST, "2026-09-01", 1),
        this="2026-11-21",
    )
    early = cases.revoke(person("Nengah Rekaan"), "2026-09-01", 5)
    gone("revoked-in-local-list", stamped(early))
    gone(
        "revoked-although-carried-list-is-older",
        stamped(early).validation(
            lists=[issuer_list(this="2026-08-28", next="2026-10-01", number=20600)]
        ),
    )
    gone(
        "revoked-although-warned",
        signed(LOST).validation(lists=[issuer_list(revoked(LOST, "2026-09-01"))]),
        "warn",
    )
    gone(
        "revoked-by-answer",
        signed(LOST).validation(answers=[ocsp(LOST, revoked_answer("2026-09-01", 1))]),
    )
    gone(
        "good-and-revoked-in-one-answer",
        signed(LOST).validation(answers=[ocsp(LOST, GOOD, revoked_answer("2026-09-01", 1))]),
    )
    lost_issuer = revoked(ISSUER, "2026-09-01", 5)
    gone("issuer-revoked-without-stamp", signed().validation(lists=[root_list(lost_issuer)]))
    cases.untrusted(
        "issuer-revoked-before-stamp",
        "revocation",
        "tsa_revoked",
        stamped().validation(lists=[root_list(lost_issuer)]),
    )

    # Nothing that counts says that it was not.
    unknown("no-evidence", stamped())
    unknown("no-list-for-the-issuer", stamped().validation(lists=[AT_SIGNING]))
    unknown(
        "list-31-days-old",
        signed(),
        cases.context(
            "too-old",
            lists={"akar": root_list(), "g1": issuer_list(this="2026-10-19", next="2026-10-26")},
        ),
    )
    unknown(
        "list-two-days-older",
        stamped().validation(lists=[ROOT_THEN, issuer_list(this="2026-09-13", next="2026-09-14")]),
    )
    for name, listing in (
        ("list-of-another-key", issuer_list(key=rsa_key("other"))),
        ("list-sha1", issuer_list(hash="sha1")),
        ("list-partial", issuer_list(extensions=[PARTIAL])),
        ("list-delta", issuer_list(extensions=[DELTA])),
        ("list-partial-quietly", issuer_list(extensions=[PARTIAL_QUIETLY])),
        ("list-delta-quietly", issuer_list(extensions=[DELTA_QUIETLY])),
        ("list-under-another-name", issuer_list(issuer=issuing("Nama Lain", ISSUER.key))),
        ("list-critical-extension", issuer_list(extensions=[UNKNOWN_CRITICAL])),
        (
            "list-critical-entry",
            issuer_list(revoked(TSA, "2026-10-01", 5, extensions=[UNKNOWN_CRITICAL])),
        ),
        ("list-from-the-future", issuer_list(this="2026-11-21", next="2026-11-28")),
        ("list-of-stranger", issuer_list(issuer=STRANGER)),
        ("list-removes-from-nothing", issuer_list(revoked(SIGNER, "2026-09-01", 8))),
    ):
        unknown(name, signed().validation(lists=[root_list(), listing]))
    mute = issuing("Penerbit Bisu Peraga", rsa_key("mute"), usage=SIGN | 0b100)
    unknown(
        "list-signer-may-not",
        signed(person(issuer=mute), chain=[mute]),
        cases.context(
            "mute",
            issuers={"bisu": mute},
            lists={"akar": root_list(), "bisu": issuer_list(issuer=mute)},
        ),
    )

    def answered(name, *statuses, lists=(), **options):
        answer = ocsp(SIGNER, *statuses, **options)
        unknown(name, stamped().validation(lists=[ROOT_THEN, *lists], answers=[answer]))

    answered("answer-unknown", UNKNOWN)
    answered("answer-try-later", outcome=3)
    answered("answer-from-the-future", this="2026-12-01", next="2026-12-08")
    answered("answer-too-old", this="2026-09-13", next="2026-09-14")
    answered("answer-of-any-subscriber", responder=responder(purposes=(DOCUMENT_SIGNING,)))
    answered("answer-of-unpurposed", responder=responder(purposes=()))
    answered("answer-of-expired-responder", responder=responder(valid=("2024-01-01", "2026-11-01")))
    answered("answer-of-later-responder", responder=responder(valid=("2026-11-21", "2027-11-21")))
    answered(
        "answer-of-weak-responder",
        responder=person(
            "Penjawab Lemah", rsa_key("weak", 1024), usage=SIGN, purposes=(OCSP_SIGNING,)
        ),
    )
    answered("answer-of-sha1-responder", responder=responder(hash="sha1"))
    answered("answer-of-another-key", responder=responder(), sign_with=rsa_key("other"))
    answered("answer-as-issuer-of-another-key", sign_with=rsa_key("other"))
    answered("answer-of-stranger", responder=responder(issuer=STRANGER))
    dropped = responder("Penjawab Dicabut")
    answered(
        "answer-of-revoked-responder",
        responder=dropped,
        lists=[issuer_list(revoked(dropped, "2026-10-01", 1), revoked(SIGNER, "2026-09-01", 8))],
    )
    unknown(
        "answer-about-another",
        stamped().validation(lists=[ROOT_THEN], answers=[ocsp(LOST, this="2026-09-16")]),
    )
    unknown(
        "answer-of-namesake-issuer",
        stamped().validation(
            lists=[ROOT_THEN],
            answers=[ocsp(SIGNER, issuer=issuing("Penerbit Peraga G1", rsa_key("namesake")))],
        ),
    )
