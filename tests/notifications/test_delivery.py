from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine

from engine.fault_queries import open_faults
from engine.handlers import Handlers
from engine.worker import Worker
from notifications import queries
from notifications.channels.console import Console
from notifications.channels.email import Email, Relay
from notifications.delivery import delivery
from notifications.models import LetterState
from notifications.outbox import DELIVERY, Letter, enqueue
from tests.postbox import free_port

FACTS = {"case_number": "KKM-2027-00042", "link": "https://handschlag.example/cases/1"}


def letter(to="vera@example.org", template="task_opened", language="de"):
    return Letter(to, template, language, FACTS)


class Office:
    """Decides to tell people and lets the worker do it."""

    def __init__(self, transactions, channel):
        self.transactions = transactions
        self.returned = []
        errand = delivery(channel, lambda uow, event: self.returned.append(event))
        self.worker = Worker(transactions, Handlers({}, {DELIVERY: errand}))

    def tell(self, *letters):
        with self.transactions.begin() as uow:
            return enqueue(uow, *letters)

    def states(self):
        with self.transactions.reading() as session:
            return {row.to: row.state for row in queries.mailbox(session)}


@pytest.fixture
def office(transactions, postbox):
    relay = Relay("127.0.0.1", postbox.port, "Handschlag <post@handschlag.example>", timeout=5)
    return Office(transactions, Email(relay))


def test_a_letter_arrives_with_its_id_as_message_id(office, postbox):
    (letter_id,) = office.tell(letter())

    office.worker.run_due()

    ((receivers, content),) = postbox.mails
    mail = message_from_bytes(content, policy=policy.default)
    assert receivers == ["vera@example.org"]
    assert mail["Message-ID"] == f"<{letter_id}@handschlag.example>"
    assert mail["Subject"] == "Handschlag: Neue Aufgabe (KKM-2027-00042)"
    assert FACTS["link"] in mail.get_content()
    assert office.states() == {"vera@example.org": LetterState.SENT}


def test_nothing_is_sent_for_a_transaction_that_failed(office, transactions, postbox):
    def tell_and_fail():
        with transactions.begin() as uow:
            enqueue(uow, letter())
            raise KeyError

    with pytest.raises(KeyError):
        tell_and_fail()
    office.worker.run_due()

    assert postbox.mails == []
    assert office.states() == {}


def test_a_letter_that_is_refused_for_now_is_sent_later(office, postbox):
    postbox.answers = ["451 4.3.0 busy", "421 4.3.2 closing"]
    with time_machine.travel("2027-05-04T09:00:00Z", tick=False) as clock:
        office.tell(letter())
        office.worker.run_due()
        assert office.states() == {"vera@example.org": LetterState.WAITING}

        for _ in range(2):
            clock.shift(timedelta(minutes=2))
            office.worker.run_due()

    assert len(postbox.mails) == 1
    assert office.states() == {"vera@example.org": LetterState.SENT}
    assert office.returned == []


def test_a_letter_that_is_refused_for_good_is_seen_as_undeliverable(office, transactions):
    gone, _fine = office.tell(letter("gone@example.org"), letter())

    office.worker.run_due()

    with transactions.reading() as session:
        returned = queries.letter(session, gone)
        assert queries.undeliverable(session) == 1
    assert (returned.state, returned.reason) == (
        LetterState.UNDELIVERABLE,
        "550 5.1.1 no such user",
    )
    assert office.states()["vera@example.org"] is LetterState.SENT
    assert [event.letter_id for event in office.returned] == [gone]


def test_a_letter_about_a_returned_letter_breeds_no_further_letters(office):
    office.tell(letter("gone@example.org", "letter_returned"))

    office.worker.run_due()

    assert office.returned == []


def test_a_mail_server_that_is_away_loses_nothing(transactions):
    nobody = Office(transactions, Email(Relay("127.0.0.1", free_port(), "post@x.example")))
    with time_machine.travel("2027-05-04T09:00:00Z", tick=False) as clock:
        nobody.tell(letter())
        for _ in range(6):
            nobody.worker.run_due()
            clock.shift(timedelta(hours=2))

    assert nobody.states() == {"vera@example.org": LetterState.WAITING}
    with transactions.reading() as session:
        assert [fault.job_kind for fault in open_faults(session)] == [DELIVERY]


def test_a_temporary_refusal_of_the_receiver_is_no_return(office):
    office.tell(letter("later@example.org"))

    office.worker.run_due()

    assert office.states() == {"later@example.org": LetterState.WAITING}


def test_without_a_mail_server_letters_stay_in_the_mailbox(transactions):
    office = Office(transactions, Console())
    office.tell(letter(language="en"))

    office.worker.run_due()

    with transactions.reading() as session:
        (kept,) = queries.mailbox(session, "vera@example.org")
    assert kept.state is LetterState.SENT
    assert kept.subject == "Handschlag: New task (KKM-2027-00042)"
