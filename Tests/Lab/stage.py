"""The whole demonstration on one stage: devices, server, screen and kiosk, started and ended together.

Used by scripts/demo, by the tour and by the scenarios. Everything lives in one temporary folder
(sockets have short names, and the user `lp` of CUPS must be able to enter) and listens on loopback.

    with Stage(build=".build/debug") as stage:
        stage.start()
        stage.fingers, stage.scene, stage.health() ...
"""
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import faults
import labtools
from children import Child, ChildFailed
from scene import Scene

LAB = os.path.dirname(os.path.abspath(__file__))
CHECKOUT = os.path.dirname(os.path.dirname(LAB))
# Who signs in at the glass of a stage; an invented member of an invented office.
STAFF, STAFF_PIN = "petugas-peraga", "314159"


class Options:
    """What differs between a demo, a tour and a scenario."""

    def __init__(self, build=None, office="kiosk-config/offices/tabalong",
                 demonstration="kiosk-config/demonstration", trust="kiosk-config/trust/demonstration",
                 screen="touch", size=(1080, 1920),
                 display=None, overlay=None, storage=None, print_seconds=1.0, kiosk_prefix=(),
                 kiosk_arguments=()):
        self.build = os.path.abspath(build or os.path.join(CHECKOUT, ".build", "debug"))
        self.office = os.path.join(CHECKOUT, office)
        self.demonstration = os.path.join(CHECKOUT, demonstration)
        self.trust = os.path.join(CHECKOUT, trust)
        # touch: an Xorg of our own with a touch panel; virtual: Xvfb; user: the DISPLAY given
        self.screen, self.size, self.display = screen, size, display
        self.overlay = overlay or {}            # further keys for overlay.yaml, as nested dicts
        self.storage = storage                  # the store's folder, when it is not to be ours
        self.print_seconds = print_seconds      # how long the document printer takes for a job
        self.kiosk_prefix = list(kiosk_prefix)  # e.g. prlimit ..., before the kiosk's command
        self.kiosk_arguments = list(kiosk_arguments)   # and behind it


class Stage:
    def __init__(self, options=None, say=lambda text: None, keep=False):
        self.options, self.say, self.keep = options or Options(), say, keep
        self.folder = tempfile.mkdtemp(prefix="anjungan-")
        os.chmod(self.folder, 0o755)
        self.children, self.scene, self.fingers = [], None, None
        self.kiosk = self.server = self.reader = None
        self.touch_path = None
        self.environment = {}
        self.kiosk_starts = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def make(self, *names):
        os.makedirs(self.path(*names), exist_ok=True)
        return self.path(*names)

    # -- starting

    def lab(self, name, program, *arguments, **more):
        return self.child(name, [os.path.join(LAB, program), *arguments], **more)

    def child(self, name, command, **more):
        more.setdefault("env", self.environment)
        child = Child(name, command, self.make("log"), **more)
        self.children.append(child)
        return child

    def start(self):
        """Everything up to a kiosk that shows its first screen. ChildFailed, NotShown."""
        for name in ("anjungan", "anjungan-verify", "dinas-simulator"):
            if not os.access(os.path.join(self.options.build, name), os.X_OK):
                raise ChildFailed("%s is not built in %s" % (name, self.options.build))
        self.start_devices()
        self.start_server()
        self.start_screen()
        self.start_kiosk()

    def start_devices(self):
        self.make("control")
        self.start_reader()
        self.say("card reader: pcscd with one virtual reader")
        slow = str(self.options.print_seconds)
        self.document_printer = self.lab(
            "document-printer", "virtual-ipp-printer", "--dir", self.make("documents"),
            "--control", self.control_path("document"))
        self.tell("document", "slow " + slow)
        self.say("document printer: " + self.document_printer["URI"])
        self.cups = self.lab("cupsd", "start-cups", "--dir", self.path("cups"),
                             "--queue", "dokumen=" + self.document_printer["URI"])
        self.environment["CUPS_SERVER"] = self.cups["CUPS_SERVER"]
        self.document_way = {"uri": self.document_printer["URI"]}
        self.say("cupsd: %s, queue dokumen" % self.cups["CUPS_SERVER"])
        self.ticket_printer = self.lab(
            "ticket-printer", "virtual-ticket-printer", "--dir", self.make("tickets"),
            "--control", self.control_path("ticket"))
        self.say("ticket printer: 127.0.0.1:" + self.ticket_printer["PORT"])
        self.scanner = self.lab("scanner", "virtual-scanner", "--dir", self.make("scanner"),
                                "--control", self.control_path("scanner"))
        self.say("scanner: " + self.scanner["DEVICE"])

    def start_reader(self):
        """pcscd and a card beside it, in a network of their own where that is allowed."""
        self.network = ["--network", "0"]
        try:
            holder = self.lab("network", "private-network")
            self.network = ["--network", holder["NETWORK_PID"]]
        except ChildFailed as e:
            self.say("WARNING: the virtual reader listens on every interface of this machine: %s" % e)
        self.start_pcscd()
        self.environment["PCSCLITE_CSOCK_NAME"] = self.reader["PCSCLITE_CSOCK_NAME"]
        self.reader_port = self.reader["VPCD_PORTS"].split()[0]
        self.card = self.lab("card", "virtual-card", "--port", self.reader_port,
                             "--control", self.control_path("card"),
                             "--log", self.path("log", "card.apdu"), *self.network)

    def start_pcscd(self, pairs=1):
        """The first time at a port of its own, later at the same, so that the card finds it again."""
        port = ["--port", self.reader_port] if self.reader else []
        if self.reader in self.children:
            self.children.remove(self.reader)
        self.reader = self.lab("pcscd", "start-pcscd", "--dir", self.path("pcscd"), "--name",
                               "Anjungan Reader", "--pairs", pairs, *port, *self.network)

    def start_server(self, port=0):
        secrets_folder = self.make("secrets")
        os.chmod(secrets_folder, 0o700)
        for name in ("lookup.key", "store.key", "token"):
            path = os.path.join(secrets_folder, name)
            if not os.path.exists(path):
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "w") as f:
                    f.write(secrets.token_hex(32) + "\n")
        self.server = self.child("dinas-simulator", [
            os.path.join(self.options.build, "dinas-simulator"),
            "--data", self.options.demonstration, "--port", port,
            "--lookup-key", os.path.join(secrets_folder, "lookup.key"),
            "--token", os.path.join(secrets_folder, "token"),
            "--state", self.path("dinas-state"),
            "--control", self.control_path("server")])
        self.server_port = int(self.server["PORT"])
        self.say("Dinas simulator: http://127.0.0.1:%d" % self.server_port)

    def stop_server(self):
        status = self.server.stop()
        self.children.remove(self.server)
        return status

    def restart_server(self):
        self.start_server(port=self.server_port)

    def start_screen(self):
        width, height = self.options.size
        kind = self.options.screen
        if kind == "user":
            self.display = self.options.display or os.environ["DISPLAY"]
        else:
            arguments = ["--pointer"] if kind == "virtual" else []
            self.screen = self.lab("screen", "touchscreen", "--dir", self.make("screen"),
                                   "--size", "%dx%d" % (width, height),
                                   "--control", self.control_path("screen"), *arguments)
            self.display = self.screen["DISPLAY"]
            self.touch_path = self.screen["TOUCH"]
        self.say("screen: %s, %dx%d" % (self.display, width, height))

    # -- the kiosk

    def overlay(self):
        """What this stage wins over the office's kiosk.yaml. The office is open day and night: a
        demonstration at 20.00 would otherwise show nothing but a closed office."""
        week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        with open(self.path("closures.yaml"), "w") as f:
            f.write("closures: []\n")
        mine = {
            "demonstration": True,
            "sceneSocket": self.path("scene"),
            "hours": {"weekly": [{"days": week, "open": "00.00", "close": "24.00"}],
                      "shown": ["Demonstrasi: setiap hari 00.00 – 24.00"],
                      "closures": self.path("closures.yaml")},
            "devices": {
                "documentPrinter": dict(self.document_way),
                "ticketPrinter": {"address": "127.0.0.1:" + self.ticket_printer["PORT"]},
                "scanners": [{"path": self.scanner["DEVICE"]}],
            },
            "server": {"url": "http://127.0.0.1:%d" % self.server_port,
                       "tokenFile": self.path("secrets", "token"), "syncInterval": 2},
            "storage": {"directory": self.options.storage or self.make("store"), "minimumFreeMiB": 1,
                        "lookupKeyFile": self.path("secrets", "lookup.key"),
                        "storeKeyFile": self.path("secrets", "store.key")},
            "staff": {"file": self.path("secrets", "staff")},
            "trust": {"directory": self.options.trust, "policy": "demonstration"},
            "health": {"address": "127.0.0.1:%d" % self.health_port},
        }
        return merged(mine, self.options.overlay)

    def kiosk_tool(self, verb):
        """A command of the kiosk's own program on this stage's configuration."""
        return [os.path.join(self.options.build, "anjungan"), verb, "--config", self.options.office,
                "--overlay", self.path("overlay.yaml")]

    def kiosk_command(self, window=True):
        command = self.kiosk_tool("run") + self.options.kiosk_arguments
        # Always with a size: without a window manager nobody makes a window full screen.
        return command + (["--window", "%dx%d" % self.options.size] if window else [])

    def kiosk_environment(self):
        return {**self.environment, "DISPLAY": self.display, "SDL_VIDEODRIVER": "x11",
                "SDL_AUDIODRIVER": "dummy", "STORE_FOLDER": self.path("store")}

    def write_overlay(self):
        self.health_port = labtools.free_ports(host="127.0.0.1")
        with open(self.path("overlay.yaml"), "w") as f:
            f.write(yaml(self.overlay()))

    def start_kiosk(self, patience=60):
        self.write_overlay()
        self.add_staff()
        self.kiosk_starts += 1
        self.kiosk = self.child("kiosk", self.options.kiosk_prefix + self.kiosk_command(),
                                env=self.kiosk_environment(), announces=False)
        try:
            self.scene = Scene(self.path("scene"), patience, alive=self.kiosk.running)
            self.scene.wait(lambda s: True, patience, "a first frame")
        except Exception as e:
            raise ChildFailed("the kiosk showed nothing: %s\n%s" % (e, self.kiosk.tail())) from e
        if self.touch_path and self.fingers is None:
            self.fingers = Hand(self.control_path("screen"), self.options.size)
        self.say("kiosk: showing %s, health http://127.0.0.1:%d/health"
                 % (self.scene.screen, self.health_port))

    def add_staff(self):
        """The member's PIN, made by the command that offices use."""
        if os.path.exists(self.path("secrets", "staff")):
            return
        done = subprocess.run(
            [os.path.join(self.options.build, "anjungan"), "staff", "add", STAFF, "--config",
             self.options.office, "--overlay", self.path("overlay.yaml")],
            input=STAFF_PIN + "\n", capture_output=True, text=True, timeout=30)
        if done.returncode != 0:
            raise ChildFailed("no staff: " + done.stderr.strip())

    def stop_kiosk(self, patience=20, number=signal.SIGTERM):
        """Ends the kiosk; its exit status (negative: ended by that signal)."""
        if self.scene:
            self.scene.close()
            self.scene = None
        if self.kiosk is None:
            return None
        status = self.kiosk.stop(patience, number)
        self.children.remove(self.kiosk)
        self.kiosk = None
        return status

    # -- talking with the parts

    def control_path(self, name):
        return self.path("control", name)

    def tell(self, name, line, patience=10):
        answer = labtools.tell(self.control_path(name), line, patience)
        if not answer.startswith("ok"):
            raise RuntimeError("%s: %s: %s" % (name, line, answer))
        return answer

    def ask(self, name, line):
        """A command answered with JSON."""
        return labtools.tell_json(self.control_path(name), line)

    def fault(self, name):
        """Makes a fault of faults.COMMANDS happen, or clears them all. Main thread only."""
        if name == faults.CLEAR:
            if not self.reader.running():
                self.start_pcscd()
            for device in ("document", "ticket", "scanner"):
                self.tell(device, "clear")
            # The simulator's own "clear" would also forget what it received.
            for line in ("online", "slow 0", "fault error 0"):
                self.tell("server", line)
            self.tell("document", "slow %s" % self.options.print_seconds)
        elif name == faults.READER_GONE:
            self.reader.stop()
        elif name in faults.COMMANDS:
            device, line, _ = faults.COMMANDS[name]
            self.tell(device, line)
        else:
            raise KeyError("no fault %s; there are:\n%s" % (name, faults.listing()))

    def health(self, page="health", patience=5):
        """The health endpoint's answer: (HTTP status, JSON or text)."""
        url = "http://127.0.0.1:%d/%s" % (self.health_port, page)
        # No proxy: the environment's is not for loopback.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(url, timeout=patience) as answer:
                status, body = answer.status, answer.read()
        except urllib.error.HTTPError as e:
            status, body = e.code, e.read()
        try:
            return status, json.loads(body)
        except ValueError:
            return status, body.decode(errors="replace")

    def shot(self, path):
        self.tell("screen", "shot " + os.path.abspath(path), patience=40)

    def documents(self):
        """The files the document printer received, oldest first."""
        return [job["file"] for job in self.ask("document", "jobs") if job["file"]]

    def sheets(self):
        return self.ask("document", "status")["sheets"]

    def tickets(self):
        return self.ask("ticket", "tickets")

    # -- ending

    def stop(self):
        """Ends everything, the kiosk first, and waits for it. Safe to call twice."""
        if self.scene:
            self.scene.close()
            self.scene = None
        for child in reversed(self.children):
            child.stop(20 if child is self.kiosk else 10)
        self.children.clear()
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def left_behind(self):
        """Processes that still have our folder in their command line; must be none after stop."""
        found = []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/cmdline" % name, "rb") as f:
                    line = f.read()
            except OSError:
                continue
            if self.folder.encode() in line and int(name) != os.getpid():
                found.append((int(name), line.replace(b"\0", b" ").decode(errors="replace").strip()))
        return found


class Hand:
    """A finger on the stage's screen, by way of its control socket; the screen's program holds the
    one connection that the touch driver takes."""

    def __init__(self, control, size):
        self.control, self.size = control, size

    def tell(self, line):
        answer = labtools.tell(self.control, line, patience=20)
        if not answer.startswith("ok"):
            raise RuntimeError(answer)

    def tap(self, x, y):
        self.tell("tap %.1f %.1f" % (x, y))

    def two(self, first, second):
        self.tell("two %.1f %.1f %.1f %.1f" % (*first, *second))

    def down(self, x, y, finger=0):
        self.tell("down %.1f %.1f %d" % (x, y, finger))

    def move(self, x, y, finger=0):
        self.tell("move %.1f %.1f %d" % (x, y, finger))

    def up(self, finger=0):
        self.tell("up %d" % finger)

    def press(self, control):
        """A tap in the middle of a control of the scene."""
        self.tap(control["x"] + control["width"] / 2, control["y"] + control["height"] / 2)


def merged(base, more):
    out = dict(base)
    for key, value in more.items():
        both = isinstance(value, dict) and isinstance(out.get(key), dict)
        out[key] = merged(out[key], value) if both else value
    return out


def yaml(value, depth=0):
    """Nested dicts as YAML; lists and scalars in JSON's form, which YAML reads the same way."""
    out = ""
    for key, inner in value.items():
        if isinstance(inner, dict):
            out += "%s%s:\n%s" % ("  " * depth, key, yaml(inner, depth + 1))
        else:
            out += "%s%s: %s\n" % ("  " * depth, key, json.dumps(inner, ensure_ascii=False))
    return out


def wait_for(test, seconds, what):
    """For conditions that nobody announces: looks every 50 ms until test() is true."""
    end = time.monotonic() + seconds
    while True:
        value = test()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError("%s did not come within %s s" % (what, seconds))
        time.sleep(0.05)
