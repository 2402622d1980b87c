"""The clock of a demo is moved from the command line, and nothing real runs by it."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from engine import clock


@pytest.fixture
def afresh(handschlag, monkeypatch):
    """Call a command of a demo as a process of its own: it knows of no clock that others moved."""
    monkeypatch.setenv("HANDSCHLAG_DEMO", "yes")

    def call(*arguments):
        clock.follow(timedelta())
        return handschlag(*arguments)

    return call


def test_every_command_of_a_demo_goes_by_its_clock(afresh, tmp_path):
    afresh("migrate")
    afresh("clock", "advance", "3 days")
    ahead = datetime.now(UTC) + timedelta(days=3)
    rule = ("retention", "set", "--deployment", "1", "--forever", "--reason", "They ask for it.")

    assert afresh(*rule)[0] == 0
    looked = json.loads(afresh("doctor", "--json")[1])

    with closing(sqlite3.connect(tmp_path / "data" / "handschlag.db")) as database:
        ((written,),) = database.execute("SELECT at FROM operator_act")
    (told,) = [check["remark"] for check in looked if check["subject"] == "clock"]
    for time in (datetime.fromisoformat(f"{written}+00:00"), datetime.fromisoformat(told)):
        assert abs(time - ahead) < timedelta(minutes=5)


def test_an_installation_is_brought_up_to_date_by_its_clock(afresh):
    afresh("migrate")
    afresh("clock", "advance", "3 days")

    afresh("migrate")

    assert clock.offset() >= timedelta(days=3)


def test_the_clock_moves_in_a_demo_only(handschlag, monkeypatch):
    handschlag("migrate")

    refused = handschlag("clock", "advance", "2 Arbeitstage")
    monkeypatch.setenv("HANDSCHLAG_DEMO", "yes")
    put = handschlag("clock", "set", "2027-05-04T15:30")
    later = handschlag("clock", "advance", "2 Arbeitstage")
    nonsense = handschlag("clock", "advance", "eine Weile")
    far = [("set", "9999-12-31T23:59:59Z"), ("set", "0001-01-01"), ("advance", "99999 Wochen")]
    refused_too = [handschlag("clock", *there) for there in far]
    still = handschlag("clock", "show")
    handschlag("clock", "reset")

    assert refused[0] == 1
    assert put[1].startswith("2027-05-04T15:30")
    assert later[1].startswith("2027-05-07T15:3")
    assert nonsense[0] == 1
    assert {told[2] for told in refused_too} == {
        "The clock moves at most 50 years from the present.\n"
    }
    assert still[1].startswith("2027-05-07T15:3")


def test_nothing_real_runs_by_a_moved_clock(handschlag, monkeypatch):
    handschlag("migrate")
    monkeypatch.setenv("HANDSCHLAG_DEMO", "yes")
    handschlag("clock", "advance", "3 days")
    monkeypatch.delenv("HANDSCHLAG_DEMO")

    seen = handschlag("doctor")[1]
    answers = [handschlag(*command) for command in (("run", "--no-demo"), ("web",), ("worker",))]

    monkeypatch.setenv("HANDSCHLAG_DEMO", "yes")
    handschlag("clock", "reset")
    assert "warn  clock of the demo: moved by 3 days, 0:00:00. Run: handschlag clock reset" in seen
    assert [code for code, _, _ in answers] == [1, 1, 1]
    assert all("handschlag clock reset" in err for _, _, err in answers)
