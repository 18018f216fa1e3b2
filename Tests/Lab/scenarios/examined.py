"""The doctor on the laboratory: finds each device, names each fault, and hands over its report."""
import os
import subprocess

from stage import wait_for

# What is done to a device, the finding it is about, the word in it, and a piece of each advice.
# (control socket, command, finding, word, Indonesian, English)
FAULTS = [
    ("document", "reasons media-empty", "document printer", "media-empty", "Isi kertas", "Put paper in"),
    ("document", "reasons media-jam", "document printer", "media-jam", "Kertas tersangkut", "Paper jam"),
    ("document", "reasons cover-open", "document printer", "cover-open", "Tutup penutup", "Close the printer"),
    ("document", "reasons marker-supply-empty", "document printer", "marker-supply-empty", "Ganti toner",
     "Replace toner"),
    ("document", "reasons marker-supply-low-warning", "document printer", "marker-supply-low",
     "siapkan pengganti", "have it ready"),
    ("document", "reasons media-low-warning", "document printer", "media-low", "siapkan isi ulang",
     "have more ready"),
    ("document", "stop", "document printer", "stopped", "lanjutkan di panelnya", "resume it at its panel"),
    ("document", "accept off", "document printer", "not-accepting-jobs", "menolak pekerjaan", "refuses jobs"),
    ("document", "offline", "document printer", "offline", "Periksa listrik", "Check the printer's power"),
    ("ticket", "paper out", "ticket printer", "media-empty", "Isi kertas", "Put paper in"),
    ("ticket", "paper low", "ticket printer", "media-low", "siapkan isi ulang", "have more ready"),
    ("ticket", "cover open", "ticket printer", "cover-open", "Tutup penutup", "Close the printer"),
    ("ticket", "error cutter", "ticket printer", "cutter-error", "Pemotong macet", "The cutter is stuck"),
    ("ticket", "error fatal", "ticket printer", "needs-restart", "Matikan printer", "Switch it off"),
    ("ticket", "error hot", "ticket printer", "recovering", "pulih sendiri", "recovers by itself"),
    ("ticket", "offline", "ticket printer", "stopped", "lanjutkan di panelnya", "resume it at its panel"),
    ("ticket", "power off", "ticket printer", "offline", "Periksa listrik", "Check the printer's power"),
    ("scanner", "unplug", "scanner", "absent", "Pasang pemindai", "Plug the scanner in"),
    ("scanner", "hold", "scanner", "busy", "Tutup program lain", "End the other program"),
    ("server", "offline", "Dinas server", "", "Periksa jaringan", "Check the network"),
]


def doctor(tour):
    """Every device well, then every fault, one after the other; at the end the report on paper."""
    stage = tour.stage
    stage.start_devices()
    stage.start_server()
    stage.write_overlay()
    well(tour, "everything is well")
    for device, command, finding, word, indonesian, english in FAULTS:
        stage.tell(device, command)
        named(tour, command + " at the " + device, finding, word, indonesian, english)
        stage.fault("clear")
        if device == "server":
            stage.tell("server", "online")
    card(tour)
    not_permitted(tour)
    queue(tour)
    without_token(tour)
    well(tour, "and well again after all of it")
    report(tour)
    beside_a_kiosk(tour)


def examine(stage, *more, prefix=(), patience=60):
    """The findings by their names: (mark, state, the lines beneath); and the whole answer."""
    done = subprocess.run(list(prefix) + stage.kiosk_tool("doctor") + list(more), capture_output=True,
                          text=True, timeout=patience, env={**os.environ, **stage.environment})
    found, last = {}, None
    for line in done.stdout.splitlines():
        if line.startswith("["):
            name, _, state = line[7:].partition(": ")
            last = found.setdefault(name, (line[:6], state, []))
        elif line.startswith("      ") and last:
            last[2].append(line.strip())
    return found, done


def device_of(found, name):
    return next((finding for key, finding in found.items() if key.startswith(name)), None)


def well(tour, what):
    found, done = examine(tour.stage)
    for name in ("document printer", "ticket printer", "card reader", "scanner", "Dinas server"):
        finding = device_of(found, name)
        tour.check("%s: %s" % (what, name), finding is not None and finding[0] == "[ ok ]", finding)
    tour.check("%s: the kiosk could open" % what, done.returncode == 0,
               (done.returncode, done.stdout[-300:] + done.stderr))


def others_down(found, name):
    return [key for key, other in found.items() if other[0] == "[down]" and not key.startswith(name)]


def named(tour, what, name, word, indonesian, english):
    def seen():
        found, _ = examine(tour.stage)
        finding = device_of(found, name)
        is_told = finding and finding[0] != "[ ok ]" and word in finding[1]
        # What was broken before may take a moment to be well again.
        return (found, finding) if is_told and not others_down(found, name) else None
    try:
        # A card or daemon is noticed within a second of its own; everything else at once.
        found, finding = wait_for(seen, 12, what)
    except TimeoutError:
        found, _ = examine(tour.stage)
        finding = device_of(found, name)
    tour.check("%s: %s" % (what, word or "told"), finding is not None and finding[0] in ("[down]", "[look]")
               and word in finding[1], finding)
    advice = " ".join(finding[2]) if finding else ""
    tour.check("%s: advice in both languages" % what, indonesian in advice and english in advice, advice)
    others = others_down(found, name)
    tour.check("%s: and nothing else is down" % what, not others, others)


def without_token(tour):
    """Before the Dinas has sent its secrets a technician sets the devices up."""
    stage = tour.stage
    path = stage.path("secrets", "token")
    os.rename(path, path + ".away")
    try:
        found, done = examine(stage)
    finally:
        os.rename(path + ".away", path)
    tour.check("without the server's token the kiosk could not open", done.returncode == 1, done.returncode)
    for name in ("document printer", "ticket printer", "card reader", "scanner"):
        finding = device_of(found, name)
        tour.check("and yet the %s is examined" % name, finding is not None and finding[0] == "[ ok ]", finding)


def card(tour):
    """What can be wrong at the card reader, from the card to the daemon."""
    stage = tour.stage
    stage.tell("card", "insert")
    wait_for(lambda: "ktp-el" in device_of(examine(stage)[0], "card reader")[1], 12, "the KTP-el in doctor")
    tour.check("a KTP-el on the reader is seen", True)
    stage.tell("card", "remove")
    stage.tell("card", "mute on")
    stage.tell("card", "insert")
    named(tour, "a mute card", "card reader", "does not answer", "tempelkan lagi", "put it on again")
    stage.tell("card", "remove")
    stage.tell("card", "clear")
    stage.fault("reader-gone")
    named(tour, "pcscd is gone", "card reader", "pcscd does not answer", "layanan pcscd", "service pcscd")
    stage.start_pcscd(pairs=0)
    named(tour, "pcscd without a reader", "card reader", "no reader", "kabel USB", "USB cable")
    stage.fault("reader-gone")
    stage.fault("clear")


def queue(tour):
    """The document printer behind a queue of CUPS: what can be wrong with the queue and its server."""
    stage, straight = tour.stage, tour.stage.document_way
    stage.document_way = {"uri": None, "queue": "dokumen"}    # the office names a printer itself
    stage.write_overlay()
    found, _ = examine(stage)
    finding = device_of(found, "document printer")
    tour.check("a queue is ready, and could be left out", finding and finding[1].startswith("ready")
               and "through the CUPS queue dokumen" in finding[1] and "takes IPP itself" in " ".join(finding[2]),
               finding)
    for breaks, mends, word in (("cupsdisable", "cupsenable", "stopped"),
                                ("cupsreject", "cupsaccept", "not-accepting-jobs")):
        at_queue(stage, breaks)
        named(tour, breaks, "document printer", word, "jalankan %s dokumen" % mends, "run %s dokumen" % mends)
        at_queue(stage, mends)
    stage.cups.stop()
    named(tour, "cupsd is gone", "document printer", "through the CUPS queue dokumen", "layanan cups", "service cups")
    stage.document_way = straight
    stage.write_overlay()


def at_queue(stage, command):
    server = stage.environment["CUPS_SERVER"]
    wait_for(lambda: run(["/usr/sbin/" + command, "-h", server, "dokumen"]).returncode == 0, 10, command)


def not_permitted(tour):
    """A scanner that the kiosk's user may not read; root may, so it goes without that right."""
    stage = tour.stage
    stage.tell("scanner", "mode 0")
    caps = "-dac_override,-dac_read_search"
    prefix = ["setpriv", "--bounding-set", caps, "--inh-caps", caps] if os.geteuid() == 0 else []
    found, _ = examine(stage, prefix=prefix)
    finding = device_of(found, "scanner")
    tour.check("a scanner that may not be read", finding and "not-permitted" in finding[1], finding)
    tour.check("and who has to be let in", finding and "grup input" in " ".join(finding[2])
               and "group input" in " ".join(finding[2]), finding)
    stage.tell("scanner", "mode 600")


def run(command):
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def report(tour):
    """As a file and on paper: the same bytes, readable, with its font, and told truthfully."""
    stage, journal = tour.stage, tour.journal
    stage.tell("ticket", "paper low")
    path = stage.path("report.pdf")
    sheets = stage.sheets()
    found, done = examine(stage, "--report", path, "--print-report")
    tour.check("the report is printed", done.returncode == 0 and "The report is printed." in done.stdout,
               done.stdout[-400:] + done.stderr)
    with open(path, "rb") as f:
        file = f.read()
    with open(stage.documents()[-1], "rb") as f:
        tour.check("what came out is the file, byte for byte", f.read() == file)
    tour.check("sheets came out", stage.sheets() > sheets, (sheets, stage.sheets()))
    job = stage.ask("document", "jobs")[-1]
    tour.check("the job's title says what it is, and of nobody", job["name"].startswith("laporan-kesiapan-"), job["name"])
    journal.keep(path, "readiness-report.pdf")
    run(["pdftoppm", "-r", "80", "-png", path, journal.path("readiness-report")])
    text = " ".join(run(["pdftotext", path, "-"]).stdout.split())
    for words in ("Laporan kesiapan anjungan", "Disdukcapil Kabupaten Tabalong", "Anjungan 1",
                  "Printer antrean: kertas hampir habis", "ticket printer: paper is low", "siapkan isi ulang",
                  "Printer dokumen: siap", "Pembaca kartu: siap", "WITA"):
        tour.check("it says: " + words, words in text, text[:1500])
    for name in found:
        tour.check("it has the finding " + name, name in text)
    fonts = run(["pdffonts", path]).stdout.splitlines()[2:]
    tour.check("its font is embedded", fonts and all("Inter" in f and "yes yes yes" in f for f in fonts), fonts)
    stage.fault("clear")

    jobs = len(stage.ask("document", "jobs"))
    stage.tell("document", "reasons media-empty")
    _, done = examine(stage, "--print-report")
    tour.check("without paper it says that it was not printed", done.returncode == 3
               and "was not printed: out of paper" in done.stdout and "tidak dicetak: kertas habis" in done.stdout,
               done.stdout[-400:])
    tour.check("and nothing reached the printer", len(stage.ask("document", "jobs")) == jobs)
    stage.fault("clear")
    _, done = examine(stage, "--report", "/proc/nowhere/report.pdf")
    tour.check("a file that cannot be written is told", done.returncode == 3 and "cannot be written" in done.stderr,
               (done.returncode, done.stderr))


def beside_a_kiosk(tour):
    """A kiosk has its printer for itself: the doctor looks, and prints nothing beside it."""
    stage = tour.stage
    stage.start_screen()
    stage.start_kiosk()
    wait_for(lambda: stage.health()[1]["devices"].get("scanner_1", {}).get("state") == "ready", 30,
             "the kiosk's scanner")
    jobs = len(stage.ask("document", "jobs"))
    found, done = examine(stage, "--print-report")
    tour.check("the report is not printed beside an open kiosk", done.returncode == 3
               and "A kiosk is open" in done.stdout and len(stage.ask("document", "jobs")) == jobs,
               done.stdout[-300:])
    scanner = device_of(found, "scanner")
    tour.check("its scanner is well in its hands", scanner and scanner[0] == "[ ok ]"
               and "held by the kiosk" in scanner[1], scanner)
    printer = device_of(found, "ticket printer")
    tour.check("its ticket printer is asked and not tried", printer and printer[0] == "[ ok ]"
               and "its confirmation was not tried" in printer[1], printer)
    reader = device_of(found, "card reader")
    tour.check("and pcscd answers the doctor, too", reader and reader[0] == "[ ok ]", reader)
    stage.stop_kiosk()
