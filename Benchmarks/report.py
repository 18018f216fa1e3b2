"""From what was measured to the tables: figures, ratios to each peer, and the goals."""
import statistics

import verifier

# key, heading, digits. Of each, less is better.
FIGURES = (
    ("cold_ms", "cold start ms", 0),
    ("warm_ms", "warm start ms", 0),
    ("pss_mb", "PSS MB", 0),
    ("idle_percent", "idle CPU %", 2),
    ("switches", "wake-ups/s", 1),
    ("press_p50", "press to paint p50 ms", 1),
    ("press_p95", "p95 ms", 1),
    ("next_p50", "next screen p50 ms", 1),
    ("next_p95", "p95 ms", 1),
)
# What the kiosk may use: key, what it is, limit, unit.
GOALS = (
    ("cold_ms", "cold start to content", 300, "ms"),
    ("pss_mb", "memory (PSS)", 90, "MB"),
    ("idle_percent", "processor while it waits", 1, "% of a core"),
    ("switches", "wake-ups while it waits", 3, "/s"),
    ("press_p95", "press to paint, p95", 5, "ms"),
    ("next_p95", "release to next screen, p95", 15, "ms"),
)


def row(label, cold, warm):
    """One program's figures from the measuring tool's answers (`cold` may be None)."""
    def content(run):
        return statistics.median(s["content_ms"] for s in run["starts"])
    press, following = warm["press_to_paint"], warm["release_to_next_screen"]
    return {
        "label": label,
        "cold_ms": content(cold) if cold else None,
        "warm_ms": content(warm),
        "pss_mb": warm["memory"]["pss_mb"],
        "pss_after_use_mb": warm["pss_mb_after_use"],
        "uss_mb": warm["memory"]["uss_mb"],
        "processes": warm["memory"]["processes"],
        "threads": warm["memory"]["threads"],
        "idle_percent": warm["idle_cpu"]["app_percent_of_one_core"],
        "switches": warm["idle_cpu"]["context_switches_per_s"],
        "press_p50": press["p50_ms"] if press["samples"] else None,
        "press_p95": press["p95_ms"] if press["samples"] else None,
        "next_p50": following["p50_ms"] if following["samples"] else None,
        "next_p95": following["p95_ms"] if following["samples"] else None,
        "lost": press["lost"] + following["lost"],
    }


def number(value, digits):
    return "-" if value is None else "%.*f" % (digits, value)


def ratio(ours, theirs):
    """Ours divided by theirs: under 1 we need less. Nothing can be said of a zero."""
    if ours is None or theirs is None or theirs <= 0.005:
        return "-"
    return "%.2f" % (ours / theirs)


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "| --- " + "| ---: " * (len(heads) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(cells) + " |" for cells in rows]) + "\n"


def markdown(found):
    programs, kiosk = found["programs"], found["programs"][0]
    heads = ["program"] + [heading for _, heading, _ in FIGURES] + ["lost"]
    rows = [[p["label"]] + [number(p[key], digits) for key, _, digits in FIGURES] + [str(p["lost"])]
            for p in programs]
    rows += [["Anjungan / " + p["label"]] + [ratio(kiosk[key], p[key]) for key, _, _ in FIGURES] + [""]
             for p in programs[1:]]
    build = "release build" if found["build"] == "release" else "programs given by --build"
    text = "%s; %d cores, load %.1f before the run; %d starts, %d presses and changes of screen\n\n" % (
        build[0].upper() + build[1:], found["cores"], found["load_before"], found["starts"], found["samples"])
    text += table(heads, rows) + "\n"
    text += table(["goal", "limit", "measured", "measured / limit"], [
        [name, "%g %s" % (limit, unit), number(kiosk[key], 2), ratio(kiosk[key], limit)]
        for key, name, limit, unit in GOALS]) + "\nVerifying documents\n\n"
    return text + verifier.markdown(found["verifier"])
