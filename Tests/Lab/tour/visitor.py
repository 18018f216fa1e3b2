"""A visitor with a finger: finds controls in the scene, touches the glass there, waits for what comes."""
import time

from scene import NotShown

# What one presses to go on from a screen that is in the way.
ONWARD = {"attract": ["start"], "languages": ["language:id", "language:"], "stillHere": ["stillHere"]}
# Ways out of a journey, the most direct first.
WAYS_OUT = ["goHome", "finish", "paperTaken", "skip", "back", "continue"]
RESTING = ("attract", "home")


class Visitor:
    def __init__(self, stage, journal):
        self.stage, self.journal, self.pictured = stage, journal, None

    @property
    def scene(self):
        return self.stage.scene

    def look(self, force=False):
        """A picture of the screen, once for each time it is entered."""
        if force or self.pictured != self.scene.screen:
            self.pictured = self.scene.screen
            self.journal.picture(self.stage, self.pictured)

    def press(self, name, seconds=10):
        """Touches a control and waits until the kiosk has drawn something after that."""
        control = self.scene.wait_control(name, seconds)
        count = self.scene.count
        self.stage.fingers.press(control)
        self.scene.wait(lambda s: s.count > count, seconds, "a frame after touching %s" % name)
        self.scene.settle()

    def hold(self, name, seconds=10):
        """Puts a finger on a control and leaves it there; `release` lifts it."""
        control = self.scene.wait_control(name, seconds)
        count = self.scene.count
        self.stage.fingers.down(control["x"] + control["width"] / 2, control["y"] + control["height"] / 2)
        self.scene.wait(lambda s: s.count > count, seconds, "a frame while holding %s" % name)

    def release(self):
        self.stage.fingers.up()

    def type(self, digits):
        for digit in digits:
            self.press("digit:" + digit)

    def arrive(self, screens, seconds=15):
        """Waits for a screen and takes its picture."""
        self.scene.wait_screen(screens, seconds)
        self.look()
        return self.scene.screen

    def walk(self, presses, goal, seconds=60):
        """From wherever we are: on each screen press what `presses` says (a name or several, the
        first that is there), until one of the `goal` screens shows. Pictures on the way."""
        goal = (goal,) if isinstance(goal, str) else goal
        end = time.monotonic() + seconds
        while True:
            screen = self.scene.screen
            self.look()
            if screen in goal:
                return screen
            if time.monotonic() > end:
                raise NotShown("%s not reached within %s s; stuck on %s" % (" or ".join(goal), seconds, screen))
            names = presses.get(screen) or ONWARD.get(screen)
            if names is None:
                # A screen that goes on by itself (searching, verifying, printing).
                self.scene.wait(lambda s, screen=screen: s.screen != screen, max(0.1, end - time.monotonic()),
                                "a screen after %s" % screen)
                continue
            names = [names] if isinstance(names, str) else names
            name = next((n for n in names if self.usable(n)), None)
            if name is None:
                self.scene.wait(lambda s, screen=screen, names=names: s.screen != screen
                                or any(self.usable(n) for n in names),
                                max(0.1, end - time.monotonic()), "one of %s on %s" % (names, screen))
                continue
            face = self.scene.face()
            self.press(name)
            try:
                self.scene.wait(lambda s, face=face: s.face() != face, 3, "a change")
            except NotShown:
                pass                                 # then it is tried again, within the time

    def usable(self, name):
        control = self.scene.control(name)
        return control is not None and control.get("enabled", True)

    def leave(self, seconds=60):
        """Ends the session as a person would, back to the home or attract screen."""
        end = time.monotonic() + seconds
        while self.scene.screen not in RESTING:
            if time.monotonic() > end:
                raise NotShown("no way home from " + self.scene.screen)
            name = next((n for n in WAYS_OUT if self.usable(n)), None)
            screen = self.scene.screen
            if name:
                self.press(name)
            else:
                self.scene.wait(lambda s, screen=screen: s.screen != screen
                                or any(self.usable(n) for n in WAYS_OUT), 30, "a way out of " + screen)
        self.pictured = None
