"""Thousands of timers due in one minute, and workers that die in the middle of them."""

import itertools
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from statistics import quantiles

import psycopg
import pytest

from bench.stage.databases import native
from bench.stage.herd import REMINDER, Herd
from bpmn.bundle import Bundle
from engine import deployments, instances, reconciling
from engine.jobs import LEASE
from tests import databases
from tests.chaos.answers import VERA
from tests.chaos.town import DOMAIN, eventually
from workflows import application, demo, founding, inbox, people
from workflows.inbox.views import Shelf
from workflows.settings import Settings

pytestmark = pytest.mark.proves("R8")

TIDY = {**databases.OPTIONS, "autovacuum": "on"}
"""As every server is unless somebody forbids it: plans follow what ten thousand steps change."""
WORKERS = 3
DONE_WITHIN = 60
"""Seconds from the moment a timer falls due; nearly all of ten thousand come earlier."""
FAR = "UPDATE job SET due_at = timestamptz '2998-01-01', attempt = 1 WHERE instance_id = %s"
"""The pattern itself never fires: put off, as what was tried is."""
LEASED = "SELECT count(*) FROM job WHERE holder IS NOT NULL"
SPREAD = """
    UPDATE job SET due_at = now() + random() * make_interval(secs => %s)
    WHERE kind = 'timer' AND due_at <= now()
"""
CALLED = """
    CREATE TABLE called AS SELECT instance_id, due_at FROM job
    WHERE kind = 'timer' AND due_at <= now() + make_interval(secs => %s)
"""
NOT_FIRED = "SELECT count(*) FROM job JOIN called USING (instance_id) WHERE kind = 'timer'"
FIRED = """
    SELECT count(*), count(DISTINCT t.instance_id), extract(epoch FROM
        percentile_disc(0.99) WITHIN GROUP (ORDER BY t.created_at - called.due_at))
    FROM user_task t JOIN called USING (instance_id)
"""
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
        self._logs = {}

    def hire(self):
        log = self._folder / f"worker-{next(self._numbers)}.log"
        log.touch()
        self.working.append(self._start(["worker"], self._environ, log))
        self._logs[self.working[-1]] = log

    def kill(self, choose):
        victim = choose.choice(self.working)
        victim.send_signal(signal.SIGKILL)
        self.working.remove(victim)
        assert eventually(lambda: victim.poll() is not None, 10)

    def suffer(self, kills, choose, seconds):
        """Have so many of them die within about these seconds, and each replaced."""
        for _ in range(kills):
            # real workers in the midst of real work
            time.sleep(choose.uniform(0.3, 1.7) * seconds / kills)
            self.kill(choose)
            self.hire()

    def dismiss(self):
        """Ask all to stop, who listen to that once they are on duty; tell how they ended."""
        logs = [self._logs[worker] for worker in self.working]
        assert eventually(lambda: all(b"on duty" in log.read_bytes() for log in logs), 20)
        for worker in self.working:
            worker.send_signal(signal.SIGTERM)
        assert eventually(lambda: all(each.poll() is not None for each in self.working), 20)
        return [each.poll() for each in self.working]


@pytest.fixture
def crew(tmp_path, forged):
    with databases.server(TIDY) as server:
        databases.create_tables(server.url)
        crew = Crew(server.url.render_as_string(hide_password=False), tmp_path, forged)
        yield crew
        for worker in crew.working:
            worker.send_signal(signal.SIGKILL)


def found(crew):
    """Fill a town and publish a process that waits for a timer; give an instance as a pattern."""
    with closing(application.build(crew.settings)) as app:
        founding.prepare(app)
        demo.fill(app)
        app.worker().run_due()
        with app.transactions.begin() as uow:
            deployments.publish(uow, Bundle({"reminder.bpmn": REMINDER}), "somebody")
            return instances.start(uow, "bench", {}).id


@contextmanager
def reading_lists(settings):
    """Have somebody read her tasks again and again; give the seconds that each time took."""
    lasted, done = [], threading.Event()

    def read():
        with closing(application.build(settings)) as app:
            with app.transactions.reading() as session:
                vera = people.actor(session, people.person_id_of(session, f"{VERA}@{DOMAIN}"))
            while not done.wait(0.05):
                begun = time.monotonic()
                with app.transactions.attempt() as uow:
                    inbox.list_tasks(uow, vera, Shelf.GROUP)
                lasted.append(time.monotonic() - begun)

    with ThreadPoolExecutor(1) as people_of_the_house:
        reader = people_of_the_house.submit(read)
        try:
            yield lasted
        finally:
            done.set()
        reader.result()


@pytest.mark.parametrize(
    ("due", "kills", "seconds", "list_within"),
    [
        # too few lists are read for more than that nobody is kept waiting
        pytest.param(600, 3, 0.5, 5.0, id="600 timers"),
        pytest.param(
            10_000, 20, 60, 0.5, id="10,000 timers", marks=[pytest.mark.soak, pytest.mark.alone]
        ),
    ],
)
def test_every_timer_of_a_stampede_fires_once_though_workers_die(
    crew, due, kills, seconds, list_within, publish
):
    pattern = found(crew)
    with (
        closing(Herd(crew.settings.database_url, ())) as herd,
        psycopg.connect(native(crew.settings.database_url), autocommit=True) as database,
        reading_lists(crew.settings) as lists,
    ):
        database.execute(FAR, [pattern])
        herd.breed(pattern, due)
        for _ in range(WORKERS):
            crew.hire()
        herd.call(due)
        database.execute(SPREAD, [seconds])
        psycopg.ClientCursor(database).execute(CALLED, [seconds])
        lists.clear()
        database.execute("NOTIFY handschlag_work")

        crew.suffer(kills, random.Random(SEED), seconds)
        if seconds < LEASE.total_seconds():
            database.execute("UPDATE job SET lease_until = now() WHERE holder IS NOT NULL")
        fired = eventually(lambda: database.execute(NOT_FIRED).fetchone() == (0,), DONE_WITHIN)
        *found_fired, late = database.execute(FIRED).fetchone()
        inbox_p95, ends = quantiles(lists, n=20)[-1], crew.dismiss()

        publish(
            {
                "database": "postgresql",
                "timers": due,
                "within_s": seconds,
                "kills": kills,
                "lateness_p99_s": round(float(late), 1),
                "inbox_p95_ms": round(inbox_p95 * 1000),
                "lists_read": len(lists),
            }
        )
        assert (fired, late < DONE_WITHIN) == (True, True)
        assert inbox_p95 < list_within
        assert found_fired == [due, due]
        assert ends == [0] * WORKERS
        assert database.execute(LEASED).fetchone() == (0,)
    with closing(application.build(crew.settings)) as app:
        assert list(reconciling.survey(app.transactions)) == []
