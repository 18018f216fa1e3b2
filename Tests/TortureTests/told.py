"""What people told the kiosks, held item by item against what the server got: nothing lost, nothing
twice, and nothing that nobody told."""
from collections import Counter

# The log names these when they are in the outbox; those of prints and numbers stand in other records.
KINDS = {"survey", "staffCall", "complaint", "auditHead"}


def check(proof):
    at_server = {event["id"]: event["kind"] for event in proof.server["events"] if event["kind"] in KINDS}
    sender = {entry["key"]: entry["kiosk"] for entry in proof.lobby.network.record if entry["key"]}
    for records in proof.records:
        logged = {}
        for start, life in enumerate(records.lives):
            items = records.logged("outbox.enqueued", start)
            logged.update({item["id"]: item["kind"] for item in items})
            one_life(proof, records, start, life, Counter(item["kind"] for item in items))
        numbers = {event["id"]: event["number"] for event in proof.server["events"] if event["kind"] == "complaint"}
        for id, text in records.promised("complaint"):
            proof.expect(numbers.get(id) == text, records.name, "took the complaint", text, "and lost it:", id)
        filed = Counter(subject for subject, _ in records.entries("complaintFiled"))
        mine = {id for id in numbers if sender.get(id) == records.name}
        proof.expect(filed == Counter(mine), records.name, "has other complaints on record than it sent:",
                     sorted(set(filed) ^ mine))
        for id, kind in logged.items():
            proof.expect(at_server.get(id) == kind, records.name, "kept an item of kind", kind, "which is lost:", id)
        # What was committed at the very moment of a kill was not said any more.
        unsaid = [id for id in at_server if sender.get(id) == records.name and id not in logged]
        proof.expect(len(unsaid) <= records.kiosk.kills, records.name, "sent", len(unsaid),
                     "items that it never said it kept:", [(id, at_server[id]) for id in unsaid])
    strangers = [id for id in at_server if sender.get(id) not in {records.name for records in proof.records}]
    proof.expect(not strangers, "the server has items that no kiosk sent:", strangers)


def one_life(proof, records, start, life, kept):
    """From one start to its end: each answer that the glass took for stored is kept once."""
    said = Counter(words[0] for words in life)
    scores = sum(words[0] == "touch" and words[1].startswith("score:") for words in life)
    calls = len(records.logged("staff.called", start))
    proof.expect(kept["survey"] >= said["survey"], records.name, "answers lost in life", start, ": promised", said["survey"],
                 "and kept", kept["survey"])
    proof.expect(kept["survey"] <= scores, records.name, "more answers in life", start, "than were given:",
                 kept["survey"], "of", scores)
    proof.expect(said["staff"] <= kept["staffCall"] <= calls, records.name, "calls in life", start, ": promised",
                 said["staff"], "kept", kept["staffCall"], "of", calls)
