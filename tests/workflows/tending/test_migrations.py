"""Operators bring processes over to other diagrams: foretold, with a reason, written down."""

from datetime import timedelta

import pytest
import time_machine

from bpmn.bundle import Bundle
from bpmn.migration import Wishes
from bpmn.model import NotExecutable
from bpmn.wording import say
from engine import clock, deployments, instances
from engine.definitions import Library
from engine.migration_queries import Selection
from engine.migration_table import ItemState
from engine.transfers import Outcome
from engine.unit_of_work import Transactions
from tests.engine.desk import throw
from tests.workflows.tending.room import BECAUSE
from workflows import inbox
from workflows.access import NotAllowed, Role
from workflows.processes import catalog
from workflows.tending import migrations
from workflows.tending.acts import Why
from workflows.tending.errors import NameUsed, ReasonMissing
from workflows.tending.migrations import Wanted
from workflows.tending.models import OperatorAct

OTHERS = sorted(frozenset(Role) - {Role.ADMINISTRATION})
FILE = "neighbourhood_conflict.bpmn"
EVERYTHING = Wanted()
TOO_OLD = say("This element is not known any more.")


@pytest.fixture
def case_id(room):
    return room.agency.report().case_id


@pytest.fixture
def changed(room, case_id):
    """A version in which the open task has another label."""
    bundle = catalog.shipped_bundle()
    name = room.agency.open_tasks(case_id)[0].name
    drawn = bundle.files[FILE].replace(f'name="{name}"'.encode(), b'name="Neue Aufgabe"', 1)
    return _publish(room, bundle.having(FILE, drawn))


def _publish(room, bundle):
    with room.agency.transactions.begin() as uow:
        return deployments.publish(uow, Bundle(bundle.files), "test")


def _plan(room):
    with room.agency.transactions.reading() as reading:
        return migrations.plan(reading, room.olga, EVERYTHING)


def _start(room, why=BECAUSE, wanted=EVERYTHING):
    with room.agency.transactions.begin() as uow:
        return migrations.start(uow, room.olga, wanted, why, by_workers=True)


def _order(room, act, migration_id, why=BECAUSE, actor=None, **given):
    with room.agency.transactions.begin() as uow:
        act(uow, actor or room.olga, migration_id, why, **given)


def _work(room):
    with time_machine.travel(clock.now() + timedelta(seconds=2), tick=False):
        room.agency.work()


def _progress(room, migration_id):
    with room.agency.transactions.reading() as reading:
        view = migrations.open_migration(reading, room.olga, migration_id)
    return {state: count for state, count in view.counts.items() if count}, view.open


@pytest.mark.usefixtures("changed")
def test_the_plan_tells_from_where_how_many_and_what_is_different(room):
    _, seen = _plan(room)

    (source,) = seen.sources
    assert (source.deployment, source.instances, seen.instances) == (1, 1, 1)
    assert [str(change.sentence) for change in source.changes] == [
        "“Neue Aufgabe” was called otherwise before."
    ]


def test_diagrams_that_run_no_more_hold_back_their_own_processes_alone(room, case_id):
    first = _plan(room)[0].target
    bundle = catalog.shipped_bundle()
    _publish(room, bundle.having(FILE, bundle.files[FILE] + b"<!-- second -->"))
    younger = room.agency.report().case_id
    _publish(room, bundle.having(FILE, bundle.files[FILE] + b"<!-- third -->"))
    known = room.agency.transactions.library

    def read(found):
        return throw(NotExecutable(TOO_OLD)) if found.digest == first.digest else known.read(found)

    room.agency.transactions = Transactions(room.agency.transactions.engine, Library(read))

    page = migrations.foretell(room.agency.transactions, room.olga, EVERYTHING)

    assert [(one.deployment, one.instances, one.hindrance) for one in page.plan.sources] == [
        (2, 1, None),
        (1, 1, TOO_OLD),
    ]
    told = {row.business_key: (row.outcome, row.notices) for row in page.rows}
    assert told[younger][0] is Outcome.MOVES
    assert told[case_id][0] is Outcome.STAYS
    assert [notice.sentence for notice in told[case_id][1]] == [TOO_OLD]


def test_migrations_are_listed_page_by_page(room, case_id, monkeypatch):
    assert case_id
    monkeypatch.setattr(migrations, "PAGE", 2)
    begun = [_start(room, Why("Again.", str(number))) for number in range(5)]
    seen, after = [], None
    while after is not None or not seen:
        with room.agency.transactions.reading() as reading:
            page = migrations.list_migrations(reading, room.olga, after)
        assert len(page.rows) <= 2
        seen += [row.id for row in page.rows]
        after = page.next_cursor

    assert seen == sorted(begun, reverse=True)


@pytest.mark.usefixtures("changed")
def test_what_was_foretold_is_done_by_the_workers_and_written_into_the_case(room, case_id):
    foretold = migrations.foretell(room.agency.transactions, room.olga, EVERYTHING)
    assert [row.outcome for row in foretold.rows] == [Outcome.MOVES]
    assert room.agency.open_tasks(case_id)[0].name != "Neue Aufgabe"

    migration_id = _start(room)
    _work(room)

    assert _progress(room, migration_id) == ({ItemState.MOVED: 1}, 0)
    assert room.agency.open_tasks(case_id)[0].name == "Neue Aufgabe"
    about = ("2", str(migration_id))
    assert room.acts(case_id) == [("migrate_process", about, BECAUSE.reason)]
    action, audited = room.audited(case_id)[0]
    assert (action, sorted(audited)) == ("migrate_process", sorted(about))


@pytest.mark.usefixtures("changed")
def test_a_draft_is_still_there_over_there(room, case_id):
    vera = room.agency.vera
    (task,) = room.agency.open_tasks(case_id)
    with room.agency.transactions.begin() as uow:
        inbox.claim(uow, vera, task.id)
        inbox.save_draft(uow, vera, task.id, {"incident.summary": "Halb fertig"})

    _start(room)
    _work(room)

    with room.agency.transactions.begin() as uow:
        opened = inbox.open_task(uow, vera, task.id)
    assert opened.task.name == "Neue Aufgabe"
    assert opened.values["incident.summary"] == "Halb fertig"


@pytest.mark.usefixtures("changed")
def test_it_is_undone_for_a_reason_while_nothing_has_moved_on(room, case_id):
    before = room.agency.open_tasks(case_id)[0]
    migration_id = _start(room)
    _work(room)

    other = room.agency.hire("Ole", Role.ADMINISTRATION)
    mistaken = Why("It was a mistake.")
    _order(room, migrations.turn_back, migration_id, mistaken, other, by_workers=True)
    _work(room)

    assert _progress(room, migration_id) == ({ItemState.RETURNED: 1}, 0)
    assert room.agency.open_tasks(case_id)[0] == before
    assert {(act.by, act.reason, act.about[0]) for act in room.look(case_id).acts.rows} == {
        ("Olga", BECAUSE.reason, "2"),
        ("Ole", "It was a mistake.", "1"),
    }


@pytest.mark.usefixtures("changed")
def test_the_same_command_begins_one_migration(room):
    named = Why("New diagrams.", "once")

    begun = _start(room, named)
    _publish(room, catalog.shipped_bundle())

    again = {_start(room, named, wanted) for wanted in (EVERYTHING, Wanted(seen=2), Wanted(seen=3))}
    assert again == {begun}


@pytest.mark.usefixtures("changed")
@pytest.mark.parametrize(
    "other",
    [
        Wanted(selection=Selection(process="neighbourhood_conflict")),
        Wanted(wishes=Wishes({}, {("neighbourhood_conflict", "assign"): None})),
        Wanted(target=1),
    ],
)
def test_a_name_of_one_migration_is_refused_to_another(room, other):
    named = Why("New diagrams.", "once")
    _start(room, named)

    with pytest.raises(NameUsed):
        _start(room, named, other)


@pytest.mark.usefixtures("changed")
def test_a_repeated_command_does_not_set_the_workers_to_work_again(room):
    named = Why("New diagrams.", "once")
    migration_id = _start(room, named)
    _work(room)
    _order(room, migrations.turn_back, migration_id, named)

    _start(room, named)
    _work(room)

    assert _progress(room, migration_id) == ({ItemState.MOVED: 1}, 1)


@pytest.mark.usefixtures("changed")
def test_going_on_with_a_migration_is_written_down_once_with_its_reason(room):
    migration_id = _start(room)
    for _ in range(2):
        _order(room, migrations.resume, migration_id, Why("It stood still.", "once"))
    with pytest.raises(ReasonMissing):
        _order(room, migrations.resume, migration_id, Why(""))

    with room.agency.transactions.reading() as reading:
        (act,) = reading.query(OperatorAct).filter_by(action="resume_migration")
        assert act.reason == "It stood still."


@pytest.mark.usefixtures("changed")
def test_each_migration_is_told_with_its_own_reason(room, case_id):
    _start(room, Why("First."))
    _work(room)
    _publish(room, catalog.shipped_bundle())
    second = _start(room, Why("Second."))
    _work(room)
    _order(room, migrations.turn_back, second, Why("Third."), by_workers=True)
    _work(room)

    assert {act.reason for act in room.look(case_id).acts.rows} == {"First.", "Second.", "Third."}


@pytest.mark.usefixtures("case_id")
def test_what_stays_says_why_in_the_list_of_what_became_of_it(room):
    drawn = catalog.shipped_bundle()
    renamed = drawn.files[FILE].replace(b'"review_report"', b'"review_anew"')
    renamed = renamed.replace('name="Meldung prüfen"'.encode(), b'name="Anders"')
    _publish(room, drawn.having(FILE, renamed))

    migration_id = _start(room)
    _work(room)

    with room.agency.transactions.reading() as reading:
        (row,) = migrations.list_instances(reading, room.olga, migration_id).rows
    assert row.state is ItemState.STAYED
    assert "is no longer in the diagram" in str(row.notices[0].sentence)


@pytest.mark.usefixtures("changed")
@pytest.mark.parametrize("role", OTHERS)
def test_nobody_but_the_administration_may(room, role):
    other = room.agency.hire("Ole", role)
    migration_id = _start(room)
    transactions = room.agency.transactions

    with transactions.begin() as uow:
        for act, *about in (
            (migrations.list_migrations,),
            (migrations.plan, EVERYTHING),
            (migrations.open_migration, migration_id),
            (migrations.list_instances, migration_id),
            (migrations.start, EVERYTHING, BECAUSE),
            (migrations.resume, migration_id, BECAUSE),
            (migrations.turn_back, migration_id, BECAUSE),
        ):
            with pytest.raises(NotAllowed):
                act(uow, other, *about)
    with pytest.raises(NotAllowed):
        migrations.foretell(transactions, other, EVERYTHING)
    with pytest.raises(NotAllowed):
        migrations.carry_out(transactions, other, migration_id)


def test_a_case_that_is_erased_meanwhile_is_passed_over(room, case_id, changed):
    assert changed.number == 2
    migration_id = _start(room)
    with room.agency.transactions.begin() as uow:
        instances.erase(uow, case_id)
    _work(room)

    assert _progress(room, migration_id) == ({}, 0)
