"""One instance goes over to another deployment, or back: what it becomes, or what hinders it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from bpmn.errors import Placed, Refusal
from bpmn.migration import CannotMigrate, Node, Notice, Place, Wishes
from bpmn.model import Definitions
from bpmn.moves import Position
from bpmn.spiff.migrating import Route
from bpmn.spiff.run import ProcessRun
from bpmn.steps import WaitingSignal
from bpmn.wording import Sentence, say
from engine import signals, steps
from engine.errors import InstanceEnded, MovedOnSince
from engine.failures import StepFailed
from engine.models import InstanceState
from engine.records import DeploymentRecord, InstanceRecord
from engine.unit_of_work import UnitOfWork

LOST = say("The signal “%(signal)s” has come for “%(name)s” and is not heard over there.").template
LOST_ON_RETURN = say(
    "The signal “%(signal)s” has come for “%(name)s” and is not heard after the return."
).template
ROUTES = 4
"""Ways between two deployments kept at hand: each keeps both their bundles in memory."""


class Outcome(StrEnum):
    MOVES = "moves"
    STAYS = "stays"
    """Something hinders it."""
    THERE = "there"
    """It follows that deployment already."""
    ENDED = "ended"
    FAILS = "fails"
    """Nobody foresaw why; nothing is changed, and a fault tells the administrators."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """What a migration does to one instance, or did: the same words for both."""

    instance_id: UUID
    business_key: UUID | None
    process: str
    outcome: Outcome
    notices: tuple[Notice, ...] = ()
    """What hinders it; if it moves, what that brings along."""
    places: tuple[Place, ...] = ()
    """Tokens that stand elsewhere afterwards, or not any more, or did not before."""
    moved_on: bool = False
    """It went on by itself where the new diagrams no longer have it wait, and cannot return."""
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Return:
    """What is needed to take a migration back."""

    source: DeploymentRecord
    snapshot: str
    version: int


def route(old: Definitions, new: Definitions, wishes: Wishes) -> Route:
    """Find the way between two definitions; a way found before is used again."""
    elements = tuple(sorted((*node, target or "") for node, target in wishes.elements.items()))
    return _route(old, new, tuple(sorted(wishes.processes.items())), elements)


@lru_cache(maxsize=ROUTES)
def _route(
    old: Definitions,
    new: Definitions,
    processes: tuple[tuple[str, str], ...],
    elements: tuple[tuple[str, str, str], ...],
) -> Route:
    wished = {(process, element): target or None for process, element, target in elements}
    return Route.between(old, new, Wishes(dict(processes), wished))


def transfer(
    uow: UnitOfWork, instance_id: UUID, target: DeploymentRecord, wishes: Wishes
) -> Transfer:
    """Bring one instance over, or tell why it stays; a suspended one stays suspended.

    Raises `StepFailed` where nobody foresaw what goes wrong; the transaction is then lost.
    """
    instance = steps.lock(uow, instance_id)
    found = Transfer(instance.id, instance.business_key, instance.process, Outcome.MOVES)
    if instance.state is not InstanceState.ACTIVE:
        return _so(found, Outcome.ENDED, [_whole(instance, InstanceEnded(instance_id).sentence)])
    if instance.deployment_id == target.id:
        there = say("This process follows these diagrams already.")
        return _so(found, Outcome.THERE, [_whole(instance, there)])
    try:
        return _bring_over(uow, instance, target, wishes)
    except StepFailed as failure:
        if isinstance(failure.cause, Refusal):
            return _so(found, Outcome.STAYS, _hindrances(instance, failure.cause))
        raise


def _so(found: Transfer, outcome: Outcome, notices: Sequence[Notice]) -> Transfer:
    return Transfer(found.instance_id, found.business_key, found.process, outcome, tuple(notices))


def _whole(instance: InstanceRecord, sentence: Sentence) -> Notice:
    return Notice(instance.process, instance.process, sentence)


def _hindrances(instance: InstanceRecord, refusal: Refusal) -> Sequence[Notice]:
    if isinstance(refusal, CannotMigrate):
        return refusal.hindrances
    if isinstance(refusal, Placed):
        return [Notice(refusal.process, refusal.element, refusal.sentence)]
    return [_whole(instance, refusal.sentence)]


def _bring_over(
    uow: UnitOfWork, instance: InstanceRecord, target: DeploymentRecord, wishes: Wishes
) -> Transfer:
    old = steps.definitions_of(uow, instance)
    way = route(old, uow.library.of_deployment(uow.connection, target.id, target.digest), wishes)
    process, seen = instance.process, _Seen()

    def change(run: ProcessRun) -> ProcessRun:
        seen.before, seen.signals, seen.run = run.positions(), run.waiting_signals(), run
        seen.notices = run.migrate(way)
        return run

    passed = steps.carry_over(uow, instance.id, target, change)
    lost = signals.unheard(uow, instance.id, seen.signals, seen.run.waiting_signals())
    on_its_own = _on_its_own(instance, seen.run, moved_on=bool(passed))
    return Transfer(
        instance_id=instance.id,
        business_key=instance.business_key,
        process=process,
        outcome=Outcome.MOVES,
        notices=(*seen.notices, *(_signal_lost(old, one, LOST) for one in lost), *on_its_own),
        places=seen.places,
        moved_on=bool(passed),
        ends=instance.state is not InstanceState.ACTIVE,
    )


def _signal_lost(drawn: Definitions, waited: WaitingSignal, template: str) -> Notice:
    """Tell that a signal which has come finds nobody, unless the instance goes back again."""
    name = drawn.processes[waited.process].elements[waited.element].name
    lost = Sentence(template, {"signal": waited.signal, "name": name})
    return Notice(waited.process, waited.element, lost)


def _on_its_own(instance: InstanceRecord, run: ProcessRun, *, moved_on: bool) -> Iterator[Notice]:
    """Tell that an instance does not stay where it was put."""
    if moved_on:
        goes_on = say("This process goes on at once over there, and cannot return.")
        yield _whole(instance, goes_on)
    if run.is_finished:
        yield _whole(instance, say("This process comes to its end over there."))


def take_back(uow: UnitOfWork, instance_id: UUID, back: Return) -> tuple[Notice, ...]:
    """Have an instance stand as it did before its migration; what it had begun since is ended.

    Timers that the old diagram had are armed for the dates they had. Tells of signals that had come
    for it over there and find nobody. Raises `MovedOnSince`.
    """
    instance = steps.lock(uow, instance_id)
    if instance.version != back.version or instance.state is not InstanceState.ACTIVE:
        raise MovedOnSince(instance_id)
    source = back.source
    definitions = uow.library.of_deployment(uow.connection, source.id, source.digest)
    there, seen = steps.definitions_of(uow, instance), _Seen()

    def change(run: ProcessRun) -> ProcessRun:
        seen.signals, seen.run = (
            run.waiting_signals(),
            ProcessRun.restore(definitions, back.snapshot),
        )
        seen.run.skip_numbers(run.last_number)
        return seen.run

    steps.carry_over(uow, instance_id, source, change)
    lost = signals.unheard(uow, instance_id, seen.signals, seen.run.waiting_signals())
    return tuple(_signal_lost(there, one, LOST_ON_RETURN) for one in lost)


class _Seen:
    """What was seen of an instance on its way over."""

    before: list[Position]
    signals: list[WaitingSignal]
    run: ProcessRun
    notices: list[Notice]

    @property
    def places(self) -> tuple[Place, ...]:
        """List the tokens whose place is another one now."""
        old = {one.token: _node(one) for one in self.before}
        new = {one.token: _node(one) for one in self.run.positions()}
        tokens = sorted(old.keys() | new.keys())
        pairs = [Place(token, old.get(token), new.get(token)) for token in tokens]
        return tuple(place for place in pairs if place.before != place.after)


def _node(position: Position) -> Node:
    return position.process, position.element
