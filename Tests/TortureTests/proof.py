"""What must hold after a round, whatever happened in it: held against the record of the server, of
the printers and of the glass, and against every kiosk's database."""
import hashlib
import os
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing

import people as demonstration_people
from citizens import NUMBER
from lobby import today


class Proof:
    def __init__(self, lobby, kiosks):
        self.lobby, self.kiosks = lobby, kiosks
        self.found, self.kept = [], set()
        self.server = lobby.ask_server("status")
        self.given = {ticket["id"]: ticket for ticket in self.server["tickets"]}

    def expect(self, holds, *words):
        if not holds:
            self.found.append(" ".join(str(w) for w in words))
        return holds

    def problems(self):
        self.server_record()
        self.requests()
        for kiosk in self.kiosks:
            with closing(sqlite3.connect("file:%s?mode=ro" % kiosk.database, uri=True)) as store:
                store.row_factory = sqlite3.Row
                self.database(kiosk, store)
                self.tickets(kiosk, store)
                self.audit(kiosk, store)
            self.expect(not kiosk.out_of_service, kiosk.name, "went out of service:", kiosk.out_of_service)
        strangers = set(self.given) - self.kept
        self.expect(not strangers, "the server counts on numbers that no kiosk has given:",
                    sorted(number(self.given[id]) for id in strangers))
        self.items()
        self.prints()
        self.secrets()
        return self.found

    # -- the server

    def server_record(self):
        tickets = self.server["tickets"]
        self.expect(len(self.given) == len(tickets), "the server has a ticket twice:", doubles(t["id"] for t in tickets))
        numbers = [(t["date"], number(t)) for t in tickets]
        self.expect(len(set(numbers)) == len(numbers), "a number was given twice:", doubles(numbers))
        events = [event["id"] for event in self.server["events"]]
        self.expect(len(set(events)) == len(events), "the server has an event twice:", doubles(events))

    def requests(self):
        """A key stands for one request for ever."""
        bodies = defaultdict(set)
        for entry in self.lobby.network.record:
            if entry["key"]:
                bodies[entry["path"], entry["key"]].add(entry["body"])
        changed = [key for key, found in bodies.items() if len(found) > 1]
        self.expect(not changed, "one idempotency key with different requests:", changed)

    # -- a kiosk's store

    def database(self, kiosk, store):
        check = [row[0] for row in store.execute("PRAGMA integrity_check")]
        self.expect(check == ["ok"], kiosk.name, "integrity_check:", check[:3])
        dead = [tuple(row) for row in store.execute("SELECT kind, stream, dead_reason FROM outbox "
                                                    "WHERE dead_reason IS NOT NULL")]
        self.expect(not dead, kiosk.name, "dead letters:", dead)
        left = [row[0] for row in store.execute("SELECT id FROM outbox WHERE dead_reason IS NULL")]
        self.expect(not left, kiosk.name, "never told the server:", left)

    def tickets(self, kiosk, store):
        rows = {row["id"]: row for row in store.execute("SELECT * FROM ticket")}
        kept = {id: row for id, row in rows.items() if row["number"] is not None}
        numbers = [(r["local_date"], r["series"], r["number"]) for r in kept.values()]
        self.expect(len(set(numbers)) == len(numbers), kiosk.name, "has a number twice:", doubles(numbers))
        self.kept |= set(kept)
        days = kiosk.days | {today()}
        wrong = [(r["series"], r["number"], r["local_date"]) for r in kept.values() if r["local_date"] not in days]
        self.expect(not wrong, kiosk.name, "gave numbers of another day:", wrong)
        for id in kept:
            self.expect(id in self.given, kiosk.name, "keeps a ticket that the server does not know:", id)
        promised = {}
        for words in map(str.split, kiosk.promises):
            if words[0] == "ticket":
                promised[words[3]] = words[1]
        for id, text in promised.items():
            self.expect(id in kept, kiosk.name, "showed", text, "and forgot it")
            self.expect(id in self.given and number(self.given[id]) == text, kiosk.name, "showed", text,
                        "which the server does not know")
        known = {number(t) for t in self.given.values()}
        lost = kiosk.shown - known
        self.expect(not lost, kiosk.name, "numbers on the glass that nobody keeps:", sorted(lost))
        for paper in kiosk.tickets():
            self.paper(kiosk, paper, kept)

    def paper(self, kiosk, paper, kept):
        codes = [event["qr"] for event in paper.get("events", []) if isinstance(event, dict) and "qr" in event]
        found = NUMBER.findall(" ".join(paper.get("text", [])))
        if not codes or "cut" not in paper.get("events", []):
            return                                   # torn off: nobody takes it for a ticket
        text, date, id = codes[0].split()
        self.expect(text in found, kiosk.name, "printed", text, "only in the code:", found)
        ticket = self.given.get(id)
        self.expect(ticket is not None and number(ticket) == text, kiosk.name, "printed", text,
                    "which the server does not know")
        self.expect(id in kept, kiosk.name, "printed", text, "and forgot it")

    def audit(self, kiosk, store):
        before = ""
        for place, row in enumerate(store.execute("SELECT * FROM audit ORDER BY seq"), 1):
            fields = [before, row["seq"], row["at"], row["who"], row["what"], row["subject"], row["result"]]
            whole = "".join("%d:%s" % (len(str(f).encode()), f) for f in fields).encode()
            good = row["seq"] == place and row["hash"] == hashlib.sha256(whole).hexdigest()
            if not self.expect(good, kiosk.name, "the audit chain breaks at entry", place):
                return
            before = row["hash"]

    # -- what people told

    def items(self):
        events = Counter(kind_of(event) for event in self.server["events"])
        promises = Counter(line for kiosk in self.kiosks for line in kiosk.promises)
        scores = sum(count for line, count in promises.items() if line.startswith("touch score:"))
        self.expect(events["survey"] >= promises["survey"], "answers lost: promised", promises["survey"],
                    "the server has", events["survey"])
        self.expect(events["survey"] <= scores, "more answers than were given:", events["survey"], "of", scores)
        self.expect(events["staffCall"] >= promises["staff"], "calls lost: promised", promises["staff"],
                    "the server has", events["staffCall"])

    # -- rights and paper

    def prints(self):
        papers = defaultdict(list)                   # by document: jobs of which anything came out
        for kiosk in self.kiosks:
            with closing(sqlite3.connect("file:%s?mode=ro" % kiosk.database, uri=True)) as store:
                store.row_factory = sqlite3.Row
                ledger = {row["job_key"]: row for row in store.execute("SELECT * FROM print_job")}
            jobs = defaultdict(list)
            for job in kiosk.jobs():
                jobs[job["name"]].append(job)
            for key, found in jobs.items():
                row = ledger.get(key)
                out = [job for job in found if job["printed"] > 0]
                if not self.expect(row is not None or not out, kiosk.name, "paper without a ledger entry:", key):
                    continue
                if row and out:
                    papers[row["document_id"]] += out
                self.expect(len(found) <= 1, kiosk.name, "sent one job", len(found), "times:", key)
            for key, row in ledger.items():
                found = jobs.get(key, [])
                whole = [job for job in found if job["state"] == "completed" and job["printed"] == job["impressions"]]
                some = [job for job in found if job["printed"] > 0]
                if row["outcome"] == "delivered":
                    self.expect(whole, kiosk.name, "a right spent without paper:", key, found)
                elif row["outcome"] in ("notPrinted", "released"):
                    self.expect(not some, kiosk.name, "a right given back though paper came out:", key)
                else:
                    self.expect(row["outcome"] == "unknown", kiosk.name, "a print without an end:", key, row["outcome"])
        for document, jobs in papers.items():
            self.expect(len(jobs) <= 1, "a single-use document came out", len(jobs), "times:", document,
                        [(j["name"], j["state"], j["printed"]) for j in jobs])

    # -- nothing of anybody where it does not belong

    def secrets(self):
        people = demonstration_people.read(self.lobby.demonstration)
        niks = [p["nik"] for p in people]
        for kiosk in self.kiosks:
            for name in sorted(os.listdir(kiosk.path("log"))):
                with open(kiosk.path("log", name), errors="replace") as f:
                    text = f.read()
                self.expect(not any(nik in text for nik in niks), kiosk.name, "a NIK in the log", name)
            self.expect("Fatal error" not in text, kiosk.name, "a crash in the log")


def number(ticket):
    """A ticket's number as people read it."""
    return "%s-%03d" % (ticket["number"]["series"], ticket["number"]["number"])


def kind_of(event):
    return event.get("kind") or next((k for k in ("survey", "staffCall", "printReserved", "printOutcome") if k in event), "?")


def doubles(items):
    return [item for item, count in Counter(items).items() if count > 1][:5]
