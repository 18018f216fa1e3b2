"""The invented citizens of the demonstration, as their file names them.

Reads the small part of YAML that `citizens.yaml` is written in (maps, lists, plain and quoted
scalars, block texts); the kiosk's own reader is the judge of whether the file is right.
"""
import json
import os
import re
import subprocess


def table(build, demonstration):
    """The table for a terminal, as the simulator prints it."""
    done = subprocess.run([os.path.join(build, "dinas-simulator"), "--data", demonstration, "--list-citizens"],
                          capture_output=True, text=True, timeout=30)
    return done.stdout if done.returncode == 0 else "(no table: %s)\n" % done.stderr.strip()


def read(demonstration):
    """All citizens as dicts with the file's own keys; every scalar is a string or a bool."""
    with open(os.path.join(demonstration, "citizens.yaml"), encoding="utf-8") as f:
        return Yaml(f.read()).value()["citizens"]


class Yaml:
    KEY = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s:#][^:#]*?)\s*:(?:\s+(.*))?$""")

    def __init__(self, text):
        self.lines = []
        for line in text.splitlines():
            bare = line.strip()
            if bare and not bare.startswith("#") and bare != "---":
                self.lines.append((len(line) - len(line.lstrip()), bare))
        self.at = 0

    def value(self, indent=0):
        if self.at >= len(self.lines) or self.lines[self.at][0] < indent:
            return None
        here = self.lines[self.at][0]
        return self.items(here) if self.lines[self.at][1].startswith("-") else self.mapping(here)

    def items(self, indent):
        out = []
        while self.at < len(self.lines) and self.lines[self.at][0] == indent \
                and re.match(r"-(\s|$)", self.lines[self.at][1]):
            rest = self.lines[self.at][1][1:].strip()
            if not rest:
                self.at += 1
                out.append(self.value(indent + 1))
            elif self.KEY.match(rest) and rest[0] not in "{[":
                # The map begins on the dash's own line: as if it stood alone, further in.
                self.lines[self.at] = (indent + 2, rest)
                out.append(self.mapping(indent + 2))
            else:
                self.at += 1
                out.append(scalar(rest))
        return out

    def mapping(self, indent):
        out = {}
        while self.at < len(self.lines) and self.lines[self.at][0] == indent:
            found = self.KEY.match(self.lines[self.at][1])
            if not found:
                raise ValueError("not a key: %s" % self.lines[self.at][1])
            key, rest = scalar(found[1]), (found[2] or "").strip()
            self.at += 1
            if rest[:1] in (">", "|"):
                parts = []
                while self.at < len(self.lines) and self.lines[self.at][0] > indent:
                    parts.append(self.lines[self.at][1])
                    self.at += 1
                out[key] = " ".join(parts)
            elif rest and not rest.startswith("#"):
                # A plain text may go on in the next lines, further in.
                while rest[0] not in "\"'{[" and self.at < len(self.lines) and self.lines[self.at][0] > indent:
                    rest += " " + self.lines[self.at][1]
                    self.at += 1
                out[key] = scalar(rest)
            else:
                # A list may stand as far out as its key.
                listed = self.at < len(self.lines) and self.lines[self.at][0] == indent \
                    and self.lines[self.at][1].startswith("- ")
                out[key] = self.items(indent) if listed else self.value(indent + 1)
        return out


def scalar(text):
    if text.startswith('"'):
        return json.JSONDecoder().raw_decode(text)[0]
    if text.startswith("'"):
        return re.match(r"'((?:[^']|'')*)'", text)[1].replace("''", "'")
    text = re.sub(r"\s+#.*$", "", text).strip()
    if text.startswith("{") and text.endswith("}"):
        pairs = [part.split(":", 1) for part in text[1:-1].split(",") if ":" in part]
        return {scalar(k.strip()): scalar(v.strip()) for k, v in pairs}
    if text.startswith("[") and text.endswith("]"):
        return [scalar(part.strip()) for part in text[1:-1].split(",") if part.strip()]
    return {"true": True, "false": False, "null": None, "~": None}.get(text, text)
