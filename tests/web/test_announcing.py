"""Messages and signals by program and by command."""

from uuid import uuid4

import pytest

from tests.web.conftest import login_of
from web.commands.installation import OPERATOR
from workflows import people
from workflows.access import Role

BY_HAND = {"reason": "The other system was away."}


def program_of(house, role):
    with house.application.transactions.begin() as uow:
        person = people.person_id_of(uow.session, login_of(role))
        token = people.add_token(uow, OPERATOR, person, "test")
    client = house.flask.test_client()

    def send(path, body, key=None):
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key or uuid4().hex}
        return client.post(f"/api/v1{path}", json=body, headers=headers)

    return send


@pytest.fixture(scope="module")
def send(house):
    return program_of(house, Role.ADMINISTRATION)


def letter(**changed):
    return {"name": "letter", "key": "some-case", "variables": {"stage": 3}, **BY_HAND, **changed}


def test_a_message_sent_again_under_its_key_is_the_same(send):
    answers = [send("/messages/publications", letter(), "again").get_json() for _ in range(2)]

    assert answers[0] == answers[1]


def test_a_key_is_bound_to_the_values_as_they_were_written(send):
    written = [{"at": {"feel": "now()"}}, {"at": {"feel": "now()"}}, {"at": 3}]

    codes = [
        send("/messages/publications", letter(variables=one), "bound").status_code
        for one in written
    ]

    assert codes == [202, 202, 409]


def test_a_signal_tells_how_many_heard_it(send):
    answer = send("/signals", {"name": "storm", **BY_HAND})

    assert (answer.status_code, answer.get_json()) == (202, {"receivers": 0})


@pytest.mark.parametrize(
    "changed",
    [{"variables": {"note": "a whole sentence"}}, {"life": "soon"}, {"life": "P2Y"}, {"name": ""}],
)
def test_what_no_process_may_hold_or_wait_for_is_refused(send, changed):
    assert send("/messages/publications", letter(**changed)).status_code == 422


def test_others_may_not_send_by_hand(house):
    send = program_of(house, Role.QUARTER_MANAGEMENT)

    assert send("/messages/publications", letter()).status_code == 403
    assert send("/signals", {"name": "storm", **BY_HAND}).status_code == 403
