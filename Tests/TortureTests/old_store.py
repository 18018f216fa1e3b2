"""A store that an earlier version of the kiosk wrote (Tests/Fixtures/stores), as if it were of yesterday."""
import os
import shutil
import sqlite3
from contextlib import closing

FIXTURES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Fixtures", "stores")
KEY = "07" * 32
# What is in it: numbers, and prints with what becomes of them when nobody knows more.
TICKETS = {"t1", "t2", "t3", "tp"}
JOBS = {"job-done": "delivered", "job-unknown": "unknown", "job-running": "unknown"}
WRITTEN = 1_800_000_000_000, "2027-01-15"


def put(version, database, at, date):
    """at: milliseconds; date: the office's. Its answers go, whose bodies no version would read."""
    shutil.copy(os.path.join(FIXTURES, version + ".sqlite"), database)
    os.chmod(database, 0o600)
    back = WRITTEN[0] - at
    with closing(sqlite3.connect(database)) as store, store:
        store.execute("DELETE FROM outbox WHERE kind = 'survey'")
        store.execute("UPDATE ticket SET local_date = ?, issued_at = issued_at - ?", (date, back))
        store.execute("UPDATE print_job SET reserved_at = reserved_at - ?, submitted_at = submitted_at - ?, "
                      "settled_at = settled_at - ?", (back, back, back))
        store.execute("UPDATE outbox SET created_at = created_at - ?, due_at = due_at - ?", (back, back))
        for seq, body in store.execute("SELECT seq, body FROM outbox").fetchall():
            body = body.replace(str(WRITTEN[0]).encode(), str(at).encode()).replace(WRITTEN[1].encode(), date.encode())
            store.execute("UPDATE outbox SET body = ? WHERE seq = ?", (body, seq))
        for table in ("credential_try",):
            store.execute("DELETE FROM %s" % table)
