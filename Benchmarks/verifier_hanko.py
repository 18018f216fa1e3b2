"""pyHanko for the benchmark: judges the case of each line, or the one that is named, and says how long
it took. Needs Tests/Oracles/requirements.txt."""
import json
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Tests", "Oracles"))
import cases                                            # noqa: E402
import hanko                                            # noqa: E402

known = {case.name: case for case in cases.read("tte-corpus")}
hanko.begin()


def judge(name):
    began = time.perf_counter()
    valid, _ = hanko.judge(known[name])
    print(json.dumps({"valid": valid, "ms": (time.perf_counter() - began) * 1000}), flush=True)


if len(sys.argv) > 1:
    judge(sys.argv[1])
else:
    print("ready", flush=True)
    for line in sys.stdin:
        judge(line.strip())
