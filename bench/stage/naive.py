"""SpiffWorkflow as most use it: its own JSON of the whole workflow, read and written at each step."""

import io
import itertools
import sqlite3
from collections.abc import Callable
from typing import Any

import psycopg
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from bench.stage.databases import SQLITE, native
from bench.stage.models import VARIABLES

_serializer = BpmnWorkflowSerializer()
Execute = Callable[..., Any]


def states(model: bytes, laps: int, steps: int) -> list[str]:
    """Return the JSON before each of the `steps` tasks of a lap, `laps` completions on."""
    parser = BpmnParser()
    parser.add_bpmn_io(io.BytesIO(model))
    workflow = BpmnWorkflow(parser.get_spec("bench"), parser.get_subprocess_specs("bench"))
    _run_automatic(workflow)
    _ready(workflow).data.update(VARIABLES)
    for _ in range(laps):
        _move(workflow)
    found = []
    for _ in range(steps):
        found.append(_serializer.serialize_json(workflow))
        _move(workflow)
    return found


def step(state: str) -> str:
    """Complete the open task of a stored state and return the next one."""
    workflow = _serializer.deserialize_json(state)
    _move(workflow)
    return str(_serializer.serialize_json(workflow))


def _ready(workflow: BpmnWorkflow) -> Any:
    """Find the open task by a scan: the library's own walk ends a thousand tasks deep."""
    return next(task for task in _waiting(workflow) if task.task_spec.manual)


def _waiting(workflow: BpmnWorkflow) -> list[Any]:
    levels = [workflow, *workflow.subprocesses.values()]
    return [t for level in levels for t in level.tasks.values() if t.state == TaskState.READY]


def _move(workflow: BpmnWorkflow) -> None:
    task = _ready(workflow)
    task.data["again"] = True
    task.run()
    _run_automatic(workflow)


def _run_automatic(workflow: BpmnWorkflow) -> None:
    while automatic := [t for t in _waiting(workflow) if not t.task_spec.manual]:
        for one in automatic:
            one.run()


class Store:
    """One table of states and one of tasks, written past any ORM, one commit a step.

    The state read is always the same, so that every step does the same work.
    """

    def __init__(self, kind: str, url: str, begun: list[str]) -> None:
        self._is_sqlite = kind == SQLITE
        self._execute = self._open(url)
        self._turns = itertools.cycle(range(len(begun)))
        self._do("CREATE TABLE naive_state (id integer PRIMARY KEY, version integer, state text)")
        self._do("CREATE TABLE naive_task (instance integer, name text, state integer)")
        self._do("CREATE INDEX naive_task_instance ON naive_task (instance)")
        for number, state in enumerate(begun):
            self._do("INSERT INTO naive_state VALUES (?, 0, ?)", number, state)
            self._do("INSERT INTO naive_state VALUES (?, 0, '')", number + 1000)
        self.bytes = max(len(state.encode()) for state in begun)

    def _open(self, url: str) -> Execute:
        if not self._is_sqlite:
            self.close = (connection := psycopg.connect(native(url), autocommit=True)).close
            return connection.execute
        small = sqlite3.connect(native(url), isolation_level=None)
        small.execute("PRAGMA synchronous = FULL")
        self.close = small.close
        return small.execute

    def _do(self, sql: str, *values: object) -> Any:
        return self._execute(sql if self._is_sqlite else sql.replace("?", "%s"), values)

    def complete(self) -> None:
        number = next(self._turns)
        self._do("BEGIN IMMEDIATE" if self._is_sqlite else "BEGIN")
        locked = "" if self._is_sqlite else " FOR UPDATE"
        found = self._do(f"SELECT state FROM naive_state WHERE id = ?{locked}", number)
        state = step(found.fetchone()[0])
        self._do("UPDATE naive_state SET state = ?, version = 1 WHERE id = ?", state, number + 1000)
        self._do("UPDATE naive_task SET state = 1 WHERE instance = ? AND state = 0", number)
        self._do("INSERT INTO naive_task VALUES (?, 'next', 0)", number)
        self._do("DELETE FROM naive_task WHERE instance = ? AND state = 1", number)
        self._do("COMMIT")
