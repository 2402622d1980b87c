"""What a formula sees while it is evaluated: names, the clock, and what it may still spend."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from time import thread_time
from typing import Any, Protocol

from bpmn.feel.errors import LimitExceeded
from bpmn.feel.limits import Limits
from bpmn.feel.values import MAX_DEPTH
from bpmn.wording import Sentence, say


class Clock(Protocol):
    """Where `now()` and `today()` come from; `bpmn.host.Host` is one.

    A date and time written without an offset is meant in `zone`; without a zone it stays local.
    """

    @property
    def now(self) -> Callable[[], datetime]: ...

    @property
    def zone(self) -> tzinfo | None: ...


MOST_NOTES = 20
STEPS_A_LOOK = 50
MAX_PARTS = 100_000
PARTS_A_STEP = 100


@dataclass(slots=True)
class Note:
    """An operation or a function gave null; `text` is the formula, once that is known."""

    sign: str
    position: int
    text: str | None = None

    @property
    def sentence(self) -> Sentence:
        return say(
            "“%(sign)s” gives null in “%(text)s” (character %(position)s).",
            sign=self.sign,
            text=(self.text or "")[:80],
            position=self.position + 1,
        )


class Run:
    """One evaluation. It fails when the formula has used up its steps or its time."""

    __slots__ = ("_ends", "_look", "_noted", "calls", "clock", "limits", "notes", "steps")

    def __init__(self, clock: Clock, limits: Limits) -> None:
        self.clock = clock
        self.limits = limits
        self.steps = limits.steps
        self._look = limits.steps - STEPS_A_LOOK
        """With fewer steps left it is time to look at the clock, which costs more than a step."""
        self._ends: float | None = None
        self.calls = limits.calls
        self.notes: list[Note] = []
        """Where null came up although nobody wrote it, the innermost place first."""
        self._noted: set[tuple[str, int]] = set()

    def note(self, sign: str, position: int) -> None:
        """Remember for the author that something gave null."""
        if (sign, position) not in self._noted and len(self.notes) < MOST_NOTES:
            self._noted.add((sign, position))
            self.notes.append(Note(sign, position))

    def keep(self, note: Note) -> None:
        if len(self.notes) < MOST_NOTES and note not in self.notes:
            self.notes.append(note)

    def name_notes(self, since: int, text: str) -> None:
        """Let the notes since then say in which formula they came up, each once."""
        known, new = self.notes[:since], self.notes[since:]
        for note in new:
            if note.text is None:
                note.text = text
        self.notes = known + [note for note in new if note not in known]
        self._noted.clear()

    def charge(self, steps: int) -> None:
        """Pay before the work is done, so that nothing big is built first and refused later."""
        self.steps -= steps
        if self.steps < self._look:
            self._look_at_the_clock()

    def _look_at_the_clock(self) -> None:
        if self.steps < 0:
            raise LimitExceeded(
                say("The formula needs more than %(limit)s steps.", limit=self.limits.steps)
            )
        now = thread_time()
        if self._ends is None:
            self._ends = now + self.limits.seconds
        elif now > self._ends:
            raise LimitExceeded(say("The formula takes too long."))
        self._look = max(self.steps - STEPS_A_LOOK, 0)

    def enter(self) -> None:
        self.charge(1)
        self.calls -= 1
        if self.calls < 0:
            raise LimitExceeded(
                say("Functions call each other more than %(limit)s deep.", limit=self.limits.calls)
            )

    def leave(self) -> None:
        self.calls += 1


def check_size(value: Any, run: Run) -> None:
    """Refuse a value that is small in memory but huge when written down, part by part."""
    waiting = [(value, 0)]
    count = 0
    while waiting:
        part, depth = waiting.pop()
        count += 1
        if count % PARTS_A_STEP == 0:
            run.charge(1)
        if count > MAX_PARTS or depth > MAX_DEPTH:
            raise LimitExceeded(say("A value has too many parts or is nested too deeply."))
        if type(part) is list:
            waiting.extend((item, depth + 1) for item in part)
        elif type(part) is dict:
            waiting.extend((entry, depth + 1) for entry in part.values())


class Frame:
    """The names of one scope; what is not found here is looked for outside."""

    __slots__ = ("names", "outer", "run")

    def __init__(self, names: Mapping[str, Any], outer: "Frame | None", run: Run) -> None:
        self.names = names
        self.outer = outer
        self.run = run

    def within(self, names: Mapping[str, Any]) -> "Frame":
        return Frame(names, self, self.run)

    def find(self, name: str) -> "Frame | None":
        """Return the innermost scope that has the name."""
        frame: Frame | None = self
        while frame is not None and name not in frame.names:
            frame = frame.outer
        return frame
