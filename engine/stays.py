"""The history is written in the step that makes it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, case, delete, func, insert, select, update

from bpmn.steps import Passage, Passed
from engine import clock
from engine.database import table_of
from engine.records import InstanceRecord
from engine.sending import Change, Rows
from engine.stay_table import Ended, History, Stay
from engine.unit_of_work import UnitOfWork
from engine.waiting import Answer, Difference

Node = tuple[str, str]
"""A process and an element of it."""

_STAYS: Table = table_of(Stay)
_FORMER: Table = table_of(History)


def _or_complete(statement: Any) -> Any:
    """Complete the stay whose beginning is known.

    A token that leaves a second time violates a constraint, so that it is never stored.
    """
    given = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[_STAYS.c.instance_id, _STAYS.c.token, _STAYS.c.number],
        set_={
            "left_at": case((_STAYS.c.left_at.is_(None), given.left_at)),
            "left_step": given.left_step,
            "left_position": given.left_position,
            "ended": given.ended,
            "by": given.by,
            "rules": given.rules,
        },
    )


_STORE = Rows(_STAYS, _or_complete)


def store(uow: UnitOfWork, step: Difference, passed: Iterable[Passed], now: datetime) -> None:
    """Write what a step entered and left, in one statement."""
    uow.send(_STORE, *_rows(step, passed, now))


def _rows(step: Difference, passed: Iterable[Passed], now: datetime) -> list[dict[str, Any]]:
    stays: dict[int, dict[str, Any]] = {}
    for position, passage in enumerate(passed):
        stay = stays.get(passage.token)
        if stay is None:
            stay = stays[passage.token] = _entered(step.instance, passage, position, now)
        if passage.passage is Passage.DECIDED:
            stay["rules"] = [*(stay["rules"] or ()), passage.element]
        elif passage.passage is not Passage.ENTERED:
            stay |= _left(step, passage, position, now)
    return list(stays.values())


def _entered(
    instance: InstanceRecord, passage: Passed, position: int, now: datetime
) -> dict[str, Any]:
    return {
        "instance_id": instance.id,
        "token": passage.token,
        "number": 0,
        "deployment_id": instance.deployment_id,
        "process": passage.process,
        "element": passage.element,
        "entered_at": now,
        "step": instance.version,
        "position": position,
        "left_at": None,
        "left_step": None,
        "left_position": None,
        "ended": None,
        "by": None,
        "rules": None,
        "counted": False,
    }


def _left(step: Difference, passage: Passed, position: int, now: datetime) -> dict[str, Any]:
    return {
        "left_at": now,
        "left_step": step.instance.version,
        "left_position": position,
        "ended": _how(step.answer, passage),
        "by": _who(step.answer, passage),
    }


def _how(answer: Answer, passage: Passed) -> Ended:
    answered = passage.token == answer.token
    if passage.passage is Passage.LEFT:
        return Ended.SKIPPED if answered and answer.ended is Ended.SKIPPED else Ended.COMPLETED
    return Ended.FAILED if answered and answer.ended is Ended.FAILED else answer.others


def _who(answer: Answer, passage: Passed) -> str | None:
    """Name the person: of the token that they answered, else of all that they took away."""
    if answer.token is None:
        return answer.by if passage.passage is Passage.CANCELLED else None
    return answer.by if passage.token == answer.token else None


_END_ALL = Change(
    update(_STAYS)
    .where(_STAYS.c.instance_id == bindparam("instance"), _STAYS.c.left_at.is_(None))
    .values(
        left_at=bindparam("at"),
        left_step=bindparam("in_step"),
        left_position=0,
        ended=Ended.CANCELLED,
        by=bindparam("who"),
    )
)


def end_all(uow: UnitOfWork, instance: InstanceRecord, by: str | None) -> None:
    """End every stay of an instance whose snapshot nobody can read."""
    values = {"instance": instance.id, "at": clock.now(), "in_step": instance.version, "who": by}
    uow.send(_END_ALL, values)


_OPEN = select(_STAYS.c.token).where(
    _STAYS.c.instance_id == bindparam("instance"), _STAYS.c.left_at.is_(None)
)
_HERE = (_STAYS.c.instance_id == bindparam("instance"), _STAYS.c.token == bindparam("at_token"))
_RELOCATE = Change(
    update(_STAYS)
    .where(*_HERE, _STAYS.c.number == 0)
    .values(
        deployment_id=bindparam("deployment_now"),
        process=bindparam("process_now"),
        element=bindparam("element_now"),
        step=bindparam("in_step"),
        position=bindparam("at_position"),
    )
)
_FORGET = Change(delete(_STAYS).where(*_HERE, _STAYS.c.number == 0))


def carry_over(uow: UnitOfWork, instance: InstanceRecord, places: Mapping[int, Node]) -> None:
    """Let open stays go on where their tokens are in another deployment, as long as they last.

    What they have left there is kept as it was. A token that is nowhere any more ends with it.
    """
    tokens: list[int] = list(uow.connection.scalars(_OPEN, {"instance": instance.id}))
    if not tokens:
        return
    uow.connection.execute(_keep_left(instance))
    goes_on = [
        {
            "instance": instance.id,
            "at_token": token,
            "deployment_now": instance.deployment_id,
            "process_now": places[token][0],
            "element_now": places[token][1],
            "in_step": instance.version,
            "at_position": position - len(tokens),
        }
        for position, token in enumerate(tokens)
        if token in places
    ]
    uow.send(_RELOCATE, *goes_on)
    gone = [{"instance": instance.id, "at_token": token} for token in tokens if token not in places]
    uow.send(_FORGET, *gone)


def _keep_left(instance: InstanceRecord) -> Any:
    """Make the statement that copies open stays as what has been left for the new deployment."""
    older = _STAYS.alias()
    same = (older.c.instance_id == _STAYS.c.instance_id) & (older.c.token == _STAYS.c.token)
    copied: dict[str, Any] = {column.name: column for column in _STAYS.c}
    number = select(func.max(older.c.number) + 1).where(same).scalar_subquery()
    copied |= {
        "number": number,
        "left_at": _literal("left_at", clock.now()),
        "left_step": _literal("left_step", instance.version),
        "left_position": -_STAYS.c.token,
        "ended": _literal("ended", Ended.MIGRATED),
    }
    rows = select(*copied.values()).where(
        _STAYS.c.instance_id == instance.id, _STAYS.c.left_at.is_(None)
    )
    return insert(_STAYS).from_select(list(copied), rows)


def _literal(column: str, value: Any) -> Any:
    return bindparam(None, value, type_=_STAYS.c[column].type)


def places_of(stays: Mapping[int, Node], passed: Iterable[Passed]) -> dict[int, Node]:
    """Tell where tokens are, or were when they went on in the same step."""
    left = [each for each in passed if each.passage is not Passage.DECIDED]
    return {each.token: (each.process, each.element) for each in left} | dict(stays)


def erase(uow: UnitOfWork, instance_ids: Iterable[UUID]) -> set[UUID]:
    """Delete the history of instances; tell which had any.

    What it adds to the statistics has to be counted before.
    """
    ids = list(instance_ids)
    uow.connection.execute(delete(_FORMER).where(_FORMER.c.instance_id.in_(ids)))
    gone = delete(_STAYS).where(_STAYS.c.instance_id.in_(ids)).returning(_STAYS.c.instance_id)
    return set(uow.connection.scalars(gone))
