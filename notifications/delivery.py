"""The job that sends a letter: read it, hand it over with no transaction open, note the outcome."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from engine import clock
from engine.events import Event, JobSkipped
from engine.handlers import Errand
from engine.records import JobRecord
from engine.unit_of_work import UnitOfWork
from notifications import queries
from notifications.channels.parcel import Channel, Parcel, Returned
from notifications.events import LetterReturned
from notifications.models import LetterState
from notifications.outbox import DELIVERY


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went; `reason` is why nobody will deliver it: what the mail server said, say."""

    letter_id: UUID
    reason: str | None = None


GIVEN_UP = "skipped by an operator"
_ABOUT_RETURNS = "letter_returned"
"""A letter about a returned letter that comes back itself is noted, and no further letter sent."""

Returning = Callable[[UnitOfWork, LetterReturned], None]


def delivery(channel: Channel, returned: Returning) -> Errand:
    """Make the handler of `delivery` jobs. What may work later raises, and is tried again.

    `returned` is told of a letter that nobody will deliver, while that is being noted: somebody
    has to reach the person in another way.
    """

    def perform(parcel: Parcel) -> Outcome:
        try:
            channel.send(parcel)
        except Returned as refusal:
            return Outcome(parcel.id, str(refusal))
        return Outcome(parcel.id)

    def record(uow: UnitOfWork, _job: JobRecord, outcome: Outcome) -> None:
        _settle(uow, outcome, returned)

    return Errand(_prepare, perform, record)


def giving_up(returned: Returning) -> Callable[[UnitOfWork, Event], None]:
    """Make the subscriber by which a letter whose delivery an operator skips is undeliverable."""

    def give_up(uow: UnitOfWork, event: Event) -> None:
        if isinstance(event, JobSkipped) and event.kind == DELIVERY:
            _settle(uow, Outcome(UUID(event.payload["letter"]), GIVEN_UP), returned)

    return give_up


def _settle(uow: UnitOfWork, outcome: Outcome, returned: Returning) -> None:
    letter = queries.letter(uow.session, outcome.letter_id)
    if letter is None:
        return
    letter.settled_at, letter.reason = clock.now(), outcome.reason
    if outcome.reason is None:
        letter.state = LetterState.SENT
    else:
        letter.state = LetterState.UNDELIVERABLE
        if letter.template != _ABOUT_RETURNS:
            returned(uow, LetterReturned(letter.id, letter.to))


def _prepare(uow: UnitOfWork, job: JobRecord) -> Parcel | None:
    letter = queries.letter(uow.session, UUID(job.payload["letter"]))
    if letter is None or letter.state is not LetterState.WAITING:
        return None
    return Parcel(letter.id, letter.to, letter.subject, letter.body)
