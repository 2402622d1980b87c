"""Messages and signals that operators send by hand: with a reason, written down, done once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import Any
from uuid import UUID

from bpmn.errors import Invalid
from bpmn.timers import read_span
from bpmn.wording import say
from engine import clock, messages, signals
from engine.database import id_of
from engine.unit_of_work import UnitOfWork
from workflows import access
from workflows.access import Action, Actor
from workflows.tending.acts import Act, Why, record
from workflows.tending.values import closed

LONGEST_NAME = 200
LONGEST_LIFE = timedelta(days=366)


class WrongAddress(Invalid):
    def __init__(self) -> None:
        super().__init__(
            say("A name or key has 1 to %(most)s characters, in one line.", most=LONGEST_NAME)
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
    _check(letter.name, letter.key)
    values = closed(letter.variables)

    def work() -> str:
        sent = messages.publish(uow, letter.name, letter.key, values, letter.life)
        act = Act("send_message", None, id_of(letter.key), about=(letter.name,))
        record(uow, actor, act, why)
        return str(sent)

    return UUID(uow.once(_command("message", actor, why), work))


def throw_signal(
    uow: UnitOfWork, actor: Actor, name: str, variables: Mapping[str, Any], why: Why
) -> int:
    """Let every process that waits for a signal hear it; tell how many places these are."""
    access.require(actor, Action.TEND_INSTANCES)
    _check(name)
    values = closed(variables)

    def work() -> str:
        heard = signals.send(uow, name, variables=values)
        record(uow, actor, Act("throw_signal", None, None, about=(name,)), why)
        return str(heard)

    return int(uow.once(_command("signal", actor, why), work))


def _command(kind: str, actor: Actor, why: Why) -> str | None:
    return why.command and f"{kind}:{actor.person_id}:{why.command}"


def _check(*names: str) -> None:
    if not all(0 < len(name) <= LONGEST_NAME and name.isprintable() for name in names):
        raise WrongAddress
