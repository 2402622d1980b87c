"""Two worlds in which a trace is played: in memory, and in the engine on a database.

Both live in what is stored alone: before every action the diagrams are read anew and the
instance is restored, so nothing that only a running object knows can help.
"""

from dataclasses import dataclass
from datetime import datetime

from bpmn.definitions import load
from bpmn.host import BERLIN, Host, HostFunction
from bpmn.spiff.errors import ElementFailed
from bpmn.timers import moment_of, span_of
from engine.failures import StepFailed

NOON = datetime(2027, 1, 11, 12, 0, tzinfo=BERLIN)
PUBLISH = "message.publish"
HANDLERS = frozenset({"work", PUBLISH})
KINDS = ("tasks", "timers", "jobs", "messages", "signals")
NEXT_DUE = HostFunction("next due", ("start", "days", "calendar"), lambda *_: None)


def house(now, variables=frozenset()):
    """Offer what the files of the suite may name."""
    return Host(
        {NEXT_DUE.name: NEXT_DUE},
        HANDLERS,
        frozenset({"role_qm"}),
        variables=frozenset(variables),
        now=now,
    )


class Refused(Exception):  # noqa: N818 - a fact of the trace
    """The process could not do it; names the element where it is known."""

    def __init__(self, element):
        super().__init__(element)
        self.element = element


@dataclass
class Place:
    """Where something is awaited."""

    process: int
    kind: str
    token: int
    element: str
    due: datetime | None
    facts: object


def places_of(number, run):
    return [
        Place(number, kind, one.token, one.element, getattr(one, "due", None), one)
        for kind in KINDS
        for one in getattr(run, f"waiting_{kind}")()
    ]


class refusing:  # noqa: N801 - read as a word: `with refusing():`
    """Tell which element refused."""

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _trace):
        if isinstance(error, StepFailed):
            error = error.cause
        if isinstance(error, ElementFailed):
            raise Refused(error.element) from error


class World:
    """What both have in common: the diagrams, and finding the place that an action is about."""

    def __init__(self, bundle):
        self.bundle = bundle
        self.renew()

    def renew(self):
        """Read the diagrams anew, as another process would."""
        self.definitions = load(self.bundle, house(self.now))

    def first_process(self):
        return next(iter(self.definitions.processes))

    def later(self, text):
        if text.startswith("until "):
            return moment_of(text.removeprefix("until ").replace(" ", "T"), BERLIN)
        return span_of(text).after(self.now(), BERLIN)

    def find(self, kind, element, number):
        found = [one for one in self.places() if (one.kind, one.element) == (kind, element)]
        assert number < len(found), f"nobody waits for {element}"
        return found[number]

    def waits(self):
        return sorted(place.element for place in self.places())

    def due(self, element):
        (due,) = {place.due for place in self.places() if place.element == element}
        return f"{due.astimezone(BERLIN):%Y-%m-%d %H:%M}"
