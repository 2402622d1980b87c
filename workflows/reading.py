"""What a question to the database needs. A unit of work has it, and so has a page that only reads."""

from typing import Protocol

from sqlalchemy.orm import Session

from engine.definitions import Library


class Reading(Protocol):
    """Functions that take a `Reading` write nothing."""

    @property
    def session(self) -> Session: ...

    @property
    def library(self) -> Library: ...
