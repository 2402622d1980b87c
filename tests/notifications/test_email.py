import socket
import threading
from contextlib import suppress
from uuid import uuid4

import pytest

from notifications.channels import email
from notifications.channels.email import Email, Relay, Tls
from notifications.channels.parcel import Parcel, Returned
from notifications.errors import MailServerAway

PARCEL = Parcel(uuid4(), "vera@example.org", "Handschlag: Neue Aufgabe", "Grüße\n")


def send(port, **settings):
    Email(Relay("127.0.0.1", port, "post@handschlag.example", **settings)).send(PARCEL)


@pytest.fixture
def mute():
    """A server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_server_that_says_nothing_is_not_waited_for_long(mute):
    with pytest.raises(MailServerAway):
        send(mute, timeout=0.2)


@pytest.fixture
def dripping():
    """A server that greets and then sends one more line of its answer again and again."""
    stop = threading.Event()

    def drip(server):
        connection, _ = server.accept()
        with connection, suppress(OSError):
            connection.sendall(b"220 hello\r\n")
            while not stop.wait(0.05):
                connection.sendall(b"250-and another thing\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,))
        thread.start()
        yield server.getsockname()[1]
        stop.set()
        thread.join()


def test_a_server_that_never_comes_to_an_end_is_hung_up_on(dripping, monkeypatch):
    monkeypatch.setattr(email, "TALK", 0.3)

    with pytest.raises(MailServerAway):
        send(dripping, timeout=5)


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_nothing_goes_out_in_the_clear_where_encryption_was_asked_for(postbox, tls):
    with pytest.raises(MailServerAway):
        send(postbox.port, tls=tls, timeout=2)

    assert postbox.mails == []


def test_a_login_that_the_relay_does_not_offer_loses_no_letter(postbox):
    with pytest.raises(MailServerAway):
        send(postbox.port, user="handschlag", password="secret")

    assert postbox.mails == []


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("554 5.7.1 refused", Returned),
        ("451 4.3.0 later", MailServerAway),
        ("421 4.3.2 closing", MailServerAway),
    ],
)
def test_the_answer_to_a_letter_decides_whether_it_comes_back(postbox, answer, verdict):
    postbox.answers = [answer]

    with pytest.raises(verdict):
        send(postbox.port)


def test_the_password_of_the_relay_does_not_show_itself():
    relay = Relay("127.0.0.1", 25, "post@handschlag.example", user="u", password="geheim")

    assert "geheim" not in repr(relay)
