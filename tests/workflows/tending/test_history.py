"""The history of an instance is for those who tend it and those who know its case."""

from datetime import timedelta

import pytest

from bpmn.errors import Refusal
from engine import clock
from engine.stay_table import Ended
from workflows.access import Role
from workflows.tending import history


def read(room, case_id, actor, after=None):
    with room.agency.transactions.reading() as reading:
        return history.open_history(reading, actor, room.instance_of(case_id), after)


@pytest.fixture
def case_id(room):
    case_id = room.agency.report().case_id
    room.agency.work()
    room.agency.do(room.agency.vera, case_id, "report_review", room.agency.review())
    return case_id


def test_it_names_elements_times_and_how_they_ended(room, case_id):
    rows = read(room, case_id, room.olga).rows

    begun, review = rows[0], next(row for row in rows if row.by_person)
    assert (begun.kind, begun.ended) == ("startEvent", Ended.COMPLETED)
    assert (review.kind, review.ended, review.name != review.element) == (
        "userTask", Ended.COMPLETED, True,
    )  # fmt: skip
    assert timedelta() <= clock.now() - review.entered_at < timedelta(days=1)


def test_only_who_knows_the_case_learns_who_worked_on_it(room, case_id):
    def people(actor):
        return [row.by for row in read(room, case_id, actor).rows if row.by_person]

    assert set(people(room.agency.vera)) == {room.agency.vera.name}
    assert set(people(room.olga)) == {None}


@pytest.mark.parametrize("role", [Role.PROCESS_MANAGEMENT, Role.STEERING_GROUP])
def test_others_do_not_see_it(room, case_id, role):
    with pytest.raises(Refusal):
        read(room, case_id, room.agency.hire("Paula", role))


def test_it_comes_page_by_page_in_order(room, case_id, monkeypatch):
    whole = read(room, case_id, room.olga).rows
    monkeypatch.setattr(history, "PAGE", 3)

    found, after = [], None
    while page := read(room, case_id, room.olga, after):
        found += page.rows
        after = page.next_cursor
        if after is None:
            break

    assert found == list(whole)


def test_a_page_that_nobody_gave_is_refused(room, case_id):
    for cursor in ("x", "MXwy", "MXwyfDN8OTk5OTk5OTk5OTk5OTk"):
        with pytest.raises(Refusal):
            read(room, case_id, room.olga, cursor)
