"""Time per document: anjungan-verify beside pdfsig, both once per document as a new process."""
import datetime
import json
import os
import statistics
import subprocess
import time

DOCUMENTS = 10
UNREAD_BY_PDFSIG = ("v-sid-ski",)      # poppler 22 finds no signer named by his key's identifier
CORPUS = os.path.join("Tests", "Fixtures", "tte-corpus")


class Wrong(Exception):
    """A verifier did not say what it must of a valid document: its time would mean nothing."""


def cases(checkout):
    """Ten valid documents of the default context, spread over the corpus by size."""
    with open(os.path.join(checkout, CORPUS, "manifest.json"), encoding="utf-8") as f:
        manifest = json.load(f)
    context = manifest["contexts"]["default"]
    valid = sorted((c for c in manifest["cases"]
                    if c["acceptable"] == ["valid"] and c["context"] == "default"
                    and c["name"] not in UNREAD_BY_PDFSIG),
                   key=lambda c: (c["bytes"], c["name"]))
    step = (len(valid) - 1) / (DOCUMENTS - 1)
    return context, [valid[round(i * step)] for i in range(DOCUMENTS)]


def timed(command, path, environment):
    with open(path, "rb") as document:
        began = time.perf_counter()
        done = subprocess.run(command, stdin=document, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, env=environment, check=False)
        return (time.perf_counter() - began) * 1000, done


def measure(build, checkout, rounds, home):
    """Milliseconds per document, the median over `rounds`, taken in turns so that a busy moment
    meets both. `home`: an empty folder, so that pdfsig finds nobody's browser certificates."""
    environment = {**os.environ, "HOME": home, "LC_ALL": "C"}
    context, chosen = cases(checkout)
    corpus = os.path.join(checkout, CORPUS)
    at = datetime.datetime.fromisoformat(context["validation_time"].replace("Z", "+00:00"))
    ours = [os.path.join(build, "anjungan-verify"), "--crl", os.path.join(corpus, context["crl_dir"]),
            "--at", str(int(at.timestamp()))]
    for root in context["trust_roots"]:
        ours += ["--root", os.path.join(corpus, root)]
    for issuer in context["pinned_issuers"]:
        ours += ["--issuer", os.path.join(corpus, issuer)]
    found = []
    for case in chosen:
        path = os.path.join(corpus, case["file"])
        times = {"anjungan-verify": [], "pdfsig": []}
        theirs = ["pdfsig", "-nocert", path]
        for turn in range(rounds + 1):
            for name, command in (("anjungan-verify", ours), ("pdfsig", theirs)):
                spent, done = timed(command, path, environment)
                check(name, case, done)
                if turn:            # the first turn warms the page cache
                    times[name].append(spent)
        median = {name: statistics.median(values) for name, values in times.items()}
        found.append({"document": case["name"], "bytes": case["bytes"],
                      "signatures": len(case["signatures"]),
                      "anjungan_verify_ms": round(median["anjungan-verify"], 2),
                      "pdfsig_ms": round(median["pdfsig"], 2),
                      "ratio": round(median["anjungan-verify"] / median["pdfsig"], 3)})
    return found


def check(name, case, done):
    if name == "pdfsig":
        good = done.returncode == 0 and b"Signature is Valid" in done.stdout
    else:
        good = done.returncode == 0 and json.loads(done.stdout).get("verdict") == "valid"
    if not good:
        raise Wrong("%s does not call %s valid (exit %d): %s" % (
            name, case["name"], done.returncode, done.stdout[:300].decode(errors="replace")))
