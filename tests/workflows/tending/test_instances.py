"""Operators suspend, move and cancel processes for a reason, and it is written down."""

import pytest

from bpmn.moves import Entry, Move
from engine.errors import InstanceMovedOn, InstanceSuspended
from engine.instance_queries import InstanceFilter
from engine.models import InstanceState
from engine.modifying import Modification
from tests.workflows.tending.room import BECAUSE
from workflows import inbox
from workflows.access import Actor, NotAllowed, Role
from workflows.tending import instances
from workflows.tending.acts import Why
from workflows.tending.errors import CaseNamed, ValueNotKept

OTHERS = sorted(frozenset(Role) - {Role.ADMINISTRATION})
NOWHERE = Modification(Move())


def test_an_instance_tells_where_it_stands_and_by_what_it_routes(room):
    case_id = room.agency.report().case_id

    seen = room.look(case_id)

    assert seen.process_name != seen.row.process == "neighbourhood_conflict"
    task = room.agency.open_tasks(case_id)[0]
    place = next(place for place in seen.places if place.element == task.element)
    assert (place.token, place.kind, place.name) == (task.token, "userTask", task.name)
    assert seen.variables["context"] == '"neighbourhood"'
    assert seen.readable


def test_a_person_is_told_that_the_process_is_suspended(room):
    case_id = room.agency.report().case_id
    room.do(instances.suspend, room.instance_of(case_id))
    answers = {
        "context": "neighbourhood",
        "quarter": str(room.agency.north),
        "jurisdiction": "yes",
        "incident.summary": "Zwei Haushalte.",
    }

    with pytest.raises(InstanceSuspended):
        room.agency.do(room.agency.vera, case_id, room.agency.open_tasks(case_id)[0].form, answers)

    assert len(room.agency.open_tasks(case_id)) == 1


def test_whoever_opens_a_task_of_a_suspended_process_reads_it_before_answering(room):
    case_id = room.agency.report().case_id
    room.do(instances.suspend, room.instance_of(case_id))
    (task,) = room.agency.open_tasks(case_id)

    with room.agency.transactions.reading() as reading:
        opened = inbox.open_task(reading, room.agency.vera, task.id)

    assert "suspended" in opened.hints[0].template


def test_a_suspended_process_can_be_found_and_resumed(room):
    case_id, other = room.agency.report().case_id, room.agency.report().case_id
    assert case_id != other
    room.do(instances.suspend, room.instance_of(case_id))

    with room.agency.transactions.reading() as reading:
        listed = instances.list_instances(reading, room.olga, InstanceFilter(suspended=True))
    room.do(instances.resume, room.instance_of(case_id))

    assert [row.id for row in listed.rows] == [room.instance_of(case_id)]
    assert room.look(case_id).row.suspended_at is None
    assert [action for action, *_ in room.audited(case_id)[:2]] == [
        "resume_process",
        "suspend_process",
    ]


def test_a_process_is_moved_as_was_foretold(room):
    case_id = room.agency.report().case_id
    instance_id = room.instance_of(case_id)
    (place,) = [one for one in room.look(case_id).places if not one.watches]
    move = Move((place.token,), (Entry(place.element),))

    with room.agency.transactions.begin() as uow:
        told = instances.preview(uow, room.olga, instance_id, Modification(move))
    wanted = Modification(move, version=told.version)
    with room.agency.transactions.begin() as uow:
        instances.modify(uow, room.olga, instance_id, wanted, BECAUSE)

    assert place.element in [one.element for one in told.cancelled]
    assert {one.token for one in told.created} <= {one.token for one in room.look(case_id).places}
    assert room.audited(case_id)[0][0] == "move_process"
    with pytest.raises(InstanceMovedOn), room.agency.transactions.begin() as uow:
        instances.modify(uow, room.olga, instance_id, wanted, BECAUSE)


def test_a_moved_task_loses_its_reminders_and_the_new_one_has_its_own(room):
    case_id = room.agency.report().case_id
    (before,) = room.agency.open_tasks(case_id)
    (place,) = [one for one in room.look(case_id).places if not one.watches]
    wanted = Modification(Move((place.token,), (Entry(place.element),)))

    with room.agency.transactions.begin() as uow:
        instances.modify(uow, room.olga, room.instance_of(case_id), wanted, BECAUSE)
    room.agency.work()

    (after,) = room.agency.open_tasks(case_id)
    assert (after.element, after.id == before.id) == (before.element, False)
    assert room.faults() == ()


def test_a_cancelled_process_has_ended(room):
    case_id = room.agency.report().case_id

    room.do(instances.cancel, room.instance_of(case_id))

    assert room.look(case_id).row.state is InstanceState.CANCELLED
    assert room.look(case_id).places == ()
    assert room.agency.open_tasks(case_id) == []


def test_a_repeated_command_has_no_second_effect(room):
    case_id = room.agency.report().case_id

    for _ in range(2):
        room.do(instances.suspend, room.instance_of(case_id), why=Why("Wait.", "olga:1"))

    assert room.acts(case_id) == [("suspend_process", (), "Wait.")]


def test_variables_are_changed_but_hold_no_sentences(room):
    case_id = room.agency.report().case_id
    instance_id = room.instance_of(case_id)

    room.do(instances.change_variables, instance_id, {"context": "school"})
    with pytest.raises(ValueNotKept):
        room.do(instances.change_variables, instance_id, {"context": "in der Schule"})

    assert room.look(case_id).variables["context"] == '"school"'
    assert room.acts(case_id) == [("change_variables", ("context",), BECAUSE.reason)]


def test_a_process_stays_with_its_case(room):
    case_id, other = room.agency.report().case_id, room.agency.report().case_id
    instance_id, elsewhere = room.instance_of(case_id), {"case_id": str(other)}
    moved = Modification(Move(), elsewhere)

    with pytest.raises(CaseNamed):
        room.do(instances.change_variables, instance_id, elsewhere)
    with room.agency.transactions.begin() as uow:
        with pytest.raises(CaseNamed):
            instances.preview(uow, room.olga, instance_id, moved)
        with pytest.raises(CaseNamed):
            instances.modify(uow, room.olga, instance_id, moved, BECAUSE)

    assert room.look(case_id).variables["case_id"] == f'"{case_id}"'


@pytest.mark.parametrize("role", OTHERS)
def test_only_the_administration_tends_processes(room, role):
    instance_id = room.instance_of(room.agency.report().case_id)
    stranger = Actor(room.olga.person_id, "Somebody", frozenset({role}))

    for act in (instances.suspend, instances.resume, instances.cancel):
        with pytest.raises(NotAllowed):
            room.do(act, instance_id, actor=stranger)
    with pytest.raises(NotAllowed):
        room.do(instances.change_variables, instance_id, {}, actor=stranger)
    with room.agency.transactions.begin() as uow:
        with pytest.raises(NotAllowed):
            instances.preview(uow, stranger, instance_id, NOWHERE)
        with pytest.raises(NotAllowed):
            instances.modify(uow, stranger, instance_id, NOWHERE, BECAUSE)
    with room.agency.transactions.reading() as reading:
        with pytest.raises(NotAllowed):
            instances.open_instance(reading, stranger, instance_id)
        with pytest.raises(NotAllowed):
            instances.list_instances(reading, stranger, InstanceFilter())
