"""The alarm clock of the workers; what is due stands in the database alone."""

import threading
from datetime import datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from engine import clock


class Alarms:
    """One thread that rings bells; nothing is lost with it, because everyone looks again anyway."""

    def __init__(self) -> None:
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"misfire_grace_time": None, "coalesce": True},
        )
        self._bells: list[Bell] = []

    def bell(self, name: str) -> "Bell":
        bell = Bell(name, self._scheduler)
        self._bells.append(bell)
        return bell

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        self.ring()
        self._scheduler.shutdown(wait=False)

    def ring(self) -> None:
        """Wake everybody now."""
        for bell in self._bells:
            bell.ring()


class Bell:
    """Lets one thread sleep until an instant, or until it is rung."""

    def __init__(self, name: str, scheduler: BackgroundScheduler) -> None:
        self._name = name
        self._scheduler = scheduler
        self._rung = threading.Event()

    def ring(self) -> None:
        self._rung.set()

    def sleep(self, until: datetime | None, at_most: timedelta) -> None:
        """Sleep until this instant of the installation's clock; rung meanwhile, not at all.

        However the machine's clock is set meanwhile, it lasts no longer than `at_most`.
        """
        latest = clock.now() + at_most
        wake_at = latest if until is None else min(until, latest)
        self._scheduler.add_job(
            self.ring,
            "date",
            run_date=clock.on_the_machine(wake_at),
            id=self._name,
            replace_existing=True,
        )
        self._rung.wait(at_most.total_seconds())
        self._rung.clear()
