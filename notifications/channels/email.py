"""Mail through a relay."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum

from engine import clock
from notifications.channels.parcel import Parcel, Returned
from notifications.errors import MailServerAway

TALK = 8.0
"""Seconds for everything that is said after the relay has answered: an errand must end in time."""


class Tls(StrEnum):
    """How the mail relay is spoken to."""

    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mails are handed over, and in whose name."""

    host: str
    port: int
    sender: str
    tls: Tls = Tls.NONE
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 5.0
    """Seconds to wait for each answer."""


class Email:
    """Sends by SMTP; the Message-ID is the letter's id."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    def send(self, parcel: Parcel) -> None:
        try:
            with self._connect() as server, _at_most(server, TALK):
                self._greet(server)
                server.send_message(self._message(parcel))
        except smtplib.SMTPRecipientsRefused as error:
            raise _verdict(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPDataError as error:
            raise _verdict(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPResponseException as error:
            raise MailServerAway(f"{type(error).__name__} {error.smtp_code}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailServerAway(type(error).__name__) from error

    def _connect(self) -> smtplib.SMTP:
        relay = self._relay
        if relay.tls is Tls.IMPLICIT:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(relay.host, relay.port, timeout=relay.timeout, context=context)
        return smtplib.SMTP(relay.host, relay.port, timeout=relay.timeout)

    def _greet(self, server: smtplib.SMTP) -> None:
        if self._relay.tls is Tls.STARTTLS:
            server.starttls(context=ssl.create_default_context())
        if self._relay.user:
            server.login(self._relay.user, self._relay.password)

    def _message(self, parcel: Parcel) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._relay.sender
        message["To"] = parcel.to
        message["Subject"] = parcel.subject
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{parcel.id}@{self._domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(parcel.body)
        return message

    @property
    def _domain(self) -> str:
        return self._relay.sender.rpartition("@")[2].strip("> ") or "localhost"


@contextmanager
def _at_most(server: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """Hang up on a relay that answers drop by drop."""
    sock = server.sock
    timer = threading.Timer(seconds, _hang_up, (sock,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _hang_up(sock: socket.socket | None) -> None:
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def _verdict(code: int, said: bytes | str) -> Returned | MailServerAway:
    """5xx about a receiver or a letter is for good; everything else is worth another try."""
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    words = f"{code} {text}".strip()[:500]
    return Returned(words) if 500 <= code < 600 else MailServerAway(words)
