"""What real processes do while the database or the mail server is away, and afterwards."""

import signal
import sqlite3
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from email import message_from_bytes

import pytest
from sqlalchemy import select

from engine.fault_table import Fault
from engine.models import Job
from notifications.models import LetterState, OutboxLetter
from notifications.outbox import DELIVERY
from tests import databases
from tests.chaos import forge
from tests.chaos.house import PATIENCE
from tests.chaos.town import eventually
from tests.chaos.visits import cases_of, read, report
from tests.postbox import free_port, receiving

BUSY = "Das System ist stark ausgelastet. Bitte versuchen Sie es gleich noch einmal."
AWAY = "Die Datenbank ist nicht erreichbar. Bitte versuchen Sie es gleich noch einmal."
DURABLE = {**databases.OPTIONS, "synchronous_commit": "on"}
STOPS_WITHIN = 5.0
BACK_WITHIN = 10.0


@contextmanager
def held(file):
    """Hold the lock of a SQLite file, as another program may."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


def test_requests_wait_for_a_database_that_another_program_holds(open_town):
    town = open_town()
    with ThreadPoolExecutor() as people, held(town.folder / "handschlag.db"):
        answers = [people.submit(report, town, f"report-{number}") for number in range(3)]
        time.sleep(2)
        early = [answer.done() for answer in answers]

    assert early == [False] * 3
    assert [answer.result()[0] for answer in answers] == [201] * 3


def test_a_database_held_for_long_is_told_and_nothing_is_lost_or_doubled(open_town):
    town = open_town()
    before = cases_of(town)
    with ThreadPoolExecutor() as people, held(town.folder / "handschlag.db"):
        told = list(people.map(lambda key: report(town, key), ("one", "two")))

    again = [report(town, key) for key in ("one", "two", "one")]

    assert [(status, answer["detail"]) for status, answer in told] == [(503, BUSY)] * 2
    assert [status for status, _ in again] == [201] * 3
    assert again[0][1] == again[2][1]
    assert cases_of(town) == before + 2


@pytest.mark.proves("R5")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_database_server_that_is_gone_is_told_and_found_again(open_town, how):
    with databases.server(DURABLE) as server:
        databases.create_tables(server.url)
        url = server.url.render_as_string(hide_password=False)
        town = open_town(database_url=url)
        first = report(town, "first")
        server.end(how)

        told = [report(town, "second"), read(town)]
        alive = town.houses[0].request("GET", "/health/live")[0]
        ready = town.houses[0].request("GET", "/health/ready")[0]
        server.start()
        back = eventually(lambda: report(town, "second")[0] == 201, BACK_WITHIN)

        assert [(status, answer["detail"]) for status, answer in told] == [(503, AWAY)] * 2
        assert (alive, ready) == (200, 503)
        assert back
        assert report(town, "first") == first
        assert [read(town)[0] for _ in range(10)] == [200] * 10
        town.end()


def test_the_worker_goes_on_when_the_database_server_is_back(open_town):
    with databases.server() as server, receiving() as box:
        databases.create_tables(server.url)
        url = server.url.render_as_string(hide_password=False)
        town = open_town(mail_port=box.port, database_url=url)
        assert eventually(lambda: everything_sent(town), 30)
        before = len(box.mails)
        server.end()
        server.start()
        assert eventually(lambda: report(town, "a")[0] == 201, BACK_WITHIN)

        assert eventually(lambda: len(box.mails) > before, 30)
        town.end()


def test_it_stops_within_seconds_when_asked_to(open_town):
    town = open_town(start=forge.execute)
    house = town.houses[0]

    code, seconds = house.stop()

    assert code == 0, house.tail()
    assert seconds < STOPS_WITHIN
    assert "Traceback" not in house.log.read_text("utf-8")


def test_what_is_asked_while_it_stops_is_answered_or_can_be_asked_again(open_town):
    town = open_town(start=forge.execute)
    before = cases_of(town)
    with ThreadPoolExecutor(8) as people:
        asked = [people.submit(tried, town, f"late-{number}") for number in range(24)]
        assert eventually(lambda: sum(each.done() for each in asked) > 4, 20)
        code, seconds = town.houses[0].stop()
    answers = [each.result() for each in asked]

    town.houses[0].serve(within=PATIENCE)
    again = [report(town, f"late-{number}")[0] for number in range(24)]

    assert (code, seconds < STOPS_WITHIN) == (0, True)
    assert set(answers) <= {201, 503, None}
    assert again == [201] * 24
    assert cases_of(town) == before + 24


def tried(town, key):
    """File an incident; the status, or None when nobody answered."""
    try:
        return report(town, key)[0]
    except OSError:
        return None


def test_every_mail_arrives_once_when_the_mail_server_takes_them_again(open_town):
    port = free_port()
    town = open_town(mail_port=port)
    reported = [report(town, f"report-{number}")[0] for number in range(5)]
    assert eventually(lambda: len(letters(town, tried_before=True)) >= 5, 20)

    with receiving(port) as box:
        box.answers = ["451 4.3.0 come back later"] * 5
        town.houses[0].command("clock", "advance", "1 Minute")
        assert eventually(lambda: not box.answers, 20)
        town.houses[0].command("clock", "advance", "10 Minuten")
        sent = eventually(lambda: everything_sent(town), 30)
        arrived = Counter(message_from_bytes(mail)["Message-ID"] for _, mail in box.mails)

    assert reported == [201] * 5
    assert sent
    assert set(arrived.values()) == {1}
    assert len(arrived) == len(letters(town)) - len(town.old_letters)
    assert faults(town) == []


def letters(town, *, tried_before=False):
    """List the letters; or only those whose sending has failed before."""
    with town.opened() as app, app.transactions.reading() as session:
        if not tried_before:
            return session.scalars(select(OutboxLetter.id)).all()
        return session.scalars(select(Job.id).where(Job.kind == DELIVERY, Job.tries > 0)).all()


def everything_sent(town):
    with town.opened() as app, app.transactions.reading() as session:
        states = set(session.scalars(select(OutboxLetter.state)))
    return states == {LetterState.SENT}


def faults(town):
    with town.opened() as app, app.transactions.reading() as session:
        return session.scalars(select(Fault.error)).all()
