"""Faults, places and acts in the words of the people who read them."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from bpmn.model import Definitions, ElementInfo
from bpmn.moves import Position
from bpmn.steps import WaitingSignal
from engine.failures import sentence_of
from engine.modifying import Forecast
from engine.records import FaultRecord
from engine.standing import Standing
from engine.unit_of_work import ReadingSession
from workflows import sealing
from workflows.cases import details
from workflows.people import queries as people
from workflows.tending.models import OperatorAct
from workflows.tending.views import (
    ActView,
    FaultView,
    ForecastView,
    PlaceView,
    StepView,
    UnheardView,
)


def faults(reading: ReadingSession, records: Iterable[FaultRecord]) -> tuple[FaultView, ...]:
    """Tell of faults with the names that their diagrams give."""
    return tuple(_fault(record, _definitions(reading, record)) for record in records)


def _definitions(reading: ReadingSession, record: FaultRecord) -> Definitions | None:
    if record.deployment_id is None or record.digest is None:
        return None
    return reading.library.find(reading.connection(), record.deployment_id, record.digest)


def _fault(record: FaultRecord, definitions: Definitions | None) -> FaultView:
    process = definitions and record.process and definitions.processes.get(record.process)
    element = process and record.element and process.elements.get(record.element)
    return FaultView(
        id=record.id,
        state=record.state,
        sentence=sentence_of(record.template, record.facts),
        error=record.error,
        place=record.place,
        attempts=record.attempts,
        job_kind=record.job_kind,
        raised_at=record.raised_at,
        closed_at=record.closed_at,
        instance_id=record.instance_id,
        case_id=record.business_key,
        deployment_id=record.deployment_id,
        process=record.process,
        process_name=process.name if process else None,
        element=record.element,
        element_name=element.name if element else None,
    )


def name_of(definitions: Definitions | None, process: str) -> str:
    """Name a process as its diagram does, or by its id where no diagram can be read."""
    return definitions.processes[process].name if definitions else process


def standing(here: Standing) -> tuple[PlaceView, ...]:
    return places(here.definitions, here.positions) if here.definitions else ()


def places(definitions: Definitions, positions: Iterable[Position]) -> tuple[PlaceView, ...]:
    return tuple(_place(definitions, position) for position in positions)


def _place(definitions: Definitions, position: Position) -> PlaceView:
    element = _element(definitions, position.process, position.element)
    return PlaceView(
        token=position.token,
        process=position.process,
        element=position.element,
        name=element.name,
        kind=element.kind,
        inside=position.inside,
        watches=position.watches,
    )


def _element(definitions: Definitions, process: str, element: str) -> ElementInfo:
    """Find an element; rows of decisions, which the history names too, are none."""
    found = definitions.processes[process].elements.get(element)
    return found or ElementInfo(element, element, "", None)


def forecast(definitions: Definitions, found: Forecast) -> ForecastView:
    passed = tuple(
        StepView(
            step.process,
            step.element,
            _element(definitions, step.process, step.element).name,
            step.passage.value,
        )
        for step in found.passed
    )
    return ForecastView(
        version=found.version,
        cancelled=places(definitions, found.cancelled),
        left=places(definitions, found.left),
        created=places(definitions, found.created),
        passed=passed,
        signals=found.signals,
        unheard=tuple(_unheard(definitions, one) for one in found.unheard),
        ends=found.ends,
    )


def _unheard(definitions: Definitions, place: WaitingSignal) -> UnheardView:
    return UnheardView(
        token=place.token,
        process=place.process,
        element=place.element,
        name=_element(definitions, place.process, place.element).name,
        signal=place.signal,
    )


def acts(session: Session, rows: Sequence[OperatorAct]) -> tuple[ActView, ...]:
    names = people.names(session, {row.actor_id for row in rows})
    return tuple(
        ActView(row.at, names.get(row.actor_id), row.action, tuple(row.about), _why(session, row))
        for row in rows
    )


def _why(session: Session, row: OperatorAct) -> str | None:
    if row.case_id is None:
        return row.reason
    if not sealing.has_key(session, row.case_id):
        return None
    place: tuple[str, UUID] = (OperatorAct.__tablename__, row.id)
    reason: str = details.unseal(session, row.case_id, place, row.sealed_reason)["reason"]
    return reason
