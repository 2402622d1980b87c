"""What a formula sees while it is evaluated: names, the clock, and what it may still spend."""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any, Protocol

from bpmn.feel.errors import LimitExceeded
from bpmn.feel.limits import Limits
from bpmn.wording import say


class Clock(Protocol):
    """Where `now()` and `today()` come from; `bpmn.host.Host` is one.

    A date and time written without an offset is meant in `zone`; without a zone it stays local.
    """

    @property
    def now(self) -> Callable[[], datetime]: ...

    @property
    def zone(self) -> tzinfo | None: ...


class Run:
    """One evaluation. It fails when the formula has used up its steps."""

    __slots__ = ("calls", "clock", "limits", "steps")

    def __init__(self, clock: Clock, limits: Limits) -> None:
        self.clock = clock
        self.limits = limits
        self.steps = limits.steps
        self.calls = limits.calls

    def charge(self, steps: int) -> None:
        """Pay before the work is done, so that nothing big is built first and refused later."""
        self.steps -= steps
        if self.steps < 0:
            raise LimitExceeded(
                say("The formula needs more than %(limit)s steps.", limit=self.limits.steps)
            )

    def enter(self) -> None:
        self.charge(1)
        self.calls -= 1
        if self.calls < 0:
            raise LimitExceeded(
                say("Functions call each other more than %(limit)s deep.", limit=self.limits.calls)
            )

    def leave(self) -> None:
        self.calls += 1


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
