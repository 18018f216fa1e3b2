"""What programs say about a case: our verifier, qpdf, pdfsig and `openssl cms`.

Each function returns (accepts, says); `says` is a short text that is the same for every case of a
kind, so that cases can be grouped by it.
"""

import glob
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time

from asn1crypto import cms, pem, x509

#: Seconds of wall clock; a bomb is not worth more.
LIMIT = 10


def _run(command, **more):
    try:
        return subprocess.run(
            command, capture_output=True, timeout=LIMIT, stdin=more.pop("stdin", subprocess.DEVNULL),
            **more)
    except subprocess.TimeoutExpired:
        return None


class Verifier:
    """anjungan-verify, as the kiosk starts it."""

    def __init__(self, program):
        self.program = program

    def __call__(self, case):
        context = case.context
        command = [self.program, "--crl", context.list_folder, "--at", str(context.clock)]
        for option, values in (("--root", context.roots), ("--issuer", context.issuers),
                               ("--policy", context.policy)):
            for value in values:
                command += [option, value]
        with open(case.path, "rb") as document:
            done = _run(command, stdin=document)
        try:
            answer = json.loads(done.stdout)
        except (AttributeError, ValueError):
            return False, "no answer"
        return answer["verdict"] == "valid", answer["verdict"] + " " + answer["reason"]


def qpdf(case):
    done = _run(["qpdf", "--check", case.path])
    if done is None:
        return False, "takes too long"
    return done.returncode == 0, {0: "no complaint", 3: "warnings"}.get(done.returncode, "errors")


class PdfSig:
    """poppler's pdfsig at the clock of the case, with roots, issuers and lists in a database.

    It accepts when every signature of a person is valid and its certificate trusted. Document time
    stamps, which it cannot verify, are left out.
    """

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.databases = {}
        found = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
        if not found:
            raise SystemExit("oracles: libfaketime is missing")
        self.environment = dict(
            os.environ, LD_PRELOAD=found[0], TZ="UTC", LC_ALL="C.UTF-8", HOME=str(folder),
            FAKETIME_DONT_FAKE_MONOTONIC="1")

    def prepare(self, contexts):
        for context in contexts:
            key = (context.roots, context.issuers, context.lists)
            if key not in self.databases:
                self.databases[key] = self._database(str(len(self.databases)), context)

    def _database(self, name, context):
        path = self.folder / name
        path.mkdir(parents=True)
        place = "sql:" + str(path)

        def tool(*command):
            subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)

        tool("certutil", "-N", "-d", place, "--empty-password")
        # A root that also is an issuer must be known as a root.
        for flags, files in (("CT,C,C", context.roots),
                             (",,", set(context.issuers) - set(context.roots))):
            for number, file in enumerate(sorted(files)):
                content = path / "one.der"
                content.write_bytes(der(file))
                if flags == ",," and der(file) in map(der, context.roots):
                    continue
                tool("certutil", "-A", "-d", place, "-n", flags + str(number), "-t", flags, "-i",
                     str(content))
        for file in context.lists:
            # A list that the database refuses is one that it does not know.
            subprocess.run(["crlutil", "-I", "-B", "-d", place, "-i", file], capture_output=True,
                           stdin=subprocess.DEVNULL)
        return place

    def __call__(self, case):
        context = case.context
        database = self.databases[(context.roots, context.issuers, context.lists)]
        done = _run(
            ["pdfsig", "-nssdir", database, "-no-ocsp", case.path],
            env=dict(self.environment, FAKETIME="@" + _date(context.clock)))
        if done is None:
            return False, "takes too long"
        text = done.stdout.decode("utf-8", "replace")
        said = []
        for block in re.split(r"^Signature #\d+:$", text, flags=re.M)[1:]:
            if "Signature Type: unknown" in block or "is not signed" in block:
                continue
            for part, good in (("Signature", "Signature is Valid."),
                               ("Certificate", "Certificate is Trusted.")):
                found = re.search(r"%s Validation: (.*)" % part, block)
                if not found or found[1] != good:
                    said.append(found[1] if found else "says nothing about the " + part.lower())
            said.append("good")
        faults = sorted(set(said) - {"good"})
        if faults:
            return False, " ".join(faults)
        return bool(said), "valid and trusted" if said else "no signature"


def _date(seconds):
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds))


class OpenSSL:
    """`openssl cms -verify` over what a regular expression finds to be covered.

    It accepts when there is a signature of a person and every one verifies with a path to a root at
    the clock of the case. It is given no revocation list. Pinned issuers lie beside the roots, for it takes intermediates
    from nowhere else; a path must end at a certificate that signed itself all the same.
    """

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.bundles = {}

    def prepare(self, contexts):
        for key in {(one.roots, one.issuers) for one in contexts}:
            path = self.folder / ("%d.pem" % len(self.bundles))
            path.write_bytes(b"".join(
                pem.armor("CERTIFICATE", der(file)) for files in key for file in files))
            self.bundles[key] = str(path)

    def __call__(self, case):
        document = pathlib.Path(case.path).read_bytes()
        verified = 0
        with tempfile.TemporaryDirectory(dir=self.folder) as work:
            message, data = os.path.join(work, "message"), os.path.join(work, "data")
            for found in re.finditer(
                    rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", document):
                a, b, c, d = (int(one) for one in found.groups())
                gap = document[b:c].strip()
                try:
                    content = bytes.fromhex(gap.strip(b"<>").decode("ascii"))
                except ValueError:
                    return False, "no message"
                if is_stamp(content):
                    continue
                pathlib.Path(message).write_bytes(content)
                pathlib.Path(data).write_bytes(document[a:a + b] + document[c:c + d])
                done = _run([
                    "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", message,
                    "-content", data, "-CAfile",
                    self.bundles[case.context.roots, case.context.issuers], "-purpose", "any",
                    "-attime", str(case.context.clock), "-out", os.devnull])
                if done is None:
                    return False, "takes too long"
                if done.returncode:
                    return False, _complaint(done.stderr.decode("utf-8", "replace"))
                verified += 1
        return verified > 0, "verified" if verified else "no signature"


def _complaint(text):
    """The certificate's fault, or else the last reason of OpenSSL's error queue."""
    found = re.search(r"Verify error: ?(.*)", text)
    if found:
        return found[1].strip()
    reasons = re.findall(r"error:[0-9A-F]+:[^:]*:[^:]*:([^:]*):", text)
    return reasons[-1] if reasons else "an error"


def is_stamp(content):
    try:
        return cms.ContentInfo.load(content)["content"]["encap_content_info"][
            "content_type"].native == "tst_info"
    except (ValueError, TypeError, KeyError):
        return False


def der(path):
    content = pathlib.Path(path).read_bytes()
    return pem.unarmor(content)[2] if pem.detect(content) else content


def certificate(path):
    return x509.Certificate.load(der(path))
