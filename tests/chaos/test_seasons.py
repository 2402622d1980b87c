"""R10: processes that start in any season and zone, and machines whose clock is set meanwhile."""

import shutil
import signal
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
import time_machine
from sqlalchemy import select

from bpmn.bundle import Bundle
from bpmn.timers import read_span
from engine import clock, deployments, instances, jobs, steps
from engine.housekeeping import SWEEP
from engine.models import Job
from tests.bpmn.spiff import drawing as d
from tests.bpmn.walls import expected, first_shown
from tests.chaos import forge
from tests.chaos.faked import Watch
from tests.chaos.town import eventually
from workflows import application, founding
from workflows.calendar import ZONE
from workflows.settings import Settings

pytestmark = pytest.mark.proves("R10")

MOMENTS = (
    datetime(2027, 1, 15, 11, tzinfo=UTC),
    datetime(2027, 7, 15, 11, tzinfo=UTC),
    datetime(2027, 3, 28, 0, 55, tzinfo=UTC),
    datetime(2027, 10, 31, 0, 55, tzinfo=UTC),
    datetime(2027, 12, 31, 22, 55, tzinfo=UTC),
    datetime(2028, 2, 29, 9, tzinfo=UTC),
)
"""Winter, summer, five minutes before each change, the last minutes of a year, a leap day."""
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia")
STARTS = [*product(MOMENTS, ZONES)]
FEW = [STARTS[0], STARTS[5], STARTS[10], STARTS[15]]
SPANS = {"day": "P1D", "month": "P1M", "year": "P1Y", "hours": "PT24H", "both": "P1DT1H"}
WALLS = {
    "winter": "2029-01-15T09:00",
    "summer": "2029-07-15T09:00",
    "gap": "2029-03-25T02:30",
    "twice": "2029-10-28T02:30",
}
TIMERS = {name: d.after(text) for name, text in SPANS.items()} | {
    name: d.timer("timeDate", text) for name, text in WALLS.items()
}
NEAR = timedelta(seconds=1)
HAPPENS_WITHIN = 120
WAITS = d.process(
    d.start(),
    d.job("send", "message.publish", d.mapping({"name": '="x"', "key": '="y"'})),
    d.person("t", d.zeebe("assignmentDefinition", candidateGroups="role_qm")),
    *[d.boundary(name, "t", rule, interrupting=False) for name, rule in TIMERS.items()],
    *[d.end(f"{name}_end") for name in TIMERS],
    d.end(),
    d.flows("s>send>t>e;" + ";".join(f"{name}>{name}_end" for name in TIMERS)),
)
"""A service, done by the worker, behind which timers of every sort are armed by the worker, too."""


@pytest.fixture(scope="module")
def pattern(tmp_path_factory):
    """The data folder of an installation that has published the process."""
    folder = tmp_path_factory.mktemp("seasons") / "data"
    with closing(application.build(Settings(data_dir=folder))) as app:
        founding.prepare(app)
        with app.transactions.begin() as uow:
            deployments.publish(uow, Bundle({"p.bpmn": d.document(WAITS)}), "somebody")
    return folder


class Machine:
    """An installation of its own on a machine that shows the time which it is told to show."""

    def __init__(self, folder, pattern, moment, zone="UTC"):
        self.moment, self.zone, self.folder = moment, zone, folder
        shutil.copytree(pattern, folder / "data")
        self.settings = Settings(data_dir=folder / "data")
        self.watch = Watch(folder / "time")
        self.ahead = moment - datetime.now(UTC)
        self.watch.set(self.ahead)
        self.log = folder / "log"
        with self.at_its_time() as uow:
            self.instance_id = instances.start(uow, "p", {}).id

    def work(self):
        given = {"HANDSCHLAG_DATA_DIR": str(self.settings.data_dir), "TZ": self.zone}
        self._worker = forge.execute(["worker"], given | self.watch.environ, self.log)

    def at_its_time(self):
        """Write what is written at the time of this machine."""
        return _Visit(self.settings, datetime.now(UTC) + self.ahead)

    def set_clock(self, by):
        self.ahead += by
        self.watch.set(self.ahead)

    def said(self, words):
        return eventually(lambda: words in self.log.read_text("utf-8"), HAPPENS_WITHIN)

    def timers(self):
        """What is armed: when that was done, and when each is due."""
        with closing(application.build(self.settings)) as app:
            with app.transactions.reading() as session:
                told = select(Job.token, Job.created_at, Job.due_at).where(Job.kind == "timer")
                armed = {token: (at, due) for token, at, due in session.execute(told)}
            if not armed:
                return {}
            with app.transactions.attempt() as uow:
                waits = steps.look(uow, self.instance_id).waiting_timers()
        return {wait.element: armed[wait.token] for wait in waits}

    def has_armed(self):
        armed = "SELECT count(*) FROM job WHERE kind = 'timer'"
        return eventually(lambda: self.ask(armed) == [(len(TIMERS),)], HAPPENS_WITHIN)

    def ask(self, question):
        """Look into the file without waking anybody."""
        with closing(sqlite3.connect(self.settings.data_dir / "handschlag.db")) as file:
            return file.execute(question).fetchall()

    def stop(self):
        self._worker.send_signal(signal.SIGTERM)
        return self._worker.wait(20)

    def end(self):
        self._worker.kill()
        self._worker.wait(20)


class _Visit:
    """A unit of work of this process, at the time of the machine."""

    def __init__(self, settings, now):
        self._settings, self._now = settings, now

    def __enter__(self):
        self._travel = time_machine.travel(self._now, tick=True)
        self._travel.start()
        self._app = application.build(self._settings)
        self._work = self._app.transactions.begin()
        return self._work.__enter__()

    def __exit__(self, *error):
        self._work.__exit__(*error)
        self._app.close()
        self._travel.stop()


@pytest.fixture
def machines(tmp_path, pattern):
    """Put up machines, each at its time: `machines((moment, zone), …)`."""
    opened = []

    def put_up(*starts):
        for moment, zone in starts:
            folder = tmp_path / str(len(opened))
            folder.mkdir()
            opened.append(Machine(folder, pattern, moment, zone))
            opened[-1].work()
        return opened

    yield put_up
    for machine in opened:
        machine.end()


def wrong_dues(machine):
    """List what is not due when the table says, or was not armed at the time of the machine."""
    found = machine.timers()
    for name, (armed, due) in found.items():
        if not machine.moment <= armed <= machine.moment + timedelta(minutes=10):
            yield machine.zone, name, "armed", armed
        if name in WALLS:
            wanted, near = first_shown(datetime.fromisoformat(WALLS[name]), ZONE), timedelta()
        else:
            wanted, near = expected(armed, read_span(SPANS[name]), 1, ZONE), NEAR
        if abs(due - wanted) > near:
            yield machine.zone, name, due, wanted


@pytest.mark.parametrize(
    "starts", [FEW, pytest.param(STARTS, marks=pytest.mark.soak)], ids=["4 starts", "24 starts"]
)
def test_a_process_started_in_any_season_and_zone_arms_timers_by_the_clock_on_the_wall(
    machines, starts, publish
):
    wrong, ends = [], []
    for number in range(0, len(starts), 4):
        four = machines(*starts[number : number + 4])[-4:]
        assert all(machine.has_armed() for machine in four)
        wrong += [breach for machine in four for breach in wrong_dues(machine)]
        ends += [machine.stop() for machine in four]

    publish({"database": "sqlite", "starts": len(ends), "wrong": wrong})
    assert wrong == []
    assert ends == [0] * len(starts)


FORWARD = [timedelta(hours=1, minutes=5), timedelta(days=1)]
BACKWARD = [timedelta(hours=-1), timedelta(days=-1)]
LATER = timedelta(minutes=30)
UNHEARD = timedelta(seconds=20)
"""After which something is due of which nobody is told beforehand."""


def owe(machine, after):
    with machine.at_its_time() as uow:
        due_at = clock.now() + after if after else None
        jobs.owe(uow, jobs.Debt(SWEEP, {"after": str(after)}, due_at=due_at))


def owed(machine):
    """After how long what is still owed was to be done."""
    question = f"SELECT payload ->> 'after' FROM job WHERE kind = '{SWEEP}' AND key IS NULL"
    return [after for (after,) in machine.ask(question)]


@pytest.mark.parametrize(
    "jumps",
    [
        pytest.param([FORWARD[0], BACKWARD[0]], id="2 jumps"),
        pytest.param([*FORWARD, *BACKWARD], id="4 jumps", marks=pytest.mark.soak),
    ],
)
def test_a_worker_whose_clock_is_set_fires_nothing_early_and_sleeps_through_nothing(
    machines, publish, jumps
):
    found = machines(*[(MOMENTS[0], "UTC")] * len(jumps))
    for machine, by in zip(found, jumps, strict=True):
        assert machine.has_armed()
        owe(machine, LATER)
        time.sleep(0.5)
        machine.set_clock(by)
        owe(machine, timedelta() if by in FORWARD else UNHEARD)

    left = [[str(LATER)]] * len(jumps)
    done = eventually(lambda: [owed(each) for each in found] == left, HAPPENS_WITHIN)
    noticed = [machine.said("clock jumped") for machine in found]

    publish({"database": "sqlite", "jumps": len(jumps), "noticed": sum(noticed)})
    assert done, [owed(each) for each in found]
    assert all(noticed)
