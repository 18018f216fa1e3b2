"""Makes every case anew, with new keys: `python3 make.py` in this folder."""

import hashlib
import json
import os

import attacks
import genuine
import people


def entry(name, document, kind, verdict, reason):
    path = f"cases/{name}.pdf"
    with open(path, "wb") as file:
        file.write(document.data)
    made = {
        "name": name, "file": path, "sha256": hashlib.sha256(document.data).hexdigest(),
        "bytes": len(document.data), "class": kind, "expected": verdict, "acceptable": [verdict],
        "print": verdict == "valid", "reason": reason, "context": "default"}
    if verdict == "valid":
        made["print_bytes"] = document.printed
    return made


def main():
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    os.makedirs("cases", exist_ok=True)
    for old in os.listdir("cases"):
        os.remove(f"cases/{old}")
    office = people.Office()
    office.write(".")
    made = [
        entry(name, make(), "valid", "valid", "ok")
        for name, make in genuine.cases(office).items()]
    kinds = {"u": "update", "s": "signature", "c": "content"}
    made += [
        entry(name, make(), kinds[name[0]], *expected)
        for name, (make, expected) in attacks.cases(office).items()]
    context = {
        "validation_time": "2026-11-20T12:00:00Z", "trust_roots": ["trust/roots/akar.pem"],
        "pinned_issuers": ["trust/issuers/penerbit.pem"], "crl_dir": "crl/fresh", "policy": {}}
    with open("manifest.json", "w") as file:
        json.dump({"corpus": "structure-cases", "version": 1,
                   "contexts": {"default": context}, "cases": made}, file, indent=1)
        file.write("\n")


main()
