"""Proves the proof: drivers that lie or leak are caught, and with the words for it; the same rounds
with the true drivers pass.

    selftest.py --build DIR
"""
import argparse
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
# The lie, the devices and kinds of rounds that meet it, and what has to be said of it.
LIES = [
    ("delivered", "documents", ["offline_before", "power_lost"], "said delivered"),
    ("not-printed", "documents", ["power_lost", "canceled_under_way"], "notPrinted"),
    ("twice", "documents", ["plain"], "was given to the printer 2 times"),
    ("confirmed", "tickets", ["fault_before", "torn"], "is said to be printed and did not come out"),
    ("photo", "cards", ["plain"], "the photo is"),
    ("reading", "cards", ["plain"], "in the reader: empty"),
    ("descriptor", "tickets", ["plain"], "descriptors grew"),
    ("memory", "tickets", ["plain"], "heap grew"),
    ("thread", "tickets", ["plain"], "threads grew"),
]


def start(build, device, kinds, lie=None):
    command = [sys.executable, os.path.join(HERE, "soak.py"), "--build", build, "--only", device,
               "--rounds", "8", "--kinds", *kinds]
    return subprocess.Popen(command + (["--lie", lie] if lie else []), stdout=subprocess.PIPE, text=True,
                            stderr=subprocess.STDOUT)


def main():
    p = argparse.ArgumentParser(description="proves that the soak finds drivers that lie")
    p.add_argument("--build", required=True)
    options = p.parse_args()
    truths = {}
    for _, device, kinds, _ in LIES:
        truths.setdefault(device, set()).update(kinds)
    runs = [(device + ", true", start(options.build, device, sorted(kinds)), 0, " 0 failed")
            for device, kinds in truths.items()]
    runs += [(lie, start(options.build, device, kinds, lie), 1, words)
             for lie, device, kinds, words in LIES]
    failed = 0
    for name, process, status, words in runs:
        said, _ = process.communicate()
        if process.returncode == status and words in said:
            print("ok      " + name)
        else:
            failed += 1
            print("FAILED  %s: exit %d, expected %d and \"%s\"\n%s" % (
                name, process.returncode, status, words, said))
    print("%d passed, %d failed" % (len(runs) - failed, failed))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
