"""The administration hears of what fails, and is not buried under it."""

from datetime import timedelta

import pytest

from engine import fault_queries
from notifications import in_app
from notifications import queries as letters
from notifications.models import LetterState
from tests.workflows.tending.room import BECAUSE
from workflows.tending import faults


@pytest.fixture
def news(room):
    """Tell what Olga is shown: the names of the notices that she has not read."""

    def news():
        with room.agency.transactions.reading() as reading:
            found = letters.unread(reading, room.olga.person_id)
            return [notice.template for notice in found]

    return news


def _mailed(room):
    return room.agency.post.to(room.olga.name)


def _read_all(room):
    with room.agency.transactions.begin() as uow:
        for notice in letters.unread(uow.session, room.olga.person_id):
            in_app.mark_read(uow, room.olga.person_id, notice.id)


def test_of_many_faults_one_mail_tells_until_the_news_are_read(room, news):
    for _ in range(3):
        room.report_in_vain()
    assert (_mailed(room), news()) == (["Handschlag: Störung"], ["fault_raised"])

    _read_all(room)
    room.report_in_vain()

    assert (len(_mailed(room)), news()) == (2, ["fault_raised"])


def test_who_reads_nothing_is_reminded_of_new_faults_once_a_day(room, afternoon):
    room.report_in_vain()
    afternoon.shift(timedelta(hours=23))
    room.report_in_vain()
    assert len(_mailed(room)) == 1

    afternoon.shift(timedelta(hours=2))
    room.report_in_vain()

    assert len(_mailed(room)) == 2


def test_a_mail_server_that_stays_away_breeds_no_mails(room, news, afternoon, monkeypatch):
    room.report_in_vain()
    monkeypatch.setattr(room.agency.post, "send", _away)
    _read_all(room)
    room.report_in_vain()

    for _ in range(12):
        afternoon.shift(timedelta(minutes=15))
        room.agency.work()

    assert sorted(news()) == ["fault_raised", "letter_stuck"]
    with room.agency.transactions.reading() as reading:
        waiting = [f for f in fault_queries.open_faults(reading) if f.job_kind == "delivery"]
        assert len(waiting) == letters.waiting(reading)
        assert (
            len([each for each in letters.mailbox(reading) if each.template == "fault_raised"]) == 2
        )


def test_a_letter_whose_delivery_is_skipped_waits_no_longer_and_the_coordination_is_told(
    room, afternoon, monkeypatch
):
    monkeypatch.setattr(room.agency.post, "send", _away)
    room.report_in_vain()
    for _ in range(12):
        afternoon.shift(timedelta(minutes=15))
        room.agency.work()
    with room.agency.transactions.begin() as uow:
        stuck = [f for f in fault_queries.open_faults(uow.connection) if f.job_kind == "delivery"]
        for fault in stuck:
            faults.skip(uow, room.olga, fault.id, BECAUSE)

    with room.agency.transactions.reading() as reading:
        waiting = [each for each in letters.mailbox(reading) if each.state is LetterState.WAITING]
        assert letters.undeliverable(reading) == len(stuck) > 0
    assert [(each.template, each.to) for each in waiting] == [
        ("letter_returned", "katrin@example.org")
    ]


def _away(_parcel):
    raise ConnectionRefusedError
