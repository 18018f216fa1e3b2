"""A lobby to be broken: the Dinas, its unreliable network, kiosks without windows and their printers.

Server and printers live as long as the lobby; a round begins with new stores and a server that has
forgotten everything. Kiosks are started, killed and robbed of what they had not made safe.
"""
import os
import secrets
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from contextlib import closing

HERE = os.path.dirname(os.path.abspath(__file__))
LAB = os.path.join(os.path.dirname(HERE), "Lab")
sys.path[:0] = [LAB]

from citizens import NUMBER                            # noqa: E402
import labtools                                        # noqa: E402
import office as office_of_proof                       # noqa: E402
import old_store                                       # noqa: E402
import people as demonstration_people                  # noqa: E402
import powerloss                                       # noqa: E402
from children import Child                             # noqa: E402
from privacy import Secrets                            # noqa: E402
from scene import NotShown, Scene                      # noqa: E402
from stage import CHECKOUT, Hand, merged, wait_for, yaml  # noqa: E402
import staff                                           # noqa: E402
from unreliable import Network                         # noqa: E402

WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAY = 86_400_000              # milliseconds
# What the kiosk may fetch again.
CACHE = ["application", "document", "document_bytes", "office_part", "revocation_list", "number_reserve", "queue_line",
         "booking_lease"]
START_PATIENCE = 60           # seconds; two cores may be shared by many


class Broken(Exception):
    """The kiosk did what it must never do, whatever fails around it."""


class Lobby:
    def __init__(self, build, folder, kiosks=2, window=False, office="kiosk-config/offices/tabalong",
                 demonstration="kiosk-config/demonstration"):
        self.build, self.folder = os.path.abspath(build), folder
        self.office = os.path.join(CHECKOUT, office)
        self.demonstration = self.path("office")
        self.people = office_of_proof.make(os.path.join(CHECKOUT, demonstration), self.demonstration)
        self.secrets = Secrets(demonstration_people.read(self.demonstration),
                               office_of_proof.bookings(self.demonstration), [staff.PIN])
        self.children, self.environment = [], {}
        shim = self.make("shim")
        self.wrong_clock = powerloss.build(shim, "wrongclock")
        self.libraries = powerloss.build(shim) + ":" + self.wrong_clock
        self.make("control")
        for name in ("lookup.key", "token"):
            write_secret(self.path(self.make("secrets"), name))
        with open(self.path("closures.yaml"), "w") as f:
            f.write("closures: []\n")
        self.server, self.rounds, self.passed = None, 0, 0
        self.network = Network()
        self.kiosks = [WindowKiosk(self, 0)] if window else [Kiosk(self, index) for index in range(kiosks)]

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def make(self, *names):
        os.makedirs(self.path(*names), mode=0o700, exist_ok=True)
        return self.path(*names)

    def child(self, name, program, *arguments):
        child = Child(name, [program, *arguments], self.make("log"))
        self.children.append(child)
        return child

    def begin(self, store="key"):
        """A new round: nobody remembers anything."""
        self.rounds, self.passed, self.served = self.rounds + 1, 0, set()
        self.has_dinas_jumped = False
        if self.server:
            self.server.stop()
            self.children.remove(self.server)
        state = self.path("dinas-state")
        if os.path.exists(state):
            os.unlink(state)
        self.start_server()
        self.network.begin(self.server_port)
        for kiosk in self.kiosks:
            # What an earlier version left is the store of one kiosk, with its own identifiers.
            kiosk.begin("key" if store[0] == "v" and kiosk.index > 0 else store)
        if self.rounds == 1:
            staff.add(self, self.kiosks[0])

    def start_server(self, port=0):
        self.set_server_clock(0)
        self.server = self.child(
            "dinas", "env", "LD_PRELOAD=" + self.wrong_clock, "WRONG_CLOCK=" + self.path("dinas-clock"),
            os.path.join(self.build, "dinas-simulator"), "--data", self.demonstration, "--port", port,
            "--lookup-key", self.path("secrets", "lookup.key"), "--token", self.path("secrets", "token"),
            "--state", self.path("dinas-state"), "--control", self.path("control", "server"))
        self.server_port = int(self.server["PORT"])

    def set_server_clock(self, hours):
        """The Dinas' clock is so many hours off, from now on."""
        write_clock(self.path("dinas-clock"), hours + self.passed)

    def pass_hours(self, hours):
        """While no kiosk runs: for everybody so much time goes by, and the machines start anew."""
        self.network.forget_late()
        self.passed += hours
        self.set_server_clock(0)
        for kiosk in self.kiosks:
            assert kiosk.process is None
            kiosk.start_machine()

    def now(self):
        """The true time of the lobby, in milliseconds since 1970."""
        return int((time.time() + self.passed * 3600) * 1000)

    def tell_server(self, line):
        answer = labtools.tell(self.path("control", "server"), line)
        assert answer.startswith("ok"), answer

    def ask_server(self, line):
        return labtools.tell_json(self.path("control", "server"), line)

    def stop(self):
        for kiosk in self.kiosks:
            kiosk.kill()
        for child in reversed(self.children):
            child.stop(5)
        self.children.clear()
        self.network.stop()


class Kiosk:
    """One kiosk of the lobby, with its own store, printers and disk."""

    def __init__(self, lobby, index):
        self.lobby, self.index, self.name = lobby, index, "kiosk-%d" % index
        lab = lambda name: os.path.join(LAB, name)
        self.documents = lobby.child(
            self.name + "-documents", lab("virtual-ipp-printer"), "--dir", lobby.make(self.name, "documents"),
            "--control", self.control("documents"))
        self.papers = lobby.child(
            self.name + "-tickets", lab("virtual-ticket-printer"), "--dir", lobby.make(self.name, "tickets"),
            "--no-png", "--control", self.control("tickets"))
        self.dinas_port = lobby.network.port_for(self.name)
        self.process, self.scene, self.promises = None, None, []
        self.starts, self.kills, self.clock = 0, 0, 0

    def control(self, name):
        return self.lobby.path("control", "%s-%s" % (self.name, name))

    def path(self, *names):
        return self.lobby.path(self.name, *names)

    @property
    def database(self):
        return self.path("store", "anjungan.sqlite")

    def begin(self, store="key"):
        """With a key and no store, with `nothing`, or with a store of an earlier version."""
        self.kill()
        for name in ("store", "secrets", "log"):
            shutil.rmtree(self.path(name), ignore_errors=True)
            if name != "store" or store != "nothing":
                self.lobby.make(self.name, name)
        self.tell("documents", "clear")
        self.tell("tickets", "clear")
        self.tell("tickets", "empty")                    # of another round, whose numbers nobody knows now
        self.tell("documents", "slow 0.1")
        self.jobs_before = len(self.ask("documents", "jobs"))
        self.papers_before = len(self.ask("tickets", "tickets"))
        if os.path.exists(self.path("disk.log")):
            os.unlink(self.path("disk.log"))
        self.counter = powerloss.Counter(self.path("disk.counter"))
        self.promises, self.shown, self.starts, self.kills, self.clock = [], set(), 0, 0, 0
        self.served, self.pages, self.leaks = self.lobby.served, {}, set()
        self.began = self.lobby.now()
        self.out_of_service, self.days = None, {today()}
        self.inherited = old_store.TICKETS | set(old_store.JOBS) if store[0] == "v" else set()
        if store != "nothing":
            write_secret(self.path("secrets", "store.key"), old_store.KEY if self.inherited else None)
        if self.inherited:
            old_store.put(store, self.database, self.began - DAY, today(days=-1))
        self.start_machine()

    # -- its life

    def overlay(self):
        printer = self.documents["URI"], "127.0.0.1:" + self.papers["PORT"]
        return {
            "demonstration": True, "sceneSocket": self.path("scene"),
            "hours": {"weekly": [{"days": WEEK, "open": "00.00", "close": "24.00"}],
                      "shown": ["Peraga: setiap hari 00.00 – 24.00"],
                      "closures": self.lobby.path("closures.yaml")},
            "devices": {"documentPrinter": {"uri": printer[0]}, "ticketPrinter": {"address": printer[1]},
                        "cardReader": {"enabled": False}},
            "server": {"url": "http://127.0.0.1:%d" % self.dinas_port, "kioskID": self.name,
                       "tokenFile": self.lobby.path("secrets", "token"), "syncInterval": 1,
                       "connectTimeout": 1, "requestTimeout": 3, "documentTimeout": 10},
            "storage": {"directory": self.path("store"), "minimumFreeMiB": 1,
                        "lookupKeyFile": self.lobby.path("secrets", "lookup.key"),
                        "storeKeyFile": self.path("secrets", "store.key")},
            "trust": {"directory": os.path.join(CHECKOUT, "kiosk-config/trust/demonstration"),
                      "policy": "demonstration"},
            # Citizens come by the dozen in a round.
            "limits": {"pinTriesPerNIK": 10, "pinTriesPerKiosk": 1000, "ticketsPerSession": 20},
            "health": {"address": self.health_address},
            "staff": {"file": self.lobby.path("secrets", "staff")},
        }

    def write_overlay(self, more=None):
        with open(self.path("overlay.yaml"), "w") as f:
            f.write(yaml(merged(self.overlay(), more or {})))

    @property
    def health_address(self):
        return loopback(os.getpid() * 4 + self.index + 1) + ":8077"

    def start(self, environment=None, overlay=None, patience=START_PATIENCE):
        """Until its first frame. Broken when it shows none: a kiosk starts after every crash."""
        self.write_overlay(overlay)
        self.starts += 1
        self.promises.append("start %d" % self.starts)
        self.set_clock(self.clock)
        more = {"POWER_LOSS_FOLDERS": self.path("store") + ":" + self.path("secrets"),
                "POWER_LOSS_LOG": self.path("disk.log"), "POWER_LOSS_COUNTER": self.path("disk.counter"),
                "POWER_LOSS_BOOT": self.path("boot"), "WRONG_CLOCK": self.path("clock")}
        command = ["env", "LD_PRELOAD=" + self.lobby.libraries] + self.program()
        self.log = open(self.path("log", "%d.log" % self.starts), "ab")
        self.process = subprocess.Popen(
            labtools.with_parent(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log,
            start_new_session=True, env={**os.environ, **more, **self.screen_environment(), **(environment or {})})
        self.listener = threading.Thread(target=self.listen, args=(self.process.stdout,), daemon=True)
        self.listener.start()
        try:
            self.scene = Watched(self.path("scene"), patience, alive=self.running)
            self.scene.wait(lambda s: True, patience, "a first frame")
        except NotShown as problem:
            if self.was_killed():
                return False
            raise Broken("start %d of %s showed nothing (%s)\n%s" % (
                self.starts, self.name, problem, self.tail())) from None
        return True

    def program(self):
        return [os.path.join(self.lobby.build, "torture-kiosk"), "--config", self.lobby.office, "--overlay",
                self.path("overlay.yaml"), "--assets", os.path.join(CHECKOUT, "Assets")]

    def screen_environment(self):
        return {}

    def listen(self, stdout):
        """What it promises to citizens; from the moment it says so it must hold."""
        for line in stdout:
            self.promises.append(line.decode().strip())

    def set_clock(self, hours):
        """The machine's clock is so many hours off, from now on."""
        write_clock(self.path("clock"), hours + self.lobby.passed)

    def start_machine(self):
        """The kernel names each start of a machine."""
        with open(self.path("boot"), "w") as f:
            f.write("%s\n" % uuid.uuid4())

    def running(self):
        return self.process is not None and self.process.poll() is None

    def was_killed(self):
        """By the disk's counter or by us; any other end is the kiosk's own."""
        try:
            return self.process.wait(2) == -signal.SIGKILL
        except subprocess.TimeoutExpired:
            return False

    def kill(self):
        """kill -9, and the end of what it said until then."""
        if self.process is None:
            return
        if self.running():
            os.kill(self.process.pid, signal.SIGKILL)
        self.end()
        self.look_for_secrets()

    def finish(self, patience=45):
        """A tidy end. Broken when it takes too long or says that something went wrong."""
        self.ask_to_end()
        try:
            status = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Broken("%s did not end within %d s" % (self.name, patience)) from None
        self.end()
        self.look_for_secrets()
        if status != 0:
            raise Broken("%s ended with status %d\n%s" % (self.name, status, self.tail()))

    def ask_to_end(self):
        self.process.stdin.close()

    def end(self):
        self.kills += self.process.wait() != 0
        self.listener.join(5)
        if self.scene:
            self.scene.close()
            self.shown |= self.scene.numbers
            self.out_of_service = self.out_of_service or self.scene.out_of_service
        self.scene, self.process = None, None
        self.log.close()

    def look_for_secrets(self):
        """In the bytes of its store, as they are now."""
        for end in ("", "-wal"):
            if os.path.exists(self.database + end):
                with open(self.database + end, "rb") as f:
                    self.leaks |= {(os.path.basename(f.name), found) for found in self.lobby.secrets.inside(f.read())}

    def look_at_health(self):
        """Keeps what the kiosk tells of itself."""
        for page in ("/health", "/metrics"):
            try:
                with urllib.request.urlopen("http://%s%s" % (self.health_address, page), timeout=10) as answer:
                    self.pages[page] = answer.read()
            except urllib.error.HTTPError as answer:  # 503: not everything is well, and it says what
                self.pages[page] = answer.read()

    def tail(self, lines=12):
        with open(self.path("log", "%d.log" % self.starts), errors="replace") as f:
            return "".join(f.readlines()[-lines:])

    def spoil_cache(self, random):
        """A page of what can be fetched again is nonsense from now on; False where there is no store yet,
        or one that is damaged already."""
        if not os.path.exists(self.database) or not os.path.getsize(self.database):
            return False
        try:
            with closing(sqlite3.connect(self.database)) as store:
                store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                if store.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
                    return False
                size = store.execute("PRAGMA page_size").fetchone()[0]
                pages = [page for page, in store.execute(
                    "SELECT pageno FROM dbstat WHERE name IN (%s) ORDER BY pageno" % ", ".join("?" * len(CACHE)), CACHE)]
        except sqlite3.Error:
            return False
        if pages:
            with open(self.database, "r+b") as f:
                f.seek((random.choice(pages) - 1) * size)
                f.write(random.randbytes(size))
        return bool(pages)

    def lose_power(self, random, mode):
        """The kiosk is dead; the disk forgets what was not made safe. The number of lost changes."""
        assert self.process is None
        shared = self.path("store", "anjungan.sqlite-shm")
        if os.path.exists(shared):
            os.unlink(shared)
        lost = powerloss.lose(self.path("disk.log"), random, mode)
        powerloss.forget(self.path("disk.log"), [self.path("store"), self.path("secrets")])
        self.start_machine()
        return lost

    def keep_everything(self):
        powerloss.forget(self.path("disk.log"), [self.path("store"), self.path("secrets")])

    # -- its glass and its printers

    def tap(self, control):
        """A finger in the middle of a control; False when nobody is there any more."""
        x, y = control["x"] + control["width"] // 2, control["y"] + control["height"] // 2
        return self.send("tap %d %d" % (x, y))

    def hold_down(self, control):
        """A finger that rests on a control until it is lifted."""
        self.finger_at = control["x"] + control["width"] // 2, control["y"] + control["height"] // 2
        return self.send("down %d %d" % self.finger_at)

    def lift(self):
        self.send("up %d %d" % self.finger_at)

    @property
    def clock_is_right(self):
        return abs(read_clock(self.path("clock")) - self.lobby.passed) < 0.01

    def send(self, line):
        try:
            self.process.stdin.write(line.encode() + b"\n")
            self.process.stdin.flush()
            return True
        except (BrokenPipeError, AttributeError, ValueError):
            return False

    def tell(self, device, line):
        answer = labtools.tell(self.control(device), line)
        assert answer.startswith("ok"), answer
        return answer

    def ask(self, device, line):
        return labtools.tell_json(self.control(device), line)

    def jobs(self):
        """What the document printer got in this round."""
        return self.ask("documents", "jobs")[self.jobs_before:]

    def tickets(self):
        """What the ticket printer got in this round."""
        return self.ask("tickets", "tickets")[self.papers_before:]


class WindowKiosk(Kiosk):
    """The kiosk as it stands in the office: `anjungan run` in a window on a screen of its own, with
    a real finger on a touch panel. What it promises is what the glass shows."""

    # The kiosk takes two touches of one control within 80 ms for a finger that shakes.
    SHAKING = 0.12

    def __init__(self, lobby, index, size=(1080, 1920)):
        super().__init__(lobby, index)
        self.size = size
        self.screen = lobby.child(
            self.name + "-screen", os.path.join(LAB, "touchscreen"), "--dir", lobby.make(self.name, "screen"),
            "--size", "%dx%d" % size, "--control", self.control("screen"))
        self.finger, self.last = Hand(self.control("screen"), size), (None, 0)

    def program(self):
        return [os.path.join(self.lobby.build, "anjungan"), "run", "--config", self.lobby.office, "--overlay",
                self.path("overlay.yaml"), "--window", "%dx%d" % self.size]

    def screen_environment(self):
        return {"DISPLAY": self.screen["DISPLAY"], "SDL_VIDEODRIVER": "x11", "SDL_AUDIODRIVER": "dummy"}

    def tap(self, control):
        if not self.running():
            return False
        name, lifted = self.last
        if name == control["name"]:
            time.sleep(max(0, lifted + self.SHAKING - time.monotonic()))
        self.finger.press(control)
        self.last = control["name"], time.monotonic()
        return self.running()

    def hold_down(self, control):
        self.finger.down(control["x"] + control["width"] // 2, control["y"] + control["height"] // 2)
        return self.running()

    def lift(self):
        self.finger.up()

    def ask_to_end(self):
        self.process.terminate()

    def end(self):
        # A window does not tell which control a finger hit: an answer was given at most as often as
        # its question went away, or the kiosk did while it was there.
        if self.scene:
            questions = self.scene.screens.count("survey")
            self.promises += ["touch score:any"] * questions
        super().end()


class Watched(Scene):
    """A scene that keeps the numbers which the glass showed to people as theirs."""

    def __init__(self, *arguments, **more):
        self.numbers, self.out_of_service, self.screens = set(), None, []
        super().__init__(*arguments, **more)

    def take(self, frame):
        if self.screens[-1:] != [frame["screen"]]:
            self.screens.append(frame["screen"])
        if frame["screen"] == "outOfService":
            self.out_of_service = frame["texts"]
        if frame["screen"] == "ticket":
            for text in frame["texts"]:
                self.numbers.update(NUMBER.findall(text))
        super().take(frame)

    def frame_on_another(self, screen, seconds):
        with self.changed:
            self.changed.wait_for(lambda: self.closed or self.screen != screen, seconds)

    def frame_after(self, count, seconds):
        """The next frame after `count` of them, or None when none came or the kiosk is gone."""
        with self.changed:
            self.changed.wait_for(lambda: self.closed or self.count > count, seconds)
            return self.frame if self.count > count else None


def today(zone=8, days=0):
    """The office's date, or another so many days later: WITA, eight hours ahead of UTC."""
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + zone * 3600 + days * 86_400))


def write_clock(path, hours):
    """For wrongclock.c; always in the same file, which is mapped."""
    with open(path, "r+b" if os.path.exists(path) else "wb") as f:
        f.write(struct.pack("=q", int(hours * 3600_000)))


def read_clock(path):
    with open(path, "rb") as f:
        return struct.unpack("=q", f.read(8))[0] / 3600_000


def loopback(number):
    """An address of this machine that nobody else uses: 127.0.0.0/8 has one for every process."""
    return "127.%d.%d.%d" % (number >> 16 & 255, number >> 8 & 255, number & 255)


def write_secret(path, text=None):
    if os.path.exists(path):
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as f:
        f.write((text or secrets.token_hex(32)) + "\n")
