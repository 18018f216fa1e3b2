"""The store beside SQLite alone, in turns, in one run: first fill, look-up, numbers, memory.

    store.py --build DIR [--rows N] [--rounds N] [--out DIR]      only this part of the benchmark

The pages are those of the Dinas simulator, byte for byte. The peer of the first fill is the sqlite3
shell: it writes the very rows that ours sealed, in the same order, batches and pragmas. Every program
is timed from its start to its end.
"""
import argparse
import json
import os
import secrets
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

CHECKOUT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(CHECKOUT, "Tests", "Lab"))
sys.dont_write_bytecode = True

import labtools                                         # noqa: E402
from children import Child, ChildFailed                 # noqa: E402

ROWS = 200_000
# What, of what, limit: as the issue asks.
FILL_GOAL, LOOK_UP_GOAL, TICKET_GOAL, MEMORY_GOAL_MB = 2.0, 3.0, 2.0, 150


class Wrong(Exception):
    """A part did not do what it is timed for: its time would mean nothing."""


def pages(build, scratch, rows):
    """Fetches all pages of a simulator that has `rows` invented applications; the folder."""
    folder = os.path.join(scratch, "pages")
    os.makedirs(folder)
    for name in ("lookup.key", "token"):
        with open(os.path.join(scratch, name), "w", encoding="ascii") as f:
            f.write(secrets.token_hex(32) + "\n")
    control = os.path.join(scratch, "control")
    server = Child("dinas-simulator", [
        os.path.join(build, "dinas-simulator"), "--data",
        os.path.join(CHECKOUT, "kiosk-config", "demonstration"), "--control", control,
        "--lookup-key", os.path.join(scratch, "lookup.key"),
        "--token", os.path.join(scratch, "token")], scratch)
    try:
        if not labtools.tell(control, "applications %d" % rows, patience=120).startswith("ok"):
            raise Wrong("the simulator did not make %d applications" % rows)
        with open(os.path.join(scratch, "token"), encoding="ascii") as f:
            headers = {"Authorization": "Bearer " + f.read().strip(), "Accept-Encoding": "identity"}
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        cursor, count = "", 0
        while True:
            url = "http://127.0.0.1:%s/v1/changes?kiosk=bench%s" % (server["PORT"], cursor)
            with opener.open(urllib.request.Request(url, headers=headers), timeout=60) as answer:
                body = answer.read()
            with open(os.path.join(folder, "%06d.json" % count), "wb") as f:
                f.write(body)
            page, count = json.loads(body), count + 1
            if not page["hasMore"]:
                return folder
            cursor = "&since=" + page["cursor"]
    finally:
        server.stop(10)


def run(build, *arguments):
    """One command of store-benchmark: its answer, and seconds from start to end."""
    began = time.monotonic()
    done = subprocess.run([os.path.join(build, "store-benchmark"), *map(str, arguments)],
                          stdout=subprocess.PIPE, check=False)
    took = time.monotonic() - began
    if done.returncode != 0:
        raise Wrong("store-benchmark %s ended with %d" % (arguments[0], done.returncode))
    return json.loads(done.stdout), took


def script(store, path, pragmas, batch):
    """The SQL that writes what lies in `store`: same tables, rows, order, batches and pragmas."""
    with sqlite3.connect(os.path.join(store, "anjungan.sqlite")) as source, \
            open(path, "w", encoding="ascii") as f:
        f.write("PRAGMA journal_mode = WAL;\n" + "".join(p + ";\n" for p in pragmas))
        for (sql,) in source.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name IN ('application', 'meta') AND sql NOT NULL"):
            f.write(sql + ";\n")
        rows = source.execute("SELECT registration, nik, hex(sealed), generation FROM application"
                              " ORDER BY rowid")
        number = 0
        while True:
            some = rows.fetchmany(batch)
            if not some:
                break
            number += len(some)
            f.write("BEGIN IMMEDIATE;\n")
            for row in some:
                f.write("INSERT INTO application(registration, nik, sealed, generation)"
                        " VALUES('%s', '%s', x'%s', %d) ON CONFLICT(registration) DO UPDATE SET"
                        " nik = excluded.nik, sealed = excluded.sealed,"
                        " generation = excluded.generation;\n" % row)
            f.write("INSERT OR REPLACE INTO meta(key, value) VALUES('cursor', CAST('c%d' AS BLOB));\n"
                    "COMMIT;\n" % number)
    return number


def shell(path, database):
    """Seconds that the sqlite3 shell takes for a script, from its start to its end."""
    with open(path, "rb") as source:
        began = time.monotonic()
        subprocess.run(["sqlite3", "-bail", database], stdin=source, stdout=subprocess.DEVNULL, check=True)
        return time.monotonic() - began


def fill(build, scratch, folder, rounds, pragmas, rows):
    """Ours and the shell's first fill in turns, each into a new database."""
    store, database = os.path.join(scratch, "store"), os.path.join(scratch, "shell.sqlite")
    sql = os.path.join(scratch, "fill.sql")
    answer, _ = run(build, "fill", "--pages", folder, "--store", store)
    written = script(store, sql, pragmas, batch=500)
    if not rows <= answer["rows"] == written:
        raise Wrong("%d rows came, %d were stored" % (answer["rows"], written))
    ours, peer, decode = [], [], []
    for _ in range(rounds):
        for name in os.listdir(scratch):
            if name.startswith("shell.sqlite"):
                os.remove(os.path.join(scratch, name))
        shutil.rmtree(store)
        peer.append(shell(sql, database))
        answer, took = run(build, "fill", "--pages", folder, "--store", store)
        ours.append(took)
        decode.append(answer["decodeSeconds"])
    with sqlite3.connect(database) as db:
        (there,) = db.execute("SELECT COUNT(*) FROM application").fetchone()
        if there != written:
            raise Wrong("the shell wrote %d rows of %d" % (there, written))
    os.remove(sql)
    memory = answer["memory"]
    return store, {
        "rows": written, "pages": answer["pages"], "ours_s": ours, "shell_s": peer,
        "decode_s": statistics.median(decode),
        "ratio": statistics.median(a / b for a, b in zip(ours, peer)),
        # From a quarter of the rows to all of them: what grows with them would show.
        "peak_mb": memory[-1]["peak"] / 1024, "at_quarter_mb": memory[len(memory) // 4]["peak"] / 1024}


def compared(answers):
    return {"ours_us": {k: statistics.median(a["ours"][k] for a in answers) for k in ("p50", "p95", "p99")},
            "bare_us": {k: statistics.median(a["bare"][k] for a in answers) for k in ("p50", "p95", "p99")},
            "ratio_p50": statistics.median(a["ours"]["p50"] / a["bare"]["p50"] for a in answers),
            "ratio_p99": statistics.median(a["ours"]["p99"] / a["bare"]["p99"] for a in answers)}


def measure(build, scratch, rows=ROWS, rounds=3):
    """`scratch`: an empty folder on the disk that is measured. Returns what `markdown` tells."""
    pragmas, _ = run(build, "pragmas")
    folder = pages(build, scratch, rows)
    store, filled = fill(build, scratch, folder, rounds, pragmas, rows)
    look_ups = [run(build, "look-up", "--store", store)[0] for _ in range(rounds)]
    tickets = [run(build, "tickets", "--folder", os.path.join(scratch, "tickets%d" % number))[0]
               for number in range(rounds)]
    return {"rounds": rounds, "fill": filled, "look_up": compared(look_ups), "tickets": compared(tickets)}


def markdown(found):
    filled, look_up, tickets = found["fill"], found["look_up"], found["tickets"]
    lines = ["| what | ours | SQLite alone | ours / SQLite | limit | of the limit |",
             "| --- | ---: | ---: | ---: | ---: | ---: |",
             "| first fill, s (of it decoding %.1f) | %.1f | %.1f | %.2f | %g | %.2f |" % (
                 filled["decode_s"], statistics.median(filled["ours_s"]),
                 statistics.median(filled["shell_s"]), filled["ratio"], FILL_GOAL,
                 filled["ratio"] / FILL_GOAL)]
    for name, values, goal in (("look-up", look_up, LOOK_UP_GOAL),
                               ("number to durable commit", tickets, TICKET_GOAL)):
        lines.append("| %s, µs p50 | %.0f | %.0f | %.2f | | |" % (
            name, values["ours_us"]["p50"], values["bare_us"]["p50"], values["ratio_p50"]))
        lines.append("| %s, µs p99 | %.0f | %.0f | %.2f | %g | %.2f |" % (
            name, values["ours_us"]["p99"], values["bare_us"]["p99"], values["ratio_p99"], goal,
            values["ratio_p99"] / goal))
    lines.append("| most memory during the fill, MB | %.0f | | | %d | %.2f |" % (
        filled["peak_mb"], MEMORY_GOAL_MB, filled["peak_mb"] / MEMORY_GOAL_MB))
    lines += ["", "%d rows in %d pages, %d rounds; memory after a quarter of the rows: %.0f MB."
              % (filled["rows"], filled["pages"], found["rounds"], filled["at_quarter_mb"])]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", required=True, help="folder for store.json; its disk is measured")
    arguments = parser.parse_args()
    os.makedirs(arguments.out, exist_ok=True)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="store-", dir=os.path.abspath(arguments.out)) as scratch:
        try:
            found = measure(os.path.abspath(arguments.build), scratch, arguments.rows, arguments.rounds)
        except (Wrong, ChildFailed, OSError, ValueError, subprocess.CalledProcessError) as e:
            print("store: %s" % e, file=sys.stderr)
            return 1
    found = {"cores": os.cpu_count(), "load_before": round(load, 2), **found}
    with open(os.path.join(arguments.out, "store.json"), "w", encoding="utf-8") as f:
        json.dump(found, f, indent=1)
        f.write("\n")
    print("%d cores, load %.1f before and %.1f after\n" % (os.cpu_count(), load, os.getloadavg()[0]))
    print(markdown(found), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
