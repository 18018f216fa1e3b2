"""One round: what the plan says happens to the lobby, then everything gets well, then the proof."""
import os
import random
import sqlite3
from collections import Counter
from contextlib import closing

import unreliable
from citizens import Visitor
from lobby import Broken
from plan import ERRANDS
from proof import Proof
from staff import Staff
from stage import wait_for

WEATHER = {"fair": unreliable.FAIR, "bad": unreliable.BAD, "offline": unreliable.OFFLINE}
# Everything is well again and a kiosk has nothing left to do but to tell the server: seconds.
SETTLE_PATIENCE = 60
# Hours, until everybody comes back to a lobby that is well again: longer than any wait between two
# attempts, and than a right is lent to a kiosk that was asked for it.
NIGHT = 2.5


def play(lobby, plan, environment=None, say=lambda text: None):
    """Runs a round and returns what is wrong after it, as sentences; none when everything holds."""
    lobby.begin(plan.store)
    if plan.is_restored:
        lobby.tell_server("backup")
    kiosks = lobby.kiosks[:plan.kiosks]
    for kiosk in lobby.kiosks:
        kiosk.tally = Counter()
    try:
        for number, life in enumerate(plan.lives):
            live(lobby, kiosks, life, environment)
            say("life %d over" % (number + 1))
        settle(lobby, kiosks, plan)
    except Broken as problem:
        return [str(problem)]
    finally:
        for kiosk in kiosks:
            kiosk.kill()
    return Proof(lobby, kiosks).problems()


def live(lobby, kiosks, life, environment):
    visitors, before = {}, len(lobby.network.record)
    lobby.set_server_clock(0)
    lobby.network.set(WEATHER[life.weathers[0][0]], life.weathers[0][1])
    for kiosk, own in zip(kiosks, life.kiosks):
        kiosk.clock = own.clock
        if own.is_spoiled:
            kiosk.tally["spoiled"] += kiosk.spoil_cache(random.Random(own.seed))
        kiosk.counter.kill_after(own.operations if own.end == "start" else 0)
        if kiosk.start(environment):
            visitors[kiosk] = Visitor(kiosk, random.Random(own.seed), lobby.people, ERRANDS)
    for step in range(life.steps):
        if step in life.weathers:
            lobby.network.set(WEATHER[life.weathers[step][0]], life.weathers[step][1])
        # Who never heard the Dinas has nothing to hold its first word against.
        if life.dinas_jump and step == life.dinas_jump[0] and all(heard(kiosk, before) > 1 for kiosk in kiosks):
            lobby.set_server_clock(life.dinas_jump[1])
            lobby.has_dinas_jumped = True
        if step == life.restore_at:
            lobby.tell_server("restore")
        for kiosk, own in zip(kiosks, life.kiosks):
            if kiosk in visitors:
                happen(lobby, kiosk, own, step)
                if step == own.staff_at:
                    staff = Staff(kiosk, visitors[kiosk].random)
                    kiosk.tally["staff"] += staff.visit(staff.settle_prints, staff.send_letters, staff.confirm_clock)
                if not visitors[kiosk].step():
                    del visitors[kiosk]
    for kiosk, own in zip(kiosks, life.kiosks):
        if own.end == "tidy" and kiosk.running():
            kiosk.finish()
            kiosk.keep_everything()
            continue
        gone = kiosk.process.poll() if kiosk.process else None
        if gone not in (None, -9):
            raise Broken("%s ended by itself with status %s\n%s" % (kiosk.name, gone, kiosk.tail()))
        kiosk.kill()
        if own.power == "kept":
            kiosk.keep_everything()
        else:
            kiosk.tally["lost"] += kiosk.lose_power(random.Random(own.seed), own.power)
    lobby.network.set_trap("/nothing", "before", lambda: None)
    for kiosk, own in zip(kiosks, life.kiosks):
        # Some faults outlive the kiosk: the next start meets them.
        for _, until, device, _, remedy in own.faults:
            if until <= life.steps and remedy:
                kiosk.tell(device, remedy)


def happen(lobby, kiosk, own, step):
    """What this step brings to one kiosk besides a touch."""
    if own.end == "disk" and step == own.arm_at:
        kiosk.counter.kill_after(own.operations)
    if own.end == "request" and step == own.arm_at:
        pid = kiosk.process.pid
        lobby.network.set_trap(own.request[0], own.request[1], lambda: kill(pid))
    if own.end == "job" and any(j["state"] in ("pending", "processing") for j in kiosk.jobs()):
        kiosk.kill()
    if own.jump and step == own.jump[0]:
        kiosk.set_clock(own.jump[1])
    for at, until, device, fault, remedy in own.faults:
        if step == at:
            kiosk.tell(device, fault)
        elif step == until and remedy:
            kiosk.tell(device, remedy)


def kill(pid):
    try:
        os.kill(pid, 9)
    except ProcessLookupError:
        pass


def settle(lobby, kiosks, plan):
    """Everything is well: each kiosk starts, tells the server what it has to tell and ends tidily."""
    lobby.network.set(unreliable.FAIR)
    lobby.pass_hours(NIGHT)
    before = len(lobby.network.record)
    for kiosk in kiosks:
        for device in ("documents", "tickets"):
            kiosk.tell(device, "clear")
        kiosk.tell("documents", "slow 0.1")
        kiosk.clock = 0
        kiosk.counter.kill_after(0)
        kiosk.start()
    for kiosk in kiosks:
        wait_until_settled(kiosk, before)
        staff = Staff(kiosk, random.Random(plan.seed))
        unknown, dead = in_doubt(kiosk)
        tasks = [staff.settle_prints] * (unknown > 0 and plan.staff_settle) + [staff.send_letters] * (dead > 0)
        if tasks:
            if not (staff.visit(*tasks) or staff.visit(*tasks)):
                raise Broken("%s lets no staff in\n%s" % (kiosk.name, kiosk.tail()))
            kiosk.tally["settled"] += unknown * plan.staff_settle
            kiosk.tally["letters"] += dead
            wait_until_settled(kiosk, before)
        kiosk.look_at_health()
    for kiosk in kiosks:
        kiosk.finish()
        kiosk.keep_everything()
        # A printer whose connection was reset has the slip on paper, and nobody has torn it off yet.
        kiosk.tell("tickets", "empty")


def in_doubt(kiosk):
    """How many prints only staff can settle, and how many reports only they can send again."""
    with closing(sqlite3.connect("file:%s?mode=ro" % kiosk.database, uri=True, timeout=5)) as store:
        return (store.execute("SELECT COUNT(*) FROM print_job WHERE outcome = 'unknown'").fetchone()[0],
                store.execute("SELECT COUNT(*) FROM outbox WHERE dead_reason IS NOT NULL").fetchone()[0])


def wait_until_settled(kiosk, before):
    try:
        wait_for(lambda: not unsettled(kiosk, before), SETTLE_PATIENCE, "an empty outbox")
    except TimeoutError:
        raise Broken("%s does not get rid of what it has left: %s\n%s"
                     % (kiosk.name, unsettled(kiosk, before), kiosk.tail())) from None


def heard(kiosk, before):
    """How often the kiosk was answered when it asked for changes, since so many requests of all."""
    return sum(entry["kiosk"] == kiosk.name and entry["path"] == "/v1/changes" and entry["status"] == 200
               and entry["fate"] in ("pass", "duplicate") for entry in kiosk.lobby.network.record[before:])


def unsettled(kiosk, before):
    """What still waits for the server, or for the printer's word, or to be heard of the server."""
    # Whoever asks for changes once more has taken the answer to the first question.
    if heard(kiosk, before) < 2:
        return ["the changes"]
    with closing(sqlite3.connect("file:%s?mode=ro" % kiosk.database, uri=True, timeout=5)) as store:
        # A right does not go back past a print that the server refused: staff come first.
        left = ["%s in the outbox" % id for id, in store.execute(
            "SELECT id FROM outbox AS item WHERE dead_reason IS NULL AND NOT (kind = 'leaseReturned' AND EXISTS "
            "(SELECT 1 FROM outbox WHERE stream = item.stream AND seq < item.seq AND dead_reason IS NOT NULL))")]
        return left + ["job %s" % key for key, in store.execute("SELECT job_key FROM print_job WHERE outcome IS NULL")]
