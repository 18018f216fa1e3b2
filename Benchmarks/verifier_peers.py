"""The verifiers that anjungan-verify is timed beside, each as it would be used.

Each has `prepare(case)`, which may take its time, and `run(case)`, which is timed and returns
whether it calls the document valid.
"""
import json
import os
import re
import subprocess
import time


def call(command, environment=None, **more):
    return subprocess.run(command, stdin=more.pop("stdin", subprocess.DEVNULL), stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, env=environment, check=False, **more)


class PdfSig:
    """poppler's pdfsig as a process. With `trusted`, a database of the roots, issuers and lists of the
    case; without, only the signature itself is checked. It knows no clock but the machine's, so what
    counts is that it calls the signatures valid, whatever it says of certificates."""

    def __init__(self, folder, trusted):
        self.folder, self.trusted, self.databases = folder, trusted, {}
        # An empty home: nobody's browser certificates.
        self.environment = {**os.environ, "HOME": folder, "LC_ALL": "C"}

    def prepare(self, case):
        key = case.context
        if not self.trusted or key in self.databases:
            return
        folder = os.path.join(self.folder, "nss%d" % len(self.databases))
        os.makedirs(folder)
        place = "sql:" + folder

        def tool(*command):
            return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, check=False).returncode == 0

        if not tool("certutil", "-N", "-d", place, "--empty-password"):
            raise ValueError("certutil makes no database")
        for number, file in enumerate(key.roots):
            tool("certutil", "-A", "-d", place, "-n", "r%d" % number, "-t", "CT,C,C", "-a", "-i", file)
        for number, file in enumerate(key.issuers):
            tool("certutil", "-A", "-d", place, "-n", "i%d" % number, "-t", ",,", "-a", "-i", file)
        for file in key.lists:
            # A list that the database refuses is one that it does not know.
            tool("crlutil", "-I", "-B", "-d", place, "-i", file)
        self.databases[key] = place

    def run(self, case):
        options = ["-nssdir", self.databases[case.context], "-no-ocsp"] if self.trusted else ["-nocert"]
        said = call(["pdfsig", *options, case.path], self.environment).stdout
        return (said.count(b"Signature Validation: Signature is Valid.") > 0
                and not re.search(rb"Signature Validation: (?!Signature is Valid\.)", persons(said)))


def persons(said):
    """What pdfsig says, without the document time stamps, which it cannot verify."""
    blocks = re.split(rb"^Signature #\d+:$", said, flags=re.M)[1:]
    return b"".join(block for block in blocks if b"Signature Type: unknown" not in block)


class OpenSSL:
    """`openssl cms -verify`, one process for each signature of a person, over ranges that were cut out
    beforehand: it does not read PDF. It looks at no revocation list."""

    def __init__(self, folder):
        self.folder, self.commands = folder, {}

    def prepare(self, case):
        with open(case.path, "rb") as file:
            document = file.read()
        base = os.path.join(self.folder, "cms-" + case.name)
        with open(base + ".pem", "wb") as bundle:
            for path in case.context.roots + case.context.issuers:
                with open(path, "rb") as file:
                    bundle.write(file.read() + b"\n")
        self.commands[case.name] = []
        pattern = rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]"
        for number, found in enumerate(re.finditer(pattern, document)):
            a, b, c, d = (int(one) for one in found.groups())
            content = bytes.fromhex(document[b:c].strip().strip(b"<>").decode("ascii"))
            # id-ct-TSTInfo as content type: a document time stamp.
            if b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04\xa0" in content[:200]:
                continue
            message, data = "%s-%d.cms" % (base, number), "%s-%d.data" % (base, number)
            for path, part in ((message, content), (data, document[a:a + b] + document[c:c + d])):
                with open(path, "wb") as file:
                    file.write(part)
            self.commands[case.name].append([
                "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", message, "-content", data,
                "-CAfile", base + ".pem", "-purpose", "any", "-attime", str(case.context.clock),
                "-out", os.devnull])

    def run(self, case):
        commands = self.commands[case.name]
        return bool(commands) and all(call(command).returncode == 0 for command in commands)


class Hanko:
    """pyHanko in a process that has everything imported: the milliseconds are its own. `python`: of an
    environment with Tests/Oracles/requirements.txt."""

    def __init__(self, python, worker):
        self.process = subprocess.Popen([python, worker], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        if self.process.stdout.readline() != "ready\n":
            raise ValueError("pyHanko cannot be used by " + python)

    def prepare(self, case):
        pass

    def run(self, case):
        self.process.stdin.write(case.name + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["valid"], answer["ms"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class HankoProcess:
    """pyHanko as a process of its own for each document."""

    def __init__(self, python, worker):
        self.command = [python, worker]

    def prepare(self, case):
        pass

    def run(self, case):
        answer = call(self.command + [case.name]).stdout
        return json.loads(answer)["valid"] if answer else False


def timed(verifier, case):
    """(milliseconds, whether it calls the document valid)"""
    began = time.perf_counter()
    answer = verifier.run(case)
    spent = (time.perf_counter() - began) * 1000
    return (answer[1], answer[0]) if isinstance(answer, tuple) else (spent, answer)
