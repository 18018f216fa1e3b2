"""Press to paint while changes come in, beside the same kiosk when none do: on the real window, with a
cache of 200,000 applications.

Changes of 1,000 rows come several a second, so that a good part of all presses meets one; the cursor in
the store tells afterwards how many rows came while somebody pressed.
"""
import os
import sqlite3
import threading

from stage import Options, Stage, wait_for, yaml

import places

GOAL = 1.5
ROWS, DELTA_ROWS, DELTAS_PER_SECOND = 200_000, 1_000, 4
OVERLAY = {"server": {"syncInterval": 1}}


def stored(stage):
    """Rows in the kiosk's cache, and the number of the last change that it knows."""
    path = os.path.join(stage.path("store"), "anjungan.sqlite")
    database = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    try:
        (rows,) = database.execute("SELECT COUNT(*) FROM application").fetchone()
        (cursor,) = database.execute("SELECT value FROM meta WHERE key = 'cursor'").fetchone() or ("",)
    finally:
        database.close()
    text = cursor.decode() if isinstance(cursor, bytes) else cursor
    return rows, int(text.rpartition(".")[2] or 0)


class Changes:
    """Has the simulator change 1,000 applications, again and again, until it is left."""

    def __init__(self, stage):
        self.stage, self.over = stage, threading.Event()
        self.failed = None
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def run(self):
        while not self.over.wait(1 / DELTAS_PER_SECOND):
            try:
                self.stage.tell("server", "applications %d" % DELTA_ROWS)
            except (OSError, RuntimeError) as e:
                self.failed = e
                return


def measure(arguments, size, tool, say):
    """`tool` runs kiosk-measure and gives what it found. What `markdown` tells."""
    options = Options(build=arguments.build, screen="touch", size=size, overlay=OVERLAY)
    with Stage(options, say=say) as stage:
        stage.start()
        found = places.find(stage, arguments.out)
        say("filling the cache with %d applications" % ROWS)
        stage.tell("server", "applications %d" % ROWS, patience=120)
        wait_for(lambda: stored(stage)[0] >= ROWS, 300, "the whole cache")
        stage.stop_kiosk()
        overlay = stage.overlay()
        del overlay["sceneSocket"]
        with open(stage.path("overlay.yaml"), "w", encoding="utf-8") as f:
            f.write(yaml(overlay))
        environment = stage.kiosk_environment()
        del environment["DISPLAY"]

        def presses(name):
            where = {key: found[key] for key in ("expect", "first", "press")}
            return tool(arguments, "Anjungan, " + name, where, stage.kiosk_command(), environment,
                        "delta-" + name, ["--starts", "1", "--idle", "1", "--cpu", "0",
                                          "--samples", str(arguments.samples)])["press_to_paint"]

        rounds = []
        for number in range(arguments.delta_rounds):
            idle = presses("idle-%d" % number)
            _, before = stored(stage)
            with Changes(stage) as changes:
                busy = presses("busy-%d" % number)
            if changes.failed:
                raise LookupError("the changes stopped: %s" % changes.failed)
            _, after = stored(stage)
            if after - before < 5 * DELTA_ROWS:
                raise LookupError("only %d rows came while somebody pressed" % (after - before))
            rounds.append({"idle": idle, "busy": busy, "rows": after - before,
                           "ratio": busy["p95_ms"] / idle["p95_ms"]})
        return rounds


def markdown(rounds):
    lines = ["| round | idle p50 / p95 ms | while changes come in p50 / p95 ms | rows that came | "
             "p95 ratio | limit |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for number, values in enumerate(rounds):
        lines.append("| %d | %.1f / %.1f | %.1f / %.1f | %d | %.2f | %g |" % (
            number + 1, values["idle"]["p50_ms"], values["idle"]["p95_ms"], values["busy"]["p50_ms"],
            values["busy"]["p95_ms"], values["rows"], values["ratio"], GOAL))
    return "\n".join(lines) + "\n"
