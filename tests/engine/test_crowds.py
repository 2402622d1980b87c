"""R11 and R12: many people at once on one task, or on the tasks of one case."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from bpmn.bundle import Bundle
from bpmn.errors import Refusal
from bpmn.feel import from_python
from engine import collisions, deployments, instances, queries, tasks
from engine.database import connect
from engine.models import Instance, InstanceState
from tests.bpmn.spiff import drawing as d
from tests.engine.desk import CASE
from tests.engine.journey import open_transactions

PEOPLE = 500
SHEETS = 200
MOST_RETRIES = 5
SIGN_ALL = d.process(
    d.start(),
    d.person("sign", inside=d.each("=sheets")),
    d.end(),
    d.flows("s>sign>e"),
    name="sign_all",
)


@pytest.fixture
def houses(database_url):
    """Two processes' views of one database, with 50 connections together."""
    with ExitStack() as stack:
        databases = [connect(database_url) for _ in range(2)]
        for database in databases:
            stack.callback(database.dispose)
        yield [open_transactions(database) for database in databases]


def publish_process(house, drawn):
    with house.begin() as uow:
        deployments.publish(uow, Bundle({"p.bpmn": d.document(drawn)}), "somebody")


def start(house, process, **variables):
    with house.begin() as uow:
        return instances.start(
            uow, process, {name: from_python(value) for name, value in variables.items()}, CASE
        ).id


def crowd(houses, size, act):
    """Have so many people act at once, each in one of the houses; list what each is told."""
    gate = threading.Barrier(50)

    def come(number):
        if number < gate.parties:
            gate.wait(20)
        try:
            return act(houses[number % 2], number)
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(50) as people:
        return list(people.map(come, range(size)))


def claims(houses):
    """Have 500 people claim one task at once; list what is wrong with the outcome."""
    start(houses[0], "sign_all", sheets=[1])
    with houses[0].reading() as session:
        task_id = queries.open_tasks_of(session, CASE)[-1].id

    def claim(house, number):
        with house.begin() as uow:
            tasks.claim(uow, task_id, str(number))
        return number

    told = crowd(houses, PEOPLE, claim)
    winners = [str(number) for number in told if isinstance(number, int)]
    sentences = Counter(type(each).__name__ for each in told if isinstance(each, Refusal))
    with houses[0].reading() as session:
        holder = queries.task(session.connection(), task_id).assignee
    right = winners == [holder] and sentences == {"TaskTaken": PEOPLE - 1}
    return [] if right else [(winners, holder, sentences)]


def completions(houses):
    """Complete 200 tasks of one case at once; list what is wrong, and how often was tried."""
    instance_id = start(houses[0], "sign_all", sheets=list(range(SHEETS)))
    with houses[0].reading() as session:
        task_ids = [task.id for task in queries.open_tasks_of(session, CASE)]
    tries = Counter()

    def complete(house, number):
        def once():
            tries[number] += 1
            with house.begin() as uow:
                tasks.complete(uow, task_ids[number], {}, "anna")

        collisions.again(house, once)

    told = crowd(houses, SHEETS, complete)
    with houses[0].reading() as session:
        left = len(queries.open_tasks_of(session, CASE))
        state = session.get_one(Instance, instance_id).state
    wrong = [str(each) for each in told if each is not None]
    if left or state is not InstanceState.FINISHED or max(tries.values()) > MOST_RETRIES:
        wrong.append((left, state, max(tries.values())))
    return wrong


@pytest.mark.proves("R11")
def test_of_500_who_claim_at_once_one_wins_and_each_other_reads_a_sentence(houses):
    publish_process(houses[0], SIGN_ALL)

    assert claims(houses) == []


@pytest.mark.proves("R12")
def test_200_completions_in_one_case_are_all_applied(houses):
    publish_process(houses[0], SIGN_ALL)

    assert completions(houses) == []


@pytest.mark.proves("R11", "R12")
@pytest.mark.soak
def test_20_times_500_claims_and_50_times_200_completions(houses, publish):
    publish_process(houses[0], SIGN_ALL)

    wrong = [breach for _ in range(20) for breach in claims(houses)]
    for _ in range(20):
        with houses[0].begin() as uow:
            instances.erase(uow, CASE)
    wrong += [breach for _ in range(50) for breach in completions(houses)]

    publish(
        {
            "database": houses[0].engine.dialect.name,
            "claims": 20 * PEOPLE,
            "completions": 50 * SHEETS,
            "wrong": wrong,
        }
    )
    assert wrong == []
