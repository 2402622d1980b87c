"""A server that is told to stop ends what it has begun, and begins nothing new."""

import http.client
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from flask import Flask, request

from tests.postbox import free_port
from web import serving
from web.serving import Server

PATIENCE = 10


class Counter:
    """A server with a clerk who answers when told to."""

    def __init__(self):
        self.asked, self.answer, self.stop = (threading.Event() for _ in range(3))
        self.port = free_port()
        app = Flask("counter")
        app.add_url_rule("/quick", view_func=lambda: "at once", endpoint="quick")
        app.add_url_rule("/slow", view_func=self._slow, endpoint="slow", methods=["GET", "POST"])
        self._server = Server(app, "127.0.0.1", self.port, "http")
        self._thread = threading.Thread(target=self._server.run, args=(self.stop,), daemon=True)
        self._thread.start()

    def _slow(self):
        self.asked.set()
        self.answer.wait(PATIENCE)
        return f"answered {len(request.get_data())}"

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def ask(self, path, body=None):
        with closing(self.connect()) as connection:
            connection.request("POST" if body else "GET", path, body)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def await_end(self):
        """Wait until it serves no longer; tell whether it came to that."""
        self._thread.join(PATIENCE)
        return not self._thread.is_alive()

    def is_closed(self):
        try:
            self.ask("/quick")
        except OSError:
            return True
        return False


@pytest.fixture
def counter(monkeypatch):
    monkeypatch.setattr(serving, "NOTICE", 0.0)
    counter = Counter()
    yield counter
    counter.answer.set()
    counter.stop.set()
    assert counter.await_end()


def eventually(holds):
    deadline = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.005)
    return holds()


def test_a_request_in_hand_is_answered_and_nobody_else_is_let_in(counter):
    with ThreadPoolExecutor() as people:
        told = people.submit(counter.ask, "/slow")
        assert counter.asked.wait(PATIENCE)
        counter.stop.set()
        closed = eventually(counter.is_closed)
        counter.answer.set()

        assert closed
        assert told.result(PATIENCE) == (200, "answered 0")
    assert counter.await_end()


def test_a_request_whose_body_is_still_coming_is_answered(counter):
    connection = counter.connect()
    connection.putrequest("POST", "/slow")
    connection.putheader("Content-Length", "6")
    connection.endheaders(b"abc")
    counter.ask("/quick")  # what was sent before has been read by now
    counter.stop.set()
    assert eventually(counter.is_closed)

    connection.send(b"def")
    counter.answer.set()
    told = connection.getresponse().read()
    connection.close()

    assert told == b"answered 6"


def test_a_client_that_rests_does_not_hold_the_server(counter):
    resting = counter.connect()
    resting.request("GET", "/quick")
    resting.getresponse().read()

    counter.stop.set()

    assert counter.await_end()
    resting.close()


def test_a_request_that_hangs_holds_the_server_for_a_while_only(counter, monkeypatch):
    monkeypatch.setattr(serving, "STOP_WITHIN", 0.3)
    hanging = counter.connect()
    hanging.request("GET", "/slow")
    assert counter.asked.wait(PATIENCE)

    counter.stop.set()

    assert counter.await_end()
    hanging.close()


def test_it_serves_for_a_moment_longer_so_that_balancers_learn_of_it(counter, monkeypatch):
    monkeypatch.setattr(serving, "NOTICE", 0.5)
    counter.stop.set()

    answers = [counter.ask("/quick") for _ in range(3)]

    assert answers == [(200, "at once")] * 3
