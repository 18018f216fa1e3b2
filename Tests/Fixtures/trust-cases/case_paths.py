"""Steps 20 and 21 and the clock: from the signer to a root, through a pinned issuer."""

from cryptography.hazmat.primitives.asymmetric import ec

from document import Document
from keys import ec_key, pss_key, rsa_key
from messages import signed_data
from pki import (
    AUTHORITY,
    KEY_ENCIPHERMENT,
    NON_REPUDIATION,
    OCSP_SIGNING,
    SIGN,
    TIME_STAMPING,
    UNKNOWN_CRITICAL,
    certificate,
    name,
    ocsp,
    permitted,
)
from world import (
    ISSUER,
    LEGACY,
    ROOT,
    SIGNER,
    STRANGER,
    issuer_list,
    issuing,
    person,
    root_list,
    signed,
    stamped,
    stamping,
)

RENEWED = issuing("Penerbit Peraga G1", rsa_key("issuer"), valid=("2026-01-01", "2036-01-01"))
POLICY_AUTHORITY = issuing("Penerbit Induk Peraga", rsa_key("policy"), path=1)
LOWER = issuing("Penerbit Cabang Peraga", rsa_key("lower"), parent=POLICY_AUTHORITY)


def genuine(cases):
    def valid(name, document, context="default"):
        cases.valid(name, "trust", document, context)

    valid("usage-signature-only", signed(person(usage=SIGN)))
    valid("usage-non-repudiation-only", signed(person(usage=NON_REPUDIATION)))
    valid("usage-unrestricted", signed(person(usage=0, purposes=())))
    valid("purpose-any", signed(person(purposes=("2.5.29.37.0",))))
    valid("purpose-adobe", signed(person(purposes=("1.2.840.113583.1.1.5",))))
    valid("purpose-microsoft", signed(person(purposes=("1.3.6.1.4.1.311.10.3.12",))))
    valid("no-basic-constraints", signed(person(constraints=False)))
    valid("issuer-renewed-with-its-key", signed(chain=[RENEWED]))
    # Two authorities of one name; the signer's certificate does not say which key it means.
    namesake = issuing("Penerbit Peraga G1", rsa_key("namesake"))
    silent = person("Komang Rekaan", names_key=False)
    cases.context("namesake-pinned", issuers={"senama": namesake, "g1": ISSUER})
    valid("issuers-of-one-name", signed(silent), "namesake-pinned")
    valid(
        "path-of-four",
        signed(person(issuer=LOWER), chain=[LOWER, POLICY_AUTHORITY]),
        cases.context(
            "deep",
            issuers={"cabang": LOWER},
            lists={
                "akar": root_list(),
                "induk": issuer_list(issuer=POLICY_AUTHORITY),
                "cabang": issuer_list(issuer=LOWER),
            },
        ),
    )
    _other_algorithms(cases, valid)
    lower_tsa = stamping("Stempel Waktu Cabang", issuer=LOWER)
    valid(
        "stamp-brings-its-own-path",
        stamped(authority=lower_tsa, chain=[LOWER, POLICY_AUTHORITY]),
        cases.context("two-pinned", issuers={"cabang": LOWER, "g1": ISSUER}),
    )
    valid(
        "clock-a-little-behind",
        stamped(),
        cases.context(
            "clock-20-hours",
            lists={
                "akar": root_list(),
                "g1": issuer_list(this="2026-11-20"),
                "g1-esok": issuer_list(this="2026-11-21T08:00:00", next="2026-11-28", number=20778),
            },
        ),
    )
    valid(
        "clock-list-of-stranger",
        signed(),
        cases.context(
            "stranger-list",
            lists={
                "akar": root_list(),
                "g1": issuer_list(),
                "umum": issuer_list(issuer=STRANGER, this="2026-12-24", next="2026-12-31"),
            },
        ),
    )
    valid(
        "clock-list-in-document",
        signed().validation(lists=[issuer_list(this="2027-06-01", next="2027-06-08")]),
    )


def _other_algorithms(cases, valid):
    """Authorities that sign with RSASSA-PSS or on a curve: certificates, lists, answers."""
    for kind, key in (("pss", pss_key("pss")), ("curve", ec_key("authority", ec.SECP384R1))):
        issuer = issuing(f"Penerbit {kind}", key)
        signer = person(issuer=issuer)
        responder = person("Penjawab", key, issuer=issuer, usage=SIGN, purposes=(OCSP_SIGNING,))
        context = cases.context(
            kind,
            issuers={kind: issuer},
            lists={"akar": root_list(), kind: issuer_list(issuer=issuer, this="2026-08-01")},
        )
        listed = stamped(signer, stamping(issuer=issuer))
        valid(
            f"authority-with-{kind}",
            listed.validation(lists=[issuer_list(issuer=issuer)]),
            context,
        )
        answered = signed(signer)
        valid(
            f"responder-with-{kind}",
            answered.validation(answers=[ocsp(signer, responder=responder)]),
            context,
        )


def wrong(cases):
    def untrusted(name, reason, document, context="default"):
        cases.untrusted(name, "trust", reason, document, context)

    untrusted("usage-encipherment", "key_usage", signed(person(usage=KEY_ENCIPHERMENT)))
    untrusted("purpose-time-stamping", "key_usage", signed(person(purposes=(TIME_STAMPING,))))
    untrusted(
        "signer-is-authority", "key_usage", signed(person(authority=True, usage=SIGN | AUTHORITY))
    )
    untrusted(
        "signer-is-authority-without-usage", "key_usage", signed(person(authority=True, usage=SIGN))
    )
    untrusted("signed-by-the-issuer", "issuer_not_pinned", signed(ISSUER))
    untrusted(
        "critical-extension", "untrusted_signer", signed(person(extensions=[UNKNOWN_CRITICAL]))
    )
    _unfit_issuers(cases, untrusted)
    untrusted(
        "pinned-without-root",
        "untrusted_signer",
        signed(),
        cases.context("no-root", roots={"lama": LEGACY}),
    )
    stranger = person("Warga Contoh", issuer=STRANGER)
    untrusted("stranger-of-the-same-root", "issuer_not_pinned", signed(stranger, chain=[STRANGER]))
    # The copy has the name of the pinned issuer and a key of its own.
    copy = issuing("Penerbit Peraga G1", rsa_key("copy"))
    untrusted("copy-of-the-issuer", "issuer_not_pinned", signed(person(issuer=copy), chain=[copy]))
    false_root = certificate(
        name("Akar Peraga DS", "Kementerian Peraga"),
        rsa_key("false"),
        valid=("2018-08-28", "2038-08-23"),
        authority=True,
        usage=SIGN | AUTHORITY,
    )
    forged = issuing("Penerbit Peraga G1", rsa_key("copy"), parent=false_root)
    untrusted(
        "copy-of-root-and-issuer",
        "untrusted_signer",
        signed(person(issuer=forged), chain=[forged, false_root]),
    )
    two = Document().sign(lambda data: signed_data(data, stranger, chain=[STRANGER]))
    untrusted(
        "second-signer-does-not-redeem",
        "issuer_not_pinned",
        two.sign(lambda data: signed_data(data, SIGNER)),
    )
    first = Document().sign(lambda data: signed_data(data, SIGNER))
    untrusted(
        "second-signer-is-stranger",
        "issuer_not_pinned",
        first.sign(lambda data: signed_data(data, stranger, chain=[STRANGER])),
    )
    untrusted(
        "legacy-without-stamp",
        "expired_no_poe",
        signed(person(issuer=LEGACY, valid=("2024-06-01", "2026-06-01"))),
    )
    steps = [ROOT]
    for index in range(8):
        key = ec_key(f"step {index}", ec.SECP256R1)
        steps.append(issuing(f"Penerbit Tangga {index}", key, parent=steps[-1], path=None))
    untrusted(
        "path-of-ten",
        "untrusted_signer",
        signed(person(issuer=steps[-1]), chain=steps[1:]),
        cases.context("steps", issuers={"tangga": steps[-1]}),
    )
    frail = certificate(
        name("Akar Lemah Peraga"),
        rsa_key("weak", 1024),
        valid=("2018-08-28", "2038-08-23"),
        authority=True,
        usage=SIGN | AUTHORITY,
    )
    under = issuing("Penerbit Di Bawah", rsa_key("under"), parent=frail)
    untrusted(
        "root-with-weak-key",
        "untrusted_signer",
        signed(person(issuer=under), chain=[under]),
        cases.context("weak-root", roots={"rapuh": frail}, issuers={"bawah": under}),
    )
    cases.refused(
        "clock-two-days-behind",
        "trust",
        "clock_fault",
        stamped(),
        cases.context("clock-behind", time="2026-11-18T12:00:00"),
    )


def _unfit_issuers(cases, untrusted):
    """They are pinned and the root certified them, and still they may not certify anybody."""

    def of(issuer, **options):
        return signed(person(issuer=issuer, **options), chain=[issuer])

    below = issuing("Penerbit Liar Peraga", rsa_key("wild"), parent=ISSUER)
    narrow = issuing(
        "Penerbit Terbatas Peraga",
        rsa_key("narrow"),
        extensions=[permitted(name("Siapa Saja", "Kantor Lain"))],
    )
    plain = issuing("Bukan Penerbit", rsa_key("plain"), authority=False, path=None)
    bare = issuing("Penerbit Tanpa Tanda", rsa_key("bare"), constraints=False)
    idle = issuing("Penerbit Tanpa Hak", rsa_key("idle"), usage=SIGN)
    weak = issuing("Penerbit Lemah Peraga", rsa_key("weak", 1024))
    old = issuing("Penerbit Kuno Peraga", rsa_key("old"), hash="sha1")
    odd = issuing("Penerbit Aneh Peraga", ec_key("odd", ec.SECP256K1))
    middling = issuing("Penerbit Sedang Peraga", rsa_key("middling"), hash="sha224")
    late = issuing("Penerbit Baru Peraga", rsa_key("late"), valid=("2026-10-01", "2036-10-01"))
    alone = certificate(
        name("Sendiri Peraga"), rsa_key("person"), valid=("2025-06-01", "2027-06-01")
    )
    cases.context(
        "unfit-issuers",
        issuers={
            "g1": ISSUER,
            "liar": below,
            "terbatas": narrow,
            "bukan": plain,
            "tanda": bare,
            "hak": idle,
            "lemah": weak,
            "kuno": old,
            "aneh": odd,
            "sedang": middling,
            "baru": late,
            "sendiri": alone,
        },
    )
    for case, document in (
        ("path-too-long", of(below)),
        ("name-not-permitted", of(narrow)),
        ("issuer-is-no-authority", of(plain)),
        ("issuer-without-constraints", of(bare)),
        ("issuer-may-not-certify", of(idle)),
        ("issuer-with-weak-key", of(weak)),
        ("issuer-certified-with-sha1", of(old)),
        ("issuer-on-another-curve", of(odd)),
        ("issuer-certified-with-sha224", of(middling)),
        ("self-signed-although-pinned", signed(alone)),
    ):
        untrusted(case, "untrusted_signer", document, "unfit-issuers")
    untrusted(
        "issuer-not-yet-valid-then",
        "not_yet_valid",
        stamped(person(issuer=late), chain=[late]),
        "unfit-issuers",
    )
    untrusted(
        "self-signed-although-root",
        "untrusted_signer",
        signed(alone),
        cases.context(
            "alone-root",
            roots={"akar": ROOT, "sendiri": alone},
            issuers={"g1": ISSUER, "sendiri": alone},
        ),
    )
