"""What is written down about the other verifiers, and whether it still is true."""

import collections
import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
DISAGREEMENTS = HERE / "disagreements.json"
ACCEPTED = HERE / "accepted.json"
#: Whether a bomb is survived in time depends on the machine.
NOT_DETERMINISTIC = {"dos"}


def _read(path):
    return json.loads(path.read_text()) if path.exists() else None


def _listed():
    """(tool, case) -> (says, reason)."""
    listed = {}
    for group in _read(DISAGREEMENTS) or []:
        for key in group["cases"]:
            listed[group["tool"], key] = (group["says"], group["reason"])
    return listed


def compare_disagreements(seen):
    faults = []
    listed = _listed()
    for (tool, key), says in sorted(seen.items()):
        if (tool, key) not in listed:
            faults.append("%s: %s disagrees (%s), and that is not listed" % (key, tool, says))
            continue
        expected, reason = listed[tool, key]
        if expected != says:
            faults.append("%s: %s says %s, listed is %s" % (key, tool, says, expected))
        if not reason.strip():
            faults.append("%s: no reason is given why %s disagrees (%s)" % (key, tool, says))
    for tool, key in sorted(set(listed) - set(seen)):
        faults.append("%s: %s is listed as disagreeing and does not" % (key, tool))
    return faults


def compare_accepted(counted):
    recorded = _read(ACCEPTED) or {}
    faults = []
    for kind in sorted(set(recorded) | set(counted)):
        if kind not in NOT_DETERMINISTIC and recorded.get(kind) != counted.get(kind):
            faults.append("forged, class %s: recorded %s, counted %s" % (
                kind, recorded.get(kind), counted.get(kind)))
    return faults


def record(seen, counted):
    listed = _listed()
    groups = collections.defaultdict(list)
    for (tool, key), says in sorted(seen.items()):
        expected, reason = listed.get((tool, key), (says, ""))
        groups[tool, says, reason if expected == says else ""].append(key)
    DISAGREEMENTS.write_text(json.dumps(
        [{"tool": tool, "says": says, "reason": reason, "cases": keys}
         for (tool, says, reason), keys in sorted(groups.items())], indent=1) + "\n")
    ACCEPTED.write_text(json.dumps(counted, indent=1) + "\n")


def markdown():
    """The list as a table for people, equal reasons together."""
    rows = collections.defaultdict(list)
    for group in _read(DISAGREEMENTS):
        rows[group["tool"], group["reason"]] += [key.split("/")[1] for key in group["cases"]]
    lines = ["| tool | genuine documents it refuses | why |", "| --- | --- | --- |"]
    for (tool, reason), names in sorted(rows.items()):
        shown = ", ".join("`%s`" % name for name in names[:7])
        if len(names) > 7:
            shown += " and %d more" % (len(names) - 7)
        lines.append("| %s | %s | %s |" % (tool, shown, reason))
    return "\n".join(lines)


if __name__ == "__main__":
    print(markdown())
