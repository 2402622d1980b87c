"""Nobody reads that the database undid a change in favour of another: it is made again."""

import pytest

from engine import collisions
from engine.errors import ChangesCollided
from engine.unit_of_work import UnitOfWork
from tests.web.desk import upload
from workflows.access import Role


@pytest.fixture
def collide(monkeypatch):
    """Let the next units of work that end be undone, as a database does."""
    monkeypatch.setattr(collisions, "PAUSE", 0)
    settle, left = UnitOfWork.settle, []

    def undone(uow, subscribers):
        settle(uow, subscribers)
        if left:
            left.pop()
            raise ChangesCollided

    monkeypatch.setattr(UnitOfWork, "settle", undone)
    return lambda times: left.extend(range(times))


def report(house, visitor):
    told = {"conflict_type": "noise", "quarter_id": str(house.quarter_id), "text": "Laute Musik"}
    return visitor.post("/incidents/new", **told)


def test_a_request_whose_change_collides_is_answered_as_if_nothing_had_been(house, collide):
    visitor = house.visit(Role.QUARTER_MANAGEMENT)
    visitor.get("/")
    collide(5)

    answer = report(house, visitor)

    assert answer.status_code == 302
    assert visitor.get(answer.headers["Location"]).status_code == 200


def test_a_request_that_never_gets_through_is_refused_with_what_was_typed(house, collide):
    visitor = house.visit(Role.QUARTER_MANAGEMENT)
    collide(1000)

    answer = report(house, visitor)

    assert answer.status_code == 503
    assert "Laute Musik" in answer.text


def test_files_are_kept_whole_when_their_change_collides(case, collide):
    case.page()
    collide(2)

    done = case.send(note__files=upload(), note__text="abc")

    assert done.status_code == 302
    assert "brief.pdf" in case.file()
