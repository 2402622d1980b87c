"""All rows of a case, whichever table they lie in, by one statement."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, bindparam, cast, literal, null, select
from sqlalchemy import union_all as union
from sqlalchemy.orm import Session

from engine.database import Base, table_of
from workflows.cases.models import Incident, Party, PartyRelation, RiskFlag
from workflows.cases.records import (
    Agreement,
    Appointment,
    Assignment,
    Attachment,
    CaseRecord,
    Commitment,
    ContactLog,
    Deadline,
    FollowUp,
    FollowUpAnswer,
    Note,
)

R = TypeVar("R", bound=Base)

_MODELS: tuple[type[Base], ...] = (
    Incident,
    Party,
    PartyRelation,
    RiskFlag,
    ContactLog,
    Note,
    CaseRecord,
    Appointment,
    Agreement,
    Commitment,
    Assignment,
    FollowUp,
    FollowUpAnswer,
    Deadline,
    Attachment,
)
_NAMES = [[column.name for column in table_of(model).columns] for model in _MODELS]
_STARTS = [sum(len(names) for names in _NAMES[:place]) + 1 for place in range(len(_MODELS))]


class Gathered:
    """The rows of a case, to be read only: they belong to no session."""

    def __init__(self, rows: dict[type[Base], list[Any]]) -> None:
        self._rows = rows

    def of(self, model: type[R], *order: str) -> Sequence[R]:
        """Return the rows of one table, ordered by these columns."""
        return sorted(
            self._rows[model],
            key=lambda row: tuple(_sortable(getattr(row, name)) for name in order),
        )


def _sortable(value: Any) -> tuple[bool, Any]:
    """Let nothing come last, as in PostgreSQL."""
    return (value is None, value if value is not None else 0)


def gather(session: Session, case_id: UUID) -> Gathered:
    """Read every row that belongs to a case."""
    found: dict[type[Base], list[Any]] = defaultdict(list)
    for row in session.execute(_ALL, {"case": case_id}):
        place = row[0]
        model, names, start = _MODELS[place], _NAMES[place], _STARTS[place]
        values = row[start : start + len(names)]
        found[model].append(model(**dict(zip(names, values, strict=True))))
    return Gathered(found)


def _part(place: int) -> Select[Any]:
    """Select one table's rows; the columns of all other tables are empty."""
    table = table_of(_MODELS[place])
    columns = (column for other in range(len(_MODELS)) for column in _columns(place, other))
    return select(literal(place).label("place"), *columns).where(
        table.c.case_id == bindparam("case")
    )


def _columns(place: int, other: int) -> Iterator[ColumnElement[Any]]:
    for column in table_of(_MODELS[other]).columns:
        shown: ColumnElement[Any] = column if place == other else cast(null(), column.type)
        yield shown.label(f"{column.name}_{other}")


_ALL: CompoundSelect[Any] = union(*(_part(place) for place in range(len(_MODELS))))
