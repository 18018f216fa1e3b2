"""The journeys of the tour. Each takes a Tour and says what it expects with `tour.check`."""
import hashlib
import json
import os
import subprocess
import time

from scene import NotShown
from stage import STAFF_PIN, wait_for

# A NIK of the region that does not exist, and of nobody in the demonstration.
NOBODY = "9999990101010099"
TICKET = {"home": "takeNumber", "serviceList": "service:", "requirements": ["continue", "nextPage"],
          "lane": "lane:general"}


def ticket(tour):
    """A number: committed, on paper with a readable QR code, and known to the server."""
    stage, visitor = tour.stage, tour.visitor
    before = len(stage.tickets())
    visitor.walk({**TICKET, "serviceList": "service:" + tour.plain_service()}, ("ticket", "ticketRefused"))
    if not tour.check("a number is given", stage.scene.screen == "ticket", stage.scene.texts()):
        return
    wait_for(lambda: len(stage.tickets()) > before, 20, "the ticket's paper")
    report = stage.tickets()[-1]
    base = stage.path("tickets", "%03d" % report["number"])
    tour.journal.keep(base + ".bin", "ticket-%03d.bin" % report["number"])
    picture = tour.journal.keep(base + ".png", "ticket-%03d.png" % report["number"])
    printed = [line.strip() for line in report["text"]]
    known = wait_for(lambda: stage.ask("server", "status")["tickets"], 30, "the ticket at the server")[-1]
    number = "%s-%03d" % (known["number"]["series"], known["number"]["number"])
    tour.check("the server has the number %s" % number, True)
    tour.check("the same number is on the paper", any(number in line for line in printed), printed)
    tour.check("and on the glass", stage.scene.says(number), stage.scene.texts())
    tour.check("the paper names the time zone", any(z in " ".join(printed) for z in ("WIB", "WITA", "WIT")), printed)
    tour.check("the paper is cut", "cut" in report["events"], report["events"])
    code = subprocess.run(["zbarimg", "-q", "--raw", picture], capture_output=True, text=True, timeout=30)
    tour.check("the QR code on the paper can be read", code.returncode == 0 and number in code.stdout
               or known["id"] in code.stdout, code.stdout.strip())
    visitor.look(force=True)
    visitor.press("finish")                               # the next is another citizen: one number each
    visitor.leave()


def torn(tour):
    """The paper runs out in mid-slip: the number stays good, large on the glass. With new paper nothing of
    the torn slip comes out by itself, and the slip that is asked for again is whole."""
    stage, visitor, scene = tour.stage, tour.visitor, tour.stage.scene
    before = len(stage.tickets())
    printed = stage.ask("ticket", "status")["printed"]
    stage.tell("ticket", "slow 40")
    try:
        visitor.walk({**TICKET, "serviceList": "service:" + tour.plain_service()}, ("ticket", "ticketRefused"))
        # Beyond what goes before the first slip after a start, well into its code.
        wait_for(lambda: stage.ask("ticket", "status")["printed"] > printed + 3000, 20, "half the slip")
        stage.tell("ticket", "paper out")
        wait_for(lambda: visitor.usable("retryTicketPaper"), 40, "the way to print it again")
        visitor.look(force=True)
        known = wait_for(lambda: stage.ask("server", "status")["tickets"], 30, "the ticket at the server")[-1]
        number = "%s-%03d" % (known["number"]["series"], known["number"]["number"])
        tour.check("the number is on the glass all the same", scene.says(number), scene.texts())
        tour.check("and said to be good", scene.says("tetap berlaku"), scene.texts())
        tour.check("the torn slip does not count as printed", len(stage.tickets()) == before)
    finally:
        stage.tell("ticket", "slow 0")
        stage.tell("ticket", "paper ok")
    visitor.press("retryTicketPaper")
    wait_for(lambda: len(stage.tickets()) > before, 40, "the slip")
    report = stage.tickets()[-1]
    picture = tour.journal.keep(stage.path("tickets", "%03d.png" % report["number"]), "ticket-again.png")
    tour.check("the slip is whole", number in " ".join(report["text"]), report["text"])
    code = subprocess.run(["zbarimg", "-q", "--raw", picture], capture_output=True, text=True, timeout=30)
    tour.check("with its code", number in code.stdout, code.stdout.strip())
    visitor.look(force=True)
    visitor.leave()


def complaint(tour):
    """A complaint without a name: kept, known to the server, its number on glass and paper."""
    stage, visitor, scene = tour.stage, tour.visitor, tour.stage.scene
    before = len(stage.tickets())
    visitor.walk({"home": "complaints", "complaints": "complain", "complaintKinds": "complaintKind:fee"},
                 ("complaint", "complaintRefused"))
    if not tour.check("the complaint is taken", scene.screen == "complaint", scene.texts()):
        return visitor.leave()
    wait_for(lambda: len(stage.tickets()) > before, 20, "the complaint's slip")
    known = wait_for(lambda: [e for e in stage.ask("server", "status")["events"] if e["kind"] == "complaint"], 30,
                     "the complaint at the server")[-1]
    tour.check("the number is on the glass", scene.says(known["number"]), scene.texts())
    slip = stage.tickets()[-1]
    tour.journal.keep(stage.path("tickets", "%03d.png" % slip["number"]), "complaint-slip.png")
    tour.check("and on the slip", any(known["number"] in line for line in slip["text"]), slip["text"])
    tour.check("the slip does not say what it is about", not any("membayar" in line for line in slip["text"]))
    visitor.look(force=True)
    visitor.leave()


def status(tour):
    """Where an application stands, with the server there and without it."""
    status_of(tour, "with the server there")
    tour.stage.stop_server()
    tour.note("the Dinas simulator is stopped")
    try:
        status_of(tour, "with the server stopped")
    finally:
        tour.stage.restart_server()


def status_of(tour, when):
    scene = tour.stage.scene
    look_up(tour, tour.person("status"))
    tour.check("the steps are shown " + when, scene.screen == "statusResult" and len(scene.texts()) > 3,
               scene.texts())
    tour.check("with the age of what is known", scene.says("data per"), scene.texts())
    tour.visitor.look(force=True)
    tour.visitor.leave()


def look_up(tour, person):
    visitor = tour.visitor
    visitor.walk({"home": "checkStatus"}, "statusRegistration")
    visitor.type(person["applications"][0]["registration"])
    visitor.look(force=True)
    visitor.press("continue")
    visitor.arrive("statusNIK")
    visitor.type(person["nik"])
    visitor.walk({"statusNIK": "continue"}, ("statusResult",), 30)


def sign_in(tour, person, goal=("documents", "credentialRefused"), pin=None):
    """NIK and PIN, up to the list of documents."""
    visitor = tour.visitor
    visitor.walk({"home": "printDocument"}, "printNIK")
    visitor.type(person["nik"])
    visitor.look(force=True)
    visitor.walk({"printNIK": "continue"}, "printPIN", 30)
    visitor.type(pin or person["pin"])
    if goal == ("printPIN",):
        return "printPIN"
    return visitor.walk({"printPIN": "continue"}, goal, 40)


def printing(tour):
    """A ready document: verified, shown, printed unaltered, taken, rated."""
    stage, visitor, person = tour.stage, tour.visitor, tour.person("ready")
    sheets, documents = stage.sheets(), len(stage.documents())
    tour.check("NIK and PIN open the list", sign_in(tour, person) == "documents", stage.scene.texts())
    visitor.walk({"documents": "document:"}, ("preview", "documentRefused"), 40)
    if not tour.check("the signature holds and page 1 is shown", stage.scene.screen == "preview",
                      stage.scene.texts()):
        return visitor.leave()
    if visitor.usable("revealPreview"):
        visitor.hold("revealPreview")
        visitor.look(force=True)
        visitor.release()
    visitor.walk({"preview": "print"}, ("takePaper", "printFailed"), 60)
    tour.check("take your paper", stage.scene.screen == "takePaper", stage.scene.texts())
    tour.check("one document reached the printer", len(stage.documents()) == documents + 1)
    tour.check("and sheets came out", stage.sheets() > sheets)
    unaltered(tour, person, stage.documents()[-1])
    visitor.walk({"takePaper": "paperTaken"}, ("survey",), 30)
    visitor.walk({"survey": ["score:5", "score:4", "score:"]}, ("thanks", "attract", "home"), 30)
    tour.check("the session ends by itself", ends(tour), stage.scene.screen)


def scanning(tour):
    """The citizen's code before the scanner: to the documents, and its Enter presses no button."""
    stage, visitor, scene = tour.stage, tour.visitor, tour.stage.scene
    person = next(p for p in tour.people("ready") if p.get("qr"))
    # Where nobody asks for a code, one must change nothing.
    visitor.walk({"home": "takeNumber"}, "serviceList")
    before = scene.face()
    stage.tell("scanner", "scan " + person["qr"])
    stage.tell("scanner", "type 1234567890")
    tour.check("elsewhere a code and a typing hand press nothing", scene.face() == before, scene.screen)
    visitor.leave()
    wait_for(lambda: scene.screen in ("home", "attract"), 30, "the first screen")
    count = len(scene.history)
    stage.tell("scanner", "scan " + person["qr"])
    scene.wait_screen(("documents", "credentialRefused"), 30)
    tour.check("a scanned code opens the list of documents", scene.screen == "documents", scene.texts())
    passed = [screen for _, screen in scene.history[count:]]
    tour.check("with no other screen on the way", set(passed) <= {"checkingCredential", "documents"}, passed)
    visitor.look(force=True)
    visitor.leave()


def ends(tour):
    try:
        tour.stage.scene.wait_screen(("attract", "home"), 60)
    except NotShown:
        return False
    tour.visitor.pictured = None
    return True


def unaltered(tour, person, file):
    """What came out is, byte for byte, the signed revision that the verifier vouches for."""
    name = "printed-%s" % os.path.basename(file)
    tour.journal.keep(file, name)
    with open(file, "rb") as f:
        printed = f.read()
    digest = hashlib.sha256(printed).hexdigest()
    said = verdict(tour, file)
    tour.journal.json(name + ".verdict.json", said)
    tour.check("the printed bytes verify as a whole", said.get("verdict") == "valid"
               and said.get("print_bytes") == len(printed) and said.get("print_sha256") == digest, said)
    originals = [os.path.join(tour.stage.options.demonstration, "documents", d["file"])
                 for d in person["documents"] if d.get("file")]
    expected = [verdict(tour, original).get("print_sha256") for original in originals]
    tour.check("they are the signed revision of the document the office prepared", digest in expected, expected)


def verdict(tour, file):
    done = subprocess.run([os.path.join(tour.stage.options.build, "anjungan"), "verify", file,
                           *tour.trust_arguments(), "--json"], capture_output=True, text=True, timeout=60)
    try:
        said = json.loads(done.stdout)
    except ValueError:
        return {"verdict": "none", "said": (done.stdout + done.stderr)[-500:]}
    if isinstance(said, dict) and "files" in said:
        said = said["files"]
    said = said[0] if isinstance(said, list) else said
    return said.get("report", said)


def tampered(tour):
    """A document changed after signing: refused in plain words, and nothing printed."""
    refused(tour, "tampered", "berubah setelah ditandatangani")
    security = tour.stage.health()[1]["security"]
    tour.check("the health report raises the alert", security["alert"] and security["events"] > 0, security)


def uncertain(tour):
    """A signer whose certificate had run out, and no proof of the time: not printed either."""
    refused(tour, "expired-signer", "tidak dapat dipastikan")


def card_only(tour):
    """A card is handed over at the counter; this machine says so."""
    refused(tour, "card-only", "diambil di loket")


def refused(tour, kind, words):
    stage, visitor, person = tour.stage, tour.visitor, tour.person(kind)
    sheets, documents = stage.sheets(), len(stage.documents())
    tour.check("NIK and PIN open the list", sign_in(tour, person) == "documents", stage.scene.texts())
    wanted = "document:" + person["documents"][0]["id"]
    visitor.walk({"documents": wanted}, ("preview", "documentRefused"), 40)
    tour.check("the document is refused", stage.scene.screen == "documentRefused", stage.scene.texts())
    said = " ".join(" ".join(stage.scene.texts()).split()).lower()
    tour.check("the reason is told in its own words", words in said, said)
    tour.check("the way to the counter is told", stage.scene.says("loket"), stage.scene.texts())
    tour.check("nobody can press print", not visitor.usable("print"))
    visitor.leave()
    tour.check("nothing reached the printer", (stage.sheets(), len(stage.documents())) == (sheets, documents))


def wrong_pin(tour):
    """A wrong PIN and an unknown NIK look the same."""
    stage, visitor, person = tour.stage, tour.visitor, tour.person("ready", 1)
    wrong = "000000" if person["pin"] != "000000" else "111111"
    answers = []
    for nik, pin in ((person["nik"], wrong), (NOBODY, wrong)):
        sign_in(tour, {"nik": nik}, pin=pin, goal=("printPIN",))
        before = stage.scene.words()
        visitor.press("continue")
        # Either a screen of its own or the PIN again with the tries that are left.
        stage.scene.wait(lambda s, before=before: s.screen in ("credentialRefused", "documents")
                         or (s.screen == "printPIN" and s.words() != before), 30, "the refusal")
        tour.check("a wrong PIN opens nothing", stage.scene.screen != "documents", stage.scene.screen)
        visitor.look(force=True)
        answers.append((stage.scene.screen, stage.scene.words()))
        visitor.leave()
    tour.check("an unknown NIK looks just the same", answers[0] == answers[1], answers)


def card(tour):
    """A card is noticed within a second; its photo shows only after the PIN."""
    stage, visitor, person = tour.stage, tour.visitor, tour.person("ready", 1)
    visitor.walk({}, "home")
    before, began = set(stage.scene.words()), time.monotonic()
    stage.fault("card-in")
    try:
        stage.scene.wait(lambda s: s.screen == "cardInfo"
                         or any("kartu" in text.lower() for text in set(s.words()) - before), 5,
                         "the card on the glass")
        took = time.monotonic() - began
        tour.check("the card shows within a second", took < 1.0, "%.2f s" % took)
        visitor.look(force=True)
        tour.check("its photo has not been asked for", not photo_read(stage))
        if stage.scene.screen not in ("attract", "home"):
            visitor.leave()
        tour.check("NIK and PIN open the list", sign_in(tour, person) == "documents", stage.scene.texts())
        visitor.walk({"documents": "document:"}, ("preview", "documentRefused"), 40)
        wait_for(lambda: photo_read(stage), 10, "the reading of the photo")
        tour.check("after the PIN the photo is read from the card", True)
        stage.scene.settle(quiet=0.5, seconds=3)
        visitor.look(force=True)
        visitor.leave()
    finally:
        stage.fault("card-out")


def photo_read(stage):
    """Whether EF 6FF2, the photo, was selected since the stage began; the card keeps a log."""
    try:
        with open(stage.path("log", "card.apdu")) as f:
            return any("6FF2" in line.upper().replace(" ", "") for line in f)
    except OSError:
        return False


def fault(tour):
    """Paper out while printing: the job is held, and delivered when there is paper again. Opened
    with the PIN of that one document."""
    stage, visitor, person = tour.stage, tour.visitor, tour.person("ready", 1)
    sheets = stage.sheets()
    tour.journal.json("health-before.json", stage.health()[1])
    stage.tell("document", "slow 4")
    pin = next(d["printPIN"] for d in person["documents"] if d.get("printPIN"))
    tour.check("NIK and the document's own PIN open the list", sign_in(tour, person, pin=pin) == "documents",
               stage.scene.texts())
    visitor.walk({"documents": "document:"}, "preview", 40)
    visitor.press("print")
    visitor.arrive("printing", 15)
    try:
        wait_for(lambda: stage.ask("document", "status")["active"], 20, "the job in the printer")
        before = set(stage.scene.words())
        stage.fault("paper-out")
        during = wait_for(lambda: printer_down(stage), 20, "the fault in the health report")
        tour.journal.json("health-during.json", during)
        tour.check("the health report names the fault", True)
        wait_for(lambda: any("kertas" in text.lower() for text in set(stage.scene.words()) - before), 15, "words about paper on the glass")
        visitor.look(force=True)
        tour.check("the job is held, not lost", stage.scene.screen == "printing", stage.scene.screen)
        tour.check("nothing came out meanwhile", stage.sheets() == sheets)
    finally:
        stage.fault("clear")
    visitor.walk({}, ("takePaper", "printFailed"), 60)
    tour.check("after the paper is back it is delivered", stage.scene.screen == "takePaper", stage.scene.texts())
    tour.check("once", stage.sheets() > sheets)
    after = wait_for(lambda: not printer_down(stage) and stage.health()[1], 30, "a well printer in the health report")
    tour.journal.json("health-after.json", after)
    visitor.walk({"takePaper": "paperTaken"}, ("survey",), 30)
    visitor.leave()


def spent(tour):
    """The PIN of a document that is printed opens nothing any more, and says why."""
    stage, visitor, person = tour.stage, tour.visitor, tour.person("ready", 1)
    pin = next(d["printPIN"] for d in person["documents"] if d.get("printPIN"))
    tour.check("a spent PIN is refused", sign_in(tour, person, pin=pin) == "credentialRefused", stage.scene.texts())
    visitor.look(force=True)
    visitor.leave()


def staff(tour):
    """The staff's way in: a long touch on the crest, a PIN, and what there is to do."""
    stage, visitor, scene = tour.stage, tour.visitor, tour.stage.scene
    scene.wait_screen("attract", 90)
    visitor.hold("staffDoor")
    scene.wait_screen("staffPIN", 10)
    visitor.release()
    visitor.type(STAFF_PIN)
    visitor.look(force=True)
    visitor.walk({"staffPIN": "continue"}, "staffMenu", 30)
    tour.check("nothing in doubt, nothing to press", not visitor.usable("staffPrints"), scene.texts())
    for screen in ("staffClock", "staffDevices"):
        visitor.walk({"staffMenu": screen}, screen, 20)
        visitor.walk({screen: "back"}, "staffMenu", 20)
    visitor.leave()


def printer_down(stage):
    """The health report while it says that paper is out; None otherwise."""
    report = stage.health()[1]
    return report if "media-empty" in json.dumps(report) else None


ALL = [("Petugas", staff), ("Ambil nomor antrean", ticket), ("Kertas antrean habis", torn), ("Pengaduan", complaint),
       ("Cek status", status), ("Kode di pemindai", scanning), ("Cetak dokumen", printing),
       ("Dokumen yang diubah ditolak", tampered),
       ("Penandatangan kedaluwarsa ditolak", uncertain), ("Kartu diambil di loket", card_only), ("PIN salah", wrong_pin), ("Kartu di pembaca", card),
       ("Kertas habis saat mencetak", fault), ("PIN cetak yang sudah terpakai", spent)]
