"""Two worlds in which a trace is played: in memory, and in the engine on a database.

Both live in what is stored alone: before every action the diagrams are read anew and the
instance is restored, so nothing that only a running object knows can help.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace

from sqlalchemy import delete, select, update

from bpmn.definitions import load
from bpmn.host import BERLIN, Host, HostFunction
from bpmn.spiff.errors import ElementFailed
from bpmn.spiff.run import ProcessRun
from bpmn.timers import moment_of, span_of
from engine import clock, deployments, instances, messages, queries, reconciling, signals, tasks
from engine.definitions import Library
from engine.errors import BpmnError
from engine.failures import StepFailed
from engine.handlers import Handlers
from engine.models import Fault, History, Instance, InstanceState, Job, Message, UserTask
from engine.unit_of_work import Transactions
from engine.worker import Worker

NOON = datetime(2027, 1, 11, 12, 0, tzinfo=BERLIN)
PUBLISH = "message.publish"
HANDLERS = frozenset({"work", PUBLISH})
KINDS = ("tasks", "timers", "jobs", "messages", "signals")
TTL = timedelta(days=7)
NEXT_DUE = HostFunction("next due", ("start", "days", "calendar"), lambda *_: None)


def house(now, variables=frozenset()):
    """Offer what the files of the suite may name."""
    return Host(
        {NEXT_DUE.name: NEXT_DUE},
        HANDLERS,
        frozenset({"role_qm"}),
        variables=frozenset(variables),
        now=now,
    )


class Refused(Exception):  # noqa: N818 - a fact of the trace
    """The process could not do it; names the element where it is known."""

    def __init__(self, element):
        super().__init__(element)
        self.element = element


@dataclass
class Place:
    """Where something is awaited."""

    process: int
    kind: str
    token: int
    element: str
    due: datetime | None
    facts: object


def places_of(number, run):
    return [
        Place(number, kind, one.token, one.element, getattr(one, "due", None), one)
        for kind in KINDS
        for one in getattr(run, f"waiting_{kind}")()
    ]


@dataclass
class Standing:
    """A process as it is stored."""

    id: str
    stored: str = ""
    history: list = field(default_factory=list)


class World:
    """What both have in common: finding the place that an action is about."""

    def later(self, text):
        if text.startswith("until "):
            return moment_of(text.removeprefix("until ").replace(" ", "T"), BERLIN)
        return span_of(text).after(self.now(), BERLIN)

    def find(self, kind, element, number):
        found = [one for one in self.places() if (one.kind, one.element) == (kind, element)]
        assert number < len(found), f"nobody waits for {element}"
        return found[number]

    def waits(self):
        return sorted(place.element for place in self.places())

    def due(self, element):
        (due,) = {place.due for place in self.places() if place.element == element}
        return f"{due.astimezone(BERLIN):%Y-%m-%d %H:%M}"


class Memory(World):
    """Processes as snapshots, a clock that is moved, and a box of messages."""

    def __init__(self, bundle):
        self.moment = NOON
        self.bundle = bundle
        self.standing = []
        self.box = deque()
        self.heard = []

    def now(self):
        return self.moment

    @property
    def definitions(self):
        return load(self.bundle, house(self.now))

    def start(self, process, values):
        definitions = self.definitions
        process = process or next(iter(definitions.processes))
        with refusing():
            run = ProcessRun.begin(definitions, process, values)
            run.settle()
            standing = Standing(process)
            thrown, places = run.thrown(), self.places()
            self._keep(standing, run)
        self.standing.append(standing)
        self._throw(thrown, places)
        self._carry_on()

    def complete(self, element, number, values):
        place = self.find("tasks", element, number)
        self._change(place, lambda run: run.complete(place.token, values))

    def job(self, element, number, values):
        place = self.find("jobs", element, number)
        self._change(place, lambda run: run.finish_job(place.token, values))

    def fail(self, element, number, code):
        place = self.find("jobs", element, number)
        self._change(place, lambda run: run.fail_job(place.token, code))

    def message(self, name, key, values):
        self.box.append(SimpleNamespace(name=name, key=key, values=values, until=self.moment + TTL))
        self._carry_on()

    def signal(self, name, values):
        self._throw([name], self.places(), values)
        self._carry_on()

    def wait(self, text):
        self.moment = self.later(text)
        self._carry_on()

    def cancel(self):
        for number, standing in enumerate(self.standing):
            run = self._run(number)
            if not run.is_finished:
                run.cancel()
                run.settle()
                self._keep(standing, run)

    def places(self):
        return [
            place
            for number in range(len(self.standing))
            for place in places_of(number, self._run(number))
        ]

    def ended(self):
        return [
            each.id for number, each in enumerate(self.standing) if self._run(number).is_finished
        ]

    def variables(self, process):
        numbers = range(len(self.standing))
        chosen = next(n for n in numbers if process in (None, self.standing[n].id))
        return self._run(chosen).variables

    def drain(self):
        passed = [(str(one.passage), one.element) for each in self.standing for one in each.history]
        for each in self.standing:
            each.history = []
        return passed

    def _run(self, number):
        return ProcessRun.restore(self.definitions, self.standing[number].stored)

    def _keep(self, standing, run):
        standing.history += run.passed()
        standing.stored = run.snapshot()

    def _change(self, place, work):
        self._step(place, work)
        self._carry_on()

    def _step(self, place, work):
        run = self._run(place.process)
        with refusing():
            work(run)
            run.settle()
            thrown, places = run.thrown(), self.places()
            self._keep(self.standing[place.process], run)
        self._throw(thrown, places)

    def _throw(self, names, places, values=None):
        """Let those hear a signal who waited for it before it was thrown."""
        self.heard += [
            (place, values or {})
            for place in places
            if place.kind == "signals" and place.facts.signal in names
        ]

    def _hear_next(self):
        if not self.heard:
            return False
        place, values = self.heard.pop(0)
        if any((one.process, one.token) == (place.process, place.token) for one in self.places()):
            self._step(place, lambda run: run.receive_signal(place.token, values))
        return True

    def _carry_on(self):
        """Fire what is due, send what is to be sent, deliver what can be received."""
        while self._hear_next() or self._fire_next() or self._send_next() or self._deliver_next():
            pass

    def _fire_next(self):
        timers = [one for one in self.places() if one.kind == "timers" and one.due <= self.moment]
        if not timers:
            return False
        first = min(timers, key=lambda one: one.due)
        self._step(first, lambda run: run.fire(first.token))
        return True

    def _send_next(self):
        for place in self.places():
            if place.kind == "jobs" and place.facts.type == PUBLISH:
                given = {**place.facts.headers, **place.facts.variables}
                name, key = given.pop("name"), given.pop("key")
                values = {one: given[one] for one in given if one not in place.facts.headers}
                self._step(place, lambda run, token=place.token: run.finish_job(token, {}))
                letter = SimpleNamespace(name=name, key=key, values=values, until=self.moment + TTL)
                self.box.append(letter)
                return True
        return False

    def _deliver_next(self):
        waiting = [place for place in self.places() if place.kind == "messages"]
        for letter in self.box:
            for place in waiting:
                same = (place.facts.message, place.facts.key) == (letter.name, letter.key)
                if same and letter.until > self.moment:
                    self.box.remove(letter)
                    self._step(
                        place,
                        lambda run, place=place, letter=letter: run.deliver(
                            place.token, letter.values
                        ),
                    )
                    return True
        return self._begin_next()

    def _begin_next(self):
        """Begin a process by a message for which nobody waits."""
        starts = self.definitions.starts
        letter = next((one for one in self.box if one.name in starts), None)
        if letter is None:
            return False
        self.box.remove(letter)
        self.start(starts[letter.name], letter.values)
        return True


class refusing:  # noqa: N801 - read as a word: `with refusing():`
    """Tell which element refused."""

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _trace):
        if isinstance(error, StepFailed):
            error = error.cause
        if isinstance(error, ElementFailed):
            raise Refused(error.element) from error


class NobodyYet(Exception):  # noqa: N818 - a fact, nothing went wrong
    """The outside world has not done this work yet."""


class Engine(World):
    """The engine with its rows, a worker and a clock that is moved."""

    def __init__(self, database, bundle, traveller):
        self.database, self.bundle, self.traveller = database, bundle, traveller
        self.host = house(clock.now)
        self.answers = {}
        self.instances = []
        self.told = set()
        self.seen = {}
        traveller.move_to(NOON)
        with self.transactions.begin() as uow:
            self.deployment = deployments.publish(uow, bundle, "somebody")

    def now(self):
        return clock.now()

    @property
    def transactions(self):
        return Transactions(self.database, Library(lambda bundle: load(bundle, self.host)))

    def start(self, process, values):
        process = process or next(iter(load(self.bundle, self.host).processes))
        with refusing(), self.transactions.begin() as uow:
            instances.start(uow, process, values)
        self._work()

    def complete(self, element, number, values):
        place = self.find("tasks", element, number)
        with refusing(), self.transactions.begin() as uow:
            wanted = select(UserTask.id).where(
                UserTask.instance_id == self.instances[place.process],
                UserTask.token == place.token,
            )
            tasks.complete(uow, uow.connection.execute(wanted).scalar_one(), values, "anna")
        self._work()

    def job(self, element, number, values):
        self._answer(self.find("jobs", element, number), values)

    def fail(self, element, number, code):
        self._answer(self.find("jobs", element, number), BpmnError(code))

    def message(self, name, key, values):
        with self.transactions.begin() as uow:
            messages.publish(uow, name, key, values)
        self._work()

    def signal(self, name, values):
        with self.transactions.begin() as uow:
            signals.send(uow, name, variables=values)
        self._work()

    def wait(self, text):
        self.traveller.move_to(self.later(text))
        self._work()

    def cancel(self):
        with self.transactions.begin() as uow:
            for instance_id in self._known():
                if queries.lock_instance(uow.connection, instance_id).state == InstanceState.ACTIVE:
                    instances.cancel(uow, instance_id)

    def places(self):
        places = []
        for number, instance_id in enumerate(self._known()):
            with self.transactions.begin() as uow:
                assert reconciling.differences(uow, instance_id) == []
            if self._row(instance_id).state is InstanceState.ACTIVE:
                places += places_of(number, self._run(instance_id))
        return places

    def ended(self):
        rows = [self._row(instance_id) for instance_id in self._known()]
        return [row.process for row in rows if row.state is not InstanceState.ACTIVE]

    def variables(self, process):
        rows = [self._row(instance_id) for instance_id in self._known()]
        return self._run(next(row.id for row in rows if process in (None, row.process))).variables

    def drain(self):
        passed = []
        for instance_id in self._known():
            with self.transactions.reading() as session:
                found = session.execute(
                    select(History.passage, History.element)
                    .where(History.instance_id == instance_id)
                    .order_by(History.step, History.position)
                    .offset(self.seen.get(instance_id, 0))
                ).all()
            self.seen[instance_id] = self.seen.get(instance_id, 0) + len(found)
            passed += [(passage, element) for passage, element in found]
        return passed

    def clear(self):
        """Leave nothing to those who use the database next."""
        self.cancel()
        with self.transactions.begin() as uow:
            for table in (Message, Job, Fault):
                uow.connection.execute(delete(table))

    def _known(self):
        with self.transactions.reading() as session:
            found = session.scalars(
                select(Instance.id)
                .where(Instance.deployment_id == self.deployment.id)
                .order_by(Instance.started_at, Instance.id)
            )
            self.instances += [one for one in found if one not in self.instances]
        return self.instances

    def _row(self, instance_id):
        with self.transactions.reading() as session:
            return session.get_one(Instance, instance_id)

    def _run(self, instance_id):
        return ProcessRun.restore(load(self.bundle, self.host), self._row(instance_id).snapshot)

    def _answer(self, place, answer):
        instance_id = self.instances[place.process]
        self.answers[instance_id, place.element] = answer
        with self.transactions.begin() as uow:
            uow.connection.execute(
                update(Job)
                .where(Job.instance_id == instance_id, Job.token == place.token)
                .values(due_at=clock.now(), tries=0)
            )
        self._work()
        self.answers.clear()

    def _serve(self, _uow, call):
        answer = self.answers.pop((call.instance_id, call.element), None)
        if answer is None:
            raise NobodyYet
        if isinstance(answer, BpmnError):
            raise answer
        return answer

    def _work(self):
        services = dict.fromkeys(HANDLERS - {PUBLISH}, self._serve)
        Worker(self.transactions, Handlers(services, {})).run_due()
        with self.transactions.reading() as session:
            wrong = session.scalars(select(Fault).where(Fault.error != NobodyYet.__name__)).all()
        new = [fault for fault in wrong if fault.id not in self.told]
        self.told |= {fault.id for fault in wrong}
        if new and new[0].job_kind is not None:
            raise Refused(new[0].element)
