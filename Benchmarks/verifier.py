"""Time per document: anjungan-verify beside pdfsig, openssl cms and pyHanko, in turns, in one run.

    verifier.py --build DIR [--python PYTHON] [--rounds N]      only this part of the benchmark

All take the same documents: the genuine ones of the corpus that every one of them accepts.
"""
import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CHECKOUT = os.path.dirname(HERE)
sys.path.insert(0, os.path.join(CHECKOUT, "Tests", "Oracles"))
import cases                                            # noqa: E402
import verifier_ours                                    # noqa: E402
import verifier_peers                                   # noqa: E402

# Ratios that issue and design ask for: what, of what, limit.
GOALS = (("waiting", "pdfsig", 0.5), ("started", "pdfsig", 1.2))
PAGE_GOAL_MS, BOMB_GOAL_MS, RSS_GOAL_MB = 150, 1000, 40
LABELS = {
    "waiting": "anjungan-verify, started ahead (as the citizen waits)",
    "started": "anjungan-verify, its start counted",
    "page": "anjungan-verify, started ahead, and the first page",
    "pdfsig": "pdfsig, with roots, issuers and lists",
    "pdfsig-nocert": "pdfsig -nocert (the signature alone)",
    "openssl": "openssl cms -verify (ranges cut out beforehand, no lists)",
    "pyhanko": "pyHanko, imported beforehand",
    "pyhanko-process": "pyHanko as a process",
}


class Wrong(Exception):
    """Ours did not say what it must: its time would mean nothing."""


def verifiers(program, scratch, python):
    found = {"waiting": verifier_ours.Waiting(program), "started": verifier_ours.Started(program),
             "page": verifier_ours.WaitingAndPage(program)}
    if shutil.which("certutil"):
        found["pdfsig"] = verifier_peers.PdfSig(scratch, trusted=True)
    found["pdfsig-nocert"] = verifier_peers.PdfSig(scratch, trusted=False)
    found["openssl"] = verifier_peers.OpenSSL(scratch)
    if python:
        worker = os.path.join(HERE, "verifier_hanko.py")
        found["pyhanko"] = verifier_peers.Hanko(python, worker)
        found["pyhanko-process"] = verifier_peers.HankoProcess(python, worker)
    return found


def once(name, verifier, case):
    verifier.prepare(case)
    spent, good = verifier_peers.timed(verifier, case)
    if not good and name in ("waiting", "started", "page"):
        raise Wrong("%s does not call %s valid" % (LABELS[name], case.name))
    return spent, good


def measure(build, rounds, scratch, python=None):
    """`scratch`: an empty folder. Returns what `markdown` puts into tables."""
    program = os.path.join(build, "anjungan-verify")
    documents = [case for case in cases.read("tte-corpus") if case.is_genuine]
    all_verifiers = verifiers(program, scratch, python)
    # The first turn warms the page cache and shows who can read what.
    unread = {name: [case.name for case in documents if not once(name, verifier, case)[1]]
              for name, verifier in all_verifiers.items()}
    left_out = {one for names in unread.values() for one in names}
    chosen = [case for case in documents if case.name not in left_out]
    if not chosen:
        raise Wrong("no document that all accept")
    times = {name: {case.name: [] for case in chosen} for name in all_verifiers}
    for _ in range(rounds):
        for case in chosen:
            for name, verifier in all_verifiers.items():
                times[name][case.name].append(once(name, verifier, case)[0])
    if python:
        all_verifiers["pyhanko"].close()
    medians = {name: sorted(statistics.median(values) for values in each.values())
               for name, each in times.items()}
    return {
        "documents": len(chosen), "rounds": rounds,
        "unread": {name: names for name, names in unread.items() if names},
        "ms": {name: {"median": statistics.median(values), "p95": values[int(len(values) * 0.95)]}
               for name, values in medians.items()},
        "waiting_pss_mb": statistics.median(all_verifiers["waiting"].pss_kb) / 1024,
        **extremes(all_verifiers["started"], documents[0], rounds)}


def extremes(started, usual, rounds):
    """The worst bomb, and the most memory over all fixtures."""
    everything = cases.read_all()
    bombs = [(case.path, case) for case in everything if case.kind == "dos"]
    folder = os.path.join(CHECKOUT, "Tests", "Fixtures", "bombs")
    bombs += [(os.path.join(folder, name), usual) for name in sorted(os.listdir(folder))
              if name.endswith(".pdf")]
    worst = (0, "")
    for path, case in bombs:
        spent = []
        for _ in range(rounds):
            judge = verifier_ours.Started(started.program)
            judge.run = lambda case, path=path, judge=judge: judge.usage(path, case)[0]
            took, answer = verifier_peers.timed(judge, case)
            if answer.get("verdict") in ("valid", None):
                raise Wrong("%s is no bomb to us" % os.path.basename(path))
            spent.append(took)
        worst = max(worst, (statistics.median(spent), os.path.basename(path)))
    most = max((started.usage(path, case)[1].ru_maxrss, os.path.basename(path))
               for path, case in bombs + [(case.path, case) for case in everything])
    return {"bomb_ms": worst[0], "bomb": worst[1], "rss_mb": most[0] / 1024, "rss_of": most[1],
            "fixtures": len(everything) + len(bombs)}


def markdown(found):
    lines = ["| verifier | median ms | p95 ms | started ahead / it | start counted / it |",
             "| --- | ---: | ---: | ---: | ---: |"]
    ours = found["ms"]
    for name, label in LABELS.items():
        if name not in ours:
            continue
        ratios = ["%.2f" % (ours[mine]["median"] / ours[name]["median"])
                  if name not in ("waiting", "started", "page") else "" for mine in ("waiting", "started")]
        lines.append("| %s | %.2f | %.2f | %s |" % (
            label, ours[name]["median"], ours[name]["p95"], " | ".join(ratios)))
    lines += ["", "| goal | limit | measured | measured / limit |", "| --- | ---: | ---: | ---: |"]
    for mine, peer, limit in GOALS:
        if peer in ours:
            measured = ours[mine]["median"] / ours[peer]["median"]
            lines.append("| %s / %s | %.1f | %.2f | %.2f |" % (
                LABELS[mine], peer, limit, measured, measured / limit))
    for what, limit, unit, measured in (
            ("verdict and first page", PAGE_GOAL_MS, "ms", ours["page"]["median"]),
            ("worst bomb (%s)" % found["bomb"], BOMB_GOAL_MS, "ms", found["bomb_ms"]),
            ("most memory (RSS, %s)" % found["rss_of"], RSS_GOAL_MB, "MiB", found["rss_mb"])):
        lines.append("| %s | %d %s | %.1f | %.2f |" % (what, limit, unit, measured, measured / limit))
    lines += ["", "%d documents, %d rounds; memory over %d fixtures; a helper that waits: %.1f MiB (PSS)."
              % (found["documents"], found["rounds"], found["fixtures"], found["waiting_pss_mb"])]
    for name, names in found["unread"].items():
        lines.append("Left out because %s does not accept them: %s." % (name, ", ".join(names)))
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("--python", help="of an environment with Tests/Oracles/requirements.txt")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="anjungan-verifier-") as scratch:
        try:
            found = measure(os.path.abspath(arguments.build), arguments.rounds, scratch, arguments.python)
        except (Wrong, ValueError, OSError, json.JSONDecodeError) as e:
            print("verifier: %s" % e, file=sys.stderr)
            return 1
    print("%d cores, load %.1f before and %.1f after\n" % (os.cpu_count(), load, os.getloadavg()[0]))
    print(markdown(found), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
