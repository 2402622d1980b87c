"""Where a case stands in its processes, in words and as marks in the picture."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from uuid import UUID

from sqlalchemy.orm import Session

from bpmn.model import ProcessInfo
from bpmn.wording import Sentence, say
from engine import clock, queries
from engine.definitions import Library
from engine.models import CandidateKind
from engine.records import InstanceRecord, TaskRecord
from engine.stay_queries import StayRecord, stays_of
from engine.stay_table import Ended
from workflows.cases.views import DiagramShown, PlaceInProcess

_CONTAINERS = frozenset({"subProcess", "callActivity", "transaction", "adHocSubProcess"})

ROLE_NAMES: Mapping[str, Sentence] = {
    "role_qm": say("the quarter management"),
    "role_skm": say("the language and cultural mediators"),
    "role_bm": say("the education mediators"),
    "role_cm": say("the case management"),
    "role_ko": say("the coordination"),
    "role_pm": say("the process management"),
    "role_ad": say("the administration"),
    "role_lg": say("the steering group"),
    "role_ds": say("the data protection officer"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who an open task waits for."""

    people: Mapping[UUID, str]
    candidates: Mapping[UUID, Sequence[tuple[CandidateKind, str]]]

    def of(self, task: TaskRecord) -> Sentence:
        if task.assignee is not None:
            name = self.people.get(UUID(task.assignee), "–")
            return say("waits for %(person)s", person=name)
        asked = {name for _kind, name in self.candidates.get(task.id, ())}
        groups = [role for name, role in ROLE_NAMES.items() if name in asked]
        if len(groups) > 1:
            return say("waits for %(role)s or %(other)s", role=groups[0], other=groups[1])
        if groups:
            return say("waits for %(role)s", role=groups[0])
        return say("waits for somebody to take it")


@dataclass(frozen=True, slots=True)
class Route:
    """The trodden path of one instance."""

    instance: InstanceRecord
    processes: Mapping[str, ProcessInfo]
    """Empty when its diagrams can be run no more."""
    stays: Sequence[StayRecord]

    @property
    def open(self) -> list[StayRecord]:
        """Where its tokens are now."""
        return [stay for stay in self.stays if stay.left_at is None]

    @property
    def passed(self) -> list[StayRecord]:
        """Where its tokens went on from, in that order."""
        done = [(stay.left_step, stay.left_position, stay) for stay in self.stays if _is_done(stay)]
        return [stay for *_, stay in sorted(done, key=itemgetter(0, 1))]


def _is_done(stay: StayRecord) -> bool:
    return stay.ended in {Ended.COMPLETED, Ended.SKIPPED}


def routes(session: Session, library: Library, case_id: UUID) -> list[Route]:
    """Find every process that works, or worked, on a case."""
    connection = session.connection()
    instances = queries.instances_of(session, case_id)
    stays = stays_of(session, [instance.id for instance in instances])
    found = [library.find(connection, one.deployment_id, one.digest) for one in instances]
    return [
        Route(instance, definitions.processes if definitions else {}, stays[instance.id])
        for instance, definitions in zip(instances, found, strict=True)
    ]


def here(
    routes_of_case: Iterable[Route], tasks: Sequence[TaskRecord], waiting: Waiting
) -> tuple[PlaceInProcess, ...]:
    """Name the open elements; what merely contains others is left out."""
    by_place = {(task.instance_id, task.token): task for task in tasks}
    return tuple(place for route in routes_of_case for place in _places(route, by_place, waiting))


def _places(
    route: Route, tasks: Mapping[tuple[UUID, int], TaskRecord], waiting: Waiting
) -> Iterator[PlaceInProcess]:
    for stay in route.open:
        process = route.processes.get(stay.process)
        element = process.elements.get(stay.element) if process else None
        if process is None or element is None or element.kind in _CONTAINERS:
            continue
        task = tasks.get((route.instance.id, stay.token))
        yield PlaceInProcess(
            process=stay.process,
            process_name=process.name,
            element=stay.element,
            name=element.name,
            since=stay.entered_at,
            waits_for=waiting.of(task) if task else _waits_for(element.kind),
        )


def _waits_for(kind: str) -> Sentence:
    if kind == "serviceTask":
        return say("the system is working on it")
    if "event" in kind.lower():
        return say("waits for a day or a message")
    return say("waits")


def diagrams(routes_of_case: Iterable[Route]) -> tuple[DiagramShown, ...]:
    """Show each process once per instance in which it was entered, the open ones first."""
    shown = [_diagram(route, process) for route in routes_of_case for process in _entered(route)]
    return tuple(sorted(shown, key=lambda diagram: not diagram.current))


def _entered(route: Route) -> list[ProcessInfo]:
    names = dict.fromkeys([route.instance.process, *(stay.process for stay in route.stays)])
    return [route.processes[name] for name in names if name in route.processes]


def _diagram(route: Route, process: ProcessInfo) -> DiagramShown:
    current = [stay.element for stay in route.open if stay.process == process.id]
    passed = dict.fromkeys(stay.element for stay in route.passed if stay.process == process.id)
    return DiagramShown(
        deployment_id=route.instance.deployment_id,
        file=process.file,
        process=process.id,
        current=tuple(dict.fromkeys(current)),
        passed=tuple(element for element in passed if element not in current),
    )


def is_overdue(task: TaskRecord) -> bool:
    return task.due_at is not None and task.due_at < clock.now()
