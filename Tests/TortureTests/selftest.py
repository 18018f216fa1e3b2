"""Holds the proof itself to what it claims: that a disk forgets what was not synchronised, that a
proxy does what the plan says, and that a kiosk which trusts the disk too early is found out.

    selftest.py --build DIR [NAME ...]
"""
import argparse
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from contextlib import closing

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "Lab")]
sys.dont_write_bytecode = True

import people as demonstration_people                  # noqa: E402
import powerloss                                       # noqa: E402
import rounds                                          # noqa: E402
import slips                                           # noqa: E402
import staff                                           # noqa: E402
from lobby import Lobby                                # noqa: E402
from plan import Plan                                  # noqa: E402
from proof import Proof                                # noqa: E402

BUILD = None
WRITER = """
import os, sqlite3, sys
folder = sys.argv[1]
def put(name, data, *steps):
    f = os.open(os.path.join(folder, name), os.O_CREAT | os.O_RDWR, 0o600)
    os.pwrite(f, data, 0)
    if "sync" in steps: os.fsync(f)
    os.close(f)
def sync_folder():
    f = os.open(folder, os.O_RDONLY); os.fsync(f); os.close(f)
"""


class Disk(unittest.TestCase):
    """A process on the disk that forgets."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="powerloss-")
        self.addCleanup(self.folder.cleanup)
        self.data, self.log = self.path("data"), self.path("log")
        os.mkdir(self.data)
        self.library = powerloss.build(self.folder.name)
        self.counter = powerloss.Counter(self.path("counter"))

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def run_program(self, program, **more):
        environment = {**os.environ, "LD_PRELOAD": self.library, "POWER_LOSS_FOLDERS": self.data,
                       "POWER_LOSS_LOG": self.log, "POWER_LOSS_COUNTER": self.path("counter"), **more}
        return subprocess.run([sys.executable, "-c", WRITER + program, self.data], env=environment).returncode

    def content(self, name):
        path = os.path.join(self.data, name)
        if not os.path.exists(path):
            return None
        with open(path, "rb") as f:
            return f.read()

    def test_what_was_synchronised_stays_and_the_rest_goes(self):
        self.run_program('put("a", b"old", "sync"); sync_folder(); put("a", b"newer")')
        self.assertEqual(self.content("a"), b"newer")
        self.assertEqual(powerloss.lose(self.log), 1)
        self.assertEqual(self.content("a"), b"old")

    def test_a_file_whose_folder_was_not_synchronised_is_gone(self):
        self.run_program('put("a", b"whole", "sync")')
        powerloss.lose(self.log)
        self.assertIsNone(self.content("a"))

    def test_a_rename_without_its_folder_is_taken_back(self):
        self.run_program('put("a", b"1", "sync"); put("b", b"2", "sync"); sync_folder(); '
                         'os.rename(folder + "/b", folder + "/a")')
        self.assertEqual(self.content("a"), b"2")
        powerloss.lose(self.log)
        self.assertEqual((self.content("a"), self.content("b")), (b"1", b"2"))

    SWAP = ('put("a", b"old", "sync"); put("c", b"new", "sync"); sync_folder(); os.rename(folder + "/a", folder + "/b"); '
            'os.rename(folder + "/c", folder + "/a"); sync_folder(); ')

    def test_a_file_in_the_place_of_another_is_safe_by_itself(self):
        self.run_program(self.SWAP + 'put("a", b"newer", "sync")')
        powerloss.lose(self.log)
        self.assertEqual((self.content("a"), self.content("b")), (b"newer", b"old"))

    def test_a_file_in_the_place_of_another_is_lost_by_itself(self):
        self.run_program(self.SWAP + 'put("b", b"older", "sync"); put("a", b"newer")')
        powerloss.lose(self.log)
        self.assertEqual((self.content("a"), self.content("b")), (b"new", b"older"))

    def test_what_was_written_before_a_rename_is_lost_behind_it(self):
        self.run_program('put("a", b"1", "sync"); put("a", b"22"); os.rename(folder + "/a", folder + "/b"); sync_folder()')
        powerloss.lose(self.log)
        self.assertEqual((self.content("a"), self.content("b")), (None, b"1"))

    def test_a_link_without_its_folder_is_gone(self):
        self.run_program('put("a", b"1", "sync"); sync_folder(); os.link(folder + "/a", folder + "/b")')
        self.assertEqual(self.content("b"), b"1")
        powerloss.lose(self.log)
        self.assertEqual((self.content("a"), self.content("b")), (b"1", None))

    def test_a_link_stays_when_its_folder_is_safe(self):
        self.run_program('put("a", b"1", "sync"); os.link(folder + "/a", folder + "/b"); sync_folder()')
        powerloss.lose(self.log)
        self.assertEqual(self.content("b"), b"1")

    MAKE_FOLDER = 'folder += "/in"; os.mkdir(folder); put("a", b"1", "sync"); sync_folder()'

    def test_a_folder_whose_own_name_is_not_safe_is_gone_with_all_in_it(self):
        self.run_program(self.MAKE_FOLDER)
        self.assertEqual(self.content("in/a"), b"1")
        powerloss.lose(self.log)
        self.assertFalse(os.path.exists(os.path.join(self.data, "in")))

    def test_a_folder_whose_own_name_is_safe_stays(self):
        self.run_program(self.MAKE_FOLDER + '; folder += "/.."; folder = os.path.normpath(folder); sync_folder()')
        powerloss.lose(self.log)
        self.assertEqual(self.content("in/a"), b"1")

    def test_the_watched_folder_itself_may_be_lost(self):
        os.rmdir(self.data)
        self.run_program('os.mkdir(folder); put("a", b"1", "sync"); sync_folder()')
        powerloss.lose(self.log)
        self.assertFalse(os.path.exists(self.data))
        self.run_program('os.mkdir(folder); put("a", b"1", "sync"); sync_folder(); folder = os.path.dirname(folder); sync_folder()')
        powerloss.lose(self.log)
        self.assertEqual(self.content("a"), b"1")

    def test_a_deleted_file_comes_back(self):
        self.run_program('put("a", b"1", "sync"); sync_folder(); os.unlink(folder + "/a")')
        self.assertIsNone(self.content("a"))
        powerloss.lose(self.log)
        self.assertEqual(self.content("a"), b"1")

    def test_a_cut_file_is_whole_again(self):
        self.run_program('put("a", b"12345678", "sync"); sync_folder(); os.truncate(folder + "/a", 8); '
                         'f = os.open(folder + "/a", os.O_RDWR); os.ftruncate(f, 2)')
        powerloss.lose(self.log)
        self.assertEqual(self.content("a"), b"12345678")

    def test_sectors_are_kept_or_lost_whole(self):
        self.run_program('put("a", b"o" * 4096, "sync"); sync_folder(); put("a", b"n" * 4096)')
        powerloss.lose(self.log, random.Random(5), "sectors")
        kept = self.content("a")
        sectors = {kept[at:at + powerloss.SECTOR] for at in range(0, 4096, powerloss.SECTOR)}
        self.assertEqual(sectors, {b"o" * powerloss.SECTOR, b"n" * powerloss.SECTOR})

    def test_the_power_goes_before_the_chosen_operation(self):
        self.counter.kill_after(3)
        status = self.run_program('put("a", b"1"); put("b", b"2")')
        self.assertEqual((status, self.content("a"), self.content("b")), (-signal.SIGKILL, b"1", None))

    def test_a_machine_that_starts_anew_has_another_name_for_it(self):
        with open(self.path("boot"), "w") as f:
            f.write("another start\n")
        self.run_program('put("a", open("/proc/sys/kernel/random/boot_id", "rb").read())',
                         POWER_LOSS_BOOT=self.path("boot"))
        self.assertEqual(self.content("a"), b"another start\n")

    SQLITE = ('store = sqlite3.connect(folder + "/s", isolation_level=None); '
              'store.execute("PRAGMA journal_mode = WAL"); store.execute("PRAGMA synchronous = FULL"); '
              'store.execute("CREATE TABLE t(x)"); store.execute("INSERT INTO t VALUES(7)"); os._exit(0)')

    def count(self):
        done = subprocess.run([sys.executable, "-c", "import sqlite3, sys; print(sqlite3.connect(sys.argv[1])"
                               ".execute('SELECT COUNT(*) FROM t').fetchone()[0])", os.path.join(self.data, "s")],
                              capture_output=True, text=True)
        return done.stdout.strip()

    def test_sqlite_keeps_what_it_committed(self):
        self.run_program(self.SQLITE)
        os.unlink(os.path.join(self.data, "s-shm"))
        powerloss.lose(self.log)
        self.assertEqual(self.count(), "1")

    def test_sqlite_loses_what_it_never_synchronised(self):
        self.run_program(self.SQLITE, POWER_LOSS_SYNCHRONOUS="OFF")
        os.unlink(os.path.join(self.data, "s-shm"))
        powerloss.lose(self.log)
        self.assertEqual(self.count(), "")


class Plans(unittest.TestCase):
    def test_a_seed_makes_one_plan(self):
        self.assertEqual(Plan(7).describe(), Plan(7).describe())
        self.assertNotEqual(Plan(7).describe(), Plan(8).describe())

    def test_every_fault_of_the_plans_occurs_within_300_rounds(self):
        text = "\n".join(Plan(seed).describe() for seed in range(1, 301))
        for words in ("power lost", "request", "while a job prints", "ended tidily", "sectors", "prefix", "clock -498000",
                      "offline from", "bad from", "power off", "paper out", "media-empty", "2 kiosks", "staff at", "a cache page is spoiled",
                      "the first start", "a store of v1", "a store of v2", "the Dinas' clock", "set back to a backup"):
            self.assertIn(words, text)


class Findings(unittest.TestCase):
    """After one fair round every record is falsified once; the proof tells each."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="torture-")
        cls.lobby = Lobby(BUILD, cls.folder.name, kiosks=1)
        cls.addClassCleanup(cls.folder.cleanup)
        cls.addClassCleanup(cls.lobby.stop)
        for seed in range(1, 9):                     # until somebody got a number and a document
            plan = fair(Plan(seed))
            problems = rounds.play(cls.lobby, plan)
            assert not problems, problems
            kiosk = cls.lobby.kiosks[0]
            said = " ".join(kiosk.promises)
            if "ticket " in said and said.count("print delivered") > 1 and "\nsurvey" in "\n".join(kiosk.promises):
                break
        else:
            raise AssertionError("eight fair rounds without a number, two prints and an answer")
        cls.kiosk = kiosk
        with closing(sqlite3.connect(kiosk.database)) as store:
            store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(kiosk.database, kiosk.database + ".whole")

    def setUp(self):
        self.promises = list(self.kiosk.promises)
        self.server = self.lobby.ask_server("status")

    def tearDown(self):
        self.kiosk.promises = self.promises
        for end in ("-wal", "-shm"):
            if os.path.exists(self.kiosk.database + end):
                os.unlink(self.kiosk.database + end)
        shutil.copy(self.kiosk.database + ".whole", self.kiosk.database)

    def told_after(self, *statements):
        with closing(sqlite3.connect(self.kiosk.database)) as store, store:
            for statement in statements:
                self.assertGreater(store.execute(statement).rowcount, 0, statement)
        return " / ".join(Proof(self.lobby, [self.kiosk], self.server).problems())

    def events(self, kind):
        found = [event for event in self.server["events"] if event["kind"] == kind]
        self.assertTrue(found, kind)
        return found

    def doctor_log(self, line):
        """Adds a line to the log of the first start, for this test."""
        path = self.kiosk.path("log", "1.log")
        with open(path) as f:
            before = f.read()
        with open(path, "w") as f:
            f.write(before + line + "\n")

        def mend():
            with open(path, "w") as f:
                f.write(before)
        self.addCleanup(mend)

    def test_nothing_is_told_of_a_whole_round(self):
        self.assertEqual(self.told_after(), "")

    def test_a_forgotten_number(self):
        self.assertIn("and forgot it", self.told_after("DELETE FROM ticket"))

    def test_a_number_of_another_day(self):
        self.assertIn("numbers of another day", self.told_after("UPDATE ticket SET local_date = '2020-01-01'"))

    def test_a_number_that_the_server_does_not_know(self):
        self.kiosk.promises.append("ticket Z-001 2026-01-01 nobody")
        self.assertIn("Z-001 which the server does not know", self.told_after())

    def paper(self):
        """The first slip with a number, to be falsified."""
        tickets = self.kiosk.tickets()
        self.kiosk.tickets = lambda: tickets
        self.addCleanup(delattr, self.kiosk, "tickets")
        return next(paper for paper in tickets if slips.TITLE in paper["text"])

    def test_a_slip_with_another_day(self):
        paper = self.paper()
        paper["pieces"] = [[slips.DAY.sub("1 Januari 2020", line) for line in piece] for piece in paper["pieces"]]
        self.assertIn("of 2020-01-01 and forgot it", self.told_after())

    def test_a_slip_with_another_time(self):
        paper = self.paper()
        paper["pieces"] = [["Pukul 99.99 WITA" if "Pukul" in line else line for line in piece] for piece in paper["pieces"]]
        self.assertIn("with the time Pukul 99.99", self.told_after())

    def test_a_slip_with_a_number_that_nobody_keeps(self):
        paper = self.paper()
        paper["pieces"] = [[slips.NUMBER.sub("Z-999", line) for line in piece] for piece in paper["pieces"]]
        self.assertIn("printed Z-999 of", self.told_after())

    def test_a_number_that_was_told_to_be_on_paper(self):
        self.assertIn("told that a number is on paper, and keeps otherwise",
                      self.told_after("UPDATE ticket SET printed = NULL"))

    def test_a_number_without_its_paper(self):
        self.kiosk.tickets = lambda: []
        self.addCleanup(delattr, self.kiosk, "tickets")
        self.assertIn("is on paper, and no printer has it", self.told_after())

    def test_a_print_that_the_glass_told_otherwise(self):
        document = next(line for line in self.kiosk.promises if line.startswith("print delivered")).split()[2]
        self.assertIn("times that %s is delivered and keeps 0" % document, self.told_after(
            "UPDATE print_job SET outcome = 'unknown' WHERE outcome = 'delivered'"))

    def test_a_print_that_the_log_told_otherwise(self):
        self.doctor_log("T notice anjungan: job=gone outcome=delivered [Observability] print.settled")
        self.assertIn("settled gone as delivered and keeps None", self.told_after())

    def test_paper_without_a_ledger_entry(self):
        self.assertIn("paper without a ledger entry", self.told_after("DELETE FROM print_job"))

    def test_a_right_spent_without_paper(self):
        self.assertIn("a right spent without paper", self.told_after(
            "INSERT INTO print_job(job_key, document_id, reserved_at, submitted_at, outcome, settled_at) "
            "VALUES('none', 'uji-0', 1, 1, 'delivered', 1)"))

    def test_a_right_given_back_though_paper_came_out(self):
        self.assertIn("given back though paper came out", self.told_after(
            "UPDATE print_job SET outcome = 'notPrinted' WHERE outcome = 'delivered'"))

    def test_a_second_paper_of_a_single_use_document(self):
        self.assertIn("a single-use document came out", self.told_after("UPDATE print_job SET document_id = 'uji-0'"))

    def test_a_print_that_the_server_never_heard_of(self):
        self.server["events"].remove(self.events("printReserved")[0])
        self.assertIn("the server was told of the print", self.told_after())

    def test_a_print_that_was_told_twice(self):
        self.server["events"].append({**self.events("printReserved")[0], "id": "again"})
        self.assertIn("the server was told of the print", self.told_after())

    def test_an_end_that_the_server_never_heard_of(self):
        self.server["events"].remove(self.events("printOutcome")[0])
        self.assertIn("and the server was told", self.told_after())

    def test_another_end_than_the_ledger_has(self):
        self.events("printOutcome")[0]["outcome"] = "unknown"
        self.assertIn("and the server was told", self.told_after())

    def test_a_print_that_no_kiosk_keeps(self):
        self.server["events"].append({**self.events("printOutcome")[0], "id": "other", "jobKey": "other"})
        self.assertIn("told of prints that no kiosk keeps: ['other']", self.told_after())

    def test_a_right_that_the_server_counts_otherwise(self):
        document = self.events("printReserved")[0]["documentID"]
        self.server["printsLeft"][document] = 1
        self.assertIn("the server counts 1 prints left of %s and 0 are" % document, self.told_after())

    def test_a_right_that_is_lent_for_nothing(self):
        self.server["leases"]["uji-0"] = [
            {"id": "x", "kiosk": "kiosk-0", "until": self.lobby.now() + 600_000, "isInAdvance": False, "isReturned": False}]
        self.assertIn("the right of uji-0 is still lent to kiosk-0", self.told_after())

    def test_a_right_that_only_the_kiosk_believes_in(self):
        self.assertIn("believes in a right that it does not have: uji-0", self.told_after(
            "INSERT INTO print_lease(document_id, lease_id, until) VALUES('uji-0', 'x', %d)"
            % (self.lobby.now() + 600_000)))

    def test_an_audit_log_with_a_changed_entry(self):
        self.assertIn("audit chain breaks", self.told_after("UPDATE audit SET who = 'x' WHERE seq = 2"))

    def test_an_audit_log_with_a_hole(self):
        self.assertIn("audit chain breaks", self.told_after("DELETE FROM audit WHERE seq = 2"))

    def test_an_end_of_the_audit_log_that_is_lost(self):
        last = max(event["sequence"] for event in self.events("auditHead"))
        self.assertIn("the audit chain that the server knows ends at %d" % last,
                      self.told_after("DELETE FROM audit WHERE seq >= %d" % last))

    def test_steps_without_an_entry(self):
        for what in ("ticketIssued", "printReserved", "printSubmitted", "printSettled"):
            with self.subTest(what):
                self.assertIn("has 0 entries %s" % what, self.told_after(
                    "UPDATE audit SET subject = 'x' || seq WHERE what = '%s'" % what))

    def test_a_void_without_an_entry(self):
        self.assertIn("has 0 entries ticketVoided", self.told_after(
            "INSERT INTO number_request(id, run, asked_at, state) VALUES('v', 'r', 1, 'voided')"))

    def test_a_void_that_the_server_never_heard_of(self):
        self.assertIn("that no kiosk voided, and not {'v': 1}", self.told_after(
            "INSERT INTO number_request(id, run, asked_at, state) VALUES('v', 'r', 1, 'voided')"))

    def test_a_finding_without_an_entry(self):
        self.assertIn("has 0 entries printSettledByStaff", self.told_after(
            "UPDATE print_job SET finding = 'handedOver' WHERE outcome = 'delivered'"))

    def test_secrets_where_they_do_not_belong(self):
        person = next(person for person in self.lobby.people if person["pin"])
        name = demonstration_people.read(self.lobby.demonstration)[0]["name"]
        for kind, secret in (("a NIK", person["nik"]), ("a PIN", person["pin"]), ("a name", name),
                             ("a booking code", person["booking"]), ("a PIN of staff", staff.PIN),
                             ("a QR payload", "CONTOH-ADM-5QX7M2KD9WTR"), ("a registration number", "2026112001")):
            with self.subTest(kind):
                self.doctor_log("T info anjungan: who=%s [Observability] told.all" % secret)
                self.kiosk.pages["/health"] = b'{"text": "%s"}' % secret.encode()
                self.addCleanup(self.kiosk.pages.pop, "/health", None)
                told = self.told_after("INSERT INTO meta(key, value) VALUES('%s', CAST('=%s' AS BLOB))" % (kind, secret))
                self.assertRegex(told, "has [^/]*%s[^/]* in log 1" % kind)
                self.assertIn("has %s in /health" % kind, told)
                self.kiosk.look_for_secrets()
                self.addCleanup(self.kiosk.leaks.clear)
                self.assertIn("had %s in anjungan.sqlite" % kind, self.told_after())

    def test_a_crash_in_any_log(self):
        self.doctor_log("Fatal error: Index out of range")
        self.assertIn("crashed, says log 1", self.told_after())

    def test_a_number_of_another_time(self):
        self.assertIn("gave numbers of another time", self.told_after("UPDATE ticket SET issued_at = issued_at + 3600000"))

    def test_a_dead_letter(self):
        self.assertIn("dead letters", self.told_after(
            "INSERT INTO outbox(id, kind, stream, body, created_at, due_at, attempts, failures, dead_reason) "
            "VALUES('x', 'survey', 's', x'7b7d', 1, 1, 1, 1, 'conflict')"))

    def test_an_item_that_is_never_due(self):
        self.assertIn("never told the server", self.told_after(
            "INSERT INTO outbox(id, kind, stream, body, created_at, due_at, attempts, failures) "
            "VALUES('x', 'survey', 's', x'7b7d', 1, 4102444800000, 1, 0)"))

    def test_a_lost_answer(self):
        self.kiosk.promises += ["survey"] * 100
        self.assertIn("answers lost", self.told_after())

    def test_an_answer_that_was_kept_and_never_came(self):
        self.server["events"].remove(self.events("survey")[0])
        self.assertIn("kept an item of kind survey which is lost", self.told_after())

    def test_an_answer_that_was_kept_twice(self):
        self.doctor_log("T info anjungan: id=%s kind=survey [Observability] outbox.enqueued\n" % self.events("survey")[0]["id"]
                        * 50)
        self.assertIn("more answers in life 1 than were given", self.told_after())

    def test_an_item_that_no_kiosk_sent(self):
        self.server["events"].append({"id": "ghost", "kind": "survey", "score": 1})
        self.assertIn("the server has items that no kiosk sent: ['ghost']", self.told_after())

    def test_an_item_that_the_kiosk_never_kept(self):
        # As if the kiosk had made two of one answer.
        self.lobby.network.record.append(dict(self.lobby.network.record[0], key="second", path="/v1/events"))
        self.addCleanup(self.lobby.network.record.pop)
        self.server["events"].append({"id": "second", "kind": "survey", "score": 1})
        self.assertIn("items that it never said it kept", self.told_after())

    def test_a_call_that_was_lost(self):
        self.kiosk.promises.append("staff")
        self.assertIn("calls in life", self.told_after())

    def test_an_answer_that_nobody_gave(self):
        self.kiosk.promises = [line for line in self.kiosk.promises if not line.startswith("touch score:")]
        self.assertIn("than were given", self.told_after())


def fair(plan):
    """The plan without anything that goes wrong."""
    plan.limit(1)
    plan.has_clock_jumps = False
    life = plan.lives[0]
    life.steps, life.weathers = 150, {0: ("fair", 0)}
    own = life.kiosks[0]
    own.end, own.power, own.faults, own.clock, own.jump = "tidy", "kept", [], 0, None
    plan.lives = [life]
    return plan


class Control(unittest.TestCase):
    """The proof finds a kiosk that does not wait for the disk."""

    # Rounds in which a store that never synchronises is certain to lose what it promised.
    ROUNDS = 6

    def torture(self, *arguments):
        return subprocess.run([sys.executable, os.path.join(HERE, "torture.py"), "--build", BUILD, "--seed", "1",
                               "--rounds", str(self.ROUNDS), *arguments], capture_output=True, text=True)

    def test_synchronous_off_fails(self):
        done = self.torture("--synchronous", "OFF")
        self.assertEqual(done.returncode, 1, done.stdout)
        told = re.findall(r"^  ! (.*)$", done.stdout, re.MULTILINE)
        lost = re.compile("and forgot it|showed nothing|counts on numbers that no kiosk|which is lost|answers lost"
                          "|went out of service|that it does not keep|and keeps|integrity_check")
        self.assertTrue([line for line in told if lost.search(line)], told)
        self.assertFalse([line for line in told if line.startswith("the lab failed")], told)


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--build", required=True)
    p.add_argument("names", nargs="*")
    options = p.parse_args()
    BUILD = os.path.abspath(options.build)
    unittest.main(argv=[sys.argv[0], "-v", *options.names])
