"""People with errands, who touch what they see; some know what they want, some touch anything."""
import re

# On each screen: what leads on with the errand, the first that is there. `~` picks any of them.
WAYS = {
    "ticket": {"home": ["takeNumber"], "serviceList": ["~service:"], "requirements": ["takeNumber", "continue", "nextPage"],
               "lane": ["~lane:"], "ticket": ["retryTicketPaper", "finish", "goHome"], "ticketRefused": ["goHome"]},
    "print": {"home": ["printDocument"], "documents": ["~document:", "finish"], "preview": ["print"],
              "takePaper": ["paperTaken"], "survey": ["~score:"], "printFailed": ["goHome", "finish"],
              "documentRefused": ["goHome", "finish"], "credentialRefused": ["goHome", "finish"]},
    "status": {"home": ["checkStatus"], "statusResult": ["goHome", "finish"]},
    "survey": {"home": ["rate"], "survey": ["~score:"]},
    "staff": {"home": ["callStaff"], "help": ["callStaff", "goHome", "back", "finish"]},
    "complaint": {"home": ["complaints"], "complaints": ["complain"], "complaintKinds": ["~complaintKind:"],
                  "complaint": ["retryTicketPaper", "finish", "goHome"], "complaintRefused": ["goHome"]},
    "wander": {},
}
ALWAYS = {"attract": ["start"], "stillHere": ["stillHere"], "languages": ["language:id"]}
# The kiosk is at work; whoever touches now has no patience.
BUSY = {"issuingTicket", "statusSearching", "checkingCredential", "verifying", "printing", "filingComplaint"}
# The errand is over, well or badly; whoever comes next is somebody else.
ENDS = {"ticket": {"ticket", "ticketRefused"}, "print": {"survey", "printFailed", "documentRefused", "credentialRefused"},
        "status": {"statusResult"}, "survey": {"thanks"}, "staff": {"help"},
        "complaint": {"complaint", "complaintRefused"}}
# Seconds for which somebody looks at a kiosk that is at work before they may touch again.
LOOK = 1.5
ENTRIES = {"ticketIdentity", "statusRegistration", "statusNIK", "printNIK", "printPIN"}
NUMBER = re.compile(r"\b[A-Z]{1,4}\d?-\d{3,4}\b")


class Visitor:
    """Everybody who comes to one kiosk between two of its deaths. One `step` is one touch, or one
    number typed; the same seed touches the same."""

    def __init__(self, kiosk, random, people, errands):
        self.kiosk, self.random, self.people, self.errands = kiosk, random, people, errands
        self.next_errand()

    def next_errand(self):
        self.errand = self.random.choices(list(self.errands), list(self.errands.values()))[0]
        self.person = self.random.choice(self.people)
        # Who has something to print comes as long as it lies here, and seldom again.
        if self.errand == "print" and self.person["pin"] in self.kiosk.served and self.random.random() < 0.9:
            left = [person for person in self.people if person["pin"] not in self.kiosk.served]
            self.person = self.random.choice(left or self.people)
        self.is_wrong = self.random.random() < 0.1
        self.patience, self.is_done = 25, False

    def step(self):
        """False when the kiosk is gone."""
        scene = self.kiosk.scene
        if not self.kiosk.running() or scene is None or scene.closed:
            return False
        screen = scene.screen
        self.patience -= 1
        if self.patience < 0 or self.is_done and screen in ("home", "attract"):
            self.next_errand()
        self.is_done = self.is_done or screen in ENDS.get(self.errand, ())
        if screen == "takePaper" and self.errand == "print":
            self.kiosk.served.add(self.person["pin"])
        if screen in ENTRIES and self.errand != "wander":
            return self.type(screen)
        control = self.choose(screen)
        if control is None:
            scene.frame_on_another(screen, LOOK)
            return True
        count = scene.count
        if not self.kiosk.tap(control):
            return False
        scene.frame_after(count, 0.3)
        return True

    def choose(self, screen):
        controls = [c for c in self.kiosk.scene.frame["controls"] if c["enabled"]]
        if screen in BUSY and self.random.random() < 0.9:
            return None
        if self.errand == "wander" or self.random.random() < 0.08:
            return self.random.choice(controls) if controls else None
        for name in WAYS[self.errand].get(screen) or ALWAYS.get(screen) or []:
            fitting = [c for c in controls if c["name"].startswith(name.lstrip("~"))]
            if fitting:
                return self.random.choice(fitting) if name[0] == "~" else fitting[0]
        out = [c for c in controls if c["name"] in ("finish", "goHome", "skip", "back", "paperTaken", "continue")]
        return self.random.choice(out or controls) if controls else None

    def type(self, screen):
        """Types what the screen asks for; where it may be NIK or booking code, whichever it takes."""
        person = self.person
        numbers = {"statusRegistration": [person.get("registration", "2026999999")], "printPIN": [person["pin"]],
                   "ticketIdentity": [person["booking"], person["nik"]]}.get(screen, [person["nik"]])
        if self.is_wrong and screen in ("printPIN", "statusRegistration"):
            numbers = ["%0*d" % (len(n), self.random.randrange(10 ** len(n))) for n in numbers]
        for digits in numbers:
            if not self.press_all(screen, ["clearDigits"] + ["digit:" + d for d in digits]):
                return self.kiosk.running()
            control = self.kiosk.scene.control("continue")
            if control and control["enabled"]:
                return self.press_all(screen, ["continue"]) or self.kiosk.running()
        self.next_errand()                           # it wants another number than we know
        return True

    def press_all(self, screen, names):
        """False when the screen went away meanwhile."""
        for name in names:
            scene = self.kiosk.scene
            if scene is None or scene.closed or scene.screen != screen:
                return False
            control = scene.control(name)
            if control is None or not control["enabled"]:
                continue
            count = scene.count
            if not self.kiosk.tap(control):
                return False
            scene.frame_after(count, 0.3)
        return True
