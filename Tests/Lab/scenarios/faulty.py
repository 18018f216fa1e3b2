"""Scenarios in which something around the kiosk fails."""
import errno
import os
import shutil
import signal
import sqlite3
import subprocess
from contextlib import closing

import journeys
from children import Child
from scene import NotShown
from stage import wait_for

WELL = ("ready", "empty", "present")

# The kiosk in a mount namespace where its store lies on a file system of 8 MiB. The variable is the
# store's folder; outside of the namespace it is reached as /proc/PID/root/...
SMALL_DISK = (["unshare"] + (["--mount"] if os.geteuid() == 0 else ["--user", "--map-root-user", "--mount"])
              + ["sh", "-c", 'mount -t tmpfs -o size=8m,mode=700 store "$STORE_FOLDER" && exec "$@"', "sh"])


def second_instance(tour):
    """One kiosk a machine: a second refuses to start and says why; the first does not mind."""
    stage = tour.stage
    other = Child("second-kiosk", stage.kiosk_command(), stage.path("log"), env=stage.kiosk_environment(),
                  announces=False)
    try:
        code = other.wait(20)
    finally:
        other.stop()
    tour.check("the second refuses to start", code not in (None, 0), code)
    tour.check("and says why", len(other.tail().strip()) > 0, other.tail())
    tour.check("the first still answers", stage.kiosk.running() and stage.health("livez")[0] == 200)


def configuration_error(tour):
    """A typing error is named with its file, line and column."""
    folder = os.path.join(tour.stage.folder, "configuration")
    copy = os.path.join(folder, "offices", "office")
    shutil.copytree(tour.stage.options.office, copy)
    beside = os.path.dirname(os.path.dirname(os.path.abspath(tour.stage.options.office)))
    for shared in ("printers", "tickets"):
        shutil.copytree(os.path.join(beside, shared), os.path.join(folder, shared))
    program = os.path.join(tour.stage.options.build, "anjungan")

    def config_check():
        return subprocess.run([program, "config", "check", copy], capture_output=True, text=True, timeout=60)
    done = config_check()
    tour.check("the office as it is has no problem", done.returncode == 0, done.stdout + done.stderr)
    path = os.path.join(copy, "kiosk.yaml")
    with open(path, encoding="utf-8") as f:
        lines = f.readlines()
    number = next(i for i, line in enumerate(lines) if line.startswith("devices:"))
    lines[number] = lines[number].replace("devices:", "devicse:")
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(lines)
    done = config_check()
    said = done.stdout + done.stderr
    tour.check("a mistyped key: exit 1", done.returncode == 1, done.returncode)
    tour.check("with its place", "kiosk.yaml:%d:1:" % (number + 1) in said, said)
    with open(path, "a", encoding="utf-8") as f:
        f.write("\n\t: [unclosed\n")
    done = config_check()
    tour.check("not YAML at all: exit 1 and no crash", done.returncode == 1, (done.returncode, done.stderr[-200:]))


def devices_gone(tour):
    """Each device goes and comes back; health says so, and the other journeys stay possible."""
    stage = tour.stage
    for fault, key in (("printer-gone", "documentPrinter"), ("ticket-printer-gone", "ticketPrinter"),
                       ("ticket-paper-out", "ticketPrinter"), ("reader-gone", "cardReader")):
        well = wait_for(lambda key=key: well_state(stage, key), 30, "%s well" % key)
        stage.fault(fault)
        wait_for(lambda key=key, well=well: device(stage, key) != well, 30, "%s in the health report" % fault)
        tour.check("%s shows in the health report" % fault, True)
        tour.check("the kiosk is still ready", stage.health("readyz")[0] == 200)
        stage.fault("clear")
        wait_for(lambda key=key, well=well: device(stage, key) == well, 40, "%s well again" % key)
        tour.check("and it is well again without a restart", True)
    stage.fault("network-cut")
    wait_for(lambda: stage.health()[1]["server"]["state"] != "reachable", 60, "the cut network in the health report")
    journeys.status_of(tour, "with the network cut")
    stage.fault("clear")


def well_state(stage, key):
    state = device(stage, key)
    return state if state[0] in WELL else None


def device(stage, key):
    """State and fault of a device as health tells it, by its name in any spelling."""
    for name, found in stage.health()[1]["devices"].items():
        if name.replace("_", "").replace("-", "").lower() == key.lower():
            return found["state"], found.get("fault")
    raise LookupError("health names no " + key)


def disk_full(tour):
    """No room in the store's folder: no number is given or printed; with room again it goes on."""
    stage, visitor = tour.stage, tour.visitor
    inside = "/proc/%d/root%s" % (stage.kiosk.pid, stage.path("store"))
    fill = os.path.join(inside, "fill")
    with open(fill, "wb", buffering=0) as f:
        try:
            while True:
                f.write(bytes(4096))
        except OSError as e:
            tour.check("the disk is full", e.errno == errno.ENOSPC, e)
    before = len(stage.tickets())
    # Either the way to a number is closed already, or asking for one is refused.
    screen = ask_for_number(tour)
    tour.check("no number is given", screen in ("closed", "ticketRefused"), screen)
    visitor.look(force=True)
    tour.check("and none is printed", len(stage.tickets()) == before)
    wait_for(lambda: not stage.health()[1]["storage"]["writable"], 30, "the full disk in the health report")
    tour.check("health says that the store cannot be written", True)
    visitor.leave()
    os.unlink(fill)
    wait_for(lambda: stage.health()[1]["storage"]["writable"], 60, "a writable store in the health report")
    visitor.walk({}, "home")
    visitor.scene.wait_control("takeNumber", 60)
    tour.check("with room again a number is given", ask_for_number(tour) == "ticket", stage.scene.texts())
    visitor.leave()


def ask_for_number(tour):
    """As far as one gets: "ticket", "ticketRefused", or "closed" where a tile cannot be pressed."""
    path = {**journeys.TICKET, "serviceList": "service:" + tour.plain_service()}
    try:
        return tour.visitor.walk(path, ("ticket", "ticketRefused"), 15)
    except NotShown:
        return "closed"


def sigterm_during_print(tour):
    """Stopped in the middle of a print: ends in time, starts again, and nothing comes out twice."""
    stage, visitor, person = tour.stage, tour.visitor, tour.person("ready")
    tour.check("NIK and PIN open the list", journeys.sign_in(tour, person) == "documents", stage.scene.texts())
    visitor.walk({"documents": "document:"}, "preview", 40)
    visitor.press("print")
    wait_for(lambda: stage.ask("document", "status")["active"], 30, "the job in the printer")
    code = stage.stop_kiosk(patience=20, number=signal.SIGTERM)
    tour.check("it ends within 20 s with status 0", code == 0, code)
    stage.start_kiosk()
    tour.check("it starts again on the same store", stage.kiosk.running())
    wait_for(lambda: stage.ask("document", "status")["unfinished"] == 0, 30, "an idle printer")
    wait_for(lambda: stage.health("readyz")[0] == 200, 30, "readyz")
    tour.check("the printer got the document once", len(stage.documents()) == 1, stage.documents())
    tour.journal.json("jobs.json", stage.ask("document", "jobs"))
    tour.journal.json("health.json", stage.health()[1])
    visitor.look(force=True)
    slip_under_way(tour)
    kiosk = stage.kiosk
    kiosk.send(signal.SIGTERM)
    screen = ask_for_number(tour)
    tour.check("no other number is begun meanwhile", screen in ("ticketRefused", "closed"), screen)
    code = kiosk.wait(45)
    tour.check("stopped in mid-slip it ends with status 0", code == 0, (code, kiosk.tail()))
    stage.stop_kiosk()
    whole_slip(tour)


# A printer that can be cleared, so that a start has nothing to push through it before the first slip.
CLEARED = {"devices": {"ticketPrinter": {"profile": "epson-tm-80"}}}
SLOW = 450                     # ms for 64 bytes: a slip takes some seconds, of the eight that the driver waits


def slip_under_way(tour):
    """Up to a number whose slip is being printed, and whose citizen has gone on."""
    stage, visitor = tour.stage, tour.visitor
    stage.tell("ticket", "slow %d" % SLOW)
    before = stage.ask("ticket", "status")["received"]
    tour.check("a number is given", ask_for_number(tour) == "ticket", stage.scene.texts())
    wait_for(lambda: stage.ask("ticket", "status")["received"] > before + 60, 30, "a slip under way")
    visitor.press("finish")


def whole_slip(tour):
    """At the kiosk's end every number that was given is on paper, and its store knows it."""
    stage = tour.stage
    held = stage.ask("ticket", "status")["held"]
    path = "file:%s?mode=ro" % stage.path("store", "anjungan.sqlite")
    with closing(sqlite3.connect(path, uri=True, timeout=5)) as store:
        given = store.execute("SELECT series, number, printed FROM ticket ORDER BY issued_at").fetchall()
    tour.check("nothing of the slip is left in the printer", held == 0, held)
    # Printed, a slip of the network's is one for the lab once its connection's end is through.
    wait_for(lambda: len(stage.tickets()) >= len(given), 20, "a slip for each number")
    slips = ["\n".join(slip["text"]) for slip in stage.tickets()]
    tour.check("every number is on paper", len(given) == len(slips) and all(
        "%s-%03d" % (series, number) in slip for (series, number, _), slip in zip(given, slips)), (given, slips))
    tour.check("and the store says so", all(printed for _, _, printed in given), given)
    stage.tell("ticket", "slow 0")


def stopped_while_held(tour):
    """Out of paper in mid-print, then a tidy stop: the printer is asked to cancel before the end."""
    stage = tour.stage
    print_without_paper(tour)
    code = stage.stop_kiosk(patience=50, number=signal.SIGTERM)
    tour.check("it ends with status 0", code == 0, code)
    tour.check("with its print settled", outcomes(stage) == ["notPrinted"], outcomes(stage))
    tour.check("and cancelled at the printer", job_states(stage) == ["canceled"], job_states(stage))
    stage.start_kiosk()
    nothing_comes_out(tour)


def killed_while_held(tour):
    """Out of paper in mid-print, then no time for anything: the next start has the job cancelled."""
    stage = tour.stage
    print_without_paper(tour)
    stage.stop_kiosk(number=signal.SIGKILL)
    tour.check("the print is not settled", outcomes(stage) == [None], outcomes(stage))
    stage.start_kiosk()
    wait_for(lambda: None not in outcomes(stage), 30, "a settled ledger")
    # The printer cancelled it, and its sheet counter stands where it stood before.
    tour.check("nothing was printed", outcomes(stage) == ["notPrinted"], outcomes(stage))
    nothing_comes_out(tour)


def killed_and_printer_gone(tour):
    """The same with the cable out at the next start: settled only once the printer has cancelled."""
    stage = tour.stage
    print_without_paper(tour)
    stage.stop_kiosk(number=signal.SIGKILL)
    stage.tell("document", "offline")
    stage.start_kiosk()
    wait_for(lambda: device(stage, "documentPrinter")[1] == "offline", 30, "the absent printer in the health report")
    tour.check("the print stays open", outcomes(stage) == [None], outcomes(stage))
    stage.tell("document", "online")
    wait_for(lambda: None not in outcomes(stage), 60, "a settled ledger")
    tour.check("the job was cancelled", job_states(stage) == ["canceled"], job_states(stage))
    nothing_comes_out(tour)


def print_without_paper(tour):
    """Up to a document that waits in the printer for paper."""
    stage, visitor, person = tour.stage, tour.visitor, tour.person("ready")
    tour.check("NIK and PIN open the list", journeys.sign_in(tour, person) == "documents", stage.scene.texts())
    visitor.walk({"documents": "document:"}, "preview", 40)
    visitor.press("print")
    wait_for(lambda: stage.ask("document", "status")["active"], 30, "the job in the printer")
    stage.fault("paper-out")
    wait_for(lambda: job_states(stage) == ["processing-stopped"], 10, "a job without paper")


def nothing_comes_out(tour):
    """With paper again the printer has nothing to print, and the next citizen gets a document."""
    stage, visitor = tour.stage, tour.visitor
    stage.fault("clear")
    wait_for(lambda: stage.ask("document", "status")["state"] == "idle", 30, "an idle printer")
    wait_for(lambda: stage.health("readyz")[0] == 200, 30, "readyz")
    tour.check("with paper again nothing is left to print", stage.ask("document", "status")["unfinished"] == 0)
    tour.check("and no sheet came out", stage.sheets() == 0, stage.sheets())
    wait_for(lambda: well_state(stage, "documentPrinter"), 30, "a well printer")
    journeys.sign_in(tour, tour.person("ready", 1))
    visitor.walk({"documents": "document:"}, "preview", 40)
    visitor.press("print")
    visitor.walk({}, ("takePaper", "printFailed"), 60)
    tour.check("the next citizen gets a document", stage.scene.screen == "takePaper", stage.scene.texts())
    tour.check("and nobody else's", job_states(stage) == ["canceled", "completed"], job_states(stage))
    tour.journal.json("jobs.json", stage.ask("document", "jobs"))


def job_states(stage):
    return [job["state"] for job in stage.ask("document", "jobs")]


def outcomes(stage):
    """What the kiosk's ledger says of each print, oldest first; None where it is not settled."""
    path = "file:%s?mode=ro" % stage.path("store", "anjungan.sqlite")
    with closing(sqlite3.connect(path, uri=True, timeout=5)) as store:
        return [row[0] for row in store.execute("SELECT outcome FROM print_job ORDER BY reserved_at")]
