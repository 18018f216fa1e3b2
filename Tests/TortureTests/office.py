"""The invented office of the proof: the demonstration's, with more people who wait for documents."""
import os
import re

import people as demonstration_people

# Each with a single-use document. Some are lent in advance to the kiosk they are picked up at; what
# opens those without the server is hashed slowly on purpose, so there are few.
WAITING = 8
PICKED_UP_AT = {1: "kiosk-0", 3: "kiosk-1"}
# Everybody of the proof lives in a region that does not exist and was born on one day.
NIK = "9999990101901%03d"
CITIZEN = """
  - name: WARGA REKAAN UJI {n}
    nik: "{nik}"
    pin: "1000{n:02d}"
    shows: Dokumen sekali cetak untuk uji
    documents:
      - id: uji-{n}
        kind: Kartu Keluarga
        file: kk-siap.pdf
        readyDaysAgo: 1
        prints: 1
        printPIN: "2000{n:02d}"
{pickup}"""
BOOKING = '    - {{ code: "301100{n:02d}", service: akta-kelahiran, from: "00.00", until: "24.00" }}\n'


def make(demonstration, folder):
    """Writes the office's folder and returns its people, as visitors know them."""
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(demonstration, "citizens.yaml"), encoding="utf-8") as f:
        text = f.read()
    before, mark, after = text.partition("  bookings:\n")
    assert mark, "the demonstration takes no bookings any more"
    text = before + mark + "".join(BOOKING.format(n=n) for n in range(WAITING)) + after
    for n in range(WAITING):
        pickup = "        kiosk: %s\n" % PICKED_UP_AT[n] if n in PICKED_UP_AT else ""
        text += CITIZEN.format(n=n, nik=NIK % n, pickup=pickup)
    with open(os.path.join(folder, "citizens.yaml"), "w", encoding="utf-8") as f:
        f.write(text)
    documents = os.path.join(folder, "documents")
    if not os.path.exists(documents):
        os.symlink(os.path.join(demonstration, "documents"), documents)
    return list(visitors(folder))


def bookings(folder):
    """The codes that may be checked in."""
    with open(os.path.join(folder, "citizens.yaml"), encoding="utf-8") as f:
        return re.findall(r'code: "(\d+)"', f.read())


def visitors(folder):
    """Those who can sign in; with each credential once, so that those with something to print come
    more often."""
    for place, person in enumerate(demonstration_people.read(folder)):
        documents = person.get("documents") or []
        entry = {"nik": person["nik"], "booking": "301100%02d" % (place % WAITING)}
        for application in person.get("applications") or []:
            entry["registration"] = application["registration"]
        pins = [person["pin"]] if person.get("pin") else []
        pins += [d["printPIN"] for d in documents if d.get("printPIN")]
        for pin in pins:
            yield {**entry, "pin": pin}
