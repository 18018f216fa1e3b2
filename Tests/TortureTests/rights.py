"""Print rights and paper: the ledgers of all kiosks, held against what the printers did, what the
glass said and what the server counts."""
from collections import Counter, defaultdict

from office import PICKED_UP_AT


def check(proof):
    for records in proof.records:
        paper(proof, records)
        glass(proof, records)
    single_use(proof)
    server(proof)
    leases(proof)


def paper(proof, records):
    """Each ledger entry against what came out of the printer under its key."""
    for key, found in records.jobs.items():
        out = [job for job in found if job["printed"] > 0]
        proof.expect(key in records.ledger or not out, records.name, "paper without a ledger entry:", key)
        proof.expect(len(found) <= 1, records.name, "sent one job", len(found), "times:", key)
    for key, row in records.ledger.items():
        found = records.jobs.get(key, [])
        if row["outcome"] == "delivered":
            whole = [job for job in found if job["state"] == "completed" and job["printed"] == job["impressions"]]
            proof.expect(whole or handed_over(row, found), records.name, "a right spent without paper:", key, found)
        elif row["outcome"] == "notPrinted":
            kept = [job for job in found if job["printed"] > 0] and row["finding"] != "destroyed"
            proof.expect(not kept, records.name, "a right given back though paper came out:", key)
        else:
            proof.expect(row["outcome"] == "unknown", records.name, "a print without an end:", key, row["outcome"])


def handed_over(row, found):
    """Staff know what they saw; here they say the truth."""
    return row["finding"] == "handedOver" and any(job["printed"] > 0 for job in found)


def single_use(proof):
    papers = defaultdict(list)                       # by document: jobs of which anything came out
    for records in proof.records:
        for key, found in records.jobs.items():
            row = records.ledger.get(key)
            if row and row["finding"] != "destroyed":
                papers[row["document_id"]] += [job for job in found if job["printed"] > 0]
    for document, jobs in papers.items():
        proof.expect(len(jobs) <= 1, "a single-use document came out", len(jobs), "times:", document,
                     [(job["name"], job["state"], job["printed"]) for job in jobs])


def first_outcomes(records):
    """What each job came to before staff looked: by key."""
    return {key: "unknown" if row["finding"] else row["outcome"] for key, row in records.ledger.items()}


def glass(proof, records):
    """What a citizen was told of a document is in the ledger, and what the log says of a job, too."""
    ledger = Counter((row["document_id"], first_outcomes(records)[key]) for key, row in records.ledger.items())
    told = Counter((words[1], words[0]) for words in records.promised("print") if len(words) > 1)
    for (document, outcome), count in told.items():
        # One that never began needs no entry.
        proof.expect(outcome == "notPrinted" or count <= ledger[document, outcome], records.name, "told", count,
                     "times that", document, "is", outcome, "and keeps", ledger[document, outcome])
    for line in records.logged("print.settled") + records.logged("print.recovered"):
        if line.get("job") in records.inherited:
            continue
        kept = first_outcomes(records).get(line.get("job"))
        proof.expect(kept == line.get("outcome"), records.name, "settled", line.get("job"), "as", line.get("outcome"),
                     "and keeps", kept)


def server(proof):
    """Each entry of a ledger is told once, with its end; and nothing is told that no ledger has."""
    reserved, ended = defaultdict(list), defaultdict(list)
    for event in proof.server["events"]:
        if event["kind"] == "printReserved":
            reserved[event["jobKey"]].append((event["documentID"], event.get("leaseID")))
        elif event["kind"] == "printOutcome":
            ended[event["jobKey"]].append((event["documentID"], event["outcome"], event.get("finding")))
    known, delivered, unknown = set(), Counter(), set()
    for records in proof.records:
        for key, row in records.ledger.items():
            known.add(key)
            document = row["document_id"]
            delivered[document] += row["outcome"] == "delivered"
            if row["outcome"] == "unknown":
                unknown.add(document)
            proof.expect(reserved[key] == [(document, row["lease_id"])], records.name, "the server was told of the print",
                         key, "under", row["lease_id"], ":", reserved[key])
            ends = [(document, first_outcomes(records)[key], None)]
            ends += [(document, row["outcome"], row["finding"])] if row["finding"] else []
            proof.expect(ended[key] == ends, records.name, "the print", key, "ended", ends, "and the server was told", ended[key])
    known |= set().union(*(records.inherited for records in proof.records))
    strangers = {key for key in list(reserved) + list(ended) if reserved[key] or ended[key]} - known
    proof.expect(not strangers, "the server was told of prints that no kiosk keeps:", sorted(strangers))
    for document, left in proof.server["printsLeft"].items():
        right = proof.granted.get(document, 0) - delivered[document]
        right = 0 if document in unknown else max(0, right)
        proof.expect(left == right, "the server counts", left, "prints left of", document, "and", right, "are:",
                     delivered[document], "delivered", "one unknown" if document in unknown else "")


def leases(proof):
    """Hours later nobody has a right but those that are picked up there; and a kiosk believes in no
    right that the server does not know it has."""
    now = proof.lobby.now()
    if proof.lobby.has_dinas_jumped:                 # it lent until a time that was none
        return
    running = {}
    for document, lent in proof.server["leases"].items():
        for lease in lent:
            if lease["until"] <= now or lease["isReturned"]:
                continue
            running[lease["id"]] = document, lease["kiosk"]
            place = next((kiosk for n, kiosk in PICKED_UP_AT.items() if document == "uji-%d" % n), None)
            proof.expect(place == lease["kiosk"], "the right of", document, "is still lent to", lease["kiosk"])
    for records in proof.records:
        for row in records.rows["print_lease"]:
            if row["until"] > now:
                proof.expect(running.get(row["lease_id"]) == (row["document_id"], records.name), records.name,
                             "believes in a right that it does not have:", row["document_id"])
