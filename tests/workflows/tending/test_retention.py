"""The history of ended processes goes when its time is over, and no case loses what it needs."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select, update

from bpmn.errors import Refusal
from engine import clock, collisions, instances, queries, retention, statistics
from engine.errors import ChangesCollided, DatabaseGone
from engine.handlers import Handlers
from engine.models import Instance, InstanceState
from engine.stay_table import Stay
from workflows import audit
from workflows.access import Actor, Role
from workflows.cases.models import Case
from workflows.tending import retention as retentions
from workflows.tending.acts import Why
from workflows.tending.errors import ReasonMissing
from workflows.tending.models import OperatorAct

YEAR = 365
BECAUSE = Why("The data protection officer wants it.")


@pytest.fixture
def officer(room):
    return room.agency.hire("Dora", Role.DATA_PROTECTION)


def begin(room, count=1):
    """Begin processes that belong to no case, and end them."""
    with room.agency.transactions.begin() as uow:
        begun = [instances.start(uow, "neighbourhood_conflict", {}).id for _ in range(count)]
        for one in begun:
            instances.cancel(uow, one)
    return begun


def grow_old(room, *ids, days=YEAR + 1):
    with room.agency.transactions.begin() as uow:
        old = clock.now() - timedelta(days=days)
        uow.connection.execute(update(Instance).where(Instance.id.in_(ids)).values(ended_at=old))


def left(room):
    with room.agency.transactions.reading() as reading:
        return set(queries.instance_ids(reading)), set(reading.scalars(select(Stay.instance_id)))


def run(room, officer, default=YEAR):
    return retentions.run(room.agency.transactions, officer, default, BECAUSE)


def heat(room):
    with room.agency.transactions.reading() as reading:
        return statistics.heat_map(reading)


def test_what_has_no_case_goes_whole_once_it_is_over_and_stays_in_the_statistics(room, officer):
    old, young = begin(room, 2)
    grow_old(room, old)
    before = heat(room)

    assert run(room, officer) == retentions.Outcome(1, 0)

    assert left(room) == ({young}, {young})
    assert heat(room) == before
    assert run(room, officer) == retentions.Outcome(0, 0)


def test_a_dry_run_tells_what_a_run_would_do_and_does_nothing(room, officer):
    grow_old(room, *begin(room, 3))
    before = left(room)

    told = retentions.foretell(room.agency.transactions, officer, YEAR)

    assert left(room) == before
    assert told == run(room, officer) == retentions.Outcome(3, 0)


def test_a_dry_run_waits_for_nobody_who_writes(room, officer):
    grow_old(room, *begin(room))

    with room.agency.transactions.begin():
        told = retentions.foretell(room.agency.transactions, officer, YEAR)

    assert told == retentions.Outcome(1, 0)


@pytest.mark.parametrize(("batches", "told"), [(2, (4, 0, False)), (4, (7, 0, True))])
def test_a_dry_run_that_ends_early_says_so(room, officer, monkeypatch, batches, told):
    monkeypatch.setattr(retention, "BATCH", 2)
    grow_old(room, *begin(room, 7))

    found = retentions.foretell(room.agency.transactions, officer, YEAR, batches)

    assert found == retentions.Outcome(*told)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_two_runs_that_find_the_same_only_one_tells_of_it(room, officer, monkeypatch):
    case_id, of_case = ended_case(room)
    grow_old(room, of_case, *begin(room, 3))
    look, rivals = retention.look, []

    def look_and_be_overtaken(*given):
        found = look(*given)
        if not rivals:
            rivals.append(None)
            rivals.append(run(room, officer))
        return found

    monkeypatch.setattr(retention, "look", look_and_be_overtaken)
    late = run(room, officer)

    assert (rivals[1], late) == (retentions.Outcome(3, 1), retentions.Outcome(0, 0))
    assert acts(room)[:2] == [("end_retention", ["0", "0"]), ("end_retention", ["3", "1"])]
    with room.agency.transactions.reading() as reading:
        lines = [line.action for line in audit.lines(reading, case_id)]
    assert lines.count(retentions.DELETED) == 1


def test_small_batches_do_it_all_and_go_on_where_one_ended(room, officer, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    grow_old(room, *begin(room, 7))

    assert run(room, officer) == retentions.Outcome(7, 0)
    assert left(room) == (set(), set())


def test_a_batch_that_meets_another_change_is_done_again(room, officer, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    monkeypatch.setattr(collisions, "PAUSE", 0)
    grow_old(room, *begin(room, 3))
    fail(monkeypatch, ChangesCollided(), at=2)

    assert run(room, officer) == retentions.Outcome(3, 0)
    assert left(room) == (set(), set())


def test_a_run_that_is_cut_short_stands_in_the_books(room, officer, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    grow_old(room, *begin(room, 3))
    with monkeypatch.context() as broken:
        fail(broken, DatabaseGone(), at=2)
        with pytest.raises(DatabaseGone):
            run(room, officer)
    assert acts(room) == [("run_retention", [])]

    run(room, officer)

    assert acts(room) == [("end_retention", ["1", "0"]), *[("run_retention", [])] * 2]


def test_the_workers_do_what_was_ordered_batch_by_batch_and_tell_the_books(
    room, officer, monkeypatch
):
    monkeypatch.setattr(retention, "BATCH", 2)
    case_id, of_case = ended_case(room)
    grow_old(room, of_case, *begin(room, 3))

    with room.agency.transactions.begin() as uow:
        ordered = str(retentions.order(uow, officer, BECAUSE))
    sweeper = {retentions.RETENTION: retentions.Sweeper(YEAR).take_step}
    room.agency.handlers = Handlers(room.agency.handlers.services, sweeper)
    room.agency.work()

    assert left(room) == ({of_case}, set())
    assert acts(room) == [("end_retention", ["3", "1", ordered]), ("run_retention", [ordered])]
    with room.agency.transactions.reading() as reading:
        newest = audit.lines(reading, case_id)[0]
    assert (newest.action, newest.actor_id) == (retentions.DELETED, officer.person_id)


def test_without_a_reason_nothing_goes(room, officer):
    grow_old(room, *begin(room))
    before = left(room)

    with pytest.raises(ReasonMissing):
        retentions.run(room.agency.transactions, officer, YEAR, Why(" "))

    assert left(room) == before


def fail(monkeypatch, error, at):
    """Have the batch of this number fail once."""
    sweep, numbers = retention.sweep, count(1)

    def failing(*given):
        found = sweep(*given)
        if next(numbers) == at:
            raise error
        return found

    monkeypatch.setattr(retention, "sweep", failing)


def acts(room):
    with room.agency.transactions.reading() as reading:
        return sorted((row.action, row.about) for row in reading.scalars(select(OperatorAct)))


def test_the_more_exact_rule_wins(room, officer):
    first, second = begin(room, 2)
    grow_old(room, first, second, days=40)
    with room.agency.transactions.begin() as uow:
        retentions.set_rule(uow, officer, ("neighbourhood_conflict", 0), 30, BECAUSE)
        retentions.set_rule(uow, officer, ("", 1), None, BECAUSE)
    assert run(room, officer) == retentions.Outcome(0, 0)

    with room.agency.transactions.begin() as uow:
        retentions.drop_rule(uow, officer, ("", 1), BECAUSE)
    assert run(room, officer) == retentions.Outcome(2, 0)


def test_an_open_case_keeps_everything_and_a_closed_one_its_tasks(room, officer):
    case_id = room.agency.report().case_id
    instance = room.instance_of(case_id)
    with room.agency.transactions.begin() as uow:
        instances.cancel(uow, instance)
    grow_old(room, instance)
    assert run(room, officer) == retentions.Outcome(0, 0)

    _close(room, case_id, days=10)
    assert run(room, officer) == retentions.Outcome(0, 0)

    _close(room, case_id, days=YEAR + 1)
    assert run(room, officer) == retentions.Outcome(0, 1)
    assert left(room) == ({instance}, set())
    with room.agency.transactions.reading() as reading:
        assert queries.tasks_of(reading, case_id)
        assert list(audit.verify(reading)) == []
        assert audit.lines(reading, case_id)[0].action == retentions.DELETED
    assert run(room, officer) == retentions.Outcome(0, 0)


def ended_case(room):
    """Close a case so long ago that its history is over; name it and its process."""
    case_id = room.agency.report().case_id
    instance = room.instance_of(case_id)
    with room.agency.transactions.begin() as uow:
        instances.cancel(uow, instance)
    _close(room, case_id, days=YEAR + 1)
    return case_id, instance


def _close(room, case_id, days):
    closed_at = clock.now() - timedelta(days=days)
    with room.agency.transactions.begin() as uow:
        values = {"state": "closed", "outcome": "resolved", "closed_at": closed_at}
        uow.connection.execute(update(Case.__table__).where(Case.id == case_id).values(values))


def test_what_runs_is_never_touched_nor_what_works_for_the_same_key(room, officer):
    case_id = room.agency.report().case_id
    with room.agency.transactions.begin() as uow:
        ended = instances.start(uow, "neighbourhood_conflict", {}, case_id).id
        instances.cancel(uow, ended)
    grow_old(room, ended)
    _close(room, case_id, days=YEAR + 1)

    assert run(room, officer, 1) == retentions.Outcome(0, 0)
    with room.agency.transactions.reading() as reading:
        states = [one.state for one in queries.instances_of(reading, case_id)]
    assert sorted(states) == [InstanceState.ACTIVE, InstanceState.CANCELLED]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DATA_PROTECTION])
def test_only_data_protection_says_how_long(room, role):
    actor = Actor(room.olga.person_id, "Somebody", frozenset({role}))
    with pytest.raises(Refusal), room.agency.transactions.begin() as uow:
        retentions.set_rule(uow, actor, ("x", 0), 1, BECAUSE)
    with pytest.raises(Refusal):
        retentions.foretell(room.agency.transactions, actor, YEAR)
    with pytest.raises(Refusal):
        run(room, actor)
