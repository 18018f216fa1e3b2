"""Cards: what lies in the virtual reader beside what the driver says of it."""
import hashlib
import json
import os
import signal
import sys
import time

import labtools
from children import Child, ChildFailed
from driver import Driver
from lane import Lane

LAB = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Lab")
# pcscd looks for cards every 400 ms; the rest is for a busy machine.
READING = 4
# After a card's error the driver looks again at its next wait, every five seconds at the latest.
SECOND_LOOK = 9
# The driver's own limit of 1.5 s for a photo (Cards.swift), and of 1 s for a card that hangs.
PHOTO = 6


class Cards(Lane):
    kinds = dict(plain=20, slow=1, other_card=1, mute=2, bounce=3, bounce_in_mid_read=2,
                 pulled_in_mid_read=4, bad_answer=4, bad_answer_at_first=1, hangs=1, hangs_at_first=1,
                 swapped=2, swapped_in_mid_read=1, service_killed=1, service_killed_in_mid_read=1,
                 reader_unplugged=1)
    goal = 2000
    # The context for talking: pcscd's end closes it, and the next talk opens one.
    descriptor_slack = 1

    def open(self):
        self.network = self.card = self.service = None
        try:
            self.network = Child("network-" + self.name, [
                sys.executable, os.path.join(LAB, "private-network")], self.folder)
        except ChildFailed as e:
            print("cards: WARNING: the virtual reader listens on every interface: %s" % e, file=sys.stderr)
        self.inside = ["--network", self.network["NETWORK_PID"] if self.network else "0"]
        self.place_of_service = os.path.join(self.folder, "pcscd")
        self.vpcd = None
        self.start_service()
        self.profiles = {"other": os.path.join(LAB, "profiles", "member.json")}
        self.photos = {}
        for name in ("first", "second"):
            self.make_card(name)
        self.card = Child("card-" + self.name, [
            sys.executable, os.path.join(LAB, "virtual-card"), "--port", self.vpcd, "--profile",
            self.profiles["first"], "--control", os.path.join(self.folder, "c.sock"), *self.inside],
            self.folder)
        lie = ["--lie", self.options.lie] if self.options.lie else []
        self.driver = Driver(self.name, [os.path.join(self.options.build, "device-soak"), "cards", *lie],
                             self.folder, {"PCSCLITE_CSOCK_NAME": self.service["PCSCLITE_CSOCK_NAME"]})
        self.driver.wait("reading empty", limit=READING)

    def make_card(self, name):
        """A KTP-el of the lab with an invented photo of its own: bytes that only begin and end like one."""
        size = self.chance.choice((40, 1_500, 4_023, 9_000))
        photo = b"\xFF\xD8\xFF" + self.chance.randbytes(size) + b"\xFF\xD9"
        with open(os.path.join(self.folder, name + ".jpg"), "wb") as f:
            f.write(photo)
        with open(os.path.join(LAB, "profiles", "ktp.json")) as f:
            profile = json.load(f)
        profile["files"]["6FF2"]["data_file"] = name + ".jpg"
        self.profiles[name] = os.path.join(self.folder, name + ".json")
        with open(self.profiles[name], "w") as f:
            json.dump(profile, f)
        self.photos[name] = "%s %d" % (hashlib.sha256(photo).hexdigest(), len(photo))

    def start_service(self, pairs=1):
        port = ["--port", self.vpcd] if self.vpcd else []
        self.service = Child("pcscd-" + self.name, [
            sys.executable, os.path.join(LAB, "start-pcscd"), "--dir", self.place_of_service, "--pairs",
            pairs, *port, *self.inside], self.folder)
        if not self.vpcd:
            self.vpcd = self.service["VPCD_PORTS"].split()[0]

    def kill_service(self):
        os.kill(int(self.service["LAB_PCSCD_PID"]), signal.SIGKILL)
        self.service.wait(5)
        self.service.stop()

    def close(self):
        for process in (self.driver, self.card, self.service, self.network):
            if process:
                process.stop()

    def tell(self, line):
        return labtools.tell(self.card["CONTROL"], line)

    # -- what is true, and what is said

    def readings(self):
        return self.driver.told("reading", self.since)

    def says(self, *readings, limit=READING):
        """Waits until the newest reading is one of these."""
        def newest():
            told = self.driver.told("reading")
            return (told[-1] if told else self.newest) in readings
        self.check(labtools.wait_until(newest, limit, step=0.005), "in the reader: %s; told: %s" % (
            " or ".join(readings), self.driver.told("reading")[-6:] or self.newest))
        self.newest = self.driver.told("reading")[-1] if self.driver.told("reading") else self.newest

    newest = "empty"

    def insert(self, card="first", now=True):
        self.tell("profile " + self.profiles[card])
        self.inserted = card
        self.moment = time.monotonic()
        self.since = self.driver.mark()
        self.tell("insert now" if now else "insert")

    def remove(self):
        self.tell("remove")
        before = time.monotonic()
        self.says("empty")
        self.timed("card removed to told", time.monotonic() - before)

    def present(self, card="first"):
        """Puts a card in and waits until the driver has recognised it."""
        self.insert(card)
        moment, _ = self.driver.wait("reading " + ("other" if card == "other" else "ktp-el"),
                                     since=self.since, limit=READING)
        self.timed("card inserted to recognised", moment - self.moment)
        self.newest = "other" if card == "other" else "ktp-el"

    def photo(self, *besides):
        """Reads the photo: the very bytes of the card in the reader, or one of what is allowed
        besides (`error` for every error)."""
        said = self.driver.ask("photo", limit=PHOTO)
        self.check(said == self.photos.get(self.inserted) or said.split()[0] in besides,
                   "the photo is %s, expected %s" % (
                       said, " or ".join(besides) or self.photos.get(self.inserted, "none")))
        return said

    def quiet(self):
        """No card, nothing hanging, pcscd there."""
        if not self.service.running():
            self.start_service()
        self.tell("clear")
        self.tell("release")
        self.tell("remove")
        self.says("empty", limit=SECOND_LOOK)
        labtools.wait_until(lambda: self.driver.ask("hanging") == "0", 5)
        self.check(self.driver.ask("hanging") == "0", "a talk with a card that is gone still hangs")

    # -- rounds

    def plain(self):
        if self.chance.random() < 0.1:
            self.make_card("first")
        self.present()
        before = time.monotonic()
        self.photo()
        self.timed("photo", time.monotonic() - before)
        self.remove()

    def slow(self):
        self.tell("slow %d" % self.chance.randint(1, 20))
        self.present()
        self.photo()
        self.tell("clear")
        self.remove()

    def other_card(self):
        self.present("other")
        self.photo("none")
        self.remove()

    def mute(self):
        self.tell("mute on")
        self.insert()
        self.says("mute")
        self.photo("none")
        self.tell("clear")
        self.remove()
        self.present()
        self.photo()
        self.remove()

    def bounce(self):
        """Out and in again between two looks of pcscd, or a little slower."""
        self.present()
        for _ in range(self.chance.randint(1, 3)):
            self.tell("remove")
            time.sleep(self.chance.uniform(0, 0.5))
            self.insert()
        self.settled()

    def bounce_in_mid_read(self):
        self.present()
        self.fault_in_mid_read()
        self.photo("error", "none")
        time.sleep(self.chance.uniform(0, 0.5))
        self.insert()
        self.settled()

    def settled(self):
        """The card lies still. The driver says that it is there, or that it should be taken out and
        put in again; and the photo is its own, or an error."""
        self.says("ktp-el", "error", limit=SECOND_LOOK)
        self.photo("error", "none")
        self.remove()
        self.present(self.inserted)
        self.photo()
        self.remove()

    def fault_in_mid_read(self):
        """The card goes at a byte of the photo, or before one of the commands."""
        kind = self.chance.choice(("remove", "torn"))
        length = int(self.photos[self.inserted].split()[1])
        if self.chance.random() < 0.6:
            self.tell("fault %s offset %d" % (kind, self.chance.randint(2, length)))
        else:
            self.tell("fault %s at %d" % (kind, self.chance.randint(1, 4)))

    def pulled_in_mid_read(self):
        self.present()
        self.fault_in_mid_read()
        self.photo("error", "none")
        self.tell("clear")
        self.remove()

    def bad_answer(self):
        self.present()
        kind = self.chance.choice(("garbage", "short", "long", "sw 6F00", "sw 6982", "sw 9000", "sw 6282"))
        self.tell("fault %s at %d for %d" % (kind, self.chance.randint(1, 6), self.chance.randint(1, 3)))
        self.photo("error")
        self.tell("clear")
        self.photo()
        self.remove()

    def bad_answer_at_first(self):
        """Nonsense for the first question. Another card than it is, it may be called only by words
        of a card; then it is asked no more."""
        kind = self.chance.choice(("garbage", "short", "long", "sw 6F00"))
        self.tell("fault %s at 1 for 1" % kind)
        self.insert()
        self.says(*["ktp-el", "other"][:2 if kind == "garbage" else 1], limit=SECOND_LOOK)
        self.tell("clear")
        self.remove()

    def hangs(self):
        self.present()
        self.tell("fault hang at %d" % self.chance.randint(1, 5))
        self.photo("error")
        self.check(self.driver.ask("hanging") in "01", "more than one talk hangs")
        self.tell(self.chance.choice(("release", "remove")))
        self.tell("clear")
        self.remove()
        self.present()
        self.photo()
        self.remove()

    def hangs_at_first(self):
        self.tell("fault hang")
        self.insert()
        self.says("error", limit=SECOND_LOOK)
        self.tell("release")
        self.remove()
        self.present()
        self.photo()
        self.remove()

    def swapped(self):
        """Another card, slower than pcscd looks: its own photo or its own kind."""
        self.present("first")
        self.tell("remove")
        time.sleep(self.chance.uniform(0.45, 0.7))
        card = self.chance.choice(("second", "other"))
        self.present(card)
        self.photo(*(["none"] if card == "other" else []))
        self.remove()

    def swapped_in_mid_read(self):
        """Quicker than pcscd looks: no byte of the one photo may stand in the other."""
        self.present("first")
        self.tell("fault torn offset %d" % self.chance.randint(
            2, int(self.photos["first"].split()[1])))
        self.photo("error", "none")
        self.insert("second")
        self.settled()

    def service_killed(self):
        if self.chance.random() < 0.7:
            self.present()
        self.kill_service()
        killed = time.monotonic()
        self.says("service-gone")
        self.timed("pcscd killed to told", time.monotonic() - killed)
        self.photo_without_service()
        self.start_service()
        began = time.monotonic()
        self.insert()
        self.says("ktp-el", limit=SECOND_LOOK)
        self.timed("pcscd back to recognised", time.monotonic() - began)
        self.photo()
        self.remove()

    def photo_without_service(self):
        said = self.driver.ask("photo", limit=PHOTO)
        self.check(said.split()[0] in ("none", "error"), "a photo without pcscd: " + said)

    def service_killed_in_mid_read(self):
        self.present()
        self.tell("slow 100")
        place = self.driver.say("photo killed")
        time.sleep(self.chance.uniform(0, 0.3))
        self.kill_service()
        _, line = self.driver.wait("photo killed", since=place, limit=PHOTO)
        said = line.split(" ", 2)[2]
        self.check(said == self.photos["first"] or said.startswith(("error", "none")),
                   "the photo is " + said)
        self.tell("clear")
        self.says("service-gone")
        self.start_service()
        self.says("ktp-el", limit=SECOND_LOOK)
        self.photo()
        self.remove()

    def reader_unplugged(self):
        """A reader that goes and comes; the lab restarts pcscd without and with one."""
        self.kill_service()
        self.start_service(pairs=0)
        self.says("no-reader", limit=SECOND_LOOK)
        self.kill_service()
        self.start_service()
        self.says("empty", limit=SECOND_LOOK)
        self.present()
        self.photo()
        self.remove()

    def last(self):
        self.quiet()
