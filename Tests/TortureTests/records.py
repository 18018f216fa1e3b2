"""What one kiosk leaves behind after a round: the rows of its store, its log, its papers, and what it
promised to citizens."""
import os
import re
import sqlite3
from collections import defaultdict
from contextlib import closing

TABLES = ["ticket", "number_request", "print_job", "print_lease", "outbox", "audit"]
LINE = re.compile(r"^\S+ (\w+) anjungan: (.*?) ?\[\w+\] ([\w.-]+)$", re.M)
FIELD = re.compile(r"(\w+)=(\S+)")


class Records:
    def __init__(self, kiosk):
        self.kiosk, self.name = kiosk, kiosk.name
        with closing(sqlite3.connect("file:%s?mode=ro" % kiosk.database, uri=True)) as store:
            store.row_factory = sqlite3.Row
            self.check = [row[0] for row in store.execute("PRAGMA integrity_check")]
            self.rows = {table: [dict(row) for row in store.execute("SELECT * FROM %s" % table)] for table in TABLES}
        self.inherited = kiosk.inherited
        # What an earlier version did was not written down as this one does it.
        self.old = {table: [row for row in rows if row.get("id", row.get("job_key")) in self.inherited]
                    for table, rows in self.rows.items()}
        for table, rows in self.old.items():
            self.rows[table] = [row for row in self.rows[table] if row not in rows]
        self.audit = sorted(self.rows["audit"], key=lambda row: row["seq"])
        self.ledger = {row["job_key"]: row for row in self.rows["print_job"]}
        self.jobs = defaultdict(list)                # what the printer got, by the key it was given
        for job in kiosk.jobs():
            self.jobs[job["name"]].append(job)
        self.papers = kiosk.tickets()
        self.logs = {}
        for name in os.listdir(kiosk.path("log")):
            with open(kiosk.path("log", name), errors="replace") as f:
                self.logs[int(name.split(".")[0])] = f.read()
        self.lives = [[]]                            # what was promised, by start; none before the first
        for line in kiosk.promises:
            if line.startswith("start "):
                self.lives.append([])
            self.lives[-1].append(line.split())

    def logged(self, event, start=None):
        """The fields of each such line in the log of one start, or of all."""
        texts = self.logs.values() if start is None else [self.logs.get(start, "")]
        return [dict(FIELD.findall(fields)) for text in texts
                for _, fields, name in LINE.findall(text) if name == event]

    def promised(self, word):
        """What follows that word in each promise that begins with it."""
        return [words[1:] for life in self.lives for words in life if words[0] == word]

    def entries(self, what):
        """The record's entries of one kind, as (subject, result)."""
        return [(row["subject"], row["result"]) for row in self.audit if row["what"] == what]
