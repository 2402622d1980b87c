"""What operators do to whole processes: each act with a reason, written down, and done once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from bpmn.feel.operations.writing import written
from engine import fault_queries, instance_queries, modifying, steps, suspending
from engine import instances as engine_instances
from engine.errors import NoSuchInstance
from engine.fault_queries import FaultFilter
from engine.instance_queries import InstanceFilter
from engine.modifying import Modification
from engine.standing import standing
from engine.unit_of_work import ReadingSession, UnitOfWork
from workflows import access, cursors
from workflows.access import Action, Actor
from workflows.tending import queries, telling
from workflows.tending.acts import Act, Deed, Why
from workflows.tending.values import routing
from workflows.tending.views import ActPage, ForecastView, InstancePage, InstanceView

PAGE = 50


def list_instances(
    reading: ReadingSession, actor: Actor, wanted: InstanceFilter, after: str | None = None
) -> InstancePage:
    """List processes under way and ended ones, newest first."""
    access.require(actor, Action.TEND_INSTANCES)
    last = cursors.read(after)[1] if after else None
    found = instance_queries.instances(reading, wanted, last, PAGE + 1)
    page = found[:PAGE]
    more = len(found) > PAGE
    return InstancePage(tuple(page), cursors.write(None, page[-1].id) if more else None)


def open_instance(reading: ReadingSession, actor: Actor, instance_id: UUID) -> InstanceView:
    """Read where a process stands, by what it routes, what is wrong and what was done about it."""
    access.require(actor, Action.TEND_INSTANCES)
    row = instance_queries.instance(reading, instance_id)
    if row is None:
        raise NoSuchInstance(instance_id)
    here = standing(reading, row)
    faults = fault_queries.open_faults(reading, FaultFilter(instance_id=instance_id))
    return InstanceView(
        row=row,
        process_name=telling.name_of(here.definitions, row.process),
        readable=here.readable,
        places=telling.standing(here),
        variables={name: written(value) for name, value in sorted(here.variables.items())},
        faults=telling.faults(reading, faults),
        acts=_acts(reading, instance_id, None),
    )


def list_acts(
    reading: ReadingSession, actor: Actor, instance_id: UUID, after: str | None = None
) -> ActPage:
    """List what operators did to a process and its faults, newest first."""
    access.require(actor, Action.TEND_INSTANCES)
    if instance_queries.instance(reading, instance_id) is None:
        raise NoSuchInstance(instance_id)
    return _acts(reading, instance_id, after)


def _acts(reading: ReadingSession, instance_id: UUID, after: str | None) -> ActPage:
    at, last = cursors.read(after) if after else (None, None)
    place = (at, last) if at and last else None
    found = queries.acts_on(reading, instance_id, place, PAGE + 1)
    page = found[:PAGE]
    more = cursors.write(page[-1].at, page[-1].id) if len(found) > PAGE else None
    return ActPage(telling.acts(reading, page), more)


def suspend(uow: UnitOfWork, actor: Actor, instance_id: UUID, why: Why) -> None:
    """Have nothing of a process move until it is resumed."""
    access.require(actor, Action.TEND_INSTANCES)

    def work() -> Act:
        return Act.on_instance("suspend_process", suspending.suspend(uow, instance_id))

    Deed(uow, actor, why).once("suspend_process", instance_id, work)


def resume(uow: UnitOfWork, actor: Actor, instance_id: UUID, why: Why) -> None:
    """Let a process go on, and do what it owes."""
    access.require(actor, Action.TEND_INSTANCES)

    def work() -> Act:
        return Act.on_instance("resume_process", suspending.resume(uow, instance_id))

    Deed(uow, actor, why).once("resume_process", instance_id, work)


def cancel(uow: UnitOfWork, actor: Actor, instance_id: UUID, why: Why) -> None:
    """End a process with its open tasks, timers and faults."""
    access.require(actor, Action.TEND_INSTANCES)

    by = str(actor.person_id)

    def work() -> Act:
        return Act.on_instance("cancel_process", engine_instances.cancel(uow, instance_id, by))

    Deed(uow, actor, why).once("cancel_process", instance_id, work)


def change_variables(
    uow: UnitOfWork, actor: Actor, instance_id: UUID, why: Why, values: Mapping[str, Any]
) -> None:
    """Set variables of the process (FEEL values); nothing moves by that."""
    access.require(actor, Action.TEND_INSTANCES)
    kept = routing(values)

    def work() -> Act:
        instance = engine_instances.assign(uow, instance_id, kept)
        return Act.on_instance("change_variables", instance, *kept)

    Deed(uow, actor, why).once("change_variables", instance_id, work)


def preview(uow: UnitOfWork, actor: Actor, instance_id: UUID, wanted: Modification) -> ForecastView:
    """Tell exactly what moving a process would cancel and create; nothing is done."""
    access.require(actor, Action.TEND_INSTANCES)
    routing(wanted.variables)
    found = modifying.preview(uow, instance_id, wanted)
    return telling.forecast(steps.definitions_of(uow, steps.lock(uow, instance_id)), found)


def modify(
    uow: UnitOfWork, actor: Actor, instance_id: UUID, wanted: Modification, why: Why
) -> None:
    """Move a process, exactly as was foretold for the version that the modification names."""
    access.require(actor, Action.TEND_INSTANCES)
    routing(wanted.variables)

    def work() -> Act:
        done = modifying.modify(uow, instance_id, wanted, str(actor.person_id))
        touched = dict.fromkeys(each.element for each in (*done.cancelled, *done.created))
        dropped = dict.fromkeys(each.signal for each in done.unheard)
        instance = steps.lock(uow, instance_id)
        return Act.on_instance("move_process", instance, *touched, *dropped, *wanted.variables)

    Deed(uow, actor, why).once("move_process", instance_id, work, wanted.move)
