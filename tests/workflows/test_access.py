from uuid import uuid4

import pytest

from bpmn.errors import Unknown
from workflows import access
from workflows.access import Action, Actor, CaseScope, NotAllowed, Role, TaskScope

NORTH, SOUTH = uuid4(), uuid4()


def person(*roles, quarters=()):
    return Actor(uuid4(), "Alex Muster", frozenset(roles), frozenset(quarters))


def case(quarter=NORTH, assigned=(), safety_raised_by=None):
    return CaseScope(uuid4(), quarter, frozenset(assigned), safety_raised_by)


def test_what_is_not_granted_is_refused():
    for action in Action:
        assert not access.may(person(), action, case())
    for role in Role:
        if role not in access.PERMISSIONS[Action.LIFT_MEDIATION_LOCK]:
            assert not access.may(person(role), Action.LIFT_MEDIATION_LOCK, case())


def test_every_action_says_who_may():
    assert set(access.PERMISSIONS) == set(Action)


def test_quarter_management_reads_the_shell_of_its_own_quarter_but_not_the_room():
    manager = person(Role.QUARTER_MANAGEMENT, quarters=[NORTH])

    assert access.may(manager, Action.READ_SHELL, case(NORTH))
    assert not access.may(manager, Action.READ_ROOM, case(NORTH))
    assert not access.may(manager, Action.READ_SHELL, case(SOUTH))


def test_a_mediator_enters_the_room_of_assigned_cases_alone():
    mediator = person(Role.CULTURAL_MEDIATOR, quarters=[NORTH])

    assert access.may(mediator, Action.READ_ROOM, case(assigned=[mediator.person_id]))
    assert not access.may(mediator, Action.READ_SHELL, case(NORTH))


def test_whoever_is_asked_to_take_a_case_knows_who_is_in_it_but_not_what_was_said():
    mediator = person(Role.CULTURAL_MEDIATOR)
    offered = CaseScope(uuid4(), NORTH, asked=mediator.person_id)

    assert access.may(mediator, Action.READ_SHELL, offered)
    assert access.may(mediator, Action.READ_NAMES, offered)
    assert not access.may(mediator, Action.READ_ROOM, offered)
    assert not access.may(mediator, Action.WRITE_NOTE, offered)


@pytest.mark.parametrize(
    "role", [Role.ADMINISTRATION, Role.PROCESS_MANAGEMENT, Role.STEERING_GROUP]
)
def test_administration_and_steering_read_no_case(role):
    somebody = person(role, quarters=[NORTH])

    for action in (Action.READ_SHELL, Action.READ_ROOM, Action.READ_NAMES):
        assert not access.may(somebody, action, case(NORTH))


def test_a_case_that_may_not_be_known_is_unknown_and_one_in_sight_is_forbidden():
    manager = person(Role.QUARTER_MANAGEMENT, quarters=[NORTH])

    with pytest.raises(Unknown):
        access.require(manager, Action.TRIAGE, case(SOUTH))
    with pytest.raises(NotAllowed):
        access.require(manager, Action.LIFT_MEDIATION_LOCK, case(NORTH))


def test_a_protected_case_is_hidden_from_all_but_the_raiser_and_the_coordination():
    raiser = person(Role.CULTURAL_MEDIATOR)
    manager = person(Role.QUARTER_MANAGEMENT, quarters=[NORTH])
    coordination = person(Role.COORDINATION)
    protected = case(NORTH, [raiser.person_id], raiser.person_id)

    readers = [
        reader
        for reader in (raiser, manager, coordination)
        if access.may(reader, Action.READ_SHELL, protected)
    ]

    assert readers == [raiser, coordination]
    assert not access.may_work_on(
        manager, TaskScope(None, frozenset({Role.QUARTER_MANAGEMENT}), case=protected)
    )


def test_a_task_for_a_role_is_offered_where_the_role_reaches():
    here = person(Role.QUARTER_MANAGEMENT, quarters=[NORTH])
    elsewhere = person(Role.QUARTER_MANAGEMENT, quarters=[SOUTH])
    task = TaskScope(None, frozenset({"role_qm"}), case=case(NORTH))

    assert access.may_work_on(here, task)
    assert not access.may_work_on(elsewhere, task)


def test_a_taken_task_belongs_to_whoever_took_it():
    taker, colleague = (person(Role.QUARTER_MANAGEMENT, quarters=[NORTH]) for _ in range(2))
    task = TaskScope(taker.person_id, frozenset({"role_qm"}), case=case(NORTH))

    assert access.may_work_on(taker, task)
    assert not access.may_work_on(colleague, task)


def test_a_taken_task_is_lost_with_the_role_or_the_quarter_that_led_to_it():
    without_role = person(Role.PROCESS_MANAGEMENT, quarters=[NORTH])
    elsewhere = person(Role.QUARTER_MANAGEMENT, quarters=[SOUTH])

    for taker in (without_role, elsewhere):
        task = TaskScope(taker.person_id, frozenset({"role_qm"}), case=case(NORTH))
        assert not access.may_work_on(taker, task)


def test_under_protection_the_coordination_takes_what_others_no_longer_see():
    coordination = person(Role.COORDINATION)
    raiser = person(Role.CULTURAL_MEDIATOR)
    group = frozenset({"role_qm"})

    assert not access.may_work_on(coordination, TaskScope(None, group, case=case(NORTH)))
    protected = case(NORTH, [raiser.person_id], raiser.person_id)
    assert access.may_work_on(coordination, TaskScope(None, group, case=protected))


def test_without_a_case_only_what_reaches_everywhere_is_allowed():
    manager = person(Role.QUARTER_MANAGEMENT, quarters=[NORTH])

    assert access.may(manager, Action.REPORT_INCIDENT)
    assert not access.may(manager, Action.TRIAGE)
    assert not access.may(manager, Action.READ_SHELL)
