"""What a channel is given, and how it says no."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter as it leaves the database."""

    id: UUID
    to: str
    subject: str
    body: str


class Returned(Exception):  # noqa: N818 - the fact: the letter came back for good
    """The receiver's side will never take this letter."""


class Channel(Protocol):
    def send(self, parcel: Parcel) -> None:
        """Hand the letter over.

        Raises `Returned` when that will never work and `MailServerAway` when it may later.
        Sending a letter twice is possible after a crash: its id tells the receiver.
        """
