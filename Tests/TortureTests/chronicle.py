"""The record of who did what: its chain, and an entry for each step that the other tables know."""
import hashlib
from collections import Counter


def check(proof, records):
    chain(proof, records)
    entries = Counter((row["what"], row["subject"], row["result"]) for row in records.audit)
    counts = Counter((row["what"], row["subject"]) for row in records.audit)

    def once(what, subject, result=None):
        count = counts[what, subject] if result is None else entries[what, subject, result]
        proof.expect(count == 1, records.name, "has", count, "entries", what, result or "", "of", subject)

    for row in records.rows["ticket"]:
        once("ticketIssued", row["id"], "%s %s-%03d %s" % (row["origin"], row["series"], row["number"], row["local_date"]))
        if row["printed"] is not None:
            proof.expect(counts["ticketPaper", row["id"]] > 0, records.name, "has no entry of the paper of", row["id"])
    for row in records.rows["number_request"]:
        if row["state"] == "voided":
            once("ticketVoided", row["id"])
    for key, row in records.ledger.items():
        once("printReserved", key)
        for column, what in (("submitted_at", "printSubmitted"), ("printing_at", "printPrinting"),
                             ("settled_at", "printSettled")):
            if row[column] is not None:
                once(what, key)
        if row["finding"]:
            once("printSettledByStaff", key, row["finding"])
    known = {row["id"] for row in records.rows["ticket"]}
    lost = [subject for subject, _ in records.entries("ticketIssued") if subject not in known]
    proof.expect(not lost, records.name, "has entries of numbers that it does not keep:", lost)
    lost = [subject for subject, _ in records.entries("printReserved") if subject not in records.ledger]
    proof.expect(not lost, records.name, "has entries of prints that it does not keep:", lost)


def chain(proof, records):
    before = ""
    for place, row in enumerate(records.audit, 1):
        fields = [before, row["seq"], row["at"], row["who"], row["what"], row["subject"], row["result"]]
        whole = "".join("%d:%s" % (len(str(field).encode()), field) for field in fields).encode()
        good = row["seq"] == place and row["hash"] == hashlib.sha256(whole).hexdigest()
        if not proof.expect(good, records.name, "the audit chain breaks at entry", place):
            return
        before = row["hash"]


def heads(proof):
    """Where the server was told that a chain ends, it went on, and is still the same."""
    known = {(row["seq"], row["hash"]) for records in proof.records for row in records.audit}
    for event in proof.server["events"]:
        if event["kind"] == "auditHead":
            proof.expect((event["sequence"], event["hash"]) in known, "the audit chain that the server knows ends at",
                         event["sequence"], "and no kiosk has that entry")


def voids(proof):
    """What the server took back is what kiosks voided."""
    at_server = Counter(void["id"] for void in proof.server["book"]["voids"])
    kept = Counter(row["id"] for records in proof.records for row in records.rows["number_request"]
                   if row["state"] == "voided")
    proof.expect(at_server == kept, "the server took back", dict(at_server - kept), "that no kiosk voided, and not",
                 dict(kept - at_server))
