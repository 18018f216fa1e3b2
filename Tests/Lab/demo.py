#!/usr/bin/env python3
"""demo.py - the demonstration for a person; started by scripts/demo.

    demo.py run --build DIR [--window WxH] [--headless] [--keep]
    demo.py fault NAME | clear | list
    demo.py doctor [ARGUMENT ...]

`run` takes the lock of this checkout, brings up the stage, tells who can be played and waits. Its
control socket's address is in .demo/control for `fault` in another terminal.
"""
import argparse
import fcntl
import json
import os
import queue
import re
import shutil
import subprocess
import sys

import faults
import labtools
import people
from children import ChildFailed
from stage import CHECKOUT, STAFF, STAFF_PIN, Options, Stage

HOME = os.path.join(CHECKOUT, ".demo")
ADDRESS = os.path.join(HOME, "control")


def say(text):
    print(text, flush=True)


def lock():
    """One demo at a time in a checkout; the lock goes with the process, however it ends."""
    os.makedirs(HOME, exist_ok=True)
    descriptor = os.open(os.path.join(HOME, "lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit("demo: one is running in this checkout already (scripts/demo fault list talks to it)")
    return descriptor


def fitting(display):
    """The largest upright 9:16 window that fits the display with room for a panel and a title, but
    no side under the 720 pixels that the kiosk's controls need."""
    done = subprocess.run(["xdpyinfo", "-display", display], capture_output=True, text=True, timeout=10)
    found = re.search(r"dimensions:\s+(\d+)x(\d+)", done.stdout)
    if done.returncode != 0 or not found:
        return None
    width, height = int(found[1]), int(found[2])
    scale = min(width / 1080, (height * 0.9) / 1920, 1.0)
    return max(720, int(1080 * scale)), max(720, int(1920 * scale))


def run(arguments):
    held = lock()
    display = None if arguments.headless else os.environ.get("DISPLAY")
    size = None
    if display:
        size = fitting(display)
        if size is None:
            say("The display %s does not answer: an Xvfb of our own instead." % display)
            display = None
    if arguments.window:
        size = tuple(map(int, arguments.window.split("x")))
    options = Options(build=arguments.build, screen="user" if display else "virtual",
                      size=size or (1080, 1920), display=display)
    labtools.stop_on_signals()
    stage = Stage(options, say=lambda text: say("    " + text), keep=arguments.keep)
    status = 0
    try:
        say("==> Starting (files in %s)" % stage.folder)
        stage.start()
        orders = queue.Queue()

        def order(line):
            """Carried out by the main thread, which every child belongs to; this one waits."""
            answer = queue.Queue()
            orders.put((line, answer))
            return answer.get()
        labtools.serve_control(stage.path("control", "demo"), order)
        with open(ADDRESS + ".new", "w") as f:
            f.write(stage.path("control", "demo") + "\n")
        os.replace(ADDRESS + ".new", ADDRESS)
        tell_how(stage)
        status = attend(stage, orders)
    except labtools.Stop:
        say("\n==> Ending")
    except (ChildFailed, OSError, RuntimeError) as e:
        print("demo: %s" % e, file=sys.stderr)
        status = 1
    finally:
        if os.path.exists(ADDRESS):
            os.unlink(ADDRESS)
        stage.stop()
        left = stage.left_behind()
        if left:
            print("demo: left behind: %s" % left, file=sys.stderr)
            status = 1
        if arguments.keep:
            say("Kept: " + stage.folder)
        os.close(held)
    return status


def attend(stage, orders):
    """Carries out faults until the kiosk ends or we are stopped."""
    while True:
        try:
            line, answer = orders.get(timeout=0.5)
        except queue.Empty:
            if not stage.kiosk.running():
                status = stage.kiosk.wait(1)
                say("==> The kiosk ended (exit %s)" % status)
                if status:
                    say(stage.kiosk.tail())
                return 1 if status else 0
            continue
        words = line.split()
        try:
            if words[0] == "doctor":
                answer.put("ok " + json.dumps([stage.kiosk_tool("doctor"), stage.environment]))
                continue
            stage.fault(words[0])
            said = faults.WORDS.get(words[0], "all is well again")
            say("    fault %s: %s" % (words[0], said))
            answer.put("ok " + said)
        except KeyError as e:
            answer.put("error " + str(e.args[0]).replace("\n", "; "))
        except (ChildFailed, OSError, RuntimeError) as e:
            answer.put("error " + str(e).replace("\n", "; "))


def tell_how(stage):
    say("\n==> Who can be played (all invented)\n")
    say(people.table(stage.options.build, stage.options.demonstration))
    say("==> Staff: rest a finger on the crest of the first screen for three seconds; PIN %s (%s)\n"
        % (STAFF_PIN, STAFF))
    say("==> What can go wrong: scripts/demo fault NAME, in a second terminal\n")
    say(faults.listing())
    say("")
    if stage.options.screen == "virtual":
        say("==> The kiosk is on a display of its own, %s (an Xvfb). To look at it:" % stage.display)
        say("      DISPLAY=%s import -window root picture.png" % stage.display)
        if shutil.which("x11vnc"):
            say("      x11vnc -localhost -display %s       and a VNC viewer" % stage.display)
        else:
            say("      x11vnc -localhost -display %s       (package x11vnc) and a VNC viewer" % stage.display)
    say("==> Documents printed: %s   tickets: %s" % (stage.path("documents"), stage.path("tickets")))
    say("==> Health: http://127.0.0.1:%d/health   Ctrl-C ends everything" % stage.health_port)


def fault(name):
    if name in ("list", "--list", "-h", "--help"):
        say(faults.listing())
        return 0
    if name != faults.CLEAR and name not in faults.WORDS:
        print("demo fault: no fault %s; there are:\n%s" % (name, faults.listing()), file=sys.stderr)
        return 2
    try:
        with open(ADDRESS) as f:
            answer = labtools.tell(f.read().strip(), name, patience=60)
    except (OSError, ValueError):
        print("demo fault: no demo is running in this checkout", file=sys.stderr)
        return 1
    say(answer)
    return 0 if answer.startswith("ok") else 1


def doctor(arguments):
    """The kiosk's own examination of the running demo: its configuration, and its pcscd and cupsd, which
    are found by the environment alone."""
    try:
        with open(ADDRESS) as f:
            command, environment = labtools.tell_json(f.read().strip(), "doctor")
    except (OSError, ValueError, RuntimeError):
        print("demo doctor: no demo is running in this checkout", file=sys.stderr)
        return 1
    return subprocess.call(command + arguments, env={**os.environ, **environment})


def main():
    p = argparse.ArgumentParser(description="the demonstration; see scripts/demo --help")
    verbs = p.add_subparsers(dest="verb", required=True)
    r = verbs.add_parser("run")
    r.add_argument("--build", required=True, help="folder of the built programs")
    r.add_argument("--window", metavar="WxH")
    r.add_argument("--headless", action="store_true")
    r.add_argument("--keep", action="store_true")
    f = verbs.add_parser("fault")
    f.add_argument("name", help="a fault, clear, or list")
    if sys.argv[1:2] == ["doctor"]:
        sys.exit(doctor(sys.argv[2:]))
    arguments = p.parse_args()
    sys.exit(run(arguments) if arguments.verb == "run" else fault(arguments.name))


if __name__ == "__main__":
    main()
