"""anjungan-verify as the kiosk uses it: started ahead and handed the document, or started for it."""
import fcntl
import json
import os
import socket
import subprocess
import time

ADD_SEALS, SEALS = 1033, 0x1 | 0x2 | 0x4 | 0x8
# What VerifierClient gives its children.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "GNUTLS_NO_IMPLICIT_INIT": "1"}
READY_SECONDS = 5


def options(case):
    words = ["--crl", case.context.list_folder, "--at", str(case.context.clock)]
    for option, values in (("--root", case.context.roots), ("--issuer", case.context.issuers),
                           ("--policy", case.context.policy)):
        for value in values:
            words += [option, value]
    return words


def sealed(content):
    descriptor = os.memfd_create("document", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    sent = 0
    while sent < len(content):
        sent += os.write(descriptor, content[sent:])
    fcntl.fcntl(descriptor, ADD_SEALS, SEALS)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Started:
    """Started for the document, which it reads as a file: the start counts."""

    def __init__(self, program):
        self.program = program

    def prepare(self, case):
        pass

    def run(self, case):
        return self.usage(case.path, case)[0].get("verdict") == "valid"

    def usage(self, path, case):
        """(the answer, what the kernel says the process used)"""
        with open(path, "rb") as document:
            child = subprocess.Popen([self.program] + options(case), stdin=document, env=ENVIRONMENT,
                                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        answer = child.stdout.read()
        child.stdout.close()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        return json.loads(answer) if answer and child.returncode == 0 else {}, used


class Waiting:
    """Started ahead; the document is handed over as a sealed memory file. What is timed is what a
    citizen waits for: from the bytes in memory to the helper's end."""

    def __init__(self, program):
        self.program, self.document, self.pss_kb = program, b"", []

    def prepare(self, case):
        self.document = read(case.path)
        self.line, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.child = subprocess.Popen([self.program] + options(case), stdin=other, env=ENVIRONMENT,
                                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        other.close()
        end = time.monotonic() + READY_SECONDS
        while not self.is_waiting():
            if time.monotonic() > end:
                raise ValueError("the helper does not get ready")
            time.sleep(0.002)
        with open("/proc/%d/smaps_rollup" % self.child.pid, encoding="ascii") as file:
            self.pss_kb += [int(line.split()[1]) for line in file if line.startswith("Pss:")]

    def is_waiting(self):
        with open("/proc/%d/status" % self.child.pid, encoding="ascii", errors="replace") as file:
            words = dict(line.split(":", 1) for line in file if ":" in line)
        # Behind its doors, and asleep: there is nothing but the document to sleep for.
        return words["Seccomp"].strip() == "2" and words["State"].strip().startswith("S")

    def run(self, case):
        descriptor = sealed(self.document)
        socket.send_fds(self.line, [b"\0"], [descriptor])
        answer = self.child.stdout.read()
        self.child.wait()
        os.close(descriptor)
        self.line.close()
        self.child.stdout.close()
        self.answer = json.loads(answer) if answer and self.child.returncode == 0 else {}
        return self.answer.get("verdict") == "valid"


class WaitingAndPage(Waiting):
    """The same and then the first page, drawn by pdftoppm within the helper's limits."""

    PIXELS = 1000

    def run(self, case):
        if not super().run(case):
            return False
        descriptor = sealed(self.document[:self.answer["print_bytes"]])
        drawn = subprocess.run(
            [self.program, "--exec-limits", "/usr/bin/pdftoppm", "-q", "-f", "1", "-l", "1", "-singlefile",
             "-scale-to-x", str(self.PIXELS), "-scale-to-y", "-1", "-"],
            stdin=descriptor, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=ENVIRONMENT, check=False)
        os.close(descriptor)
        return drawn.returncode == 0 and drawn.stdout.startswith(b"P6\n%d " % self.PIXELS)
