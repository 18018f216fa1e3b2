"""What will happen in a round, all of it from one seed, before anything happens."""
import random

WEATHERS = ["fair"] * 4 + ["bad"] * 4 + ["offline"]
ENDS = ["disk", "disk", "disk", "start", "request", "request", "job", "now", "now", "tidy"]
REQUESTS = ["/v1/tickets", "/v1/tickets", "/v1/events", "/v1/events", "/v1/prints", "/v1/credentials",
            "/v1/documents", "/v1/changes"]
POWER = ["all", "all", "prefix", "sectors", "sectors", "kept"]
# Hours: days, so that a wrong one shows, and minutes, which must change nothing. An empty battery
# brings the clock back to the year 1970.
CLOCKS = [72, -72, -498_000, 36_000, 0.1, -0.1]
DOCUMENT_FAULTS = [("reasons media-empty", "reasons none"), ("power off", "power on"), ("offline", "online"),
                   ("slow 1.5", "slow 0.1"), ("abort", None), ("busy on", "busy off"), ("drop 2000", None),
                   ("accept off", "accept on")]
TICKET_FAULTS = [("paper out", "paper ok"), ("power off", "power on"), ("drop 60", None), ("cover open", "cover closed"),
                 ("offline", "online")]
# How a kiosk comes into the lobby: with a key and nothing else, with nothing, with what an earlier
# version left.
STORES = {"key": 70, "nothing": 14, "v1": 8, "v2": 8}
# Of the Dinas, in hours: far wrong, or hardly.
DINAS_CLOCKS = [48, -48, 400, 0.1, -0.1]
ERRANDS = {"ticket": 34, "print": 42, "status": 3, "survey": 9, "complaint": 6, "staff": 4, "wander": 6}


class Plan:
    """A round: a few lives of one or two kiosks, each with its weather, its faults and its end."""

    def __init__(self, seed):
        chance = random.Random(seed)
        self.seed = seed
        self.kiosks = chance.choice([1, 1, 2])
        self.has_clock_jumps = chance.random() < 0.2
        # Otherwise prints in doubt stay so, and their documents wait.
        self.staff_settle = chance.random() < 0.5
        self.store = chance.choices(list(STORES), list(STORES.values()))[0]
        # Two kiosks would be lent one right by a Dinas that takes the first one's time for over.
        self.has_dinas_jumps = self.kiosks == 1 and chance.random() < 0.12
        self.is_restored = chance.random() < 0.1
        self.lives = [Life(chance, self, number) for number in range(chance.randint(2, 4))]

    def limit(self, kiosks):
        """The same plan for fewer kiosks."""
        self.kiosks = min(self.kiosks, kiosks)
        for life in self.lives:
            del life.kiosks[self.kiosks:]

    def describe(self):
        store = {"key": "", "nothing": ", the first start of all"}.get(self.store, ", a store of %s" % self.store)
        lines = ["seed %d: %d kiosk%s%s" % (self.seed, self.kiosks, "s" * (self.kiosks > 1), store)]
        return "\n".join(lines + ["  life %d: %s" % (n + 1, life.describe()) for n, life in enumerate(self.lives)])


class Life:
    def __init__(self, chance, plan, number):
        self.steps = chance.randint(15, 70)
        self.weathers = {0: (chance.choice(WEATHERS), chance.randrange(1 << 30)),
                         chance.randrange(self.steps): (chance.choice(WEATHERS), chance.randrange(1 << 30))}
        self.dinas_jump = self.restore_at = None
        if number > 0 and plan.has_dinas_jumps:
            self.dinas_jump = chance.randrange(self.steps), chance.choice(DINAS_CLOCKS)
        if number > 0 and plan.is_restored:
            self.restore_at = chance.randrange(self.steps)
        self.kiosks = [KioskLife(chance, plan, self.steps, number) for _ in range(plan.kiosks)]

    def describe(self):
        more = "" if self.dinas_jump is None else ", from step %d the Dinas' clock %+g h" % self.dinas_jump
        more += "" if self.restore_at is None else ", at step %d it is set back to a backup" % self.restore_at
        return "%d steps, weather %s%s; %s" % (
            self.steps, ", ".join("%s from %d" % (w, at) for at, (w, _) in sorted(self.weathers.items())), more,
            "; ".join(k.describe() for k in self.kiosks))


class KioskLife:
    def __init__(self, chance, plan, steps, number):
        self.seed = chance.randrange(1 << 30)
        self.is_spoiled = number > 0 and chance.random() < 0.1
        is_new = self.is_spoiled or number == 0 and plan.store != "key"
        self.end = "start" if is_new and chance.random() < 0.6 else chance.choice(ENDS)
        # Operations on the disk: a start makes some hundred in a new store, a ticket about ten.
        self.operations = chance.randint(1, 260) if self.end == "start" else chance.randint(1, 40)
        if self.end == "start" and number == 0 and plan.store == "nothing":
            self.operations = chance.randint(1, 60)  # before the store is there
        self.arm_at = chance.randrange(steps // 4, steps)
        self.request = chance.choice(REQUESTS), chance.choice(["before", "after", "after"])
        self.power = chance.choice(POWER) if self.end != "tidy" else "kept"
        self.faults = []
        for device, faults in (("documents", DOCUMENT_FAULTS), ("tickets", TICKET_FAULTS)):
            if chance.random() < 0.45:
                at = chance.randrange(steps)
                self.faults.append((at, at + chance.randint(2, 15), device, *chance.choice(faults)))
        # Staff look after the kiosk; sometimes the power goes while they do.
        self.staff_at = chance.randrange(steps) if chance.random() < 0.15 else None
        if self.staff_at is not None and self.end == "disk" and chance.random() < 0.5:
            self.arm_at = self.staff_at
        self.clock, self.jump = 0, None
        if plan.has_clock_jumps:
            self.clock = chance.choice([0] * 3 + CLOCKS)
            if chance.random() < 0.5:
                self.jump = chance.randrange(steps), chance.choice([0] + CLOCKS)

    def describe(self):
        how = {"disk": "power lost %d operations on the disk after step %d" % (self.operations, self.arm_at),
               "start": "power lost %d operations after the start" % self.operations,
               "request": "killed %s request %s" % (self.request[1], self.request[0]),
               "job": "killed while a job prints", "now": "killed at the end", "tidy": "ended tidily"}[self.end]
        more = ["%s: %s (steps %d to %d)" % (device, fault, at, until)
                for at, until, device, fault, _ in self.faults]
        if self.is_spoiled:
            more.insert(0, "a cache page is spoiled")
        if self.staff_at is not None:
            more.append("staff at step %d" % self.staff_at)
        if self.clock:
            more.append("clock %+g h" % self.clock)
        if self.jump:
            more.append("from step %d clock %+g h" % self.jump)
        return ", ".join([how, "disk keeps: " + {"all": "only what is safe"}.get(self.power, self.power)] + more)
