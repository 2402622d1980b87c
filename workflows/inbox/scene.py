"""A task with what surrounds it: its instance, its case, its form, what its process knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from bpmn.forms import Form
from bpmn.model import Definitions
from bpmn.spiff.run import ProcessRun
from engine import queries as engine_queries
from engine import tasks
from engine.models import CandidateKind, TaskState
from engine.records import InstanceRecord, TaskRecord
from engine.unit_of_work import UnitOfWork
from workflows import access, audit, sealing
from workflows.access import Action, Actor, TaskScope
from workflows.cases.models import Case
from workflows.inbox.errors import TaskDone, TaskWithSomebodyElse
from workflows.inbox.models import TaskDraft
from workflows.inbox.surroundings import (
    Surroundings,
    hold_surroundings,
    read_surroundings,
)
from workflows.people import queries as people
from workflows.reading import Reading


@dataclass(frozen=True)
class Scene:
    reading: Reading
    task: TaskRecord
    instance: InstanceRecord
    case: Case | None
    quarter: str | None = None
    """The name of the case's quarter, as it was read."""
    candidates: tuple[tuple[CandidateKind, str], ...] = ()
    is_alone: bool = False
    """No other task of the case is open."""
    draft: TaskDraft | None = None
    """What the person has kept of her answers; known where nothing is held."""

    @cached_property
    def definitions(self) -> Definitions:
        connection = self.reading.session.connection()
        instance = self.instance
        return self.reading.library.of_deployment(
            connection, instance.deployment_id, instance.digest
        )

    @property
    def form(self) -> Form | None:
        return self.definitions.forms[self.task.form] if self.task.form else None

    @cached_property
    def variables(self) -> Mapping[str, Any]:
        """What a formula at this task may read; nothing any more once the task has ended."""
        if self.task.state is not TaskState.OPEN:
            return {}
        run = ProcessRun.restore(self.definitions, self.instance.snapshot)
        return run.visible_at(self.task.token)

    @cached_property
    def scope(self) -> TaskScope:
        found = self.candidates
        return TaskScope(
            assignee=UUID(self.task.assignee) if self.task.assignee else None,
            candidate_groups=frozenset(n for kind, n in found if kind is CandidateKind.GROUP),
            candidate_people=frozenset(UUID(n) for kind, n in found if kind is CandidateKind.USER),
            case=self.case.scope if self.case else None,
        )

    @property
    def free_scope(self) -> TaskScope:
        """As `scope`, were the task nobody's."""
        scope = self.scope
        return TaskScope(None, scope.candidate_groups, scope.candidate_people, scope.case)

    def name_of(self, person: str | None) -> str | None:
        return people.names(self.reading.session, [UUID(person)])[UUID(person)] if person else None

    def require_worker(self, actor: Actor) -> None:
        """Refuse everybody but whoever may complete the task now, with the clearest true reason."""
        if not self.is_known_to(actor):
            raise access.NoSuchThing
        if self.task.state is not TaskState.OPEN:
            raise TaskDone(self.task.name, self.name_of(self.task.closed_by))
        if not access.may_work_on(actor, self.scope):
            raise TaskWithSomebodyElse(self.task.name, self.name_of(self.task.assignee))

    def is_known_to(self, actor: Actor) -> bool:
        """Whether the person may know that there is this task."""
        own = str(actor.person_id) in (self.task.assignee, self.task.closed_by)
        if own and access.may_work_on(actor, self.scope):
            return True
        if access.may_work_on(actor, self.free_scope):
            return True
        return self.case is not None and access.may(actor, Action.READ_SHELL, self.case.scope)


def read_scene(reading: Reading, actor: Actor, task_id: UUID) -> Scene:
    found = read_surroundings(reading.session, task_id, actor.person_id)
    if found is None:
        raise access.NoSuchThing
    return _scene(reading, found)


def lock_scene(uow: UnitOfWork, task_id: UUID) -> Scene:
    """Hold the instance, the task and the case, in this order."""
    found = hold_surroundings(uow.session, task_id)
    if found is None or found.case is None:
        return _lock_without_case(uow, task_id)
    tasks.keep(uow, found.task, found.instance)
    audit.know_head(uow.session, found.case)
    return _scene(uow, found)


def _scene(reading: Reading, found: Surroundings) -> Scene:
    if found.case is not None and found.wrapped_key is not None:
        sealing.know_key(reading.session, found.case.id, found.wrapped_key)
    return Scene(
        reading,
        found.task,
        found.instance,
        found.case,
        found.quarter,
        found.candidates,
        found.is_alone,
        found.draft,
    )


def _lock_without_case(uow: UnitOfWork, task_id: UUID) -> Scene:
    task = tasks.lock(uow, task_id)
    candidates = engine_queries.candidates_of(uow.connection, task_id)
    return Scene(uow, task, uow.instances[task.instance_id], None, candidates=tuple(candidates))
