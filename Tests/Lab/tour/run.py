#!/usr/bin/env python3
"""run.py - the tour: every journey by real touches on an Xorg of its own. Started by scripts/demo --tour.

    run.py --build DIR [--only NAME ...] OUT

Exit status: 0 when every journey ended as it should, 1 when not, 2 when the stage did not come up.
"""
import argparse
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True

import journeys                                         # noqa: E402
import labtools                                         # noqa: E402
import people                                           # noqa: E402
from children import ChildFailed                        # noqa: E402
from journal import Journal                             # noqa: E402
from scene import NotShown                              # noqa: E402
from stage import Options, Stage, wait_for                        # noqa: E402
from visitor import Visitor                             # noqa: E402

# Words of the demonstration's own descriptions ("shows" in citizens.yaml).
KINDS = {"ready": "siap dicetak", "tampered": "diubah", "expired-signer": "penandatangan kedaluwarsa",
         "card-only": "kartu, diambil", "nothing": "tidak ada"}


class Tour:
    def __init__(self, stage, journal):
        self.stage, self.journal, self.visitor = stage, journal, Visitor(stage, journal)
        self.citizens = people.read(stage.options.demonstration)
        self.check, self.note = journal.check, journal.note

    def people(self, kind):
        """All citizens who show `kind`, a key of KINDS, or who have an application (status)."""
        if kind == "status":
            found = [p for p in self.citizens if p.get("applications")]
        else:
            found = [p for p in self.citizens if KINDS[kind] in p["shows"].lower()]
        if not found:
            raise LookupError("no citizen of the demonstration shows: " + kind)
        return found

    def person(self, kind, number=0):
        """One of them. A document is printed once, so a journey that prints takes one of its own."""
        found = self.people(kind)
        if number >= len(found):
            raise LookupError("only %d citizens show: %s" % (len(found), kind))
        return found[number]

    def plain_service(self):
        """A service that gives a number without asking who one is; rather one with requirements."""
        folder, found = os.path.join(self.stage.options.office, "services"), []
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), encoding="utf-8") as f:
                text = f.read()
            asks = re.search(r"^ticketIdentity:\s*\"?(\w+)", text, re.M)
            named = re.search(r"^id:\s*\"?([\w-]+)", text, re.M)
            if named and (not asks or asks[1] == "none"):
                found.append((not re.search(r"^requirements:", text, re.M), named[1]))
        if not found:
            raise LookupError("every service asks for an identity")
        return min(found)[1]

    def trust_arguments(self):
        trust = self.stage.options.trust
        crl = os.path.join(trust, "crl")
        return ["--trust", trust] + (["--crl", crl] if os.path.isdir(crl) else [])


def drive(arguments):
    journal = Journal(arguments.out)
    stage = Stage(Options(build=arguments.build), say=journal.note)
    status = 2
    try:
        journal.heading("The stage")
        stage.start()
        tour = Tour(stage, journal)
        journal.check("the kiosk is ready (readyz)", ready(stage), stage.health()[1])
        for title, journey in journeys.ALL:
            if arguments.only and journey.__name__ not in arguments.only:
                continue
            run_one(tour, title, journey)
        journal.heading("The end")
        code = stage.stop_kiosk()
        journal.check("the kiosk ends cleanly on SIGTERM", code == 0, code)
        status = 0 if not journal.failed else 1
    except labtools.Stop as e:
        journal.failed.append("stopped by %s" % e)
    except (ChildFailed, NotShown, OSError, LookupError) as e:
        journal.check("the stage comes up", False, e)
    finally:
        if os.path.isdir(stage.path("log")):
            for name in ("kiosk.log", "dinas-simulator.log"):
                if os.path.exists(stage.path("log", name)):
                    journal.keep(stage.path("log", name), name)
        stage.stop()
        left = stage.left_behind()
        if not journal.check("no process is left behind", not left, left):
            status = status or 1
        journal.write()
    print("==> %d checks held, %d did not; %s" % (journal.passed, len(journal.failed), journal.path("report.md")))
    for what in journal.failed:
        print("    ✗ " + what)
    return status


def ready(stage):
    try:
        return wait_for(lambda: stage.health("readyz")[0] == 200, 30, "readyz")
    except (TimeoutError, OSError):
        return False


def run_one(tour, title, journey):
    """One journey; whatever happens in it, the next begins on the home screen with all well."""
    journal, failed = tour.journal, len(tour.journal.failed)
    journal.heading(title)
    tour.visitor.pictured = None
    try:
        journey(tour)
    except (NotShown, TimeoutError, LookupError, KeyError, OSError, RuntimeError, ValueError) as e:
        journal.check("the journey ends as it should", False, "%s: %s" % (type(e).__name__, e))
        try:
            journal.picture(tour.stage, "failed-" + journey.__name__)
        except (OSError, RuntimeError):
            pass
    journal.journeys.append((title, len(journal.failed) == failed))
    if len(journal.failed) > failed:
        recover(tour)


def recover(tour):
    stage = tour.stage
    try:
        if not stage.server.running():
            stage.restart_server()
        stage.fault("clear")
        if not stage.kiosk.running():
            tour.journal.check("the kiosk is still running", False, stage.kiosk.tail())
            stage.stop_kiosk()
            stage.start_kiosk()
        tour.visitor.leave(seconds=150)
    except (NotShown, ChildFailed, OSError, RuntimeError):
        stage.stop_kiosk()
        stage.start_kiosk()


def main():
    p = argparse.ArgumentParser(description="drives the kiosk through its journeys")
    p.add_argument("--build", required=True, help="folder of the built programs")
    p.add_argument("--only", nargs="*", metavar="NAME",
                   help="only these: %s" % " ".join(j.__name__ for _, j in journeys.ALL))
    p.add_argument("out", help="folder for pictures and the report")
    labtools.stop_on_signals()
    sys.exit(drive(p.parse_args()))


if __name__ == "__main__":
    main()
