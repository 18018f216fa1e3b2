"""soak - the kiosk's device drivers in a row of thousands, on devices that break at random.

Every lane is a process of production drivers (device-soak) with virtual devices of its own under real
daemons. After each round the driver's word is held beside the device's own record.
The last line is `N passed, N failed`; exit 1 when any failed.
"""
import argparse
import os
import shutil
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "Lab")]
sys.dont_write_bytecode = True

import labtools                                        # noqa: E402
from cards import Cards                                # noqa: E402
from documents import Documents                        # noqa: E402
from queued import Queued                              # noqa: E402
from tickets import Tickets                            # noqa: E402

LANES = dict(cards=Cards, documents=Documents, queue=Queued, tickets=Tickets)
# Processes of each in a long run: a round is mostly waiting, for pcscd's next look at the cards or for a
# limit to run out. So the goals are reached in about a quarter of an hour.
WIDTH = dict(cards=6, documents=1, queue=1, tickets=2)


def main():
    p = argparse.ArgumentParser(description="drives the device drivers on devices that break")
    p.add_argument("--build", required=True, help="folder of the built programs")
    p.add_argument("--minutes", type=float, help="how long; every fault is met once all the same")
    p.add_argument("--rounds", type=int, default=12, help="without --minutes: rounds after each fault's first")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--only", choices=sorted(LANES), action="append", help="nothing but these devices")
    p.add_argument("--kinds", nargs="+", help="nothing but rounds of these kinds")
    p.add_argument("--width", type=int, help="so many processes of each device")
    p.add_argument("--lie", help="what a driver that lies would do (the proof of this proof)")
    p.add_argument("--keep", help="folder for the logs and what was printed")
    p.add_argument("--verbose", action="store_true", help="a line for each round")
    options = p.parse_args()
    labtools.stop_on_signals()
    # Short: a unix socket's path has 107 bytes at most.
    folder = tempfile.mkdtemp(prefix="soak-", dir="/tmp")
    os.chmod(folder, 0o755)                           # pcscd and filters may run as somebody else
    lanes = []
    try:
        for kind in options.only or LANES:
            width = options.width or (WIDTH[kind] if options.minutes else 1)
            for number in range(width):
                name = "%s-%d" % (kind, number + 1)
                os.mkdir(os.path.join(folder, name))
                lane = LANES[kind](name, options, options.seed, os.path.join(folder, name))
                if options.kinds:
                    lane.kinds = {k: v for k, v in lane.kinds.items() if k in options.kinds}
                lanes.append(lane)
        for lane in lanes:
            lane.start()
        for lane in lanes:
            while lane.is_alive():
                lane.join(0.5)
    except labtools.Stop:
        print("stopped", flush=True)
        for lane in lanes:
            if lane.driver:
                lane.driver.stop()
        sys.exit(1)
    finally:
        if options.keep:
            shutil.copytree(folder, options.keep, dirs_exist_ok=True, ignore=sockets)
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if tell(lanes, options) else 0)


def sockets(folder, names):
    return [n for n in names if not os.path.isfile(os.path.join(folder, n))
            and not os.path.isdir(os.path.join(folder, n))]


def tell(lanes, options):
    """Says what was found; the number that failed."""
    for lane in lanes:
        print("\n".join(lane.figures()))
    print()
    for kind in options.only or LANES:
        same = [lane for lane in lanes if type(lane) is LANES[kind]]
        done, took = sum(lane.done for lane in same), max(lane.ended - lane.began for lane in same)
        goal = LANES[kind].goal
        more = "" if done >= goal else ": the rest takes about %.0f minutes more" % (
            (goal - done) * took / max(done, 1) / 60)
        print("%s: %d of %d rounds%s" % (kind, done, goal, more))
    problems = [problem for lane in lanes for problem in lane.problems]
    for problem in problems:
        print("! " + problem)
    passed = sum(lane.passed for lane in lanes)
    print("seed %d" % options.seed)
    print("%d passed, %d failed" % (passed, len(problems)), flush=True)
    return len(problems) + (passed == 0)


if __name__ == "__main__":
    main()
