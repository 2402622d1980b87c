"""What goes wrong is written down as a fault: its kind and place, never what was in it."""

import json
import traceback
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from bpmn.errors import Conflict, Placed, Refusal
from bpmn.wording import Sentence, say
from engine import clock, queries
from engine.database import new_id, table_of
from engine.events import FaultRaised
from engine.fault_table import Fault, FaultState
from engine.models import InstanceState
from engine.unit_of_work import Aftermath, UnitOfWork


@dataclass(slots=True)
class Scene:
    """Where something went wrong, as far as it is known."""

    instance_id: UUID | None = None
    business_key: UUID | None = None
    process: str | None = None
    element: str | None = None
    job_id: UUID | None = None
    job_kind: str | None = None
    token: int | None = None
    """Where the process waits for what failed."""
    deployment_id: UUID | None = None
    """What a process follows that is not stored, because it could not be begun."""
    message_id: UUID | None = None
    """The message that could not be brought."""
    tries: int = 1
    """How often the job was tried."""

    def stand_at(self, place: tuple[str, str] | None) -> None:
        """Know the process and the element, unless nobody does."""
        if place is not None:
            self.process, self.element = place

    def learn(self, other: "Scene") -> None:
        """Take from what happened inside what was not known from outside."""
        self.instance_id = self.instance_id or other.instance_id
        self.business_key = self.business_key or other.business_key
        self.deployment_id = self.deployment_id or other.deployment_id
        self.message_id = self.message_id or other.message_id
        self.token = other.token if self.token is None else self.token
        if self.element is None and other.element is not None:
            self.process, self.element = other.process, other.element
        self.process = self.process or other.process


class StepFailed(Aftermath, Conflict):
    """The process could not make this step; it stays where it was, and a fault tells why."""

    def __init__(self, scene: Scene, cause: Exception) -> None:
        Conflict.__init__(
            self,
            say(
                "The process could not go on, so nothing was changed. "
                "The administrators now see why."
            ),
        )
        self.scene = scene
        self.cause = cause

    def note(self, uow: UnitOfWork) -> None:
        raise_fault(uow, self.scene, self.cause)


def cause_of(error: Exception) -> Exception:
    """Look behind a failed step to what made it fail."""
    return error.cause if isinstance(error, StepFailed) else error


def raise_fault(uow: UnitOfWork, scene: Scene, error: Exception) -> bool:
    """Write the fault down and tell whoever listens; the same one still open is only counted.

    Its instance is held. If that has come to its end meanwhile, nobody has to do anything about
    it: False tells that no operator will.
    """
    row = _row(scene, error)
    if scene.instance_id is not None:
        instance = queries.lock_instance(uow.connection, scene.instance_id)
        if instance is None:
            return False
        if instance.state is not InstanceState.ACTIVE:
            closed = {"state": FaultState.RESOLVED, "closed_at": row["raised_at"], "key": None}
            uow.connection.execute(insert(table_of(Fault)), row | closed)
            return False
    fault = uow.connection.execute(_insert_or_count(uow), row).one()
    if fault.id == row["id"]:
        uow.record(FaultRaised(fault.id, scene.instance_id, scene.business_key, scene.job_kind))
    return True


def _row(scene: Scene, error: Exception) -> dict[str, Any]:
    sentence = _sentence(error)
    place = error if isinstance(error, Placed) else scene
    process, element = place.process, place.element
    begins_in_vain = scene.instance_id is None and scene.deployment_id is not None
    return {
        "id": new_id(),
        "instance_id": scene.instance_id,
        "job_id": scene.job_id,
        "job_kind": scene.job_kind,
        "token": scene.token,
        "business_key": scene.business_key if begins_in_vain and scene.job_id else None,
        "deployment_id": scene.deployment_id if begins_in_vain else None,
        "process": process,
        "element": element,
        "error": type(error).__name__,
        "place": _place(error),
        "template": sentence.template,
        "facts": facts_of(sentence),
        "state": FaultState.OPEN,
        "key": _key(scene, process, element, type(error).__name__),
        "attempts": scene.tries,
        "raised_at": clock.now(),
        "closed_at": None,
        "closed_by": None,
    }


def _key(scene: Scene, process: str | None, element: str | None, error: str) -> str | None:
    """Name the failure; a parked job has a fault of its own, by which it is tried again.

    Processes of one deployment that cannot begin are one failure, whatever they would work for.
    """
    if scene.job_id is not None:
        return None
    place: list[object] = [str(scene.instance_id), process, element, error]
    if scene.instance_id is None:
        place.append(str(scene.deployment_id))
    if scene.token is not None:
        place.append(scene.token)
    return json.dumps(place)


def _insert_or_count(uow: UnitOfWork) -> ReturningInsert[UUID, int]:
    counted = {"attempts": Fault.attempts + 1}
    if uow.connection.dialect.name == "postgresql":
        new = postgresql.insert(Fault).on_conflict_do_update(index_elements=["key"], set_=counted)
        return new.returning(Fault.id, Fault.attempts)
    fresh = sqlite.insert(Fault).on_conflict_do_update(index_elements=["key"], set_=counted)
    return fresh.returning(Fault.id, Fault.attempts)


def sentence_of(template: str, facts: dict[str, Any]) -> Sentence:
    """Make the sentence of a stored fault again, to be translated where it is shown."""
    return Sentence(
        template,
        {
            name: sentence_of(*fact["sentence"]) if isinstance(fact, dict) else fact
            for name, fact in facts.items()
        },
    )


def _sentence(error: Exception) -> Sentence:
    if isinstance(error, Refusal):
        return error.sentence
    return say("Something unexpected happened (%(error)s).", error=type(error).__name__)


def facts_of(sentence: Sentence) -> dict[str, Any]:
    """Give the facts of a sentence as JSON holds them; see `sentence_of`."""
    return {name: _fact(value) for name, value in sentence.values.items()}


def _fact(value: Any) -> Any:
    if isinstance(value, Sentence):
        return {"sentence": [value.template, facts_of(value)]}
    if isinstance(value, int | float | bool):
        return value
    return str(value).replace("\0", "�")  # PostgreSQL keeps no text with it


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return ""
    last = frames[-1]
    return f"{last.filename.rsplit('/', 2)[-1]}:{last.lineno} {last.name}"
