"""A demo is played through every room, so these tests also tell whether the rooms fit together."""

import stat
from contextlib import ExitStack
from datetime import UTC, datetime

import orjson
import pytest
import time_machine
from sqlalchemy import delete, func, select, text

from engine import clock, queries
from engine.commands import Command
from engine.fault_queries import open_faults
from workflows import application, audit, demo, founding, migrations, people
from workflows.cases.models import Case
from workflows.cases.values import CaseState
from workflows.demo.cast import CAST
from workflows.demo.stories import STORIES
from workflows.settings import Settings

MONDAY = datetime(2026, 11, 23, 11, tzinfo=UTC)
CANARIES = ("Petrova", "0150 00000", "Winkelweg", "geschrien", "Keine Musik", "Ab 21 Uhr")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    with ExitStack() as stack:
        url = ""
        if request.param == "postgresql":
            cluster = request.getfixturevalue("postgresql_cluster")
            url = stack.enter_context(cluster.empty()).render_as_string(hide_password=False)
        stack.enter_context(time_machine.travel(MONDAY))
        found = application.build(Settings.load({}, data_dir=folder, database_url=url, demo=True))
        stack.callback(found.close)
        founding.prepare(found)
        demo.fill(found)
        yield found


def counted(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_every_story_becomes_a_case_and_nothing_goes_wrong(filled):
    with filled.transactions.reading() as session:
        states = list(session.scalars(select(Case.state).order_by(Case.number)))
        faults = open_faults(session)

    assert len(states) == len(STORIES)
    assert {CaseState.REPORTED, CaseState.ASSIGNED, CaseState.FOLLOWING_UP} < set(states)
    assert states[0] is CaseState.CLOSED
    assert faults == []


def test_somebody_has_something_to_do(filled):
    with filled.transactions.reading() as session:
        ids = session.scalars(select(Case.id))
        forms = [task.form for case_id in ids for task in queries.open_tasks_of(session, case_id)]

    assert {"report_review", "first_contact_a", "takeover"} <= set(forms)


def test_the_clock_is_left_as_it_was(filled):
    assert filled
    assert clock.offset().total_seconds() == 0


def test_filling_again_changes_nothing(filled):
    before = filled.settings.demo_logins_path.read_bytes()

    demo.fill(filled)

    with filled.transactions.reading() as session:
        assert counted(session, Case) == len(STORIES)
        assert len(people.people(session)) == len(CAST)
    assert filled.settings.demo_logins_path.read_bytes() == before


def test_no_story_is_told_again_when_its_command_has_been_forgotten(filled):
    with filled.transactions.begin() as uow:
        uow.connection.execute(delete(Command))

    demo.fill(filled)

    with filled.transactions.reading() as session:
        assert counted(session, Case) == len(STORIES)


def test_the_logins_open_the_door_and_lie_where_nobody_else_looks(filled):
    path = filled.settings.demo_logins_path
    logins = orjson.loads(path.read_bytes())

    signed_in = people.sign_in(filled.transactions, logins[0]["name"], logins[0]["password"])

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signed_in.actor.name == logins[0]["person"]
    assert len({login["password"] for login in logins}) == len(CAST)


def test_lost_logins_are_made_anew(filled):
    path = filled.settings.demo_logins_path
    path.unlink()

    demo.fill(filled)

    first = orjson.loads(path.read_bytes())[0]
    people.sign_in(filled.transactions, first["name"], first["password"])


def test_what_people_said_cannot_be_read_in_the_database(filled):
    everything = "\n".join([*rows_of(filled.engine), *files_of(filled.settings.data_dir)])

    assert "Vera Nordmann" in everything
    assert [canary for canary in CANARIES if canary in everything] == []


def test_what_people_did_is_in_unbroken_chains(filled):
    with filled.transactions.reading() as session:
        assert list(audit.verify(session)) == []
        assert counted(session, audit.AuditEntry) > len(STORIES)


def rows_of(engine):
    with engine.connect() as connection:
        for table in migrations.metadata().sorted_tables:
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"')):
                yield " ".join(readable(value) for value in row)


def files_of(folder):
    return [file.read_bytes().decode("latin-1") for file in folder.glob("handschlag.db*")]


def readable(value):
    return bytes(value).decode("latin-1") if isinstance(value, bytes) else str(value)
