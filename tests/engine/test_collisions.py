"""Changes that meet in the database: one is made again, and nobody reads of it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from engine import collisions, jobs
from engine.conversation import quiet
from engine.database import new_id
from engine.errors import ChangesCollided
from engine.unit_of_work import Transactions

COLLISIONS = ["40P01", "40001"]


@pytest.fixture
def transactions(database):
    return Transactions(database)


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch):
    monkeypatch.setattr(collisions, "PAUSE", 0)


class Colliding:
    """Work that meets another change a few times before it holds."""

    def __init__(self, transactions, times):
        self.transactions, self.left, self.tries = transactions, times, 0

    def __call__(self):
        self.tries += 1
        with self.transactions.begin() as uow:
            jobs.owe(uow, jobs.Debt("poke"))
            if self.left:
                self.left -= 1
                raise ChangesCollided
        return "done"


def _count(transactions):
    with transactions.reading() as session:
        return session.scalar(text("SELECT count(*) FROM job"))


def test_work_that_collides_is_done_again_until_it_holds(transactions):
    work = Colliding(transactions, 5)

    answer = collisions.again(transactions, work)

    assert (answer, work.tries, _count(transactions)) == ("done", 6, 1)


def test_work_that_always_collides_is_refused_in_the_end(transactions):
    work = Colliding(transactions, 100)

    with pytest.raises(ChangesCollided):
        collisions.again(transactions, work)

    assert (work.tries, _count(transactions)) == (6, 0)


def test_work_that_has_stored_something_is_not_repeated(transactions):
    second = Colliding(transactions, 1)

    def store_twice():
        Colliding(transactions, 0)()
        second()

    with pytest.raises(ChangesCollided):
        collisions.again(transactions, store_twice)

    assert (second.tries, _count(transactions)) == (1, 1)


def test_what_another_thread_stores_meanwhile_forbids_no_repetition(transactions):
    work = Colliding(transactions, 1)

    def meet():
        with ThreadPoolExecutor(1) as other:
            other.submit(Colliding(transactions, 0)).result()
        return work()

    assert collisions.again(transactions, meet) == "done"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_two_that_wait_for_each_other_both_are_done(transactions):
    for key in "ab":
        with transactions.begin() as uow:
            jobs.owe(uow, jobs.Debt("poke", key=key))
    both_hold_one = threading.Barrier(2)
    told = []

    def count_both(uow, order):
        for key in order:
            row = {"key": key}
            uow.connection.execute(text("UPDATE job SET tries = tries + 1 WHERE key = :key"), row)
            if order not in told:
                told.append(order)
                both_hold_one.wait(10)

    with ThreadPoolExecutor(2) as people:
        list(
            people.map(
                lambda order: collisions.insist(transactions, lambda uow: count_both(uow, order)),
                ("ab", "ba"),
            )
        )

    with transactions.reading() as session:
        assert session.scalars(text("SELECT tries FROM job")).all() == [2, 2]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("state", COLLISIONS)
def test_what_the_database_calls_a_collision_is_one(transactions, state):
    say_so = text(f"DO $$ BEGIN RAISE EXCEPTION 'met' USING ERRCODE = '{state}'; END $$")

    with pytest.raises(ChangesCollided), transactions.begin() as uow:
        uow.connection.execute(say_so)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_work_for_an_instance_that_was_deleted_meanwhile_is_a_collision(transactions):
    with pytest.raises(ChangesCollided), transactions.begin() as uow:
        jobs.owe(uow, jobs.Debt("poke", instance_id=new_id()))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_reference_that_leads_nowhere_to_the_end_is_logged_by_its_name(transactions):
    lost = jobs.Debt("poke", instance_id=new_id())

    with capture_logs() as logged, pytest.raises(ChangesCollided):
        collisions.insist(transactions, lambda uow: jobs.owe(uow, lost))

    assert [line["constraint"] for line in logged] == ["fk_job_instance_id"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_collision_in_what_nobody_waited_for_is_one_too(transactions):
    say_so = text("DO $$ BEGIN RAISE EXCEPTION 'met' USING ERRCODE = '40001'; END $$")

    with pytest.raises(ChangesCollided), transactions.begin() as uow, quiet(uow.connection):
        uow.connection.execute(say_so)
