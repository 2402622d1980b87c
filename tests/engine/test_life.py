"""R19: whatever people, time, messages and mishaps do in whatever order, a plain model says so."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select

from bpmn.errors import Refusal
from engine import clock, faults, jobs, reconciling
from engine.fault_table import Fault, FaultState
from engine.models import Instance, Job, Lane, Message
from tests.engine import journey
from tests.engine.desk import START
from tests.engine.journey import Journey
from tests.engine.life_model import Model

pytestmark = pytest.mark.proves("R19")

PEOPLE = st.sampled_from(["anna", "bela"])
CASES = [UUID(int=number) for number in range(1, 4)]
MOST_LETTERS = 3


class Undone(Exception):  # noqa: N818 - nothing went wrong with what is tested
    """The process that ran this transaction died before its commit."""


class Life(RuleBasedStateMachine):
    """Does everything twice: in the engine and in the model."""

    transactions = None
    traveller = None

    @initialize()
    def open(self):
        self.traveller.move_to(START)
        self.journey = Journey(self.transactions, self._count)
        self.model = Model(clock.now())
        self.journey.do("publish", 1)

    def _count(self, _uow, _call):
        if not self.model.service_works:
            raise ValueError
        return {}

    @precondition(lambda self: len(self.model.cases) < len(CASES))
    @rule()
    def start(self):
        key = CASES[len(self.model.cases)]
        self.journey.do("start", key)
        self.model.start(key)

    @precondition(lambda self: self.model.cases)
    @rule(verb=st.sampled_from(["claim", "release", "assign", "complete"]), data=st.data())
    def person_acts(self, verb, data):
        key, by = self._case(data), data.draw(PEOPLE)
        with self.transactions.reading() as session:
            task_id = journey.last_task(session, key).id
        self._same(getattr(self.model, verb)(key, by), verb, task_id, by)

    @precondition(lambda self: self.model.cases)
    @rule(
        verb=st.sampled_from(["claim", "complete", "message", "recall", "cancel"]), data=st.data()
    )
    def process_dies_before_its_commit(self, verb, data):
        key = self._case(data)
        with self.transactions.reading() as session:
            task_id = journey.last_task(session, key).id
            instance_id = journey.instance_of(session, key).id
        given = {"claim": (task_id, "anna"), "complete": (task_id, "anna"), "message": (key,)}
        given |= {"recall": (), "cancel": (instance_id,)}
        with suppress(Refusal, Undone), self.transactions.begin() as uow:
            getattr(self.journey, verb)(*given[verb], uow)
            raise Undone

    @precondition(lambda self: self.model.cases)
    @rule(data=st.data())
    def cancel(self, data):
        key = self._case(data)
        with self.transactions.reading() as session:
            instance_id = journey.instance_of(session, key).id
        self._same(self.model.cancel(key), "cancel", instance_id)

    @precondition(lambda self: self.model.cases)
    @rule(data=st.data())
    def message(self, data):
        key = self._case(data)
        if len(self.model.cases[key].letters) < MOST_LETTERS:
            self._same(self.model.message(key), "message", key)

    @rule()
    def recall(self):
        self._same(self.model.recall(), "recall")

    @rule(number=st.sampled_from([1, 2]))
    def redeploy(self, number):
        self.journey.do("publish", number)
        self.model.edition = number

    @rule(works=st.booleans())
    def service_changes(self, works):
        self.model.service_works = works

    @rule(span=st.sampled_from([timedelta(minutes=1), timedelta(days=1), timedelta(days=4)]))
    def time_passes(self, span):
        self.traveller.shift(span)
        self.model.now = clock.now()

    @rule()
    def worker_works(self):
        self.journey.worker().run_due()
        self.model.work()

    @rule()
    def worker_dies_with_its_leases(self):
        with self.transactions.attempt() as uow:
            jobs.lease(uow, Lane.WORK, "dead")
        self.time_passes(jobs.LEASE)

    @rule(verb=st.sampled_from(["retry", "skip"]))
    def operator_mends(self, verb):
        with self.transactions.reading() as session:
            found = session.execute(
                select(Fault.id, Instance.business_key)
                .join(Instance, Instance.id == Fault.instance_id)
                .where(Fault.state == FaultState.OPEN)
            ).all()
        for fault_id, key in found:
            if not self.model.cases[key].broken:
                continue
            with self.transactions.begin() as uow:
                getattr(faults, verb)(uow, fault_id, "operator")
            (self.model.mend if verb == "retry" else self.model.skip)(key)

    @invariant()
    def engine_and_model_agree(self):
        if not hasattr(self, "model"):
            return
        for key in self.model.cases:
            with self.transactions.reading() as session:
                instance_id = journey.instance_of(session, key).id
                found = journey.picture(session, key)
            found.pop("letters")
            assert found == self.model.picture(key)
            with self.transactions.attempt() as uow:
                assert reconciling.differences(uow, instance_id) == []

    def teardown(self):
        with self.transactions.begin() as uow:
            for table in (Message, Job, Fault, Instance):
                uow.connection.execute(delete(table))

    def _case(self, data):
        return data.draw(st.sampled_from(sorted(self.model.cases)))

    def _same(self, refusal, verb, *given):
        told = None
        try:
            self.journey.do(verb, *given)
        except Refusal as refused:
            told = type(refused).__name__
        assert told == refusal


def live(database, examples, steps):
    with time_machine.travel(START, tick=False) as traveller:
        transactions = journey.open_transactions(database)
        machine = type("Here", (Life,), {"transactions": transactions, "traveller": traveller})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                print_blob=True,
                suppress_health_check=list(HealthCheck),
            ),
        )


def test_100_lives_agree_with_the_model(database):
    live(database, examples=100, steps=20)


@pytest.mark.soak(minutes=12)
def test_2000_lives_of_50_steps_agree_with_the_model(database, publish):
    live(database, examples=2_000, steps=50)

    publish({"database": database.dialect.name, "lives": 2_000, "steps": 50, "differences": 0})
