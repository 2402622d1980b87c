"""Telling somebody by mail is decided here and done later: the caller's transaction keeps both.

The transaction that decides to tell never does the telling; a job of kind `delivery` does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from engine import clock, jobs
from engine.database import new_id
from engine.models import Lane
from engine.unit_of_work import UnitOfWork
from notifications.models import LetterState, OutboxLetter
from notifications.rendering import render

DELIVERY = "delivery"
"""Kind of the job that sends a letter."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one person. `facts` may hold a `case_number` and a `link`, nothing else."""

    to: str
    template: str
    language: str
    facts: Mapping[str, str]


def enqueue(uow: UnitOfWork, *letters: Letter) -> list[UUID]:
    """Send these letters once the transaction is committed; none is sent when it is not."""
    rows = [_row(letter) for letter in letters]
    uow.session.add_all(rows)
    jobs.owe(uow, *(jobs.Debt(DELIVERY, {"letter": str(r.id)}, lane=Lane.ERRAND) for r in rows))
    return [row.id for row in rows]


def _row(letter: Letter) -> OutboxLetter:
    wording = render(letter.template, letter.language, letter.facts)
    return OutboxLetter(
        id=new_id(),
        to=letter.to,
        template=letter.template,
        language=letter.language,
        subject=wording.subject,
        body=wording.body,
        state=LetterState.WAITING,
        created_at=clock.now(),
    )
