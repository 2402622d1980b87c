"""Clients that work on, whatever happens to the server: they repeat what was not answered."""

import http.client
import random
import threading
import time
import uuid

from tests.chaos.answers import ANSWERS, KATRIN, VERA, Plot, Scene
from tests.chaos.ledger import Command, Kind

CASES_AT_ONCE = 5
PATIENCE = 90.0
"""Seconds after which a command without an answer is a failure."""


class Clerk(threading.Thread):
    """Files incidents and brings them to their end, as three people with a token each."""

    def __init__(self, number, seed, town, ledger):
        super().__init__(name=f"clerk-{number}", daemon=True)
        self._random = random.Random(f"{seed}/{number}")
        self._town = town
        self._ledger = ledger
        self._cases = {}
        self._closing = threading.Event()
        self.closed = 0

    def finish(self):
        self._closing.set()

    def run(self):
        try:
            while not self._closing.is_set():
                if len(self._cases) < CASES_AT_ONCE:
                    self._report()
                elif not self._work_on_all():
                    self._closing.wait(0.05)
        except Exception as error:  # noqa: BLE001 - a thread has nobody else to tell
            self._ledger.fail(f"{self.name}: {error!r}")

    def _report(self):
        plot = Plot(outside=self._random.random() < 0.3, willing=self._random.random() < 0.5)
        report = {
            "conflict_type": "noise",
            "quarter_id": self._town.quarter,
            "text": "Streit um Lärm nach 22 Uhr.",
            "parties": [
                {"name": "Mira Musterova", "language": "bg"},
                {"name": "Otto Beispiel", "language": "de"},
            ],
        }
        command = self._command(Kind.REPORT, VERA)
        if self._send(command, "POST", "/api/v1/incidents", report):
            command.case = command.answer["case_id"]
            self._cases[command.case] = plot

    def _work_on_all(self):
        """Do one task of each case; tell whether there was any."""
        return sum(self._work_on(case) for case in list(self._cases)) > 0

    def _work_on(self, case):
        """Do the first task of a case that can be done; tell whether there was one."""
        file = self._read(KATRIN, f"/api/v1/cases/{case}")
        if file is None:
            return False
        if file["state"] == "closed":
            del self._cases[case]
            self.closed += 1
            return True
        names = [(task["id"], task["name"]) for task in file["tasks"] if task["name"] in ANSWERS]
        return bool(names) and self._do(case, *names[0])

    def _do(self, case, task, name):
        by, answers = ANSWERS[name]
        opened = self._read(by, f"/api/v1/tasks/{task}")
        file = self._read(by, f"/api/v1/cases/{case}")
        if opened is None or file is None or not opened["may_complete"]:
            return False
        about = {"case": case, "task": task, "name": name}
        if opened["may_claim"]:
            claim = self._command(Kind.CLAIM, by, **about)
            if not self._send(claim, "POST", f"/api/v1/tasks/{task}/claim"):
                return False
        parties = tuple(party["id"] for party in file["parties"])
        days = self._town.yesterday, self._town.later
        scene = Scene(self._cases[case], self._town.quarter, parties, opened["choices"], *days)
        command = self._command(Kind.COMPLETE, by, **about)
        self._complete(command, {"answers": answers(scene)})
        return True

    def _complete(self, command, body):
        path = f"/api/v1/tasks/{command.task}/completion"
        if self._send(command, "POST", path, body) and self._random.random() < 0.1:
            self._disturb(command, path, body)

    def _disturb(self, command, path, body):
        """Send it again as it was, and as a command of its own: neither may have an effect."""
        again = Command(Kind.COMPLETE, command.key, command.by)
        rival = Command(Kind.COMPLETE, f"{command.key}-rival", command.by)
        for each, wanted in ((again, 200), (rival, 409)):
            self._send(each, "POST", path, body)
            if each.status != wanted:
                self._ledger.fail(f"{command.name}: {each.status} instead of {wanted}")

    def _command(self, kind, by, **about):
        key = str(uuid.UUID(int=self._random.getrandbits(128)))
        return self._ledger.open(Command(kind, key, by, **about))

    def _send(self, command, method, path, body=None):
        """Send a command until it is answered; tell whether it was done."""
        headers = {"Idempotency-Key": command.key}
        for _ in self._tries():
            command.sent += 1
            status, answer = self._ask(command.by, method, path, body, headers)
            if status not in {0, 503}:
                command.status, command.answer = status, answer
                return status < 300
        self._ledger.fail(f"{command.kind} {command.name}: never answered")
        return False

    def _read(self, by, path):
        for _ in self._tries():
            status, answer = self._ask(by, "GET", path)
            if status not in {0, 503}:
                return answer if status == 200 else None
        self._ledger.fail(f"{path}: never answered")
        return None

    def _tries(self):
        """Try until the patience is used up, with pauses in between."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            yield
            time.sleep(self._random.uniform(0.02, 0.1))

    def _ask(self, by, method, path, body=None, headers=()):
        token = {"Authorization": f"Bearer {self._town.tokens[by]}", **dict(headers)}
        try:
            house = self._random.choice(self._town.doors)
            status, answer = house.request(method, path, body, token)
        except (OSError, http.client.HTTPException, ValueError):
            return 0, None
        if status == 503:
            self._ledger.wait()
        elif status >= 500 or status in {400, 401, 403}:
            self._ledger.fail(f"{method} {path}: {status} {answer}"[:300])
        return status, answer
