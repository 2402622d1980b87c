"""Tokens and the levels they stand on: SpiffWorkflow's tasks and workflows, kept flat and small.

A level is one run of a process or of an embedded sub-process. Its tree is never deeper than
root → group → member: what is finished is pruned, and what is open hangs where it must. The
library's own walks over the tree are not used: they stop at depth 1,000 without a word.
"""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnBaseWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from bpmn.host import Host
from bpmn.spiff.haste import Haste
from bpmn.steps import Passage, Passed

OPEN = TaskState.DEFINITE_MASK
ROOT = 0
"""Number of the finished token every level grows from; it is never seen from outside."""


class Token(Task):  # type: ignore[misc]  # the library is untyped
    """One place where an instance stands, or stood in this step."""

    def __init__(
        self, level: "Level", spec: Any, number: int, parent: int | None, state: int
    ) -> None:
        self.id = number
        self.workflow = level
        self.task_spec = spec
        self._parent = parent
        self._children: list[int] = []
        self._state = state
        self.triggered = False
        self.thread_id = 0
        self.last_state_change = 0.0
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}
        self.locals: dict[str, Any] = {}
        """Variables of this place alone: inputs, and the item of a multi-instance."""
        level.tasks[number] = self

    @property
    def is_open(self) -> bool:
        return bool(self._state & OPEN)

    @property
    def above(self) -> int:
        """Number of the token that this one hangs on."""
        return self._parent or ROOT

    @property
    def level(self) -> "Level":
        level: Level = self.workflow
        return level

    def grow(self, name: str) -> "Token":
        """Add a token below this one, on the node of that name; it still has to enter it."""
        return self._add_child(self.level.spec.task_specs[name])

    def enter(self) -> None:
        self.task_spec._update(self)  # noqa: SLF001 - the library's hook

    def go_on(self) -> None:
        """Stop waiting: the token may move on, or its work be done by the next step."""
        self._ready()

    def rest(self, state: int) -> None:
        self._set_state(state)

    def _add_child(self, task_spec: Any, state: int = TaskState.FUTURE) -> "Token":
        child = Token(self.level, task_spec, self.level.instance.new_number(), self.id, state)
        self._children.append(child.id)
        return child

    def _set_state(self, value: int) -> None:
        before, self._state = self._state, value
        if before != value:
            self.task_spec.note(self, before, value)

    def _inherit_data(self) -> None:
        """Leave the data alone: variables belong to the process, not to its tokens."""

    def cancel(self) -> None:
        """End this place and what runs inside it; what already went on is not touched."""
        if not self.is_open:
            return
        for child in self.children:
            child.cancel()
        self._set_state(TaskState.CANCELLED)
        self.task_spec._on_cancel(self)  # noqa: SLF001 - the library's hook

    def note(self, passage: Passage, element: str | None = None) -> None:
        """Remember for the history that this token came, went or was cancelled."""
        level = self.level
        level.instance.passed.append(
            Passed(self.id, level.spec.process_id, element or self.task_spec.bpmn_id, passage)
        )


class Level(BpmnBaseWorkflow):  # type: ignore[misc]  # the library is untyped
    """One run of a process or embedded sub-process within an instance."""

    def __init__(
        self,
        instance: "Instance",
        spec: Any,
        parent: Token | None,
        variables: dict[str, Any] | None,
    ) -> None:
        super().__init__(spec, deserializing=True)
        self.instance = instance
        self.parent = parent
        self.variables = variables
        """None in an embedded sub-process: it shares those around it."""
        self.calls: int = 0
        if parent is not None:
            self.calls = parent.level.calls + (variables is not None)
        self.task_tree = Token(self, spec.start, ROOT, None, TaskState.COMPLETED)
        instance.levels[ROOT if parent is None else parent.id] = self

    def open_tokens(self) -> list[Token]:
        return [token for token in self.tasks.values() if token.is_open]

    def begin(self) -> None:
        """Place a token on the start event, once the event sub-processes are on the watch."""
        for name in (*self.spec.event_starts, self.spec.first):
            self.tasks[ROOT].grow(name).enter()

    def cancel(self) -> None:
        for token in self.open_tokens():
            token.cancel()


class Instance:
    """Everything that belongs to one running process."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.levels: dict[int, Level] = {}
        """By the number of the token that waits for it; the process itself under `ROOT`."""
        self.agenda: deque[Token] = deque()
        """Tokens that can go on by themselves."""
        self.endings: list[Level] = []
        """Levels in which a token has ended since it was last asked whether they are done."""
        self.passed: list[Passed] = []
        self.thrown: list[str] = []
        """Names of the signals that were thrown in this step, in order."""
        self.last_number = ROOT
        self.is_finished = False
        self.haste = Haste()

    @property
    def root(self) -> Level:
        return self.levels[ROOT]

    @property
    def now(self) -> datetime:
        return self.host.now()

    def new_number(self) -> int:
        self.last_number += 1
        return self.last_number

    def tokens(self) -> Iterator[Token]:
        """Every open token of every level."""
        for level in self.levels.values():
            yield from level.open_tokens()

    def find(self, number: int) -> Token | None:
        for level in self.levels.values():
            token: Token | None = level.tasks.get(number)
            if token is not None and token.is_open and number != ROOT:
                return token
        return None
