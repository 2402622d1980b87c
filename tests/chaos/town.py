"""An installation with the demo's people, its clock at ten in the morning of an open day."""

import time
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from datetime import time as time_of_day

from sqlalchemy import select

from engine import clock
from notifications.models import OutboxLetter
from tests.chaos.answers import ELENA, STAFF
from tests.chaos.house import House, Workshop
from workflows import application, calendar, demo, founding, people
from workflows.access import CONSOLE
from workflows.calendar import ZONE
from workflows.settings import Settings

DOMAIN = "musterstadt.example"
DAYS_AHEAD = 4
"""How many open days after today appointments are made."""
MANY = 100_000


class Town:
    """Folder, database, processes and tokens of one installation under fire.

    Embedded, one process does everything; scaled, 2 of the web and 3 workers share the work.
    """

    def __init__(self, folder, start, mail_port, database_url=None, *, scaled=False):
        self.folder = folder
        self.settings = Settings(
            data_dir=folder,
            database_url=database_url or "",
            demo=True,
            smtp_host="127.0.0.1",
            smtp_port=mail_port,
        )
        environ = {"HANDSCHLAG_SMTP_HOST": "127.0.0.1", "HANDSCHLAG_SMTP_PORT": str(mail_port)}
        environ["HANDSCHLAG_DEMO"] = "yes"
        if database_url:
            environ["HANDSCHLAG_DATABASE_URL"] = database_url
        command = "web" if scaled else "run"
        self.doors = [House(folder, environ, start, command) for _ in range(1 + scaled)]
        workshops = [Workshop(folder, environ, start) for _ in range(3 * scaled)]
        self.houses = [*self.doors, *workshops]
        for number, house in enumerate(self.houses):
            house.log = folder.with_name(f"{folder.name}-{number}.log")
        self.tokens = {}
        self.old_letters = frozenset()
        """What was written before the mail server was there."""

    def settle(self):
        """Fill it with people and cases, and put its clock to the morning of an open day."""
        with closing(application.build(replace(self.settings, smtp_host=""))) as app:
            founding.prepare(app)
            demo.fill(app)
            with app.transactions.reading() as session:
                self.old_letters = frozenset(session.scalars(select(OutboxLetter.id)))
            with app.transactions.begin() as uow:
                elena = people.person_id_of(uow.session, f"{ELENA}@{DOMAIN}")
                people.set_capacity(uow, CONSOLE, elena, MANY)
                quarters = {name: key for key, name in people.quarters(uow.session).items()}
                self.quarter = str(quarters["Nordwinkel"])
            self.today = calendar.add_working_days(clock.now(), 1)
        morning = datetime.combine(self.today, time_of_day(10), ZONE)
        self.houses[0].command("clock", "set", morning.isoformat())
        for name in STAFF:
            told = self.houses[0].command("token", "add", f"{name}@{DOMAIN}", "chaos")
            self.tokens[name] = told

    def move_on(self, days):
        """Let open days pass at once: reminders, escalations and appointments fall due."""
        self.today = calendar.add_working_days(self.today, days)
        self.houses[0].command("clock", "advance", f"{days} Arbeitstage")

    def let_leases_lapse(self):
        self.houses[0].command("clock", "advance", "1 Minute")

    @property
    def yesterday(self):
        return self.today - timedelta(days=10)

    @property
    def later(self):
        return calendar.add_working_days(self.today, DAYS_AHEAD)

    def opened(self):
        """Open the installation in this process, to look at it."""
        return closing(application.build(self.settings))

    def end(self):
        for house in self.houses:
            house.end()


def eventually(holds, seconds):
    """Wait until something holds in a running process; tell whether it did in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
