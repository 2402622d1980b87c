"""What went over returns to where it was, while nothing has moved on."""

import pytest
from sqlalchemy import update

from engine import migration_queries, migrations, tasks, transfers
from engine.database import connect
from engine.errors import MovedOnSince, NothingReturns
from engine.migration_table import ItemState, MigrationItem
from engine.transfers import Outcome
from tests.bpmn.spiff.drawing import end, flows, node, person, process, start
from tests.engine.town import CHILD, LONG, NEW, NEW_CHILD, OLD, SHORT, Town


def test_all_that_went_over_returns_exactly_to_where_it_was(town):
    town.publish(OLD, CHILD)
    begun = town.wander(60, seed=2)
    before = {one: town.portrait(one) for one in begun}
    migration_id, done = town.migrate(town.publish(NEW, NEW_CHILD))
    moved = [one.instance_id for one in done if one.outcome is Outcome.MOVES]

    with town.transactions.begin() as uow:
        migrations.turn_back(uow, migration_id)
    town.finish(migration_id)

    assert len(moved) > 10
    assert {one: _unnumbered(town.portrait(one)) for one in begun} == {
        one: _unnumbered(portrait) for one, portrait in before.items()
    }
    assert town.differences() == []


def _unnumbered(portrait):
    """Leave out how many tokens there have been: a number is never given twice."""
    row, *rest = portrait
    head, _, tail = row[3].partition(',"done"')
    return (*row[:3], head[: head.index('"n":')], tail), *rest


def test_of_what_returned_nothing_of_the_way_over_is_told(town):
    town.publish(OLD, CHILD)
    town.wander(60, seed=2)
    migration_id, _ = town.migrate(town.publish(NEW, NEW_CHILD))
    over = told(town, migration_id, ItemState.MOVED)
    with town.transactions.begin() as uow:
        migrations.turn_back(uow, migration_id)

    town.finish(migration_id)

    assert any(over.values())
    returned = told(town, migration_id, ItemState.RETURNED)
    assert set(returned) <= set(over)
    assert not any(returned.values())

    with town.transactions.begin() as uow:
        left = {"report": [["p", "e", ["“%(name)s” is no longer waited for.", {"name": "e"}]]]}
        uow.connection.execute(update(MigrationItem.__table__).values(**left))
    assert not any(told(town, migration_id, ItemState.RETURNED).values())


def told(town, migration_id, state):
    with town.transactions.reading() as reading:
        items = migration_queries.items(reading, migration_id, state, None, 100)
    return {item.instance_id: migrations.told(item) for item in items}


def test_what_has_moved_on_since_stays_over_there(town):
    town.publish(SHORT)
    first, second = town.start(1), town.start(2)
    migration_id, _ = town.migrate(town.publish(LONG))
    town.step(first, town.possible(first)[0])

    with town.transactions.begin() as uow:
        migrations.turn_back(uow, migration_id)
    done = {one.instance_id: one for one in town.finish(migration_id)}

    assert town.counts(migration_id) == {ItemState.KEPT: 1, ItemState.RETURNED: 1}
    assert str(done[first].notices[0].sentence).startswith("The process has moved on")
    assert [task.element for task in town.tasks(first)] == ["more"]
    assert [task.element for task in town.tasks(second)] == ["a"]


def test_a_claim_meanwhile_does_not_keep_it_from_returning(town):
    town.publish(SHORT)
    instance_id = town.start()
    migration_id, _ = town.migrate(town.publish(LONG))
    with town.transactions.begin() as uow:
        tasks.claim(uow, town.tasks(instance_id)[0].id, "anna")
        migrations.turn_back(uow, migration_id)

    town.finish(migration_id)

    assert [(one.element, one.assignee) for one in town.tasks(instance_id)] == [("a", "anna")]


def test_of_two_migrations_at_once_each_takes_back_only_its_own(town):
    town.publish(SHORT)
    instance_id = town.start()
    second, third = town.publish(LONG), town.publish(SHORT, CHILD)
    one = town.start_migration(town.plan(second))
    other = town.start_migration(town.plan(third))

    town.finish(one)
    town.finish(other)
    assert town.portrait(instance_id)[0][0] == third.id
    for migration_id in (other, one):
        with town.transactions.begin() as uow:
            migrations.turn_back(uow, migration_id)
        town.finish(migration_id)

    assert town.portrait(instance_id)[0][0] == second.id
    assert town.counts(other) == {ItemState.RETURNED: 1}
    assert town.counts(one) == {ItemState.KEPT: 1}
    assert [task.element for task in town.tasks(instance_id)] == ["a"]
    assert town.differences() == []


def test_what_stayed_because_of_a_later_migration_is_told_when_that_is_taken_back_too(town):
    town.publish(SHORT)
    town.start()
    one, _ = town.migrate(town.publish(LONG))
    other, _ = town.migrate(town.publish(SHORT, CHILD))
    for migration_id in (one, other):
        with town.transactions.begin() as uow:
            migrations.turn_back(uow, migration_id)
        town.finish(migration_id)

    for act in (migrations.turn_back, lambda uow, one: migrations.resume(uow.connection, one)):
        with town.transactions.begin() as uow:
            act(uow, other)
        with pytest.raises(NothingReturns), town.transactions.begin() as uow:
            act(uow, one)

    assert town.counts(one) == {ItemState.KEPT: 1}


def test_nothing_returns_twice(town):
    town.publish(SHORT)
    instance_id = town.start()
    town.migrate(target := town.publish(LONG))
    back = transfers.Return(target, "{}", 1)

    with town.transactions.attempt() as uow, pytest.raises(MovedOnSince):
        transfers.take_back(uow, instance_id, back)


def test_what_goes_on_by_itself_over_there_says_beforehand_that_it_cannot_return(town):
    split, join = node("parallelGateway", "g"), node("parallelGateway", "j")
    people = [person("a"), person("b"), person("last")]
    two_ways = flows("s>g>a>j;g>b>j>last>e")
    town.publish(process(start(), split, *people, join, end(), two_ways))
    instance_id = town.start()
    token = next(one.token for one in town.tasks(instance_id) if one.element == "a")
    town.step(instance_id, lambda run: run.complete(token, {}))
    own_end = flows("s>g>a>j>last>e;g>b>e2")
    target = town.publish(process(start(), split, *people, join, end(), end("e2"), own_end))

    foretold = migrations.foretell(town.transactions, town.plan(target), instance_id)

    assert foretold.moved_on
    assert "cannot return" in str(foretold.notices[-1].sentence)


@pytest.fixture
def postgresql(postgresql_url):
    """A database on which two write at the same time."""
    database = connect(postgresql_url)
    yield database
    database.dispose()


def test_who_turns_back_in_the_midst_of_a_transfer_finds_it_undone(
    postgresql, traveller, monkeypatch
):
    assert traveller
    town, another = Town(postgresql), Town(postgresql)
    town.publish(SHORT)
    instance_id = town.start()
    migration_id = town.start_migration(town.plan(target := town.publish(LONG)))
    transfer, calls = migrations.transfer, []

    def interrupted(uow, *rest):
        calls.append(rest)
        if len(calls) == 1:
            with another.transactions.begin() as other:
                migrations.turn_back(other, migration_id)
        return transfer(uow, *rest)

    monkeypatch.setattr(migrations, "transfer", interrupted)
    done = town.finish(migration_id)

    assert (len(calls), done) == (1, [None])
    assert town.counts(migration_id) == {ItemState.STAYED: 1}
    assert town.portrait(instance_id)[0][0] != target.id
