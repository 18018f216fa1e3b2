#!/usr/bin/env python3
"""bench.py - measures the kiosk and its peers side by side. Started by scripts/bench.

Everything is measured in the same run on the same machine, one after the other: figures of
different runs must not be compared. Leaves one JSON file for each program and report.json in the
output folder, and prints the tables of report.md.

Exit status: 0 measured (whatever the figures are), 1 something could not be measured.
"""
import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile

CHECKOUT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(CHECKOUT, "Tests", "Lab"))
sys.dont_write_bytecode = True

import labtools                                         # noqa: E402
import delta                                            # noqa: E402
import devices                                          # noqa: E402
import places                                           # noqa: E402
import report                                           # noqa: E402
import store                                            # noqa: E402
import verifier                                         # noqa: E402
from children import ChildFailed                        # noqa: E402
from scene import NotShown                              # noqa: E402
from stage import Options, Stage, yaml                  # noqa: E402

SIZE = (1080, 1920)
# Debian's, which finds Debian's python3-gi; ours may be another.
SYSTEM_PYTHON = "/usr/bin/python3"
# The peers all show the same two pages: a tile, a corner of it, and a pixel only the first page has.
PEER_PLACES = {"expect": "70,1850,0B3D66", "press": "288,480,80,640", "nav": "288,480,20,1900,200,1570"}
# The office's own pace; the stage alone would ask its server every two seconds.
OVERLAY = {"server": {"syncInterval": 30}}


class Failed(Exception):
    """The measuring tool did not come to an end."""


def note(text):
    print("==> " + text, file=sys.stderr, flush=True)


def tool(arguments, label, places_of, command, environment, name, extra):
    """One run of kiosk-measure; what it measured."""
    path = os.path.join(arguments.out, name + ".json")
    line = [os.path.join(arguments.tools, "kiosk-measure"), "--xvfb", "%dx%d" % SIZE, "--label", label,
            "--json", path, *extra]
    for option, value in places_of.items():
        line += ["--" + option, value]
    status = run_to_end([*line, "--", *command], {**os.environ, **environment})
    if status != 0:
        raise Failed("kiosk-measure ended with %d for %s" % (status, label))
    with open(path, encoding="utf-8") as f:
        found = json.load(f)
    if any(start["content_ms"] < 0 for start in found["starts"]):
        raise Failed("%s did not show its content" % label)
    return found


def run_to_end(command, environment):
    """Its exit status. Ended by TERM when we are interrupted or die: only then does the measuring
    tool end its X server and the program it measures."""
    process = subprocess.Popen(labtools.with_parent(command), env=environment, stdin=subprocess.DEVNULL)
    try:
        return process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise


def measure(arguments, name, label, places_of, command, environment):
    """Cold starts (as root only: the page cache must be emptied), then all the rest warm."""
    note("measuring " + label)
    starts = ["--starts", str(arguments.starts)]
    cold = None
    if os.geteuid() == 0 and not arguments.no_cold:
        cold = tool(arguments, label, {"expect": places_of["expect"]}, command, environment,
                    name + ".cold", [*starts, "--drop-caches", "--idle", "0", "--cpu", "0"])
    warm = tool(arguments, label, places_of, command, environment, name, [
        *starts, "--idle", str(arguments.settle), "--cpu", str(arguments.idle),
        "--samples", str(arguments.samples), "--shot", os.path.join(arguments.out, name + ".png"),
        "--shot-nav", os.path.join(arguments.out, name + "-next.png")])
    return report.row(label, cold, warm)


def kiosk(arguments):
    """The kiosk with the devices and the server of the lab; all but its own processes uncounted."""
    options = Options(build=arguments.build, screen="touch", size=SIZE, overlay=OVERLAY)
    with Stage(options, say=note) as stage:
        stage.start()
        found = places.find(stage, arguments.out)
        stage.stop_kiosk()
        # The same configuration without the scene socket: nobody watches a measured kiosk.
        overlay = stage.overlay()
        del overlay["sceneSocket"]
        write_overlay(stage.path("overlay.yaml"), overlay)
        environment = stage.kiosk_environment()
        del environment["DISPLAY"]
        return measure(arguments, "anjungan", "Anjungan", found, stage.kiosk_command(), environment)


def peers(arguments):
    """Label, command and environment of each peer that can be measured here."""
    folder = os.path.join(CHECKOUT, "Benchmarks", "measure", "peers")
    found = [("sdl", "SDL2 in C, drawn beforehand", [os.path.join(arguments.tools, "sdlref"), "blit"], {}),
             ("sdl-redraw", "SDL2 in C, drawn anew each time",
              [os.path.join(arguments.tools, "sdlref"), "software"], {})]
    if not arguments.with_peers:
        return found
    if shutil.which("chromium"):
        found.append(("chromium", "Chromium --kiosk", [
            "chromium", "--kiosk", "--no-first-run", "--no-default-browser-check", "--password-store=basic",
            "--disable-background-networking", "--disable-component-update", "--window-size=1080,1920",
            "--window-position=0,0", "--user-data-dir=" + tempfile.mkdtemp(dir=arguments.scratch),
            *(["--no-sandbox"] if os.geteuid() == 0 else []), "file://" + os.path.join(folder, "home.html")], {}))
    else:
        note("no chromium here: not measured")
    if has_gtk4():
        found.append(("gtk4", "GTK 4 in Python, cairo", [SYSTEM_PYTHON, os.path.join(folder, "gtk4.py")],
                      {"GSK_RENDERER": "cairo"}))
    else:
        note("no GTK 4 for Python here: not measured")
    return found


def has_gtk4():
    probe = [SYSTEM_PYTHON, "-c", "import gi; gi.require_version('Gtk', '4.0')"]
    return subprocess.run(probe, stderr=subprocess.DEVNULL, check=False).returncode == 0


def write_overlay(path, overlay):
    with open(path, "w", encoding="utf-8") as f:
        f.write(yaml(overlay))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True, help="folder with the kiosk's programs")
    parser.add_argument("--tools", required=True, help="folder with kiosk-measure and sdlref")
    parser.add_argument("--out", required=True)
    parser.add_argument("--kind", required=True, choices=("release", "given"))
    parser.add_argument("--with-peers", action="store_true")
    parser.add_argument("--only-delta", action="store_true", help="only presses while changes come in")
    parser.add_argument("--rows", type=int, default=store.ROWS, help="applications of the first fill")
    parser.add_argument("--delta-rounds", type=int, default=3)
    parser.add_argument("--no-cold", action="store_true")
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--settle", type=float, default=20, help="seconds before memory is read")
    parser.add_argument("--idle", type=float, default=30, help="seconds of idleness to watch")
    parser.add_argument("--samples", type=int, default=40, help="presses, and changes of screen")
    parser.add_argument("--rounds", type=int, default=5, help="how often each document is verified")
    parser.add_argument("--python", help="of an environment with Tests/Oracles/requirements.txt")
    arguments = parser.parse_args()
    arguments.build = os.path.abspath(arguments.build)
    arguments.out = os.path.abspath(arguments.out)
    os.makedirs(arguments.out, exist_ok=True)
    # As an exception, so that the stage is taken down again.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="anjungan-bench-") as arguments.scratch:
        try:
            note("pressing while changes come in")
            changes = delta.measure(arguments, SIZE, tool, note)
            if arguments.only_delta:
                print("%d cores, load %.1f before and %.1f after\n" % (
                    os.cpu_count(), load, os.getloadavg()[0]))
                print(delta.markdown(changes), end="")
                return 0
            rows = [kiosk(arguments)]
            for name, label, command, environment in peers(arguments):
                rows.append(measure(arguments, name, label, PEER_PLACES, command, environment))
            note("devices beside C programs")
            driven = devices.measure(arguments.build, arguments.tools, 6 * arguments.rounds)
            note("verifying documents")
            judged = verifier.measure(arguments.build, arguments.rounds, arguments.scratch,
                                      arguments.python)
            note("filling the store beside SQLite alone")
            # On the disk of the output folder: a temporary one may lie in memory.
            with tempfile.TemporaryDirectory(prefix="store-", dir=arguments.out) as folder:
                kept = store.measure(arguments.build, folder, arguments.rows, arguments.rounds)
        except (Failed, ChildFailed, NotShown, LookupError, ValueError, OSError, RuntimeError,
                subprocess.CalledProcessError, verifier.Wrong, store.Wrong, devices.Wrong,
                devices.Silent) as e:
            print("bench: %s" % e, file=sys.stderr)
            return 1
    found = {"build": arguments.kind, "cores": os.cpu_count(), "load_before": round(load, 2),
             "samples": arguments.samples, "starts": arguments.starts, "idle_s": arguments.idle,
             "programs": rows, "verifier": judged, "store": kept, "delta": changes,
             "devices": driven}
    with open(os.path.join(arguments.out, "report.json"), "w", encoding="utf-8") as f:
        json.dump(found, f, indent=1)
        f.write("\n")
    text = (report.markdown(found) + "\nThe store beside SQLite alone\n\n" + store.markdown(kept)
            + "\nPressing while changes come in\n\n" + delta.markdown(changes)
            + "\nDevices beside C programs\n\n" + devices.markdown(driven))
    with open(os.path.join(arguments.out, "report.md"), "w", encoding="utf-8") as f:
        f.write(text)
    print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
