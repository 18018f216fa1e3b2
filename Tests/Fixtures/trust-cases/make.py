#!/usr/bin/env python3
"""Makes the cases anew, with keys that are thrown away. Needs asn1crypto and cryptography."""

import case_messages
import case_paths
import case_revocation
import case_times
from world import ISSUER, LEGACY, NOW, ROOT, Cases, issuer_list, root_list

POLICY = {
    "unknown_revocation": "block",
    "expired_tsa": "accept",
    "crl_max_age_days": 30,
    "crl_grace_hours": 24,
}


def main():
    cases = Cases()
    for part in (case_messages, case_times, case_paths, case_revocation):
        part.genuine(cases)
        part.wrong(cases)
    cases.context(
        "default",
        time=NOW,
        policy=POLICY,
        roots={"akar": ROOT, "lama": LEGACY},
        issuers={"g1": ISSUER, "lama": LEGACY},
        lists={"akar": root_list(), "g1": issuer_list(*cases.revocations)},
    )
    count, files, size = cases.write()
    print(f"{count} cases, {files} files, {size} bytes")


if __name__ == "__main__":
    main()
