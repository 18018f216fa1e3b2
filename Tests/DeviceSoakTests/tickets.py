"""Tickets: the paper of the ticket printer beside what the driver says of each."""
import os
import re
import socket
import sys
import time

import labtools
from children import Child
from driver import Driver
from lane import Lane

LAB = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Lab")
FAULTS = {"paper out": "media-empty", "cover open": "cover-open", "error cutter": "cutter-error",
          "error fatal": "needs-restart", "offline": "stopped"}
CUT = b"\x1dV\x01"
# What the driver asks behind a slip: for its confirmation, and for silence.
BEHIND = b"\x1dr\x01\x1da\x00"
OFFICE = os.path.join(os.path.dirname(os.path.dirname(LAB)), "kiosk-config", "offices", "tabalong")
ANSWER, RECOVERY = 15, 10
# One that does all, and one that draws no codes, tells nothing by itself and cannot be cleared.
PROFILES = [("epson-tm-80", []), ("generic-80", ["--no-clear"])]
# What ends an image that was torn; before a printer's very first slip, too.
FILLING = re.compile(rb"\A\x00+(\x1da\x00)*")


class Tickets(Lane):
    kinds = dict(plain=30, low=1, fault_before=4, fault_under_way=3, no_power=1, power_lost=1, torn=2,
                 occupied=1, hurried=1)
    goal = 2000

    def open(self):
        # Lanes of one run take turns, and so do seeds.
        lane = int(self.name.rpartition("-")[2]) + self.options.seed
        self.profile, abilities = PROFILES[lane % len(PROFILES)]
        self.printer = Child("printer-" + self.name, [
            sys.executable, os.path.join(LAB, "virtual-ticket-printer"), "--dir", self.folder, "--no-png",
            "--control", os.path.join(self.folder, "t.sock"), *abilities], self.folder)
        lie = ["--lie", self.options.lie] if self.options.lie else []
        self.driver = Driver(self.name, [
            os.path.join(self.options.build, "device-soak"), "tickets", "--address",
            "127.0.0.1:" + self.printer["PORT"], "--office", OFFICE,
            "--profile", self.profile, *lie], self.folder)
        self.number, self.pattern, self.seen, self.promised, self.papers = 0, None, 0, {}, {}
        self.names = {}

    def close(self):
        for process in (self.driver, getattr(self, "printer", None)):
            if process:
                process.stop()

    def tell(self, line):
        return labtools.tell(self.printer["CONTROL"], line)

    def status(self):
        return labtools.tell_json(self.printer["CONTROL"], "status")

    def quiet(self):
        self.tell("clear")
        end = time.monotonic() + RECOVERY
        while (said := self.driver.ask("state", limit=RECOVERY)) != "ready":
            self.check(time.monotonic() < end, "the printer is well and the driver says " + said)
            time.sleep(0.02)

    # -- one ticket

    def begin(self):
        self.number += 1
        self.id = "%08x" % self.chance.getrandbits(32)
        number = 100 + self.number % 900
        # A code that is sent as an image names nobody in letters; the number does, for 900 tickets.
        self.names[b"SOAK:" + self.id.encode() if self.profile == "epson-tm-80" else b"A-%d" % number] = self.id
        self.place = self.driver.say("ticket %s %d" % (self.id, number))

    def end(self, *allowed):
        """Waits for the driver's word and holds it beside the paper."""
        _, line = self.driver.wait("ticket " + self.id, since=self.place, limit=ANSWER)
        said = line.split()[2]
        self.promised[self.id] = said
        self.quiet()
        # The paper is complete when the printer has done with the connection.
        labtools.wait_until(lambda: self.status()["connections"] == 0, RECOVERY)
        self.truth(self.id)
        self.check(said in allowed, "%s, expected %s" % (said, " or ".join(allowed)))

    def read_papers(self):
        """What came out since the last look: which ticket each piece of paper names, and its bytes with
        number and code blanked out. What hung in the printer is cut off before the next slip."""
        for number in range(self.seen + 1, self.status()["tickets"] + 1):
            with open(os.path.join(self.folder, "%03d.bin" % number), "rb") as f:
                pieces = f.read().replace(BEHIND, b"").split(CUT)
            for piece in pieces:
                piece = FILLING.sub(b"", piece)
                name = next((i for words, i in self.names.items() if words in piece), None)
                if name:
                    self.papers.setdefault(name, []).append(piece.replace(name.encode(), b"#" * 8))
            self.seen = number

    def truth(self, name):
        self.read_papers()
        if self.promised[name] == "printed" and not self.papers.get(name):
            # The driver may close with an answer unread, which resets the connection: the slip is printed
            # and cut, and hangs in the lab's printer.
            self.tell("empty")
            self.read_papers()
        papers = [self.blank(p) for p in self.papers.get(name, [])]
        self.check(len(papers) <= 1, "%s came out %d times" % (name, len(papers)))
        if self.promised[name] == "printed":
            self.check(papers, "%s is said to be printed and did not come out" % name)
            # The first whole ticket is the pattern of all: they differ in number and code only.
            self.pattern = self.pattern or papers[0]
            self.check(papers[0] == self.pattern, "%s is said to be printed and is not whole" % name)
            self.papers[name] = [b""]                 # judged; only that it was there is kept

    @staticmethod
    def blank(paper):
        """Without the number: letters A-100 to A-999."""
        at = paper.find(b"A-")
        while at >= 0 and not paper[at + 2:at + 5].isdigit():
            at = paper.find(b"A-", at + 1)
        return paper if at < 0 else paper.replace(paper[at:at + 5], b"A-000")

    # -- rounds

    def plain(self):
        before = time.monotonic()
        self.begin()
        moment, _ = self.driver.wait("ticket " + self.id, since=self.place, limit=ANSWER)
        self.timed("ticket to confirmation", moment - before)
        self.end("printed")

    def low(self):
        self.tell("paper low")
        self.begin()
        self.end("printed")

    def fault_before(self):
        fault = self.chance.choice(sorted(FAULTS))
        self.tell(fault)
        self.begin()
        self.end(FAULTS[fault])

    def fault_under_way(self):
        """Something breaks while the ticket is being printed; what was in the buffer may come later."""
        fault = self.chance.choice(sorted(FAULTS))
        self.slowly()
        self.tell(fault)
        self.end(FAULTS[fault])

    def slowly(self):
        """A ticket of which some has come out, and not all."""
        self.tell("slow 300")
        before = self.status()["printed"]
        self.begin()
        labtools.wait_until(lambda: self.status()["printed"] > before, ANSWER)

    def no_power(self):
        self.tell("power off")
        self.begin()
        self.end("offline")

    def power_lost(self):
        self.slowly()
        self.tell("power off")
        self.end("offline")

    def torn(self):
        self.tell("drop %d" % self.chance.randint(20, 250))
        self.begin()
        self.end("offline")

    def occupied(self):
        """A network printer serves one connection: somebody else's is open."""
        with socket.create_connection(("127.0.0.1", int(self.printer["PORT"])), 5):
            labtools.wait_until(lambda: self.status()["connections"] == 1, 5)
            self.begin()
            self.driver.wait("ticket " + self.id, since=self.place, limit=ANSWER)
        self.end("offline", "busy")

    def hurried(self):
        """Two tickets at once, as two citizens' presses may be: both come out, each once."""
        self.begin()
        first, place = self.id, self.place
        self.begin()
        second, self.id = self.id, first
        self.driver.wait("ticket " + second, since=place, limit=ANSWER)
        self.promised[second] = "printed"
        self.place = place
        self.end("printed")
        self.truth(second)

    def last(self):
        for name in self.promised:
            count = len(self.papers.get(name, []))
            self.check(count <= 1, "%s came out %d times" % (name, count))
            self.check(count == 1 or self.promised[name] != "printed", name + " did not come out")
