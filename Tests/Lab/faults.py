"""The faults one can call for by hand while a stage runs, by name.

Each is a line to the control socket of the thing that fails; only the reader is different: pcscd
knows no way to lose one, so the daemon itself goes (what the application sees is the same).
"""

# name: (which control socket, what to tell it, what it means in words)
COMMANDS = {
    "paper-out": ("document", "reasons media-empty", "the document printer is out of paper"),
    "jam": ("document", "reasons media-jam", "paper is stuck in the document printer"),
    "cover-open": ("document", "reasons cover-open", "the document printer's cover is open"),
    "toner-out": ("document", "reasons marker-supply-empty", "the document printer has no toner"),
    "tray-full": ("document", "reasons output-area-full", "the document printer's tray is full"),
    "printer-paused": ("document", "stop", "the document printer is paused at its panel"),
    "printer-busy": ("document", "busy on", "the document printer works for somebody else"),
    "printer-slow": ("document", "slow 20", "a document takes the printer twenty seconds"),
    "printer-gone": ("document", "offline", "the document printer's cable is out"),
    "ticket-paper-out": ("ticket", "paper out", "the ticket printer is out of paper"),
    "ticket-cover-open": ("ticket", "cover open", "the ticket printer's cover is open"),
    "ticket-cutter": ("ticket", "error cutter", "the ticket printer's cutter is stuck"),
    "ticket-printer-gone": ("ticket", "power off", "the ticket printer has no power"),
    "card-in": ("card", "insert", "a KTP-el is put on the reader"),
    "card-out": ("card", "remove", "the card is taken away"),
    "scanner-gone": ("scanner", "unplug", "the scanner's cable is out"),
    "network-cut": ("server", "offline", "the network to the Dinas is cut"),
    "server-slow": ("server", "slow 4000", "every answer of the Dinas takes four seconds"),
}
READER_GONE = "reader-gone"
WORDS = {name: words for name, (_, _, words) in COMMANDS.items()}
WORDS[READER_GONE] = "the card reader's service is gone"
CLEAR = "clear"


def listing():
    names = sorted(WORDS)
    width = max(map(len, names + [CLEAR]))
    lines = ["  %-*s  %s" % (width, name, WORDS[name]) for name in names]
    return "\n".join(lines + ["  %-*s  everything is well again (the card stays where it is)"
                              % (width, CLEAR)])
