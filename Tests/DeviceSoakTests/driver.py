"""A driver of the kiosk in a process of its own (device-soak), told what to do and listened to."""
import itertools
import os
import subprocess
import threading
import time

import labtools

# What malloc keeps for each thread to give again counts as given, and fills for thousands of rounds; so
# does the head of each of its arenas.
EXACT_HEAP = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=0:glibc.malloc.arena_max=1"}


class Silent(Exception):
    """The driver did not say what it had to say in time, or ended."""


class Driver:
    def __init__(self, name, command, folder, environment=None):
        self.name, self.lines, self.over = name, [], False
        self.changed, self.numbers = threading.Condition(), itertools.count(1)
        with open(os.path.join(folder, name + ".log"), "ab") as log:
            self.process = subprocess.Popen(
                labtools.with_parent(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                text=True, bufsize=1,
                env={**os.environ, **EXACT_HEAP, **(environment or {})})
        threading.Thread(target=self.listen, daemon=True).start()
        self.wait("ready", limit=20)
        self.fill_caches()

    @property
    def pid(self):
        return self.process.pid

    def fill_caches(self):
        """Dispatch's workers keep the memory of the last thousand jobs for the next ones, some 100 KiB:
        the heap is not to grow by that later."""
        for _ in range(40):
            place = self.say("nothing\n" * 50)
            end = time.monotonic() + 10
            while len(self.told("unknown", place)) < 50:
                if time.monotonic() > end or self.over:
                    raise Silent("%s answers nothing" % self.name)
                time.sleep(0.001)
        with self.changed:
            self.lines = [line for line in self.lines if not line[1].startswith("unknown")]

    def listen(self):
        for line in self.process.stdout:
            moment, _, words = line.rstrip("\n").partition(" ")
            with self.changed:
                self.lines.append((int(moment) / 1e6, words))
                self.changed.notify_all()
        with self.changed:
            self.over = True
            self.changed.notify_all()

    def say(self, line):
        """A command. Gives the place from which its answers are to be looked for."""
        with self.changed:
            place = len(self.lines)
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except OSError:
            raise Silent("%s ended (exit %s)" % (self.name, self.process.wait())) from None
        return place

    def mark(self):
        with self.changed:
            return len(self.lines)

    def told(self, prefix, since=0):
        """What was said since that place and begins so, without the beginning."""
        with self.changed:
            return [words[len(prefix):].strip() for _, words in self.lines[since:]
                    if (words + " ").startswith(prefix + " ")]

    def wait(self, *prefixes, since=0, limit=10.0):
        """Waits for a line that begins with one of these: (moment, the line)."""
        end, place = time.monotonic() + limit, since
        with self.changed:
            while True:
                for moment, words in self.lines[place:]:
                    if any((words + " ").startswith(prefix + " ") for prefix in prefixes):
                        return moment, words
                place = len(self.lines)
                left = end - time.monotonic()
                if self.over:
                    raise Silent("%s ended (exit %s)" % (self.name, self.process.wait()))
                if left <= 0:
                    raise Silent("not told within %g s: %s; told: %s" % (
                        limit, " or ".join(prefixes), [words for _, words in self.lines[since:]][-8:]))
                self.changed.wait(left)

    def ask(self, *words, limit=10.0):
        """A question with a number of its own, and what follows that number in the answer."""
        number = "q%d" % next(self.numbers)
        place = self.say(" ".join([words[0], number, *words[1:]]))
        _, line = self.wait("%s %s" % (words[0], number), since=place, limit=limit)
        return line.split(" ", 2)[2]

    def forget(self):
        """Lets what was said go: nobody looks for it any more."""
        with self.changed:
            self.lines.clear()

    def stop(self):
        try:
            self.process.stdin.close()
            self.process.wait(5)
        except (OSError, subprocess.TimeoutExpired):
            labtools.end(self.process)
