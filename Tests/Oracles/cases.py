"""The cases of a fixture folder, with what their contexts inherit filled in."""

import calendar
import dataclasses
import json
import pathlib
import time

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "Fixtures"
FOLDERS = ("tte-corpus", "other-producers", "structure-cases", "trust-cases")


@dataclasses.dataclass(frozen=True)
class Context:
    """What the kiosk knows locally. `clock`: seconds since 1970; `policy`: pairs."""

    clock: int
    roots: tuple
    issuers: tuple
    lists: tuple
    list_folder: str
    policy: tuple


@dataclasses.dataclass(frozen=True)
class Case:
    folder: str
    name: str
    path: str
    kind: str
    #: "valid" is the only verdict that will do: a genuine document.
    is_genuine: bool
    #: "valid" is among the verdicts that will do.
    may_be_valid: bool
    context: Context

    @property
    def key(self):
        return self.folder + "/" + self.name


def read_all():
    return [case for folder in FOLDERS for case in read(folder)]


def read(folder):
    base = FIXTURES / folder
    if not (base / "manifest.json").exists():
        return []
    manifest = json.loads((base / "manifest.json").read_text())
    known = {name: _context(base, manifest["contexts"], name) for name in manifest["contexts"]}
    return [
        Case(folder, one["name"], str(base / one["file"]), one["class"],
             one["acceptable"] == ["valid"], "valid" in one["acceptable"], known[one["context"]])
        for one in manifest["cases"]]


def _merged(contexts, name):
    own = dict(contexts[name])
    if "inherit" not in own:
        return own
    parent = _merged(contexts, own.pop("inherit"))
    policy = {**parent.get("policy", {}), **own.get("policy", {})}
    return {**parent, **own, "policy": policy}


def _context(base, contexts, name):
    one = _merged(contexts, name)
    folder = base / one["crl_dir"]
    moment = time.strptime(one["validation_time"], "%Y-%m-%dT%H:%M:%SZ")
    return Context(
        clock=calendar.timegm(moment),
        roots=tuple(str(base / path) for path in one["trust_roots"]),
        issuers=tuple(str(base / path) for path in one["pinned_issuers"]),
        lists=tuple(str(path) for path in sorted(folder.glob("*.crl"))),
        list_folder=str(folder),
        policy=tuple("%s=%s" % pair for pair in one.get("policy", {}).items()))
