"""The invented office, its authorities and people, and the folder that the cases go into."""

import hashlib
import json
import pathlib
import shutil

from cryptography.hazmat.primitives.asymmetric import ec

from document import Document
from keys import ec_key, rsa_key
from messages import signed_data, stamp, token
from pki import (
    AUTHORITY,
    DOCUMENT_SIGNING,
    SIGN,
    TIME_STAMPING,
    certificate,
    name,
    revocation_list,
    revoked,
)

NOW = "2026-11-20T12:00:00"
SIGNED = "2026-09-15T03:04:05"
LATER = "2026-10-10T00:00:00"
FOLDER = pathlib.Path(__file__).parent

ROOT = certificate(
    name("Akar Peraga DS", "Kementerian Peraga"),
    rsa_key("root"),
    valid=("2018-08-28", "2038-08-23"),
    authority=True,
    usage=SIGN | AUTHORITY,
)


def issuing(common, key, *, valid=("2022-11-21", "2032-11-18"), parent=ROOT, path=0, **options):
    options.setdefault("usage", SIGN | AUTHORITY)
    options.setdefault("authority", True)
    return certificate(name(common), key, parent, valid=valid, path=path, **options)


ISSUER = issuing("Penerbit Peraga G1", rsa_key("issuer"))
# One that the same root certified and nobody here pinned.
STRANGER = issuing("Penerbit Umum Peraga", rsa_key("stranger"))
LEGACY = certificate(
    name("Peraga Lama Kelas 2", "Lembaga Peraga"),
    rsa_key("legacy"),
    valid=("2016-08-18", "2026-08-18"),
    authority=True,
    usage=SIGN | AUTHORITY,
)


def person(common="Wayan Rekaan, S.Contoh.", key=None, issuer=ISSUER, **options):
    options.setdefault("purposes", (DOCUMENT_SIGNING,))
    subject = name(common, "Dinas Peraga", "Bidang Contoh")
    return certificate(subject, key or rsa_key("person"), issuer, **options)


def stamping(common="Stempel Waktu Peraga", key=None, issuer=ISSUER, **options):
    options.setdefault("purposes", (TIME_STAMPING,))
    options.setdefault("purposes_critical", True)
    options.setdefault("valid", ("2023-01-01", "2032-01-01"))
    return certificate(name(common), key or rsa_key("tsa"), issuer, **options)


def tiny_certificate(index):
    return certificate(name(f"Kecil {index}"), ec_key("tiny", ec.SECP256R1)).der


def changed(der):
    """The last bit, which belongs to the signature, is another."""
    return der[:-1] + bytes([der[-1] ^ 1])


def false_issuer():
    """An authority that nobody here knows."""
    return certificate(
        name("Penerbit Entah"), rsa_key("nobody"), authority=True, usage=SIGN | AUTHORITY
    )


SIGNER = person()
TSA = stamping()


def signed(signer=SIGNER, **message):
    """A document with one signature, without a time stamp unless `unsigned` makes one."""
    cades = message.pop("cades", True)
    return Document().sign(lambda data: signed_data(data, signer, **message), cades)


def stamped(signer=SIGNER, authority=TSA, time=SIGNED, message=None, **options):
    """A document whose signature carries one time stamp."""
    return signed(signer, unsigned=stamp(authority, time, **options), **(message or {}))


def document_stamp(authority=TSA, time=LATER, **options):
    return lambda data: token(data, authority, time, **options)


class Cases:
    def __init__(self):
        self.entries = []
        self.files = {}
        self.contexts = {}
        # What the fresh list of the issuer says.
        self.revocations = []

    def revoke(self, certificate, date, reason=None, **options):
        self.revocations.append(revoked(certificate, date, reason, **options))
        return certificate

    def context(self, name, lists=None, time=None, policy=None, roots=None, issuers=None):
        """What is not given is as in `default`; `lists` are the local revocation lists."""
        entry = {} if name == "default" else {"inherit": "default"}
        if time:
            entry["validation_time"] = time + "Z"
        for key, folder, found in (
            ("trust_roots", "roots", roots),
            ("pinned_issuers", "issuers", issuers),
        ):
            if found is not None:
                entry[key] = [f"trust/{folder}/{one}.der" for one in found]
                for one, part in found.items():
                    self.files[f"trust/{folder}/{one}.der"] = part.der
        if lists is not None:
            entry["crl_dir"] = f"crl/{name}"
            self.files[f"crl/{name}/.keep"] = b""
            for one, content in lists.items():
                self.files[f"crl/{name}/{one}.crl"] = content
        if policy:
            entry["policy"] = policy
        self.contexts[name] = entry
        return name

    def valid(self, name, group, document, context="default"):
        self._add(name, group, document, context, "valid", "ok")

    def untrusted(self, name, group, reason, document, context="default"):
        self._add(name, group, document, context, "untrusted", reason)

    def invalid(self, name, group, reason, document, context="default"):
        self._add(name, group, document, context, "invalid", reason)

    def refused(self, name, group, reason, document, context="default"):
        self._add(name, group, document, context, "refuse", reason)

    def _add(self, name, group, document, context, verdict, reason):
        content = document.bytes
        known = [path for path, other in self.files.items() if other == content]
        path = known[0] if known else f"cases/{name}.pdf"
        self.files[path] = content
        entry = {
            "name": name,
            "file": path,
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "class": group,
            "expected": verdict,
            "acceptable": [verdict],
            "print": verdict == "valid",
            "reason": reason,
            "context": context,
        }
        if verdict == "valid":
            entry["print_bytes"] = document.signed_end
        self.entries.append(entry)

    def write(self):
        for folder in ("cases", "crl", "trust"):
            shutil.rmtree(FOLDER / folder, ignore_errors=True)
        for path, content in self.files.items():
            place = FOLDER / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        manifest = {
            "corpus": "trust-cases",
            "version": 1,
            "contexts": self.contexts,
            "cases": self.entries,
        }
        text = json.dumps(manifest, indent=1, ensure_ascii=False)
        (FOLDER / "manifest.json").write_text(text + "\n")
        return len(self.entries), len(self.files), sum(map(len, self.files.values()))


def root_list(*entries, this="2026-11-01", next="2027-01-30", **options):
    return revocation_list(ROOT, *entries, this=this, next=next, **options)


def issuer_list(*entries, issuer=ISSUER, **options):
    return revocation_list(issuer, *entries, **options)
