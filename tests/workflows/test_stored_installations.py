"""Whoever comes from an earlier version finds every case, and each goes on."""

from datetime import datetime

import pytest
import time_machine
from sqlalchemy import select

from engine import fault_queries, reconciling
from tests.office import KATRIN, Office
from tests.postbox import receiving
from tests.workflows import stored
from workflows import application, founding
from workflows.calendar import ZONE
from workflows.cases.casefile import open_case
from workflows.cases.models import Case
from workflows.settings import Settings

STORED_AT = datetime(2026, 11, 23, 10, tzinfo=ZONE)


@pytest.fixture(params=stored.REVISIONS)
def office(request, empty_database, tmp_path):
    (tmp_path / "key").touch(0o600)
    (tmp_path / "key").write_bytes(stored.lay(empty_database, request.param))
    with time_machine.travel(STORED_AT, tick=False) as traveller, receiving() as postbox:
        settings = Settings(
            data_dir=tmp_path,
            database_url=empty_database.url.render_as_string(hide_password=False),
            key_file=tmp_path / "key",
            smtp_host="127.0.0.1",
            smtp_port=postbox.port,
        )
        app = application.build(settings)
        founding.prepare(app)
        yield Office(app, traveller, postbox)
        app.close()


def test_every_stored_case_is_there_and_readable(office):
    with office.app.transactions.begin() as uow:
        coordination = office.actor(uow.session, KATRIN)
        cases = uow.session.scalars(select(Case.id)).all()
        files = [open_case(uow, coordination, case) for case in cases]

    assert len(files) >= 7
    assert all(file.parties for file in files)


def test_stored_processes_wait_for_what_their_rows_say(office):
    assert list(reconciling.survey(office.app.transactions)) == []


def test_stored_processes_go_on_without_a_fault(office):
    office.until("2027-06-01 10:00")

    with office.app.transactions.reading() as session:
        assert fault_queries.open_faults(session) == []
    assert list(reconciling.survey(office.app.transactions)) == []
