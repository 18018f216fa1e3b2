"""What a tour writes down: pictures, files, checks; at the end report.md."""
import json
import os
import shutil
import time


class Journal:
    def __init__(self, folder):
        self.folder, self.began = folder, time.monotonic()
        os.makedirs(folder, exist_ok=True)
        self.lines, self.pictures, self.passed, self.failed = [], 0, 0, []
        self.journeys = []                        # (title, passed) in order

    def path(self, name):
        return os.path.join(self.folder, name)

    def at(self):
        return "%6.1f s" % (time.monotonic() - self.began)

    def note(self, text):
        print("    %s  %s" % (self.at(), text), flush=True)
        self.lines.append("- `%s` %s" % (self.at(), text))

    def heading(self, text):
        print("==> " + text, flush=True)
        self.lines += ["", "## " + text, ""]

    def check(self, what, good, seen=None):
        """One expectation, written down either way. Returns whether it held."""
        if good:
            self.passed += 1
            self.note("✓ " + what)
        else:
            self.failed.append(what)
            self.note("✗ **%s**%s" % (what, "" if seen is None else " (saw: `%s`)" % str(seen)[:300]))
        return good

    def picture(self, stage, name):
        """A screenshot as NN-name.png."""
        self.pictures += 1
        file = "%02d-%s.png" % (self.pictures, name)
        stage.shot(self.path(file))
        self.lines.append("- `%s` screen **%s**<br><img src=\"%s\" width=\"270\" alt=\"%s\">"
                          % (self.at(), name, file, name))
        print("    %s  [%s]" % (self.at(), file), flush=True)

    def keep(self, source, name):
        """Copies a file that a device received."""
        shutil.copyfile(source, self.path(name))
        self.lines.append("- `%s` kept [%s](%s)" % (self.at(), name, name))
        return self.path(name)

    def json(self, name, value):
        with open(self.path(name), "w") as f:
            json.dump(value, f, indent=1, sort_keys=True, ensure_ascii=False)
            f.write("\n")
        self.lines.append("- `%s` kept [%s](%s)" % (self.at(), name, name))

    def write(self):
        head = ["# The tour", "",
                "Driven by touch events on the kiosk's own window; devices and server are virtual, the "
                "daemons between them real. All people are invented.", "",
                "**%d checks held, %d did not.**" % (self.passed, len(self.failed)), ""]
        head += ["| journey | |", "|---|---|"]
        head += ["| %s | %s |" % (title, "passed" if good else "**FAILED**") for title, good in self.journeys]
        if self.failed:
            head += ["", "What did not hold:", ""] + ["- " + f for f in self.failed]
        with open(self.path("report.md"), "w") as f:
            f.write("\n".join(head + self.lines) + "\n")
