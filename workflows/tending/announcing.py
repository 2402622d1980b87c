"""Messages and signals that operators send by hand: with a reason, written down, done once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import Any
from uuid import UUID

from bpmn.errors import Invalid
from bpmn.notation.limits import LONGEST_KEY, LONGEST_NAME
from bpmn.timers import read_span
from bpmn.wording import say
from engine import clock, messages, signals
from engine.database import id_of
from engine.unit_of_work import UnitOfWork
from workflows import access
from workflows.access import Action, Actor
from workflows.tending.acts import Act, Deed, Why, record
from workflows.tending.values import routing

LONGEST_LIFE = timedelta(days=366)


class WrongAddress(Invalid):
    def __init__(self) -> None:
        super().__init__(
            say(
                "A name has 1 to %(name)s characters, a key 1 to %(key)s.",
                name=LONGEST_NAME,
                key=LONGEST_KEY,
            )
        )


class WrongLife(Invalid):
    def __init__(self) -> None:
        super().__init__(say("A message waits for its receiver between a second and a year."))


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to the one process that waits for it under its key."""

    name: str
    key: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    life: timedelta = messages.DEFAULT_TTL
    """How long it waits when nobody is there for it."""


def read_life(text: str) -> timedelta:
    """Read how long a message waits, such as `PT12H` or `P7D`, counted from now."""
    now = clock.now()
    life = read_span(text).after(now, UTC) - now
    if not timedelta(seconds=1) <= life <= LONGEST_LIFE:
        raise WrongLife
    return life


def send_message(uow: UnitOfWork, actor: Actor, letter: Letter, why: Why) -> UUID:
    """Send a message; tell its id, the same one when the command is repeated."""
    access.require(actor, Action.TEND_INSTANCES)
    _check(letter.name, LONGEST_NAME)
    _check(letter.key, LONGEST_KEY)
    values = routing(letter.variables, letter.key)

    def work() -> str:
        sent = messages.publish(uow, letter.name, letter.key, values, letter.life)
        act = Act("send_message", None, id_of(letter.key), about=(letter.name,))
        record(uow, actor, act, why)
        return str(sent)

    deed, (name, key) = Deed(uow, actor, why), (letter.name, letter.key)
    return UUID(deed.answer("message", actor.person_id, work, name, key))


def throw_signal(
    uow: UnitOfWork, actor: Actor, name: str, variables: Mapping[str, Any], why: Why
) -> int:
    """Let every process that waits for a signal hear it; tell how many places these are."""
    access.require(actor, Action.TEND_INSTANCES)
    _check(name, LONGEST_NAME)
    values = routing(variables)

    def work() -> str:
        heard = signals.send(uow, name, variables=values)
        record(uow, actor, Act("throw_signal", None, None, about=(name,)), why)
        return str(heard)

    deed = Deed(uow, actor, why)
    return int(deed.answer("signal", actor.person_id, work, name))


def _check(text: str, longest: int) -> None:
    if not 0 < len(text) <= longest:
        raise WrongAddress
