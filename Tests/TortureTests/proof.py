"""What must hold after a round, whatever happened in it: held against the record of the server, of
the printers and of the glass, and against every kiosk's database."""
import time
from collections import Counter, defaultdict

import people as demonstration_people
import chronicle
import old_store
import privacy
import rights
import slips
import told
from lobby import today
from records import Records


# Milliseconds by which a clock that is believed may be wrong, as long as no server has told the time.
LAG = 11 * 60_000


class Proof:
    ZONE = 8                                         # hours; the office's is WITA

    def __init__(self, lobby, kiosks, server=None):
        self.lobby, self.kiosks = lobby, kiosks
        self.found, self.kept = [], set()
        self.server = server or lobby.ask_server("status")
        self.real_now = int(time.time() * 1000)
        self.records = [Records(kiosk) for kiosk in kiosks]
        self.people = demonstration_people.read(lobby.demonstration)
        self.granted = {document["id"]: 0 if document.get("card") else int(document.get("prints", 1))
                        for person in self.people for document in person.get("documents") or []}
        self.given = {ticket["id"]: ticket for ticket in self.server["tickets"]}

    def expect(self, holds, *words):
        if not holds:
            self.found.append(" ".join(str(w) for w in words))
        return holds

    def problems(self):
        self.server_record()
        self.requests()
        for records in self.records:
            kiosk = records.kiosk
            self.database(records)
            self.tickets(kiosk, records)
            chronicle.check(self, records)
            self.expect(not kiosk.out_of_service, kiosk.name, "went out of service:", kiosk.out_of_service)
            self.inherited(records)
        strangers = set(self.given) - self.kept
        self.expect(not strangers, "the server counts on numbers that no kiosk has given:",
                    sorted(number(self.given[id]) for id in strangers))
        told.check(self)
        rights.check(self)
        chronicle.heads(self)
        chronicle.voids(self)
        privacy.check(self)
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

    def database(self, records):
        self.expect(records.check == ["ok"], records.name, "integrity_check:", records.check[:3])
        dead = [(row["kind"], row["stream"], row["dead_reason"]) for row in records.rows["outbox"] if row["dead_reason"]]
        self.expect(not dead, records.name, "dead letters:", dead)
        left = [(row["kind"], row["body"]) for row in records.rows["outbox"] if not row["dead_reason"]]
        self.expect(not left, records.name, "never told the server:", left)

    def inherited(self, records):
        """What an earlier version gave and printed is still there, whatever happened to the change."""
        self.kept |= records.inherited
        if records.inherited:
            tickets = {row["id"] for row in records.old["ticket"]}
            self.expect(tickets == old_store.TICKETS, records.name, "lost numbers of an earlier version:",
                        sorted(old_store.TICKETS - tickets))
            jobs = {row["job_key"]: "unknown" if row["finding"] else row["outcome"] for row in records.old["print_job"]}
            self.expect(jobs == old_store.JOBS, records.name, "keeps other prints of an earlier version:", jobs)

    def tickets(self, kiosk, records):
        kept = {row["id"]: row for row in records.rows["ticket"]}
        numbers = [(r["local_date"], r["series"], r["number"]) for r in kept.values()]
        self.expect(len(set(numbers)) == len(numbers), kiosk.name, "has a number twice:", doubles(numbers))
        self.kept |= set(kept)
        days = kiosk.days | {today()}
        wrong = [(r["series"], r["number"], r["local_date"]) for r in kept.values() if r["local_date"] not in days]
        self.expect(not wrong, kiosk.name, "gave numbers of another day:", wrong)
        late = [row["id"] for row in kept.values() if not kiosk.began - LAG <= row["issued_at"] <= self.real_now + LAG]
        self.expect(not late, kiosk.name, "gave numbers of another time:", late)
        for id in kept:
            self.expect(id in self.given, kiosk.name, "keeps a ticket that the server does not know:", id)
        for text, _, id in records.promised("ticket"):
            self.expect(id in kept, kiosk.name, "showed", text, "and forgot it")
            self.expect(id in self.given and number(self.given[id]) == text, kiosk.name, "showed", text,
                        "which the server does not know")
        known = {number(t) for t in self.given.values()}
        lost = kiosk.shown - known
        self.expect(not lost, kiosk.name, "numbers on the glass that nobody keeps:", sorted(lost))
        slips.check(self, records)


def number(ticket):
    """A ticket's number as people read it."""
    return "%s-%03d" % (ticket["number"]["series"], ticket["number"]["number"])


def doubles(items):
    return [item for item, count in Counter(items).items() if count > 1][:5]
