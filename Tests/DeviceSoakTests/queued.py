"""Documents through a CUPS queue: what the server says is not believed, what came out is."""
import os
import signal
import subprocess
import sys
import time

from children import Child
from documents import FAST, LAB, Documents

# CUPS looks at its printer after 1, 1, 2, 3, 5 and 8 seconds.
PATIENCE = 60


class Queued(Documents):
    kinds = dict(plain=6, warning=1, held_before=2, held_under_way=2, canceled_while_held=1,
                 canceled_under_way=1, power_lost=1, power_lost_while_held=1, offline_before=1,
                 offline_a_moment=1, torn=1, ended_at_panel=1, busy_a_moment=1, server_killed=1,
                 server_ended=1)
    goal = 200
    recovery = PATIENCE
    sends_again = True

    def way(self):
        self.server = None
        self.place_of_server = os.path.join(self.folder, "cups")
        self.start_server()
        subprocess.run(["lpadmin", "-h", self.server["CUPS_SERVER"], "-p", "kiosk", "-E", "-v",
                        self.printer["URI"], "-m", "everywhere"], check=True, stderr=subprocess.DEVNULL)
        return ["--queue", "kiosk", "--server", self.server["CUPS_SERVER"]]

    def start_server(self):
        again = []
        if self.server:
            again = ["--port", self.server["CUPS_SERVER"].split(":")[-1], "--purge"]
        self.server = Child("cups-" + self.name, [
            sys.executable, os.path.join(LAB, "start-cups"), "--dir", self.place_of_server, *again],
            self.folder)

    def close(self):
        super().close()
        if getattr(self, "server", None):
            self.server.stop()

    def step(self, *steps, limit=PATIENCE):
        return super().step(*steps, limit=limit)

    def end(self, *allowed, limit=PATIENCE):
        """Whatever is said has to be true; that it is said where CUPS hides it is not asked of a
        driver. A healthy printer's document has to be delivered."""
        every = ("delivered", "notPrinted", "unknown", "left")
        strict = self.kind in ("plain", "warning", "held_before")
        return super().end(*(allowed if strict else every), limit=limit)

    def verdict(self, name, body, mends=True):
        self.kind = name
        super().verdict(name, body, mends)

    def power_lost(self):
        self.under_way()
        self.tell("power off")
        self.step("held offline")
        self.tell(FAST)
        self.tell("power on")
        self.end()

    def power_lost_while_held(self):
        sets, clears, word = self.stop()
        self.tell(sets)
        self.begin()
        self.step("held " + word)
        self.tell("power off")
        time.sleep(self.chance.uniform(0, 0.5))
        self.tell("power on")
        self.tell(clears)
        self.end()

    def server_goes(self, number):
        """The server ends with a job in it, and comes back with an emptied spool."""
        self.under_way(share=False)
        os.kill(int(self.server["LAB_CUPSD_PID"]), number)
        self.server.wait(10)
        self.server.stop()
        if self.chance.random() < 0.5:
            self.tell(FAST)
        time.sleep(self.chance.uniform(0, 1))
        self.start_server()
        self.tell(FAST)
        self.end()

    def server_killed(self):
        self.server_goes(signal.SIGKILL)

    def server_ended(self):
        self.server_goes(signal.SIGTERM)
