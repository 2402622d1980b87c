"""Moving an instance by hand: what would happen is told first, and exactly that is done then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from bpmn.moves import Move, Position
from bpmn.spiff.run import ProcessRun
from bpmn.steps import Passage, Passed, WaitingSignal
from engine import signals, steps
from engine.errors import InstanceMovedOn
from engine.stay_table import Ended
from engine.unit_of_work import UnitOfWork
from engine.waiting import Answer


@dataclass(frozen=True, slots=True)
class Modification:
    """Variables to set first, as FEEL values, and what is moved then."""

    move: Move
    variables: Mapping[str, Any] = field(default_factory=dict)
    version: int | None = None
    """Of the instance when it was looked at; another one is refused. None: whatever it is."""
    unheard: frozenset[tuple[int, str]] = frozenset()
    """Tokens and signals of which the forecast told for that version: no other one is dropped.

    What comes for a process is no part of its version, so that whoever throws waits for no process.
    """

    def apply(self, run: ProcessRun) -> None:
        run.assign(self.variables)
        run.move(self.move)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a modification does to an instance that stands as it did in this version."""

    instance_id: UUID
    version: int
    cancelled: tuple[Position, ...]
    """Where it does not stand any more, nothing having been done there."""
    left: tuple[Position, ...]
    """Where it goes on from, as gateways do when the last way in is taken."""
    created: tuple[Position, ...]
    """Where it stands then and did not before."""
    passed: tuple[Passed, ...]
    """What is entered, left and cancelled, in order."""
    signals: tuple[str, ...]
    """Thrown on the way."""
    unheard: tuple[WaitingSignal, ...]
    """Places that are left though a signal has come for them: no other place hears it."""
    ends: bool

    @property
    def dropped(self) -> frozenset[tuple[int, str]]:
        """Tokens that lose a signal, and which, as a modification names them."""
        return frozenset((one.token, one.signal) for one in self.unheard)


def preview(uow: UnitOfWork, instance_id: UUID, wanted: Modification) -> Forecast:
    """Tell what a modification would do; nothing is done. Refusals come as they are."""
    if wanted.version not in (None, steps.lock(uow, instance_id).version):
        raise InstanceMovedOn(instance_id)
    run = steps.rehearse(uow, instance_id, wanted.apply)
    stood = steps.look(uow, instance_id)
    lost = signals.unheard(uow, instance_id, stood.waiting_signals(), run.waiting_signals())
    before = {each.token: each for each in stood.positions()}
    after = {each.token: each for each in run.positions()}
    passed = tuple(run.passed())
    gone = [position for token, position in before.items() if token not in after]
    done = {each.token for each in passed if each.passage is Passage.LEFT}
    return Forecast(
        instance_id=instance_id,
        version=steps.lock(uow, instance_id).version,
        cancelled=tuple(each for each in gone if each.token not in done),
        left=tuple(each for each in gone if each.token in done),
        created=tuple(each for token, each in after.items() if token not in before),
        passed=passed,
        signals=tuple(run.thrown()),
        unheard=tuple(lost),
        ends=run.is_finished,
    )


def modify(
    uow: UnitOfWork, instance_id: UUID, wanted: Modification, by: str | None = None
) -> Forecast:
    """Move an instance, a suspended one too.

    A signal is for who waits as it is thrown. What had come for a place that is left is dropped,
    even if another token is placed there, and told. Raises `InstanceMovedOn`, too, when that is
    not what was told for the version.
    """
    forecast = preview(uow, instance_id, wanted)
    if wanted.version is not None and forecast.dropped != wanted.unheard:
        raise InstanceMovedOn(instance_id)
    steps.mend(uow, instance_id, wanted.apply, Answer(by=by, others=Ended.MOVED))
    signals.drop(uow, instance_id, forecast.unheard)
    return forecast
