"""One kind of device, driven round after round with faults at random."""
import collections
import random
import statistics
import threading
import time
import traceback

import usage
from driver import Silent

# After so many failures there is nothing new to learn.
FAILURES_LIMIT = 20


class Wrong(Exception):
    """The driver did not tell the truth, or did not recover."""


class Lane(threading.Thread):
    """A subclass names its kinds of rounds in `kinds` (method names, with a weight) and has `open`,
    `quiet` (nothing under way), `last` (checks at the end) and `close`.

    Every kind is played once, in an order of the seed; then kinds at random, until `enough`."""
    kinds = {}
    descriptor_slack = 0

    def __init__(self, name, options, seed, folder):
        super().__init__(name=name, daemon=True)
        self.options, self.folder, self.chance = options, folder, random.Random("%s %d" % (name, seed))
        self.rounds, self.passed, self.problems = collections.Counter(), 0, []
        self.took, self.uses, self.driver = collections.defaultdict(list), [], None
        self.began = self.ended = time.monotonic()

    @property
    def done(self):
        return sum(self.rounds.values())

    def check(self, holds, what):
        if not holds:
            raise Wrong(what)

    def progress(self):
        """From 0 to 1: as much of the time, or of the rounds, as is over."""
        if self.options.minutes:
            return (time.monotonic() - self.began) / (60 * self.options.minutes)
        return self.done / (len(self.kinds) + self.options.rounds)

    def run(self):
        self.began = time.monotonic()
        try:
            self.open()
            self.play_all()
            self.verdict("the end", self.last, mends=False)
            for name, problem in usage.grown(
                    self.driver.pid, self.uses, self.descriptor_slack).items():
                self.verdict(name, lambda p=problem: self.check(p is None, p), mends=False)
        except Exception as e:                        # a lab that fails is a failure, told as such
            self.problems.append("the lab failed: %s" % "".join(traceback.format_exception(e)[-4:]))
        finally:
            self.ended = time.monotonic()
            self.close()

    def play_all(self):
        first = list(self.kinds)
        self.chance.shuffle(first)
        while first or self.progress() < 1:
            if len(self.problems) >= FAILURES_LIMIT:
                return
            kind = first.pop() if first else self.chance.choices(
                list(self.kinds), list(self.kinds.values()))[0]
            self.verdict(kind, getattr(self, kind))
            self.rounds[kind] += 1
            self.driver.forget()
            # Ten looks, the first after a tenth and every fault.
            if not first and self.progress() >= (len(self.uses) + 1) / 10:
                self.look()
        self.look()

    def look(self):
        self.quiet()
        self.uses.append(usage.look(self.driver, self.done))

    def verdict(self, name, body, mends=True):
        began = time.monotonic()
        try:
            body()
            self.passed += 1
            if self.options.verbose:
                print("%s %s %.1f s" % (self.name, name, time.monotonic() - began), flush=True)
        except (Wrong, Silent) as e:
            self.problems.append("%s, round %d, %s: %s" % (self.name, self.done + 1, name, e))
            if self.options.verbose:
                print("! " + self.problems[-1], flush=True)
            if mends:
                self.mend()

    def mend(self):
        """After a failed round everything is set right, so that the next is its own."""
        try:
            self.quiet()
        except (Wrong, Silent) as e:
            self.problems.append("%s did not recover: %s" % (self.name, e))

    def timed(self, name, seconds):
        self.took[name].append(seconds)

    def figures(self):
        """What a person wants to read of it."""
        lines = ["%s: %d rounds in %.0f s" % (self.name, self.done, self.ended - self.began)]
        for name, values in sorted(self.took.items()):
            values = sorted(values)
            lines.append("  %s: median %.0f ms, 95 of 100 within %.0f ms, longest %.0f ms (%d)" % (
                name, 1000 * statistics.median(values), 1000 * values[min(len(values) - 1, int(0.95 * len(values)))],
                1000 * values[-1], len(values)))
        if self.uses:
            first, last = self.uses[0], self.uses[-1]
            lines.append("  rounds %d to %d: resident %d to %d KiB, descriptors %d to %d, threads %d to %d" % (
                first.done, last.done, first.resident >> 10, last.resident >> 10, first.descriptors,
                last.descriptors, first.threads, last.threads))
            lines.append("  heap in KiB: %s" % " ".join("%.1f" % (use.heap / 1024) for use in self.uses))
        return lines
