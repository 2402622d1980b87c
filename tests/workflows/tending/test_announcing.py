"""Messages and signals sent by hand: by whom it may, once, with what a process may hold."""

from datetime import timedelta

import pytest

from bpmn.spiff.errors import NoVariableName
from engine import clock
from engine.models import Message
from workflows.access import NotAllowed, Role
from workflows.tending import announcing
from workflows.tending.acts import Why
from workflows.tending.announcing import Letter, WrongAddress, WrongLife
from workflows.tending.errors import CaseNamed, NameUsed, ReasonMissing, ValueNotKept

BECAUSE = Why("The other system was away.", "once")


def send(room, letter, why=BECAUSE, actor=None):
    with room.agency.transactions.begin() as uow:
        return announcing.send_message(uow, actor or room.olga, letter, why)


def throw(room, name, why=BECAUSE, actor=None, **variables):
    with room.agency.transactions.begin() as uow:
        return announcing.throw_signal(uow, actor or room.olga, name, variables, why)


def waiting(room):
    with room.agency.transactions.reading() as session:
        return session.query(Message).all()


def test_a_message_sent_twice_under_one_name_is_sent_once(room):
    first, second = (send(room, Letter("letter", "key")) for _ in range(2))

    assert first == second
    assert [message.id for message in waiting(room)] == [first]


def test_a_message_waits_as_long_as_it_is_told_to(room):
    send(room, Letter("letter", "key", {}, announcing.read_life("PT12H")))

    (message,) = waiting(room)
    assert message.expires_at - clock.now() == timedelta(hours=12)


def test_a_message_to_a_case_stands_in_its_audit_chain(room):
    case_id = room.agency.report().case_id

    send(room, Letter("letter", str(case_id)))

    assert ("send_message", ("letter",)) in room.audited(case_id)


def test_a_signal_thrown_twice_under_one_name_is_thrown_once(room):
    assert [throw(room, "storm") for _ in range(2)] == [0, 0]
    assert throw(room, "storm", Why("Again.", "other")) == 0


def test_only_the_administration_sends_by_hand(room):
    manager = room.agency.hire("Karla", Role.COORDINATION)

    for act in (
        lambda: send(room, Letter("letter", "key"), actor=manager),
        lambda: throw(room, "storm", actor=manager),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_reason_is_asked_for(room):
    with pytest.raises(ReasonMissing):
        throw(room, "storm", Why(" "))


@pytest.mark.parametrize(
    ("name", "key"), [("", "key"), ("letter", ""), ("n" * 201, "k"), ("n", "k" * 401)]
)
def test_names_and_keys_are_no_longer_than_those_of_diagrams(room, name, key):
    with pytest.raises(WrongAddress):
        send(room, Letter(name, key))


@pytest.mark.parametrize("key", ["k" * 400, "12\N{NO-BREAK SPACE}345", "two\nlines"])
def test_every_key_that_a_diagram_may_wait_for_is_reached(room, key):
    send(room, Letter("letter", key))

    assert [message.key for message in waiting(room)] == [key]


def test_a_name_of_one_message_or_signal_is_refused_to_another(room):
    send(room, Letter("letter", "key"))
    throw(room, "storm")

    for other, why in (("another", BECAUSE), ("key", Why("Again.", "once", {"stage": True}))):
        with pytest.raises(NameUsed):
            send(room, Letter("letter", other), why)
    with pytest.raises(NameUsed):
        throw(room, "flood")
    assert len(waiting(room)) == 1


def test_sentences_do_not_travel(room):
    with pytest.raises(ValueNotKept):
        send(room, Letter("letter", "key", {"note": "She said that"}))
    with pytest.raises(ValueNotKept):
        throw(room, "storm", note="He said that")
    for unseen in ("\0", "\ud800", "a\nb"):
        with pytest.raises(ValueNotKept):
            throw(room, "storm", note=unseen)
    with pytest.raises(NoVariableName):
        throw(room, "storm", **{"he said that": True})


def test_no_message_or_signal_brings_a_process_another_case(room):
    case_id, other = (str(room.agency.report().case_id) for _ in range(2))

    with pytest.raises(CaseNamed):
        send(room, Letter("letter", case_id, {"case_id": other}))
    with pytest.raises(CaseNamed):
        throw(room, "storm", case_id=other)
    send(room, Letter("letter", case_id, {"case_id": case_id}))

    assert len(waiting(room)) == 1


@pytest.mark.parametrize("text", ["PT0S", "P2Y"])
def test_a_message_waits_neither_never_nor_for_ever(text):
    with pytest.raises(WrongLife):
        announcing.read_life(text)
