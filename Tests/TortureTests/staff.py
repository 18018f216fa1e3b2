"""Somebody of the office at the glass: opens the door with a PIN, settles what is in doubt by what
really came out, sends refused reports again, confirms a clock that is right."""
import os
import subprocess

from scene import NotShown

NAME, PIN = "petugas-uji", "482913"
# Seconds for one screen after another; they wait for no citizen.
PATIENCE = 10


def add(lobby, kiosk):
    """Makes the member known, with the command that offices use."""
    kiosk.write_overlay()
    program = [os.path.join(lobby.build, "anjungan"), "staff", "add", NAME, "--config", lobby.office, "--overlay",
               kiosk.path("overlay.yaml")]
    subprocess.run(program, input=PIN + "\n", text=True, check=True, timeout=60, stdout=subprocess.DEVNULL)


class Gone(Exception):
    """The kiosk died under somebody's hands."""


class Staff:
    def __init__(self, kiosk, random):
        self.kiosk, self.random = kiosk, random

    def visit(self, *tasks):
        """True when everything was done; False when the kiosk died meanwhile, or nobody could come in."""
        try:
            if not self.leave_citizen() or not self.sign_in():
                return False
            for task in tasks:
                task()
            self.tap("finish")
            return True
        except Gone:
            return False
        except NotShown:
            if not self.kiosk.running() or self.kiosk.scene.closed:
                return False
            raise

    # -- what there is to do

    def settle_prints(self):
        while self.has("staffPrints"):
            self.tap("staffPrints")
            self.shown("staffPrints")
            keys = [c["name"] for c in self.kiosk.scene.frame["controls"] if c["name"].startswith("staffPrint:")]
            self.tap(self.random.choice(keys))
            self.shown("staffPrint")
            if self.has("staffPrinterCleared:emptied"):  # not over there, and nobody empties it: later
                self.tap("back")
                self.shown("staffPrints")
                self.tap("back")
                return self.shown("staffMenu")
            self.tap("staffFinding:" + self.truth(self.chosen))
            self.shown("staffMenu")

    def send_letters(self):
        if self.has("staffLetters"):
            self.tap("staffLetters")
            self.shown("staffLetters")
            self.tap("tryAgain")
            self.shown("staffMenu")

    def confirm_clock(self):
        """Only one that is right; who finds it wrong leaves it for the moment."""
        self.tap("staffClock")
        self.shown("staffClock")
        self.tap("staffClockRight" if self.kiosk.clock_is_right and self.has("staffClockRight") else "back")
        self.shown("staffMenu")

    def truth(self, key):
        """What they find in the tray."""
        printed = sum(job["printed"] for job in self.kiosk.jobs() if job["name"] == key)
        if not printed:
            return "nothingCameOut"
        return self.random.choice(["handedOver", "handedOver", "destroyed"])

    # -- at the glass

    def leave_citizen(self):
        """To the picture that attracts the next; False when somebody's errand does not end."""
        for _ in range(20):
            if self.screen() == "attract":
                return True
            for name in ("finish", "goHome", "paperTaken", "stillHere", "skip", "back", "requirements"):
                if self.has(name):
                    self.tap(name)
                    break
            else:
                self.kiosk.scene.frame_on_another(self.screen(), 1.5)
        return self.screen() == "attract"

    def sign_in(self):
        for _ in range(3):                           # an earlier touch may still be on its way
            if not self.kiosk.hold_down(self.control("staffDoor")):
                raise Gone
            try:
                self.kiosk.scene.wait(lambda s: s.screen != "attract", PATIENCE, "staffPIN")
            finally:
                self.kiosk.lift()
            if self.screen() == "staffPIN":
                break
            if not self.leave_citizen():
                return False
        else:
            return False
        for digit in PIN:
            self.tap("digit:" + digit)
        self.tap("continue")
        self.kiosk.scene.wait(lambda s: s.screen == "staffMenu" or s.screen == "staffPIN" and not self.is_typed(), PATIENCE,
                              "the staff's menu")
        return self.screen() == "staffMenu"

    def is_typed(self):
        control = self.kiosk.scene.control("continue")
        return bool(control and control["enabled"])

    def screen(self):
        scene = self.kiosk.scene
        if scene is None or scene.closed or not self.kiosk.running():
            raise Gone
        return scene.screen

    def shown(self, name):
        self.screen()
        self.kiosk.scene.wait(lambda s: s.screen == name, PATIENCE, name)

    def has(self, name):
        self.screen()
        control = self.kiosk.scene.control(name)
        return bool(control and control["enabled"])

    def control(self, name):
        self.screen()
        self.kiosk.scene.wait(lambda s: s.control(name) is not None, PATIENCE, name)
        return self.kiosk.scene.control(name)

    def tap(self, name):
        if name.startswith("staffPrint:"):
            self.chosen = name.split(":")[1]
        control, count = self.control(name), self.kiosk.scene.count
        if not self.kiosk.tap(control):
            raise Gone
        self.kiosk.scene.frame_after(count, 0.3)
