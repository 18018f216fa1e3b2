"""torture - breaks kiosks at random and holds them to what they promise.

    torture.py --build DIR [--rounds N] [--seed S] [--workers W] [--keep]

Round i is made from the seed S+i alone: a few lives of one or two kiosks of one lobby, with touches,
kill -9, power loss, a network and a Dinas that fail, printers that break, and clocks that jump; then
everything gets well, and the records are compared. `--rounds 1 --seed X` plays a failed round again.
`--synchronous OFF` is the control: a store that does not wait for the disk, which has to fail.
The last line is `N passed, N failed`; exit 1 when any failed.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

# After so many failures there is nothing new to learn; the rest is not played.
FAILURES_LIMIT = 25
# Of a round at the end of the log; the first says what happened, the others follow from it.
PROBLEMS_TOLD = 3
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "Lab")]
sys.dont_write_bytecode = True

import labtools                                        # noqa: E402
import rounds                                          # noqa: E402
from lobby import Lobby                                # noqa: E402
from plan import Plan                                  # noqa: E402


def work(options):
    """Plays the seeds that come on stdin, one a line; answers each with one line of JSON."""
    labtools.stop_on_signals()
    folder = tempfile.mkdtemp(prefix="torture-")
    lobby = None
    try:
        lobby = Lobby(options.build, folder, window=options.window)
        environment = {"POWER_LOSS_SYNCHRONOUS": "OFF"} if options.synchronous == "OFF" else None
        for line in sys.stdin:
            seed = int(line)
            plan, began = Plan(seed), time.monotonic()
            plan.limit(1 if options.window else options.kiosks or 2)
            try:
                problems = rounds.play(lobby, plan, environment)
            except labtools.Stop:
                raise
            except Exception as e:                     # a lab that fails is a failed round, told as such
                problems = ["the lab failed: %s: %s" % (type(e).__name__, e)]
                if options.verbose:
                    raise
            tally = dict(sum((k.tally for k in lobby.kiosks), type(lobby.kiosks[0].tally)()))
            tally["tickets"] = sum(len(k.shown) for k in lobby.kiosks)
            tally["prints"] = sum(p.startswith("print ") for k in lobby.kiosks for p in k.promises)
            tally["starts"] = sum(k.starts for k in lobby.kiosks)
            tally["requests"] = len(lobby.network.record)
            kept = None
            if problems and options.keep:
                kept = os.path.join(options.keep, "round-%d" % seed)
                shutil.rmtree(kept, ignore_errors=True)
                shutil.copytree(folder, kept, ignore=lambda d, names: [
                    n for n in names if os.path.exists(os.path.join(d, n)) and not (
                        os.path.isfile(os.path.join(d, n)) or os.path.isdir(os.path.join(d, n)))])
                with open(os.path.join(kept, "requests.json"), "w") as f:
                    json.dump(lobby.network.record, f, indent=0)
                with open(os.path.join(kept, "promises.json"), "w") as f:
                    json.dump({k.name: k.promises for k in lobby.kiosks}, f, indent=0)
            print(json.dumps(dict(seed=seed, seconds=round(time.monotonic() - began, 2), problems=problems,
                                  plan=plan.describe(), kept=kept, tally=tally)), flush=True)
    except labtools.Stop:
        pass
    finally:
        if lobby:
            lobby.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    p = argparse.ArgumentParser(description="breaks kiosks at random and holds them to what they promise")
    p.add_argument("--build", required=True, help="folder of the built programs")
    p.add_argument("--rounds", type=int, default=300)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--workers", type=int, default=6, help="lobbies at once")
    p.add_argument("--kiosks", type=int, choices=(1, 2), help="never more kiosks in a lobby")
    p.add_argument("--window", action="store_true", help="one kiosk in a real window, with a real finger")
    p.add_argument("--synchronous", choices=("FULL", "OFF"), default="FULL")
    p.add_argument("--keep", help="folder for what failed rounds left behind")
    p.add_argument("--verbose", action="store_true")
    p.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = p.parse_args()
    if options.worker:
        return work(options)
    if options.keep:
        os.makedirs(options.keep, exist_ok=True)
        options.keep = os.path.abspath(options.keep)
    sys.exit(1 if drive(options) else 0)


def drive(options):
    """Hands seeds to workers, one at a time, and tells what comes back. The number that failed."""
    import selectors
    labtools.stop_on_signals()
    seeds = iter(range(options.seed, options.seed + options.rounds))
    command = [sys.executable, os.path.abspath(__file__), "--worker", "--build", options.build,
               "--synchronous", options.synchronous]
    command += ["--keep", options.keep] if options.keep else []
    command += ["--kiosks", str(options.kiosks)] if options.kiosks else []
    command += ["--window"] if options.window else []
    command += ["--verbose"] if options.verbose else []
    passed, failed, began, totals = 0, {}, time.monotonic(), {}
    workers = []
    try:
        with selectors.DefaultSelector() as selector:
            for _ in range(min(options.workers, options.rounds)):
                worker = subprocess.Popen(labtools.with_parent(command), stdin=subprocess.PIPE,
                                          stdout=subprocess.PIPE, text=True, bufsize=1)
                workers.append(worker)
                selector.register(worker.stdout, selectors.EVENT_READ, worker)
                give(worker, seeds)
            while selector.get_map():
                for key, _ in selector.select():
                    worker, line = key.data, key.fileobj.readline()
                    if not line:
                        selector.unregister(key.fileobj)
                        if worker.wait() != 0 and worker.busy is not None:
                            failed[worker.busy] = ["the worker ended"]
                            print("seed %d: the worker ended" % worker.busy, flush=True)
                        continue
                    report = json.loads(line)
                    for name, count in report["tally"].items():
                        totals[name] = totals.get(name, 0) + count
                    if report["problems"]:
                        failed[report["seed"]] = report["problems"]
                        tell(report)
                    else:
                        passed += 1
                        if options.verbose:
                            print("seed %d passed in %.1f s %s" % (report["seed"], report["seconds"], report["tally"]),
                                  flush=True)
                    if (passed + len(failed)) % 25 == 0:
                        print("%d rounds in %.0f s" % (passed + len(failed), time.monotonic() - began), flush=True)
                    if len(failed) >= FAILURES_LIMIT:
                        seeds = iter(())
                    give(worker, seeds)
    finally:
        for worker in workers:
            labtools.end(worker, 20)
    print("\n%s" % ", ".join("%d %s" % (totals[name], name) for name in sorted(totals)))
    # Once more, where whoever has only the end of a long log finds it.
    for seed, problems in sorted(failed.items()):
        print("\n".join("seed %d: %s" % (seed, problem) for problem in problems[:PROBLEMS_TOLD]))
    print("%.0f s; failed seeds: %s" % (time.monotonic() - began, " ".join(map(str, sorted(failed))) or "none"))
    print("%d passed, %d failed" % (passed, len(failed)), flush=True)
    return len(failed) + (passed == 0)


def give(worker, seeds):
    worker.busy = next(seeds, None)
    try:
        if worker.busy is None:
            worker.stdin.close()
        else:
            worker.stdin.write("%d\n" % worker.busy)
    except BrokenPipeError:
        pass


def tell(report):
    print("seed %d FAILED after %.1f s" % (report["seed"], report["seconds"]))
    for problem in report["problems"]:
        print("  ! " + problem.replace("\n", "\n    "))
    print("    " + report["plan"].replace("\n", "\n    "))
    if report["kept"]:
        print("    kept in " + report["kept"])
    sys.stdout.flush()


if __name__ == "__main__":
    main()
