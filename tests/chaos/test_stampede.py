"""Thousands of timers due in one minute, and workers that die in the middle of them."""

import itertools
import random
import signal
import time
from contextlib import closing

import psycopg
import pytest

from bench.stage.databases import native
from bench.stage.herd import REMINDER, Herd
from bpmn.bundle import Bundle
from engine import deployments, instances, reconciling
from tests.chaos.town import eventually
from workflows import application, founding
from workflows.settings import Settings

pytestmark = pytest.mark.proves("R8")

WORKERS = 3
DONE_WITHIN = 60
"""Seconds from the moment the timers fall due; of ten thousand the last may be this late."""
SEED = 20270328


class Crew:
    """Worker processes of one installation, some of which are killed and replaced."""

    def __init__(self, url, folder, start):
        self.settings = Settings(data_dir=folder / "data", database_url=url)
        self._environ = {
            "HANDSCHLAG_DATABASE_URL": url,
            "HANDSCHLAG_DATA_DIR": str(self.settings.data_dir),
        }
        self._start, self._folder = start, folder
        self._numbers = itertools.count()
        self.working = []

    def hire(self):
        log = self._folder / f"worker-{next(self._numbers)}.log"
        self.working.append(self._start(["worker"], self._environ, log))

    def kill(self, choose):
        victim = choose.choice(self.working)
        victim.send_signal(signal.SIGKILL)
        self.working.remove(victim)
        assert eventually(lambda: victim.poll() is not None, 10)

    def dismiss(self):
        """Ask all to stop; tell how they ended."""
        for worker in self.working:
            worker.send_signal(signal.SIGTERM)
        assert eventually(lambda: all(each.poll() is not None for each in self.working), 20)
        return [each.poll() for each in self.working]


@pytest.fixture
def crew(tmp_path, postgresql_url, forged):
    crew = Crew(postgresql_url, tmp_path, forged)
    yield crew
    for worker in crew.working:
        worker.send_signal(signal.SIGKILL)


def found(crew):
    """Publish a process that waits for a timer; give an instance of it as a pattern."""
    with closing(application.build(crew.settings)) as app:
        founding.prepare(app)
        with app.transactions.begin() as uow:
            deployments.publish(uow, Bundle({"reminder.bpmn": REMINDER}), "somebody")
            return instances.start(uow, "bench", {}).id


@pytest.mark.parametrize(
    ("due", "kills"),
    [(600, 3), pytest.param(10_000, 20, marks=[pytest.mark.soak, pytest.mark.alone])],
)
def test_every_timer_of_a_stampede_fires_once_though_workers_die(crew, due, kills):
    chance = random.Random(SEED)
    pattern = found(crew)
    with (
        closing(Herd(crew.settings.database_url, ())) as herd,
        psycopg.connect(native(crew.settings.database_url), autocommit=True) as database,
    ):
        herd.breed(pattern, due)
        database.execute("UPDATE job SET due_at = timestamptz '2999-01-01' WHERE kind = 'timer'")
        for _ in range(WORKERS):
            crew.hire()
        herd.call(due)
        begun = time.monotonic()
        database.execute("NOTIFY handschlag_work")

        for _ in range(kills):
            time.sleep(chance.uniform(0.05, 0.3))
            crew.kill(chance)
            crew.hire()
        database.execute("UPDATE job SET lease_until = now() WHERE holder IS NOT NULL")
        fired = eventually(lambda: herd.due() == 0, DONE_WITHIN)
        seconds = time.monotonic() - begun
        ends = crew.dismiss()

        assert fired
        assert seconds < DONE_WITHIN
        assert herd.losses() == {"lost": 0, "doubled": 0}
        assert ends == [0] * WORKERS
        leased = database.execute("SELECT count(*) FROM job WHERE holder IS NOT NULL").fetchone()
        assert leased == (0,)
    with closing(application.build(crew.settings)) as app:
        assert list(reconciling.survey(app.transactions)) == []
