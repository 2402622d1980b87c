"""Traces: what a small diagram promises, written by hand beside the file.

    Two of three answers are enough, and the third task goes.

    start {parties: ["x", "y", "z"]}
      waits ask ask ask
    complete ask {agrees: true}
      waits ask ask
    complete ask[2] {agrees: false}
      cancelled ask
      agreed = [true, null, false]
      ended

The first paragraph is the promise. A line at the margin is what happens from outside:

    start {…}  start sender {…}     a process begins; without a name the first one of the file
    complete a {…}  complete a[2]   a person finishes the task; with two of them, the second
    job j {…}                       the outside world has done the work of a service task
    fail j E1                       … or could not, which is the BPMN error E1
    message letter C-1 {…}          a message is published
    signal alarm {…}                a signal is sent from outside
    wait P3D                        time passes, and what is due goes off
    cancel                          every process of the trace is ended

Indented is what is then so. `waits` names every place where something is awaited, in any order,
a place where two tokens wait twice. `ended` says that every process has ended, `ended sender`
that this one has. One of the two stands after every action. The others are as it takes:

    entered a b   left a b   cancelled a b      exactly these, in this order
    x = [1, 2]    sender.x = 3    no x          a variable of the first process, or of another
    due t 2027-01-14 12:00                      when a timer goes off or a task is to be done
    fails a                                     the action is refused at `a`, and nothing happened
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent / "bpmn"
ACTIONS = frozenset({"start", "complete", "job", "fail", "message", "signal", "wait", "cancel"})
PASSAGES = ("entered", "left", "cancelled")
_PLACE = re.compile(r"(?P<element>[\w-]+)(?:\[(?P<number>\d+)\])?")
_VARIABLE = re.compile(r"(?:(?P<process>\w+)\.)?(?P<name>\w+) = (?P<value>.+)")


@dataclass
class Expected:
    waits: list[str] | None = None
    ended: list[str] | None = None
    """None: no process ends here; empty: every one has ended."""
    passed: dict[str, list[str]] = field(default_factory=dict)
    variables: list[tuple[str | None, str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    due: list[tuple[str, str]] = field(default_factory=list)
    fails: str | None = None


@dataclass
class Moment:
    """One action and what must then be so."""

    line: int
    verb: str
    words: list[str]
    values: str
    """A FEEL context, or nothing."""
    then: Expected = field(default_factory=Expected)

    @property
    def place(self) -> tuple[str, int]:
        """The element acted upon, and which of its tokens, counted from 0."""
        match = _PLACE.fullmatch(self.words[0])
        assert match, self.words
        return match["element"], int(match["number"] or 1) - 1


@dataclass
class Trace:
    name: str
    promise: str
    diagram: bytes
    moments: list[Moment]


def names() -> list[str]:
    return sorted(file.stem for file in HERE.glob("*.trace"))


def read(name: str) -> Trace:
    text = (HERE / f"{name}.trace").read_text()
    promise, _, rest = text.partition("\n\n")
    first = promise.count("\n") + 3
    moments: list[Moment] = []
    for number, line in enumerate(rest.splitlines(), first):
        if not line.strip():
            continue
        if line[0] != " ":
            moments.append(_moment(number, line.strip()))
        else:
            _expect(moments[-1].then, line.strip())
    for moment in moments:
        said = moment.then
        if said.waits is None and said.ended is None and said.fails is None:
            raise ValueError(f"{name}, line {moment.line}: say what waits, or what has ended")
    return Trace(name, promise, (HERE / f"{name}.bpmn").read_bytes(), moments)


def _moment(number: int, line: str) -> Moment:
    head, brace, values = line.partition("{")
    verb, *words = head.split()
    if verb not in ACTIONS:
        raise ValueError(f"line {number}: unknown action {verb}")
    return Moment(number, verb, words, brace + values)


def _expect(said: Expected, line: str) -> None:
    keyword, *words = line.split()
    if match := _VARIABLE.fullmatch(line):
        said.variables.append((match["process"], match["name"], match["value"]))
    elif keyword == "waits":
        said.waits = sorted(words)
    elif keyword == "ended":
        said.ended = words
    elif keyword in PASSAGES:
        said.passed[keyword] = words
    elif keyword == "no":
        said.missing += words
    elif keyword == "due":
        said.due.append((words[0], " ".join(words[1:])))
    elif keyword == "fails":
        said.fails = words[0]
    else:
        raise ValueError(f"unknown expectation: {line}")
