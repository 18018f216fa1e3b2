"""The paper that people hold in their hands: a number that the kiosk keeps, on its day, at its time."""
import re
import time

from citizens import NUMBER

MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
          "November", "Desember"]
DAY = re.compile(r"\b(\d{1,2}) (%s) (\d{4})\b" % "|".join(MONTHS))
TIME = re.compile(r"\bPukul (\d\d)\.(\d\d)\b")
TITLE, COMPLAINT = "NOMOR ANTREAN", "NOMOR PENGADUAN"


def check(proof, records):
    numbers = {(row["local_date"], number(row)): row for row in records.rows["ticket"]}
    complaints = {event["number"]: event["id"] for event in proof.server["events"] if event["kind"] == "complaint"}
    # What was not cut was torn off: nobody takes it for a ticket.
    for lines in (piece for paper in records.papers for piece in paper.get("pieces", [])):
        text = "\n".join(lines)
        if COMPLAINT in text:
            proof.expect(any(line in complaints for line in lines), records.name,
                         "printed a complaint that the server does not know:", text)
        if TITLE not in text:
            continue
        found, day, clock = NUMBER.findall(text), DAY.search(text), TIME.search(text)
        if not proof.expect(len(found) == 1 and day and clock, records.name, "printed a number nobody can read:", text):
            continue
        date = "%s-%02d-%02d" % (day[3], MONTHS.index(day[2]) + 1, int(day[1]))
        row = numbers.get((date, found[0]))
        if proof.expect(row is not None, records.name, "printed", found[0], "of", date, "and forgot it"):
            given = time.strftime("%H.%M", time.gmtime(row["issued_at"] / 1000 + proof.ZONE * 3600))
            proof.expect("%s.%s" % (clock[1], clock[2]) == given, records.name, "printed", found[0], "with the time",
                         clock[0], "and keeps", given)
            proof.expect(row["id"] in proof.given, records.name, "printed", found[0], "which the server does not know")
    kept = {row["id"]: row for row in records.rows["ticket"]}
    for id, in records.promised("paper"):
        row = kept.get(id)
        proof.expect(row and row["printed"] == 1, records.name, "told that a number is on paper, and keeps otherwise:", id)
        text = row and "%s" % number(row)
        proof.expect(row is None or any(text in " ".join(paper.get("text", [])) for paper in records.papers),
                     records.name, "told that", text, "is on paper, and no printer has it")


def number(row):
    return "%s-%03d" % (row["series"], row["number"])
