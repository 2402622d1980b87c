"""One process of an installation: start it, kill it, ask whether it is at work."""

import http.client
import json
import signal
import time

from tests.chaos import forge
from tests.postbox import free_port

SERVES_WITHIN = 10.0
PATIENCE = 60.0
"""Seconds that a start may take which no row judges, however much else the machine does."""
STOPS_WITHIN = 10.0


class NotServingError(AssertionError):
    """The process ended, or does not answer in time."""


class House:
    """`handschlag run`, or another command that serves; what it says goes to `log`."""

    def __init__(self, folder, environ, start=forge.execute, command="run"):
        self._command = command
        self.folder = folder
        self.log = folder.parent / f"{folder.name}.log"
        self.port = free_port()
        self._environ = {"HANDSCHLAG_DATA_DIR": str(folder), **environ}
        self._start = start
        self._process = None

    @property
    def pid(self):
        return self._process.pid

    def start(self, *arguments):
        given = [self._command, "--port", str(self.port), *arguments]
        self._process = self._start(given, self._environ, self.log)

    def serve(self, *arguments, within=SERVES_WITHIN):
        """Start and wait until it answers; tell how many seconds that took."""
        begun = time.monotonic()
        self.start(*arguments)
        return self.await_readiness(begun, within)

    def await_readiness(self, begun, within=SERVES_WITHIN):
        while not self.is_ready():
            if self._process.poll() is not None:
                raise NotServingError(f"It ended with {self._process.returncode}:\n{self.tail()}")
            if time.monotonic() > begun + within:
                raise NotServingError(f"Not serving after {within} s:\n{self.tail()}")
            time.sleep(0.02)
        return time.monotonic() - begun

    def is_ready(self):
        try:
            return self.request("GET", "/health/ready", timeout=SERVES_WITHIN)[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def kill(self):
        self._process.send_signal(signal.SIGKILL)
        self._await_end()

    def stop(self):
        """Ask it to stop; tell its exit code and how many seconds it took."""
        begun = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        return self._await_end(), time.monotonic() - begun

    def end(self):
        """Leave nothing running, whatever happened."""
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def _await_end(self):
        deadline = time.monotonic() + STOPS_WITHIN
        while (code := self._process.poll()) is None:
            assert time.monotonic() < deadline, f"It does not stop:\n{self.tail()}"
            time.sleep(0.01)
        return code

    def tail(self, lines=30):
        return "\n".join(self.log.read_text("utf-8").splitlines()[-lines:])

    def command(self, *arguments):
        """Run another command of this installation beside it; return what it prints."""
        log = self.log.with_suffix(".command")
        log.write_text("")
        process = self._start(list(arguments), self._environ, log)
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        told = log.read_text("utf-8")
        assert process.returncode == 0, f"{arguments}: {told}"
        return told.strip()

    def request(self, method, path, body=None, headers=(), timeout=30.0):
        """Send one request on a connection of its own; return status and JSON, or None."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            sent = None if body is None else json.dumps(body)
            kind = {} if body is None else {"Content-Type": "application/json"}
            connection.request(method, path, sent, {**kind, **dict(headers)})
            answer = connection.getresponse()
            content = answer.read()
            return answer.status, json.loads(content) if content else None
        finally:
            connection.close()


class Workshop(House):
    """`handschlag worker`: it has no door, and says when it is on duty."""

    def start(self, *arguments):
        self.log.touch()
        self._said_before = self.log.stat().st_size
        self._process = self._start(["worker", *arguments], self._environ, self.log)

    def is_ready(self):
        return b"on duty" in self.log.read_bytes()[self._said_before :]
