"""A trace in memory: processes as snapshots, a clock that is moved, a box of messages."""

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace

from bpmn.spiff.run import ProcessRun
from tests.conformance.worlds import NOON, PUBLISH, World, places_of, refusing

TTL = timedelta(days=7)


@dataclass
class Standing:
    """A process as it is stored."""

    id: str
    stored: str = ""
    history: list = field(default_factory=list)


class Memory(World):
    """Processes as snapshots, a clock that is moved, and a box of messages."""

    def __init__(self, bundle):
        self.moment = NOON
        super().__init__(bundle)
        self.standing = []
        self.box = deque()
        self.heard = []

    def now(self):
        return self.moment

    def start(self, process=None, *, values):
        process = process or self.first_process()
        with refusing():
            run = ProcessRun.begin(self.definitions, process, values)
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

    def message(self, name, key, *, values):
        self.box.append(SimpleNamespace(name=name, key=key, values=values, until=self.moment + TTL))
        self._carry_on()

    def signal(self, name, *, values):
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

    def begun(self):
        return len(self.standing)

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
        self.start(starts[letter.name], values=letter.values)
        return True
