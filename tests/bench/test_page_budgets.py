"""What a request of a person who is signed in asks of the database, counted as in `test_budgets`."""

import re

import pytest

from bench.stage.counts import counting
from bench.stage.office import LOGIN, PASSWORD, office_on
from web.app import create_app

FORM_SENT = {"sqlite": 12, "postgresql": 11}
"""One more than the service alone: who is asking. PostgreSQL's NOTIFY is counted."""
FORM_SENT_ROUND_TRIPS = 3
FORM_SHOWN = 6


@pytest.fixture
def office(database_url, tmp_path):
    with office_on(database_url, tmp_path) as office:
        office.prepare(3)
        yield office


@pytest.fixture
def person(office):
    person = create_app(office.app).test_client()
    token = field("_csrf_token", person.get("/login").text)
    told = {"name": LOGIN, "password": PASSWORD, "_csrf_token": token}
    assert person.post("/login", data=told).status_code == 302
    return person


def field(name, page):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def complete(person, office):
    task = f"/tasks/{office.open.popleft()}"
    page = person.get(task).text
    own = {name: field(name, page) for name in ("_csrf_token", "_shown", "_command")}
    with counting(office.app.engine) as counts:
        answer = person.post(task, data=office.answers | own)
    assert answer.status_code == 302, answer.text
    return counts


def test_a_sent_form_asks_who_sends_it_and_otherwise_what_the_service_asks(person, office):
    complete(person, office)  # whatever is read once for all is read now

    counts = complete(person, office)

    assert len(counts.statements) <= FORM_SENT[office.app.engine.dialect.name], counts.statements
    assert counts.round_trips <= FORM_SENT_ROUND_TRIPS
    assert counts.commits == 1


def test_the_page_of_a_task_asks_as_much_after_many_answers_and_many_cases_as_at_first(
    person, office
):
    task = office.task_of(office.report().case_id)
    person.get(f"/tasks/{task}")
    with counting(office.app.engine) as first:
        person.get(f"/tasks/{task}")
    office.open.clear()
    office.open.append(task)
    for _ in range(4):
        office.complete()
    office.prepare(20)

    with counting(office.app.engine) as later:
        page = person.get(f"/tasks/{office.open[0]}")

    assert page.status_code == 200
    assert len(later.statements) <= FORM_SHOWN, later.statements
    assert len(later.statements) == len(first.statements)
    assert later.commits == 0
