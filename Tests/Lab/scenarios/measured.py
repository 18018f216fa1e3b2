"""Scenarios that measure the kiosk's process from outside."""
import os
import re
import time

import journeys
from stage import LAB, wait_for

IDLE_SECONDS = 60
IDLE_LIMIT = 0.005            # of one core
# A minute, of the threads that watch the card reader: a list every two seconds, which asks pcscd and
# waits for its answer, and some room.
CARD_WAKE_LIMIT = 100


def processor_seconds(pid):
    """Processor time of a process with all its threads, user and system."""
    with open("/proc/%d/stat" % pid) as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wake_ups(pid, name):
    """How often the process's threads of that name (its beginning) have gone to sleep so far."""
    count = 0
    for thread in os.listdir("/proc/%d/task" % pid):
        try:
            with open("/proc/%d/task/%s/status" % (pid, thread)) as f:
                said = dict(line.split(":", 1) for line in f if ":" in line)
        except FileNotFoundError:
            continue
        if said["Name"].strip().startswith(name):
            count += int(said["voluntary_ctxt_switches"])
    return count


def idle_cpu(tour):
    """On the attract screen, with nobody there, the kiosk sleeps."""
    stage = tour.stage
    stage.scene.wait_screen(("attract", "home"), 30)
    # The first seconds belong to starting: the first sync, the first look at the devices.
    time.sleep(10)
    before, began = processor_seconds(stage.kiosk.pid), time.monotonic()
    frames, woken = stage.scene.count, wake_ups(stage.kiosk.pid, "card-")
    time.sleep(IDLE_SECONDS)
    woken = (wake_ups(stage.kiosk.pid, "card-") - woken) * 60 / IDLE_SECONDS
    tour.check("the card reader wakes it %d times a minute, limit %d" % (woken, CARD_WAKE_LIMIT),
               0 < woken < CARD_WAKE_LIMIT)
    used = (processor_seconds(stage.kiosk.pid) - before) / (time.monotonic() - began)
    tour.check("idle: %.2f %% of a core, limit %.1f %%" % (used * 100, IDLE_LIMIT * 100), used < IDLE_LIMIT)
    tour.note("%d frames drawn meanwhile" % (stage.scene.count - frames))


def forms(nik):
    """How a NIK could lie in memory."""
    return {"ASCII": nik.encode(), "UTF-16": nik.encode("utf-16-le"), "UTF-32": nik.encode("utf-32-le"),
            "digit values": bytes(map(int, nik)),
            "64-bit digits": b"".join(int(d).to_bytes(8, "little") for d in nik)}


def search_memory(pid, wanted):
    """Which of the byte strings lie in writable memory of the process, and in which mapping."""
    found, longest = {}, max(map(len, wanted.values()))
    with open("/proc/%d/maps" % pid) as f:
        maps = f.read().splitlines()
    searched = 0
    with open("/proc/%d/mem" % pid, "rb", buffering=0) as memory:
        for line in maps:
            match = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)", line)
            first, last = int(match[1], 16), int(match[2], 16)
            if "r" not in match[3] or match[4] in ("[vvar]", "[vsyscall]", "[vvar_vclock]"):
                continue
            at, tail = first, b""
            while at < last:
                try:
                    memory.seek(at)
                    part = memory.read(min(1 << 22, last - at))
                except (OSError, OverflowError, ValueError):
                    break
                if not part:
                    break
                searched += len(part)
                for name, pattern in wanted.items():
                    if pattern in tail + part:
                        found.setdefault(name, set()).add(match[4] or "anonymous")
                tail = part[-longest:]
                at += len(part)
    return found, searched


def photo_pieces(photo):
    """A photo cut up as it is read, so that a rest of any one answer of the card is found."""
    return {"byte %d" % at: photo[at:at + 48] for at in range(0, len(photo) - 48, 250)}


def sentinel(tour):
    """After a session the NIK that was typed and the photo that was shown are nowhere in the kiosk's memory."""
    stage, visitor, person = tour.stage, tour.visitor, tour.person("ready")
    wanted = forms(person["nik"])
    with open(os.path.join(LAB, "profiles", "photo.jpg"), "rb") as f:
        photo = photo_pieces(f.read())
    stage.fault("card-in")
    tour.check("NIK and PIN open the list", journeys.sign_in(tour, person) == "documents", stage.scene.texts())
    visitor.walk({"documents": "document:"}, ("preview", "documentRefused"), 40)
    wait_for(lambda: len(search_memory(stage.kiosk.pid, photo)[0]) == len(photo), 20, "the photo in memory")
    tour.check("the search finds all of a photo while it is shown", True)
    visitor.look(force=True)
    visitor.leave()
    stage.fault("card-out")
    # The status look-up takes the same NIK by another way.
    journeys.look_up(tour, person if person.get("applications") else tour.person("status"))
    visitor.leave()
    # So does a session that its citizen walks away from half-way.
    visitor.walk({"home": "printDocument"}, "printNIK")
    visitor.type(person["nik"][:15])
    found, _ = search_memory(stage.kiosk.pid, {"ASCII": wanted["ASCII"][:15], "digits": wanted["digit values"][:15]})
    tour.check("the search finds a NIK while it is being typed", bool(found), "nothing found")
    visitor.leave()
    stage.scene.wait_screen(("attract", "home"), 60)
    found, searched = search_memory(stage.kiosk.pid, wanted)
    tour.check("after the sessions the NIK is nowhere in %d MiB" % (searched >> 20), not found, found)
    short, _ = search_memory(stage.kiosk.pid, {"15 digits": person["nik"][:15].encode()})
    tour.check("nor are 15 digits of it", not short, short)
    found, _ = search_memory(stage.kiosk.pid, photo)
    tour.check("nor is any of the photo's %d pieces" % len(photo), not found, found)
