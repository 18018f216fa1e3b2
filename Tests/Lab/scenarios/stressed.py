"""Scenarios in which people do what nobody planned."""
import re

import labtools
from stage import wait_for

TOUCHES, SEED, RATE = 10_000, 20_240_817, 200


def random_touches(tour):
    """Ten thousand random touches: the kiosk lives, answers, and prints no document."""
    stage = tour.stage
    sheets, documents = stage.sheets(), len(stage.documents())
    frames = stage.scene.count
    for part in range(10):
        answer = labtools.tell(stage.control_path("screen"), "flurry %d %d %d" % (TOUCHES // 10, SEED + part, RATE),
                               patience=120)
        if not tour.check("touches %d to %d (seed %d)" % (part * TOUCHES // 10 + 1, (part + 1) * TOUCHES // 10,
                                                         SEED + part),
                          answer.startswith("ok") and stage.kiosk.running() and not stage.scene.closed, answer):
            tour.note(stage.kiosk.tail())
            return
        tour.check("it still answers", stage.health("livez")[0] == 200)
    tour.note("%d frames, %d changes of screen" % (stage.scene.count - frames, len(stage.scene.history)))
    tour.visitor.look(force=True)
    tour.check("no document was printed", (stage.sheets(), len(stage.documents())) == (sheets, documents))
    numbers = [n for n in printed_numbers(stage.tickets()) if n]
    tour.check("no number was given twice (%d tickets)" % len(numbers), len(numbers) == len(set(numbers)), numbers)
    wait_for(lambda: not stage.health()[1]["outbox"]["depth"], 120, "an empty outbox")
    known = ["%s-%03d" % (t["number"]["series"], t["number"]["number"])
             for t in stage.ask("server", "status")["tickets"]]
    tour.check("every number on paper is known to the server", set(numbers) <= set(known), set(numbers) - set(known))
    tour.check("the kiosk is ready", stage.health("readyz")[0] == 200, stage.health()[1])
    tour.visitor.leave(seconds=150)
    tour.check("and finds home", True)


def printed_numbers(tickets):
    for ticket in tickets:
        # By itself in its line: a complaint's number has more groups, one of which may look the same.
        found = (re.fullmatch(r"[A-Z0-9]{1,4}-\d{3,4}", line.strip()) for line in ticket.get("text", []))
        yield next((line[0] for line in found if line), None)
