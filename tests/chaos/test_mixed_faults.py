"""Whatever befalls workers, clerks, wires and servers: nothing is lost, doubled or stands still."""

from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import databases
from tests.chaos import proof, yard_proof
from tests.chaos.blows import ANYWHERE, ON_A_FILE, ON_A_SERVER
from tests.chaos.proxy import Proxy
from tests.chaos.yard import Yard
from tests.engine.journey import open_transactions

DURABLE = {**databases.OPTIONS, "synchronous_commit": "on", "max_connections": "300"}


@contextmanager
def yard_on_sqlite(request, folder, hands):
    yard = Yard(folder, request.getfixturevalue("sqlite_url"), hands)
    yard.file = str(request.getfixturevalue("sqlite_file"))
    yard.faults = ANYWHERE + ON_A_FILE
    yield yard
    yard.end()
    assert proof.integrity(yard.file) == "ok"


@contextmanager
def yard_on_postgresql(_request, folder, hands):
    with databases.server(DURABLE) as server:
        databases.create_tables(server.url)
        home = Path(server.url.query["host"])
        proxy = Proxy(home / ".s.PGSQL.5432")
        yard = Yard(folder, server.url.render_as_string(hide_password=False), hands)
        yard.server, yard.proxy = server, proxy
        yard.plain_url = server.url.render_as_string(hide_password=False)
        yard.seen_url = f"postgresql://handschlag@127.0.0.1:{proxy.port}/postgres"
        yard.faults = ANYWHERE + ON_A_SERVER
        yield yard
        yard.end()
        proxy.close()


YARDS = {"sqlite": yard_on_sqlite, "postgresql": yard_on_postgresql}


@pytest.fixture(params=YARDS)
def yard(request, tmp_path, hands):
    with YARDS[request.param](request, tmp_path / "yard", hands) as yard:
        yard.kind = request.param
        yield yard


def test_60_mixed_faults_lose_and_double_nothing(yard, publish):
    endure(yard, 60, publish)


@pytest.mark.soak
def test_1000_mixed_faults_lose_and_double_nothing(yard, publish):
    endure(yard, 1_000, publish)


def endure(yard, times, publish):
    yard.open()
    yard.befall(yard.faults, times)
    calm = yard.calm()

    account = yard_proof.account(yard, open_transactions(yard.database))
    publish({"database": yard.kind, **account})
    assert account["unexpected_answers"] == []
    assert account["wrong"] == []
    assert calm, "not every case came to its end"
    assert account["cases"] > times / 4, "too little was done meanwhile"
