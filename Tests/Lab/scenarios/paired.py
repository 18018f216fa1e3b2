"""Two A4 printers at one kiosk: which of them has a document, and who is asked about it."""
import signal
import sqlite3
from contextlib import closing

import journeys
from faulty import device
from stage import wait_for

PLACES = {"document": "sebelah kiri", "second": "di loket 2"}


def two_printers(tour):
    """The first fails, the second takes over and the citizen reads where; a kiosk killed meanwhile
    asks the printer that has the job."""
    stage = tour.stage
    start(stage)
    power_lost(tour)
    killed_at_the_second(tour)
    takes_over(tour)


def start(stage):
    stage.start_devices()
    second = stage.lab("second-printer", "virtual-ipp-printer", "--dir", stage.make("second"),
                       "--control", stage.control_path("second"))
    stage.options.overlay = {"devices": {
        "documentPrinter": {"place": PLACES["document"]},
        "secondDocumentPrinter": {"uri": second["URI"], "place": PLACES["second"]}}}
    stage.start_server()
    stage.start_screen()
    stage.start_kiosk()


def power_lost(tour):
    """In the middle of a document: nobody knows, so it is not begun at the other."""
    stage = tour.stage
    stage.tell("document", "slow 30")
    wait_for(lambda: state_of(stage, "documentPrinter") == "ready", 20, "a first printer that is ready")
    begin(tour, tour.person("ready"))
    wait_for(lambda: stage.ask("document", "status")["active"], 20, "the job in the first printer")
    tour.check("the citizen reads that it comes out at the first", reads(stage, "document"), stage.scene.texts())
    stage.tell("document", "power off")
    # The kiosk notices the loss by itself; what the printer knew of the job is gone.
    stage.tell("document", "power on")
    screen = tour.visitor.walk({}, ("takePaper", "printFailed"), 30)
    tour.check("a power loss in mid-print is no success", screen == "printFailed", stage.scene.texts())
    tour.check("and staff find it undecided", ledger(stage) == [("utama", "unknown")], ledger(stage))
    tour.check("nothing was begun at the second", jobs(stage, "second") == [], jobs(stage, "second"))
    tour.visitor.leave()


def killed_at_the_second(tour):
    """Killed while the second prints: at the next start that printer is asked, and lets go of it."""
    stage = tour.stage
    stage.tell("document", "reasons media-empty")
    stage.tell("second", "slow 30")
    before = jobs(stage, "document")
    begin(tour, tour.person("ready", 1))
    wait_for(lambda: stage.ask("second", "status")["active"], 20, "the job in the second printer")
    tour.check("the citizen reads that it comes out at the second", reads(stage, "second"), stage.scene.texts())
    stage.stop_kiosk(number=signal.SIGKILL)
    tour.check("the ledger knows which printer has it", ledger(stage)[1:] == [("cadangan", None)], ledger(stage))
    stage.start_kiosk()
    wait_for(lambda: ledger(stage)[1][1] is not None, 30, "a settled ledger")
    tour.check("the second was asked, and nothing was printed", ledger(stage)[1] == ("cadangan", "notPrinted"),
               ledger(stage))
    tour.check("it has let go of the job", jobs(stage, "second") == ["canceled"], jobs(stage, "second"))
    tour.check("the first was sent nothing", jobs(stage, "document") == before, jobs(stage, "document"))


def takes_over(tour):
    """Without paper in the first the citizen's document comes out of the second, once."""
    stage = tour.stage
    stage.tell("second", "slow 0.1")
    begin(tour, tour.person("ready", 1))
    screen = tour.visitor.walk({}, ("takePaper", "printFailed"), 30)
    tour.check("the second prints it", screen == "takePaper", stage.scene.texts())
    tour.check("and the citizen reads where", reads(stage, "second"), stage.scene.texts())
    tour.visitor.look(force=True)
    tour.check("once", jobs(stage, "second") == ["canceled", "completed"], jobs(stage, "second"))
    tour.check("nothing came out of the first", stage.sheets() == 0, stage.sheets())
    tour.check("health says which cannot print", (device(stage, "documentPrinter")[1],
               state_of(stage, "secondDocumentPrinter")) == ("media-empty", "ready"), stage.health()[1]["devices"])
    tour.journal.json("health.json", stage.health()[1])
    tour.visitor.leave()


def begin(tour, person):
    tour.check("NIK and PIN open the list", journeys.sign_in(tour, person) == "documents", tour.stage.scene.texts())
    tour.visitor.walk({"documents": "document:"}, "preview", 40)
    tour.visitor.press("print")


def reads(stage, name):
    return PLACES[name] in " ".join(stage.scene.texts())


def state_of(stage, key):
    return device(stage, key)[0]


def jobs(stage, name):
    return [job["state"] for job in stage.ask(name, "jobs")]


def ledger(stage):
    """Which printer has each print, and how it ended, oldest first."""
    path = "file:%s?mode=ro" % stage.path("store", "anjungan.sqlite")
    with closing(sqlite3.connect(path, uri=True, timeout=5)) as store:
        return list(store.execute("SELECT printer, outcome FROM print_job ORDER BY reserved_at"))
