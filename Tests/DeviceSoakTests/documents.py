"""Documents: the printer's own account of its sheets beside what the driver says of each job."""
import hashlib
import os
import sys
import time

import labtools
from children import Child
from driver import Driver, Silent
from lane import Lane

LAB = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Lab")
# Reasons that stop a printer, and what the driver has to call each.
STOPS = {"media-empty": "media-empty", "media-jam": "media-jam", "cover-open": "cover-open",
         "marker-supply-empty": "marker-supply-empty", "output-area-full": "output-area-full"}
FAST, FROZEN = "slow 0.03", "slow 600"
# The driver's own limits (Documents.swift) and what a busy machine adds.
END = 25


class Documents(Lane):
    kinds = dict(plain=12, warning=1, held_before=3, held_under_way=3, canceled_while_held=1,
                 canceled_under_way=2, deaf=1, power_lost=2, power_lost_while_held=1, offline_before=1,
                 offline_a_moment=2, offline_for_long=1, torn=2, ended_at_panel=2, busy_a_moment=1,
                 busy_for_long=1, not_accepting=1, http_error_before=1, http_error_under_way=1,
                 hangs_before=1, hangs_under_way=1)
    goal = 500
    recovery = 10
    # Whether somebody between driver and printer may send a job again that has not come out.
    sends_again = False

    def open(self):
        self.printer = Child("printer-" + self.name, [
            sys.executable, os.path.join(LAB, "virtual-ipp-printer"), "--dir", self.folder, "--control",
            os.path.join(self.folder, "p.sock")], self.folder)
        lie = ["--lie", self.options.lie] if self.options.lie else []
        self.driver = Driver(self.name, [
            os.path.join(self.options.build, "device-soak"), "documents", *self.way(), *lie], self.folder)
        self.number, self.promised = 0, {}
        self.tell(FAST)

    def way(self):
        return ["--uri", self.printer["URI"]]

    def close(self):
        for process in (self.driver, getattr(self, "printer", None)):
            if process:
                process.stop()

    def tell(self, line):
        return labtools.tell(self.printer["CONTROL"], line)

    def status(self):
        return labtools.tell_json(self.printer["CONTROL"], "status")

    def jobs(self, key=""):
        return labtools.tell_json(self.printer["CONTROL"], "jobs " + key)

    def quiet(self):
        self.tell("clear")
        self.tell(FAST)
        end = time.monotonic() + self.recovery
        while (said := self.driver.ask("state", limit=self.recovery)) != "ready":
            self.check(time.monotonic() < end, "the printer is well and the driver says " + said)
            time.sleep(0.02)

    def mend(self):
        super().mend()
        # One job at a time: the next is refused until this one has its end.
        if not self.driver.told("end " + self.key):
            try:
                self.driver.wait("end " + self.key, limit=self.recovery)
            except Silent as e:
                self.problems.append("%s did not recover: %s" % (self.name, e))

    # -- one document

    def begin(self):
        """Gives the next document to the driver."""
        self.number += 1
        self.key = "%032x" % self.number         # in the form of a kiosk's
        self.pages = self.chance.choice((1, 1, 1, 2, 3, 5))
        self.bytes = self.chance.choice((900, 40_000, 40_000, 400_000))
        self.place = self.driver.say("print %s %d %d" % (self.key, self.pages, self.bytes))

    def step(self, *steps, limit=END):
        return self.driver.wait(*("step %s %s" % (self.key, s) for s in steps), since=self.place,
                                limit=limit)

    def end(self, *allowed, limit=END):
        """Waits for the end, which has to be one of these (outcome or outcome and fault), and holds
        it beside what came out of the printer."""
        _, line = self.driver.wait("end " + self.key, since=self.place, limit=limit)
        outcome, fault = line.split()[2:]
        self.promised[self.key] = (outcome, self.pages)
        self.truth(self.key)
        self.check(outcome in allowed or "%s %s" % (outcome, fault) in allowed,
                   "%s (%s), expected %s" % (outcome, fault, " or ".join(allowed)))
        self.quiet()
        return outcome

    def truth(self, key):
        outcome, pages = self.promised[key]
        jobs = self.jobs(key)
        printed = [job["printed"] for job in jobs if job["printed"]]
        said = "%s: said %s of %d sheets; came out: %s" % (key, outcome, pages, printed or "nothing")
        self.check(len(printed if self.sends_again else jobs) <= 1, "%s was given to the printer %d times"
                   % (key, len(jobs)))
        if outcome == "delivered":
            self.check(printed == [pages], said)
            with open(next(job["file"] for job in jobs if job["printed"]), "rb") as f:
                digest = hashlib.sha256(f.read()).hexdigest()
            told = self.driver.told("document " + key)
            self.check(not told or told == [digest], key + ": other bytes arrived")
        if outcome == "notPrinted":
            self.check(not printed, said)

    def came_out(self):
        return any(job["printed"] for job in self.jobs(self.key))

    def canceled(self, *more):
        """How a job that was ended before its last sheet may be told: what came out decides."""
        self.end(*more, "unknown" if self.came_out() else "notPrinted")

    def under_way(self, share=None):
        """A document in the printer, some of its sheets out or none; nothing more comes out."""
        self.tell(FROZEN)
        self.begin()
        self.step("printing")
        if self.chance.random() < 0.5 if share is None else share:
            self.tell("slow %.2f" % self.chance.uniform(0.3, 1))
            time.sleep(self.chance.uniform(0, 0.25))
            self.tell(FROZEN)

    # -- rounds

    def plain(self):
        before = time.monotonic()
        self.begin()
        self.end("delivered")
        self.timed("document to delivered", time.monotonic() - before)

    def warning(self):
        self.tell("reasons " + self.chance.choice(("media-low", "marker-supply-low", "other-warning")))
        self.begin()
        self.end("delivered")

    def stop(self):
        """A cause that stops the printer, as (what sets it, what takes it away, the driver's word)."""
        if self.chance.random() < 0.15:
            return "stop", "resume", "stopped"
        reason = self.chance.choice(sorted(STOPS))
        return "reasons " + reason, "reasons none", STOPS[reason]

    def held_before(self):
        sets, clears, word = self.stop()
        self.tell(sets)
        self.begin()
        self.step("held " + word)
        self.check(not self.came_out(), "sheets came out of a stopped printer")
        time.sleep(self.chance.uniform(0, 0.2))
        self.tell(clears)
        cleared = time.monotonic()
        self.end("delivered")
        self.timed("cause gone to delivered", time.monotonic() - cleared)

    def held_under_way(self):
        sets, clears, word = self.stop()
        self.under_way()
        self.tell(sets)
        self.step("held " + word)
        self.tell(FAST)
        self.tell(clears)
        self.end("delivered")

    def canceled_while_held(self):
        sets, _, word = self.stop()
        self.under_way()
        self.tell(sets)
        self.step("held " + word)
        self.driver.say("cancel " + self.key)
        self.canceled()

    def canceled_under_way(self):
        self.under_way()
        self.driver.say("cancel " + self.key)
        self.canceled()

    def deaf(self):
        self.under_way(share=False)
        self.tell("deaf %d" % self.chance.randint(1, 4))
        self.driver.say("cancel " + self.key)
        self.canceled()

    def power_lost(self):
        self.under_way()
        self.tell("power off")
        self.step("held offline")
        self.tell("power on")
        self.end("unknown")

    def power_lost_while_held(self):
        sets, _, word = self.stop()
        self.tell(sets)
        self.begin()
        self.step("held " + word)
        self.tell("power off")
        time.sleep(self.chance.uniform(0, 0.5))
        self.tell("power on")
        self.end("unknown")

    def offline_before(self):
        self.tell(self.chance.choice(("offline", "power off")))
        self.begin()
        self.end("notPrinted offline")

    def offline_a_moment(self):
        self.under_way()
        self.tell("offline")
        time.sleep(self.chance.uniform(0, 0.6))
        self.tell(FAST)
        self.tell("online")
        self.end("delivered")

    def offline_for_long(self):
        """The cable is out beyond the driver's patience; the printer prints on, and says so later."""
        counter = self.driver.ask("counter")
        self.under_way()
        self.tell("offline")
        if self.chance.random() < 0.5:
            self.tell(FAST)
            over = "delivered"
        else:
            over = "unknown" if self.came_out() else "notPrinted"
        key = self.key
        self.end("left offline")
        place = self.driver.say("reconcile %s %s %d" % (key, counter, self.pages))
        _, line = self.driver.wait("recovery " + key, since=place, limit=END)
        found = line.split()[2:]
        # quiet() has let the printer go on: a frozen job may have come out before it was cancelled.
        self.promised[key] = (found[-1], self.pages)
        self.truth(key)
        self.check(found[0] == "over", "a reachable printer's job is " + " ".join(found))
        self.check(over != "delivered" or found[1] == "delivered", "%s came out and is %s" % (key, found))

    def torn(self):
        self.tell("drop %d" % self.chance.choice((700, 5_000, 20_000)))
        self.begin()
        # A document smaller than the place of the cut arrives whole.
        self.end("notPrinted", "delivered" if self.bytes < 21_000 else "notPrinted")

    def ended_at_panel(self):
        what = self.chance.choice(("abort", "cancel"))
        if self.chance.random() < 0.3:
            self.tell(what)
            self.begin()
        else:
            self.under_way()
            self.tell(what)
        _, _ = self.driver.wait("end " + self.key, since=self.place, limit=END)
        self.canceled()

    def busy_a_moment(self):
        self.tell("busy on")
        self.begin()
        time.sleep(self.chance.uniform(0, 0.3))
        self.tell("busy off")
        self.end("delivered")

    def busy_for_long(self):
        self.tell("busy on")
        self.begin()
        self.end("notPrinted busy")

    def not_accepting(self):
        self.tell("accept off")
        self.begin()
        self.end("notPrinted not-accepting-jobs")

    def http_error_before(self):
        self.tell("http %d" % self.chance.choice((404, 500, 503)))
        self.begin()
        self.end("notPrinted")

    def http_error_under_way(self):
        self.under_way()
        self.tell("http %d" % self.chance.choice((404, 500, 503)))
        time.sleep(self.chance.uniform(0, 0.6))
        self.tell(FAST)
        self.tell("http off")
        self.end("delivered")

    def hangs_before(self):
        self.tell("hang on")
        self.begin()
        self.end("notPrinted offline")

    def hangs_under_way(self):
        self.under_way()
        self.tell("hang on")
        time.sleep(self.chance.uniform(0, 1.2))
        self.tell(FAST)
        self.tell("hang off")
        self.end("delivered")

    def last(self):
        """What was said of each document still holds when all is over: nothing came out later."""
        self.check(self.status()["unfinished"] == 0, "jobs are left in the printer")
        sheets = sum(job["printed"] for job in self.jobs())
        self.check(sheets == self.status()["sheets"], "the printer's own account is wrong")
        for key in self.promised:
            self.truth(key)
