"""What was asked of an installation and what it answered: the truth that the database must match."""

import threading
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MOST_FAILURES = 20


class Kind(StrEnum):
    REPORT = "report"
    CLAIM = "claim"
    COMPLETE = "complete"


@dataclass
class Command:
    kind: Kind
    key: str
    by: str
    case: str = ""
    task: str = ""
    name: str = ""
    """Of the task."""
    sent: int = 0
    status: int = 0
    """Zero until it is answered."""
    answer: Any = None


@dataclass
class Ledger:
    """Shared by all clerks."""

    commands: list[Command] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    """Answers that no client should ever get."""
    busy: int = 0
    """How often the answer was to come back later."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, command):
        with self._lock:
            self.commands.append(command)
        return command

    def fail(self, sentence):
        with self._lock:
            if len(self.failures) < MOST_FAILURES:
                self.failures.append(sentence)

    def wait(self):
        with self._lock:
            self.busy += 1

    def done(self, kind):
        return [each for each in self.commands if each.kind is kind and 200 <= each.status < 300]

    def refused(self):
        return [each for each in self.commands if each.status >= 400]

    def unanswered(self):
        return [each for each in self.commands if not each.status]

    def repeated(self):
        return sum(each.sent > 1 for each in self.commands)
