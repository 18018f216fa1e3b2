"""Nothing of anybody where it does not belong: not in logs, not in what the kiosk tells of itself, not
in the bytes of its store, whenever it was killed."""
import re

# A short number is found by chance inside of longer ones.
BOUNDED = 12


class Secrets:
    """What people carry with them, as bytes to be looked for."""

    # Not a part of a longer number, nor of an identifier or a hash.
    ALONE = rb"(?<![0-9a-f])%s(?![0-9a-f])"

    def __init__(self, people, bookings, staff):
        words = {"a booking code": set(bookings), "a PIN of staff": set(staff)}
        for person in people:
            found = {"a NIK": [person["nik"]], "a name": [person["name"]], "a PIN": [person.get("pin")],
                     "a QR payload": [person.get("qr")]}
            for document in person.get("documents") or []:
                found["a PIN"].append(document.get("printPIN"))
                found["a QR payload"].append(document.get("printQR"))
            found["a registration number"] = [a["registration"] for a in person.get("applications") or []]
            for name, values in found.items():
                words.setdefault(name, set()).update(value for value in values if value)
        self.words = [(name, value.encode()) for name, values in words.items() for value in sorted(values)]

    def inside(self, data):
        """The kinds of secrets that stand in these bytes."""
        return sorted({name for name, value in self.words if value in data and (
            len(value) > BOUNDED or re.search(self.ALONE % re.escape(value), data))})


def check(proof):
    for records in proof.records:
        places = {"log %d" % start: text.encode() for start, text in records.logs.items()}
        places["its record"] = repr(records.audit).encode()
        places.update(records.kiosk.pages)
        for place, data in places.items():
            found = proof.lobby.secrets.inside(data)
            proof.expect(not found, records.name, "has", ", ".join(found), "in", place)
        for place, found in sorted(records.kiosk.leaks):
            proof.expect(False, records.name, "had", found, "in", place)
        for start, text in records.logs.items():
            proof.expect("Fatal error" not in text and "Illegal instruction" not in text, records.name,
                         "crashed, says log", start)
