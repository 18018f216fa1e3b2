"""What the kiosk shows, as it tells it: one JSON line for each drawn frame on a unix socket.

Only a demonstration kiosk has this socket (`demonstration.sceneSocket`). It carries the screen's
name, its controls with their places and its texts; typed digits and fetched personal data are
never in it. It only tells: nothing can be pressed through it, so whoever wants to press must have
a finger (inputtest.py).
"""
import json
import re
import socket
import threading
import time

LINE_LIMIT = 4 << 20          # bytes; a frame is a few kB, anything longer is not ours


class NotShown(Exception):
    """A screen or control did not come in time."""


class Scene:
    """Reads frames on a thread of its own; everything waits on the newest one."""

    def __init__(self, path, patience=60, alive=lambda: True):
        self.changed, self.frame, self.count = threading.Condition(), None, 0
        self.closed, self.history = False, []
        end = time.monotonic() + patience
        while True:
            self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                self.socket.connect(path)
                break
            except (FileNotFoundError, ConnectionRefusedError):
                self.socket.close()
                if not alive():
                    raise NotShown("the kiosk ended before it showed anything") from None
                if time.monotonic() > end:
                    raise NotShown("no scene socket after %d s" % patience) from None
                time.sleep(0.05)
        threading.Thread(target=self.read, daemon=True).start()

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()

    def read(self):
        pending = b""
        try:
            while True:
                part = self.socket.recv(1 << 16)
                if not part or len(pending) > LINE_LIMIT:
                    break
                *lines, pending = (pending + part).split(b"\n")
                for line in lines:
                    if line.strip():
                        self.take(json.loads(line))
        except (OSError, ValueError):
            pass
        with self.changed:
            self.closed = True
            self.changed.notify_all()

    def take(self, frame):
        with self.changed:
            if not self.history or self.history[-1][1] != frame["screen"]:
                self.history.append((time.monotonic(), frame["screen"]))
                del self.history[:-500]
            self.frame, self.count = frame, self.count + 1
            self.changed.notify_all()

    # -- asking

    @property
    def screen(self):
        return self.frame["screen"] if self.frame else None

    def texts(self):
        return [t if isinstance(t, str) else t.get("text", "") for t in self.frame.get("texts", [])]

    def words(self):
        """The texts without those that hold a time of day, which change by themselves."""
        return [text for text in self.texts() if not re.search(r"\b\d\d[.:]\d\d\b", text)]

    def says(self, part):
        return any(part.lower() in text.lower() for text in self.texts())

    def control(self, name):
        """The control of that name, or the first whose name begins with it when it ends in ':'."""
        for control in self.frame["controls"] if self.frame else []:
            if control["name"] == name or (name.endswith(":") and control["name"].startswith(name)):
                return control
        return None

    def wait(self, test, seconds, what):
        """Waits until test(self) is true of the newest frame; NotShown says what was there."""
        with self.changed:
            good = self.changed.wait_for(lambda: self.closed or (self.frame and test(self)), seconds)
            if good and self.frame and test(self):
                return self.frame
            raise NotShown("%s did not come within %s s; %s" % (
                what, seconds, "the kiosk closed the socket" if self.closed else
                "the screen is %s with %s" % (self.screen, ", ".join(
                    c["name"] for c in (self.frame or {}).get("controls", [])) or "no control")))

    def settle(self, quiet=0.12, seconds=1.0):
        """Returns when no frame came for `quiet` seconds, or after `seconds` where something moves
        all the time. A touch draws several frames: the pressed look, the released one, what follows;
        and a finger that comes back sooner than that counts as a shaking one."""
        end = time.monotonic() + seconds
        with self.changed:
            while time.monotonic() < end:
                count = self.count
                if not self.changed.wait_for(lambda count=count: self.closed or self.count > count, quiet):
                    return

    def face(self):
        """What would be different after something happened: screen, controls and words."""
        frame = self.frame or {}
        return self.screen, [(c["name"], c.get("enabled")) for c in frame.get("controls", [])], self.words()

    def wait_screen(self, names, seconds=10):
        """Waits for one of the screens; a name or several. Returns the frame."""
        wanted = (names,) if isinstance(names, str) else tuple(names)
        return self.wait(lambda s: s.screen in wanted, seconds, "screen " + " or ".join(wanted))

    def wait_control(self, name, seconds=10):
        def usable(scene):
            found = scene.control(name)
            return found is not None and found.get("enabled", True)
        self.wait(usable, seconds, "control %s" % name)
        return self.control(name)
