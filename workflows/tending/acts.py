"""What operators do is written down: who, what, where and why."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine import clock
from engine.database import new_id
from engine.records import FaultRecord, InstanceRecord
from engine.unit_of_work import UnitOfWork
from workflows import audit, sealing
from workflows.access import Actor
from workflows.cases import details
from workflows.tending.errors import NameUsed, ReasonMissing, ReasonTooLong
from workflows.tending.models import OperatorAct

LONGEST_REASON = 500
LONGEST_COMMAND = 200
"""Characters of the name that a sender gives a command."""


@dataclass(frozen=True, slots=True)
class Why:
    """The reason of an operator, and under which name the command was sent, if it has one.

    Raises `ReasonMissing`, `ReasonTooLong`.
    """

    reason: str
    command: str | None = None
    written: Any = None
    """The values that go with it as they were written: `now()` gives another one each time."""

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ReasonMissing
        if len(self.reason.strip()) > LONGEST_REASON:
            raise ReasonTooLong(LONGEST_REASON)


@dataclass(frozen=True, slots=True)
class Act:
    """What was done, and to what; `about` names elements, signals and variables, never values."""

    action: str
    instance_id: UUID | None
    case_id: UUID | None
    fault_id: UUID | None = None
    about: tuple[str, ...] = ()

    @classmethod
    def on_fault(cls, action: str, fault: FaultRecord, *about: str) -> "Act":
        places = (fault.element,) if fault.element else ()
        return cls(action, fault.instance_id, fault.business_key, fault.id, (*places, *about))

    @classmethod
    def on_instance(cls, action: str, instance: InstanceRecord, *about: str) -> "Act":
        return cls(action, instance.id, instance.business_key, None, about)


@dataclass(frozen=True, slots=True)
class Deed:
    """An operator at work in one transaction."""

    uow: UnitOfWork
    actor: Actor
    why: Why

    def once(self, action: str, thing: UUID | None, work: Callable[[], Act], *meant: Any) -> None:
        """Do the work and write it down, unless this command has been carried out before."""

        def kept() -> str:
            record(self.uow, self.actor, work(), self.why)
            return ""

        self.answer(action, thing, kept, *meant, known="")

    def answer(
        self,
        action: str,
        thing: UUID | None,
        work: Callable[[], str],
        *meant: Any,
        known: str | None = None,
    ) -> str:
        """Do the work unless this command has been carried out before; its answer either way.

        `meant` is what makes it this command and no other, with the values that were written.
        Raises `NameUsed` when the name has been given to another. An answer that is known beforehand saves a statement.
        """
        if self.why.command is None:
            return work()
        place = (action, str(thing)) if thing else (action,)
        mark = _mark((*meant, self.why.written))
        kept = self.uow.once(
            ":".join((*place, self.why.command)),
            lambda: f"{mark} {work()}",
            None if known is None else f"{mark} {known}",
        )
        before, marked, answer = kept.partition(" ")
        if not marked:
            return kept  # carried out by a version of the system that noted no mark
        if before != mark:
            raise NameUsed
        return answer


def _mark(meant: Any) -> str:
    """Tell commands apart without keeping what they say."""
    said = json.dumps(meant, sort_keys=True, default=repr)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def record(uow: UnitOfWork, actor: Actor, act: Act, why: Why) -> None:
    """Keep an act with its reason, and append it to the audit chain of its case if it has one."""
    reason = why.reason.strip()
    case_id = act.case_id if act.case_id and sealing.has_key(uow.session, act.case_id) else None
    row = OperatorAct(
        id=new_id(),
        at=clock.now(),
        actor_id=actor.person_id,
        action=act.action,
        instance_id=act.instance_id,
        fault_id=act.fault_id,
        case_id=case_id,
        about=list(act.about),
        reason=None if case_id else reason,
    )
    if case_id:
        place = (OperatorAct.__tablename__, row.id)
        row.sealed_reason = details.seal(uow.session, case_id, place, {"reason": reason})
        audit.record(uow, actor.person_id, case_id, act.action, act.about)
    uow.session.add(row)
