"""A running installation: the real server in a process of its own, with demo people and a mailbox."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from tests.postbox import Postbox, free_port, receiving

COMMAND = Path(sys.executable).with_name("handschlag")
PATIENCE = 40
"""Seconds until something that must happen counts as not happening."""

VERA = "vera.nordmann"
"""Quarter management of Nordwinkel and Lindenhöhe."""
ELENA = "elena.dimova"
"""Mediator in every quarter, speaks Bulgarian."""
NADIYA = "nadiya.kovalenko"
"""Another mediator."""
KATRIN = "katrin.sommer"
"""Coordination; approves what process management has drawn."""
PAULA = "paula.richter"
"""Process management."""


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str


class Town:
    """Where a journey happens: `url("/tasks")`, `clock("set", …)`, `mails()`."""

    def __init__(self, data: Path, postbox: Postbox) -> None:
        self._data, self._postbox = data, postbox
        self._port = free_port()
        self._environment = {
            **{name: text for name, text in os.environ.items() if "HANDSCHLAG_" not in name},
            "HANDSCHLAG_SMTP_HOST": "127.0.0.1",
            "HANDSCHLAG_SMTP_PORT": str(postbox.port),
        }
        self._server: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        log = (self._data / "server.log").open("wb")
        self._server = subprocess.Popen(
            [COMMAND, "run", "--data", self._data, "--port", str(self._port)],
            env=self._environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        log.close()
        eventually(self._is_ready, f"the server answers ({self._data / 'server.log'})")

    def close(self) -> None:
        assert self._server is not None
        self._server.terminate()
        assert self._server.wait(PATIENCE) == 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._port}{path}"

    def password(self, name: str) -> str:
        listed = json.loads((self._data / "demo-logins.json").read_text("utf-8"))
        return next(each["password"] for each in listed if each["name"] == login(name))

    def clock(self, *words: str) -> None:
        """Move the clock of the installation as an operator does, and wait until pages show it."""
        moved = subprocess.run(
            [COMMAND, "clock", *words, "--data", self._data],
            env=self._environment,
            check=True,
            capture_output=True,
            text=True,
        )
        year, month, day, hour, minute = re.findall(r"\d+", moved.stdout)[:5]
        shown = re.compile(rf"{day}\.{month}\.{year}, {hour}:{minute[0]}")
        eventually(lambda: shown.search(self._page()), f"pages show {moved.stdout}")

    def publishes(self, file: Path) -> None:
        """Let a changed file hold for every case from now on, as an operator does."""
        deploy = ["process", "deploy", str(file), "--data", str(self._data)]
        subprocess.run([COMMAND, *deploy], env=self._environment, check=True, capture_output=True)

    def mails(self) -> list[Mail]:
        return [_read(to[0], content) for to, content in list(self._postbox.mails)]

    def awaits_mail(self, to: str, case: str, about: str) -> None:
        """Wait until a mail to a person about a case has this word in its subject."""
        eventually(
            lambda: [
                mail
                for mail in self.mails()
                if mail.to == login(to) and case in mail.subject and about in mail.subject.split()
            ],
            f"a mail “{about}” to {to} about {case}, but {self.mails()}",
        )

    def _page(self) -> str:
        with urlopen(self.url("/safety")) as answer:
            return str(answer.read().decode())

    def _is_ready(self) -> bool:
        assert self._server is not None
        assert self._server.poll() is None, (self._data / "server.log").read_text("utf-8")
        try:
            with urlopen(self.url("/health/ready")) as answer:
                return bool(answer.status == 200)
        except URLError:
            return False


def login(name: str) -> str:
    return f"{name}@musterstadt.example"


def eventually(look: Callable[[], Any], what: str) -> Any:
    """Return what `look` finds as soon as it finds something."""
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.1)
    return found


@contextmanager
def running_town(data: Path) -> Iterator[Town]:
    with receiving() as postbox:
        town = Town(data, postbox)
        town.open()
        try:
            yield town
        finally:
            town.close()


def _read(to: str, content: bytes) -> Mail:
    message = message_from_bytes(content, policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    return Mail(to, str(message["Subject"]), str(body.get_content()))
