"""What should happen to a journey, said as plainly as can be: no database, no tokens, no worker."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

REMIND_AFTER = timedelta(days=3)
KEPT = timedelta(days=7)
TASKS = ("report", "remind", "review", "sign")
NEXT = {"report": "count", "remind": "count", "count": "reply", "reply": "review"}
FINISHED, CANCELLED = "finished", "cancelled"


@dataclass
class Case:
    """Where one case stands."""

    edition: int
    place: str = "report"
    assignee: str | None = None
    reminded_at: datetime | None = None
    broken: bool = False
    """Its count has failed for good and waits for an operator."""
    recalls: int = 0
    """Recalls thrown while the review waited, not heard yet."""
    last_task: str = "report"
    letters: list = field(default_factory=list)
    """When each letter that waits for its case expires."""

    @property
    def task(self):
        return self.place if self.place in TASKS else None

    @property
    def ended(self):
        return self.place in (FINISHED, CANCELLED)

    def go(self, place):
        self.place, self.assignee, self.reminded_at = place, None, None
        self.broken, self.recalls = False, 0
        if place in TASKS:
            self.last_task = place

    def leave_task(self):
        if self.place == "review":
            self.go("sign" if self.edition == 2 else FINISHED)
        elif self.place == "sign":
            self.go(FINISHED)
        else:
            self.go(NEXT[self.place])


@dataclass
class Model:
    """Every case of an installation. A verb tells the name of its refusal, or None."""

    now: datetime
    edition: int = 1
    cases: dict = field(default_factory=dict)
    service_works: bool = True

    def start(self, key):
        self.cases[key] = Case(self.edition, reminded_at=self.now + REMIND_AFTER)

    def claim(self, key, by):
        case = self.cases[key]
        if not case.task:
            return "TaskAlreadyClosed"
        if case.assignee not in (None, by):
            return "TaskTaken"
        case.assignee = by
        return None

    def release(self, key, by):
        case = self.cases[key]
        if not case.task:
            return "TaskAlreadyClosed"
        if case.assignee not in (None, by):
            return "NotYourTask"
        case.assignee = None
        return None

    def assign(self, key, by):
        case = self.cases[key]
        if not case.task:
            return "TaskAlreadyClosed"
        case.assignee = by
        return None

    def complete(self, key, by):
        case = self.cases[key]
        if not case.task:
            return "TaskAlreadyClosed"
        if case.assignee not in (None, by):
            return "NotYourTask"
        case.leave_task()
        return None

    def cancel(self, key):
        case = self.cases[key]
        if case.ended:
            return "InstanceEnded"
        case.go(CANCELLED)
        return None

    def message(self, key):
        self.cases[key].letters.append(self.now + KEPT)

    def recall(self):
        for case in self.cases.values():
            if case.place == "review":
                case.recalls += 1

    def mend(self, key):
        """An operator has the failed count tried again."""
        self.cases[key].broken = False

    def skip(self, key):
        self.cases[key].go("reply")

    def work(self):
        """Do all that is due."""
        for case in self.cases.values():
            while self._move(case):
                pass

    def _move(self, case):
        case.letters = [expires for expires in case.letters if expires > self.now]
        if case.place == "report" and case.reminded_at <= self.now:
            case.go("remind")
        elif case.place == "count" and not case.broken:
            if self.service_works:
                case.go("reply")
            else:
                case.broken = True
        elif case.place == "reply" and case.letters:
            del case.letters[0]
            case.go("review")
        elif case.recalls:
            case.go(FINISHED)
        else:
            return False
        return True

    def picture(self, key):
        case = self.cases[key]
        jobs = []
        if case.place == "report":
            jobs = [("timer", False)]
        elif case.place == "count":
            jobs = [("service", case.broken)]
        return {
            "state": case.place if case.ended else "active",
            "edition": case.edition,
            "tasks": {case.task: case.assignee} if case.task else {},
            "jobs": jobs,
            "faults": ["ValueError"] if case.broken else [],
        }
