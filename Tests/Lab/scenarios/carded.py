"""Scenarios around the card reader: a card that never lets go, and what is not written down."""
import json
import os
import random
import signal
import time

import journeys
from faulty import CLEARED, device, outcomes, slip_under_way, whole_slip
from measured import photo_pieces, search_memory
from stage import wait_for

# The kiosk starts itself anew once an hour at most; here it may as soon as its patience is over.
YOUNG = {"kiosk_arguments": ["--youngest-restart", "20"], "overlay": CLEARED}
# So long cards must have been refused (IdleRestart.swift), and a look every five seconds.
PATIENCE = 60 + 2 * 5
# What the status 75 means to a supervisor: start me again.
TEMPFAIL = 75


def never_lets_go(tour):
    """A card's transmit hangs for good. The kiosk serves on; in an idle moment it ends with status 75,
    and the next start finds everything as it was."""
    stage, visitor = tour.stage, tour.visitor
    insert(stage)
    stage.tell("card", "fault hang for ever")
    tour.check("NIK and PIN open the list", journeys.sign_in(tour, tour.person("ready")) == "documents",
               stage.scene.texts())
    visitor.walk({"documents": "document:"}, "preview", 40)
    wait_for(lambda: stage.ask("card", "status")["hanging"], 10, "a transmit that hangs")
    visitor.press("print")
    visitor.walk({}, ("takePaper", "printFailed"), 60)
    tour.check("the document is printed beside it", stage.scene.screen == "takePaper", stage.scene.texts())
    visitor.leave()
    tour.check("one hang alone is no reason", "card-reader.hangs" not in reasons(stage), reasons(stage))

    journeys.sign_in(tour, tour.person("ready", 1))
    visitor.walk({"documents": "document:"}, "preview", 40)
    wait_for(lambda: "card-reader.hangs" in reasons(stage), 30, "the refused talk in the health report")
    since = time.monotonic()
    visitor.leave()
    tour.check("the kiosk is still ready", stage.health("readyz")[0] == 200)

    visitor.walk({"home": "takeNumber"}, "serviceList")
    while time.monotonic() < since + PATIENCE:
        visitor.press("contrast")
        time.sleep(1)
    tour.check("for %d s it waits for who is there" % PATIENCE, stage.kiosk.running() and not stage.scene.closed)
    prints = outcomes(stage)
    tour.check("nothing is open in the ledger", prints == ["delivered"], prints)
    kiosk = stage.kiosk
    slip_under_way(tour)
    code = kiosk.wait(45)
    tour.check("then it ends by itself, with status %d" % TEMPFAIL, code == TEMPFAIL, (code, kiosk.tail()))
    stage.stop_kiosk()
    whole_slip(tour)

    stage.fault("card-out")
    stage.tell("card", "clear")
    stage.start_kiosk()
    wait_for(lambda: stage.health("readyz")[0] == 200, 30, "readyz")
    wait_for(lambda: not stage.health()[1]["outbox"]["depth"], 60, "an empty outbox")
    tour.check("the ledger is as it was", outcomes(stage) == prints, outcomes(stage))
    tour.check("the server has the number, once", len(stage.ask("server", "status")["tickets"]) == 1)
    insert(stage)
    tour.check("and cards are read again", "card-reader.hangs" not in reasons(stage), reasons(stage))
    stopped_beside_a_hang(tour)


def stopped_beside_a_hang(tour):
    """A card that hangs keeps the glass standing for two seconds after the stop: what is asked of it then
    does not come out of a kiosk that is gone."""
    stage, visitor = tour.stage, tour.visitor
    stage.tell("card", "fault hang for ever")
    journeys.sign_in(tour, tour.person("ready", 1))
    visitor.walk({"documents": "document:"}, "preview", 40)
    wait_for(lambda: stage.ask("card", "status")["hanging"], 20, "a transmit that hangs")
    stage.scene.wait_control("print", 10)
    kiosk, control = stage.kiosk, stage.scene.control("print")
    kiosk.send(signal.SIGTERM)
    stage.fingers.press(control)
    code = kiosk.wait(45)
    tour.check("stopped with a card in it ends with status 0", code == 0, (code, kiosk.tail()))
    stage.stop_kiosk()
    unfinished = stage.ask("document", "status")["unfinished"]
    tour.check("nothing is left at the printer", unfinished == 0, unfinished)
    tour.check("nor open in the ledger", None not in outcomes(stage), outcomes(stage))


def insert(stage):
    """A KTP-el is put on, and the kiosk has recognised it."""
    before = stage.ask("card", "status")["apdus"]
    stage.fault("card-in")
    wait_for(lambda: stage.ask("card", "status")["apdus"] > before, 20, "a look at the card")
    wait_for(lambda: reader(stage) == ("present", None), 20, "the card in the health report")
    stage.scene.settle()


def reader(stage):
    return device(stage, "cardReader")


def reasons(stage):
    return [reason["code"] if isinstance(reason, dict) else reason for reason in stage.health()[1]["reasons"]]


# -------------------------------------------------------------- what is not written down

# Each once at the card's first command, once in the middle of its photo.
FAULTS = ("remove", "torn", "garbage", "short", "long", "sw 6982", "hang")
PIECE = 5                      # bytes of a secret that count as found: no accident in a log of some kB


def says_nothing(tour):
    """Through every fault of a card nothing of it, and nothing of its holder, is written down."""
    stage, visitor, person = tour.stage, tour.visitor, next(p for p in tour.people("ready") if p.get("qr"))
    profile, secret = invented_card(stage)
    # Of the code, what is behind the words that every such code of the demonstration begins with.
    secret.update(nik=person["nik"].encode(), pin=person["pin"].encode(), qr=person["qr"].split("-")[-1].encode())
    stage.tell("card", "profile " + profile)
    tour.check("NIK and PIN open the list", journeys.sign_in(tour, person) == "documents", stage.scene.texts())
    visitor.walk({"documents": "document:"}, "preview", 40)
    for fault in FAULTS:
        for at in (1, 8):
            stage.tell("card", "fault %s at %d" % (fault, at))
            stage.tell("card", "insert")
            wait_for(lambda: not stage.ask("card", "status")["fault"], 20, "the fault %s" % fault)
            visitor.press("contrast")                # somebody is there
            if fault == "hang":
                wait_for(lambda: stage.ask("card", "status")["hanging"], 10, "a hang")
                stage.tell("card", "release")
            stage.tell("card", "remove")
            stage.tell("card", "clear")
            wait_for(lambda: reader(stage)[0] == "empty", 20, "an empty reader after %s" % fault)
    insert(stage)
    wait_for(lambda: bool(search_memory(stage.kiosk.pid, photo_pieces(secret["photo"]))[0]), 20, "the photo")
    tour.check("the photo was read all the same", True)
    visitor.leave()
    stage.fault("card-out")
    visitor.walk({"home": "printDocument"}, "printNIK")
    stage.tell("scanner", "scan " + person["qr"])
    visitor.walk({}, ("documents", "credentialRefused"), 40)
    visitor.leave()
    stage.fault("reader-gone")
    wait_for(lambda: reader(stage)[0] == "service-gone", 20, "a reader that is gone")
    said = {"health": json.dumps(stage.health()[1]).encode()}
    tour.check("the kiosk ends well", stage.stop_kiosk() == 0)
    with open(stage.path("log", "kiosk.log"), "rb") as f:
        said["kiosk.log"] = f.read()
    tour.check("the faults are written down", said["kiosk.log"].count(b"card.error") > 5, len(said["kiosk.log"]))
    tour.check("the search finds what is there", written(b"card.error", said["kiosk.log"]) is not None)
    for name, text in said.items():
        found = {kind: written(value, text) for kind, value in secret.items()}
        tour.check("nothing of card, number or code is in %s (%d bytes)" % (name, len(text)),
                   not any(found.values()), {kind: where for kind, where in found.items() if where})


def invented_card(stage):
    """A KTP-el whose every telling byte is drawn by lot: the profile's path, and the bytes."""
    chance = random.SystemRandom()
    lab = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with open(os.path.join(lab, "profiles", "ktp.json"), encoding="utf-8") as f:
        profile = json.load(f)
    with open(os.path.join(lab, "profiles", "photo.jpg"), "rb") as f:
        photo = f.read()
    history, uid, comment = (chance.randbytes(n) for n in (11, 7, 600))
    head = b"\x8B\x80\x01" + history
    check = 0
    for byte in head:
        check ^= byte
    profile["atr"] = (b"\x3B" + head + bytes([check])).hex(" ")
    profile["uid"] = uid.hex(" ")
    # A comment of the JPEG's: it stays a picture.
    photo = photo[:2] + b"\xFF\xFE" + (len(comment) + 2).to_bytes(2, "big") + comment + photo[2:]
    profile["files"]["6FF2"]["data_file"] = "invented.jpg"
    with open(stage.path("invented.jpg"), "wb") as f:
        f.write(photo)
    path = stage.path("invented.json")
    with open(path, "w", encoding="utf-8") as f:
        json.dump(profile, f)
    commands = bytes.fromhex("00A40000027F0A 00A40000026FF2 00B0000002".replace(" ", ""))
    return path, dict(atr=history, uid=uid, photo=photo, commands=commands)


def written(secret, text):
    """Where some bytes in a row of a secret stand in a text: as they are, or as digits of any usual form."""
    lower = text.lower()
    plain = lower.replace(b" ", b"").replace(b":", b"").replace(b"0x", b"").replace(b",", b"")
    decimal = b"".join(lower.split()).replace(b"[", b",").replace(b"]", b",")
    for at in range(len(secret) - PIECE + 1):
        piece = secret[at:at + PIECE]
        if piece in text:
            return "as it is, at byte %d" % at
        if piece.hex().encode() in plain:
            return "in hex, at byte %d" % at
        if b"," + b",".join(b"%d" % byte for byte in piece) + b"," in decimal:
            return "in decimal, at byte %d" % at
    return None
