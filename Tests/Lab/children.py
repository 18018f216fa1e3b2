"""Child processes of a stage: started, ready, ended by their own pid, and never left behind.

Every child dies with us even on kill -9 (parent-death signal), sits in a session of its own so that
Ctrl-C in a terminal reaches only us, and writes its stderr to a log in the stage's folder.
"""
import os
import re
import selectors
import signal
import subprocess
import threading
import time

import labtools


class ChildFailed(Exception):
    pass


class Child:
    """One process. With `announces`, its stdout is read until the line "ready" (NAME=value lines
    before it are kept in `values`); without, its stdout goes to the log, too.

    To be started on the main thread only: the kernel sends the parent-death signal when the
    *thread* that started the child ends.
    """

    def __init__(self, name, command, log_folder, env=None, announces=True, patience=30,
                 ready="ready"):
        self.name, self.command, self.values = name, [str(c) for c in command], {}
        self.log = os.path.join(log_folder, name + ".log")
        self.began = os.path.getsize(self.log) if os.path.exists(self.log) else 0
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                labtools.with_parent(self.command), stdin=subprocess.DEVNULL, stderr=log,
                stdout=subprocess.PIPE if announces else log, start_new_session=True,
                env={**os.environ, **(env or {})})
        if announces:
            try:
                self.read_until_ready(patience, ready)
            except BaseException:
                self.stop()
                raise

    @property
    def pid(self):
        return self.process.pid

    def __getitem__(self, name):
        return self.values[name]

    def read_until_ready(self, patience, ready):
        end, pending = time.monotonic() + patience, b""
        stdout = self.process.stdout
        os.set_blocking(stdout.fileno(), False)
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            while True:
                left = end - time.monotonic()
                if left <= 0:
                    raise ChildFailed("%s was not ready within %d s\n%s" % (self.name, patience, self.tail()))
                if not selector.select(left):
                    continue
                part = stdout.read(65536)
                if part == b"":
                    raise ChildFailed("%s ended (exit %s)\n%s"
                                      % (self.name, self.process.wait(), self.tail()))
                *lines, pending = (pending + (part or b"")).split(b"\n")
                for raw in lines:
                    line = raw.decode(errors="replace").strip()
                    if line == ready:
                        # Whatever it says later must not fill a pipe that nobody reads.
                        drain(stdout, self.log)
                        return
                    match = re.fullmatch(r"([A-Z][A-Z0-9_]*)=(.*)", line)
                    if match:
                        self.values[match[1]] = match[2]

    def tail(self, lines=20):
        try:
            with open(self.log, errors="replace") as f:
                f.seek(self.began)
                return "".join(f.readlines()[-lines:])
        except OSError:
            return ""

    def running(self):
        return self.process.poll() is None

    def send(self, number):
        if self.running():
            self.process.send_signal(number)

    def wait(self, patience):
        """The exit status, or None when it still runs after `patience` seconds."""
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            return None

    def stop(self, patience=10, number=signal.SIGTERM):
        """Asks it to end, insists after `patience` seconds. Returns the exit status."""
        if self.running():
            self.send(number)
            if self.wait(patience) is None:
                self.process.kill()
        return self.process.wait()


def drain(stdout, log):
    """Copies what else comes on `stdout` into the log, on a thread of its own."""
    def copy():
        with selectors.DefaultSelector() as selector, open(log, "ab") as out:
            selector.register(stdout, selectors.EVENT_READ)
            try:
                while selector.select():
                    part = stdout.read(65536)
                    if part == b"":
                        return
                    out.write(part or b"")
                    out.flush()
            except (OSError, ValueError):
                return
    threading.Thread(target=copy, daemon=True).start()
