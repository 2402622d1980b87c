"""An instance goes over to other definitions: every token to the node that takes its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bpmn.migration import CannotMigrate, Mapped, Notice, Wishes
from bpmn.model import Definitions
from bpmn.spiff import courses
from bpmn.spiff.activities import Call
from bpmn.spiff.additions import add_missing
from bpmn.spiff.counterparts import propose
from bpmn.spiff.errors import ElementFailed
from bpmn.spiff.events import Boundary, EventStart, Guard
from bpmn.spiff.fitting import effects, misfit
from bpmn.spiff.gateways import SOURCE, Join, Parallel, Race
from bpmn.spiff.grammar import GUARD_SUFFIX
from bpmn.spiff.loops import Loop
from bpmn.spiff.scopes import INDEX
from bpmn.spiff.tokens import ROOT, Instance, Level, Token
from bpmn.wording import Sentence, say


@dataclass(frozen=True, eq=False)
class Route:
    """The way from one set of definitions to another; made once for all instances that go it."""

    old: Definitions
    new: Definitions
    mapped: Mapped
    _stuck: dict[tuple[str, courses.Marking], list[str]] = field(default_factory=dict)
    """What was found out about places on the new diagrams, for the instances that follow."""

    @classmethod
    def between(cls, old: Definitions, new: Definitions, wishes: Wishes) -> "Route":
        """Propose a mapping. Raises `WishUnknown`."""
        return cls(old, new, propose(old, new, wishes))

    def counterpart(self, process: str, element: str) -> str | None:
        found = self.mapped.nodes.get((process, element))
        return found[1] if found else None

    def stuck_at(self, level: Level) -> list[str]:
        """Name the joins at which tokens of this level might wait for ever."""
        key = (level.spec.key, courses.marking_of(level))
        if key not in self._stuck:
            self._stuck[key] = courses.dead_ends(level)
        return self._stuck[key]


def migrate(instance: Instance, route: Route) -> tuple[Instance, list[Notice]]:
    """Make the instance anew on the new definitions, and tell what that brings along.

    Whatever has begun goes on as it was: tasks keep their people and dates, timers their dates.
    What the new diagram watches in addition begins now. Raises `CannotMigrate` with everything
    that hinders it. The instance itself is not touched.
    """
    removal = _Removal(instance, route)
    removal.carry()
    removal.add()
    removal.look_ahead()
    return removal.new, removal.notices


class _Removal:
    """One instance on its way; each stage ends it when something hinders."""

    def __init__(self, instance: Instance, route: Route) -> None:
        self.old, self.route = instance, route
        self.new = Instance(route.new.host)
        self.new.last_number = instance.last_number
        self.new.is_finished = instance.is_finished
        self.new.haste = instance.haste
        self.notices: list[Notice] = []
        self._hindrances: list[Notice] = []

    def carry(self) -> None:
        """Bring every level and every token over."""
        for number, level in self.old.levels.items():
            inside = None if number == ROOT else self.new.find(number)
            graph = self._graph(level, inside)
            if graph is not None:
                variables = None if level.variables is None else dict(level.variables)
                _Crossing(self, level, Level(self.new, graph, inside, variables)).make()
        self._refuse_hindered()

    def add(self) -> None:
        """Let begin what the new diagrams have in addition."""
        for number, level in self.new.levels.items():
            old = self.old.levels[number]
            counterpart = partial(self.route.counterpart, old.spec.process_id)
            try:
                for element, sentence in add_missing(old, level, counterpart):
                    self.tell(level, element, sentence)
            except ElementFailed as error:
                self.hinder(level, error.element, error.sentence)
            self._look_for_empty_races(level)
        self._refuse_hindered()

    def look_ahead(self) -> None:
        """Let joins go on that are complete now; refuse what could never be complete."""
        for level in self.new.levels.values():
            _rejoin(level)
            for element in self.route.stuck_at(level):
                self.hinder(level, element, _endless(element))
        self._refuse_hindered()

    def hinder(self, level: Level, element: str, sentence: Sentence) -> None:
        self._hindrances.append(Notice(level.spec.process_id, element, sentence))

    def tell(self, level: Level, element: str, sentence: Sentence) -> None:
        self.notices.append(Notice(level.spec.process_id, element, sentence))

    def _refuse_hindered(self) -> None:
        if self._hindrances:
            raise CannotMigrate(tuple(self._hindrances))

    def _graph(self, level: Level, inside: Token | None) -> Any:
        """Find where a level goes on; None when it has lost its place."""
        if level.parent is not None:
            if inside is None:
                return None
            spec = inside.task_spec
            return spec.processes[spec.work.process] if isinstance(spec, Call) else spec.inner
        process = level.spec.process_id
        if process in self.route.mapped.processes:
            return self.route.new.executable[self.route.mapped.processes[process]]
        self.hinder(level, process, say("The new diagrams hold no process “%(id)s”.", id=process))
        return None

    def _look_for_empty_races(self, level: Level) -> None:
        for token in level.tasks.values():
            spec = token.task_spec
            if isinstance(spec, Race) and not any(child.is_open for child in token.children):
                lost = say(
                    "Nothing that “%(name)s” waits for is in the new diagram.", name=_name(spec)
                )
                self.hinder(level, spec.bpmn_id, lost)


class _Crossing:
    """The tokens of one level find their nodes on the new graph."""

    def __init__(self, removal: _Removal, old: Level, new: Level) -> None:
        self._removal, self._old, self._new = removal, old, new
        self._nodes: Mapping[str, Any] = new.spec.task_specs

    def make(self) -> None:
        for token in list(self._old.tasks.values())[1:]:
            name = self._node_for(token)
            if name is not None:
                self._carry(token, self._nodes[name])
        for token in list(self._new.tasks.values())[1:]:
            if token.above not in self._new.tasks:
                token.parent = self._new.task_tree
            token.parent._children.append(token.id)  # noqa: SLF001 - the library's name for the ids

    def _counterpart(self, element: str) -> str:
        process = self._old.spec.process_id
        return self._removal.route.counterpart(process, element) or ""

    def _node_for(self, token: Token) -> str | None:
        """Find the node where a token goes on; an event that only watched may end instead."""
        spec = token.task_spec
        if isinstance(spec, Guard):
            guard = self._counterpart(_guarded(spec)) + GUARD_SUFFIX
            return guard if guard in self._nodes else None
        found: Any = self._nodes.get(self._counterpart(spec.bpmn_id))
        if isinstance(found, Loop) and INDEX in token.internal_data:
            found = self._nodes[found.each]
        problem = self._problem(token, found)
        if problem is None:
            return str(found.name)
        if isinstance(spec, Boundary | EventStart) or isinstance(token.parent.task_spec, Race):
            ended = say("“%(name)s” is no longer waited for.", name=_name(spec))
            self._removal.tell(self._old, spec.bpmn_id, ended)
        else:
            self._removal.hinder(self._old, spec.bpmn_id, problem)
        return None

    def _problem(self, token: Token, found: Any) -> Sentence | None:
        spec = token.task_spec
        if found is not None:
            return misfit(spec, found) or self._holder_problem(token, found)
        if self._counterpart(spec.bpmn_id):
            return say("“%(name)s” stands on another level of the new diagram.", name=_name(spec))
        return say("“%(name)s” is no longer in the diagram.", name=_name(spec))

    def _holder_problem(self, token: Token, found: Any) -> Sentence | None:
        """Look whether an event competes with, or watches, the same thing as before."""
        above = token.parent.task_spec
        if isinstance(above, Race):
            wanted = self._counterpart(above.bpmn_id)
        elif isinstance(token.task_spec, Boundary):
            wanted = self._counterpart(_guarded(above)) + GUARD_SUFFIX
        else:
            return None
        if wanted in found._inputs:  # noqa: SLF001 - the library's name
            return None
        return say("“%(name)s” belongs to something else in the new diagram.", name=_name(found))

    def _carry(self, token: Token, spec: Any) -> None:
        carried = Token(self._new, spec, token.id, token.above, token.state)
        carried.internal_data = dict(token.internal_data)
        carried.locals = dict(token.locals)
        if isinstance(spec, Join):
            self._carry_source(carried)
        elif not isinstance(spec, Guard):
            for sentence in effects(token.task_spec, spec):
                self._removal.tell(self._new, spec.bpmn_id, sentence)

    def _carry_source(self, token: Token) -> None:
        """Have a token that waits at a join know by the new name from where it came."""
        spec, source = token.task_spec, token.internal_data[SOURCE]
        ways_in = spec._inputs  # noqa: SLF001 - the library's name
        came_from = self._counterpart(source)
        if came_from in ways_in or len(ways_in) == 1:
            token.internal_data[SOURCE] = came_from
            return
        lost = say(
            "The process waits at “%(name)s”, where it came from “%(source)s”; that way is no "
            "longer in the diagram.",
            name=_name(spec),
            source=source,
        )
        self._removal.hinder(self._new, spec.bpmn_id, lost)


def _rejoin(level: Level) -> None:
    """Let go on what no longer waits for others, and parallel joins that are complete now."""
    for spec in level.spec.task_specs.values():
        if not isinstance(spec, Join):
            continue
        if len(spec._inputs) == 1:  # noqa: SLF001 - the library's name
            for token in spec.waiting(level):
                token.go_on()
        elif isinstance(spec, Parallel):
            spec.try_join(level)


def _endless(element: str) -> Sentence:
    return say(
        "In the new diagram the process could wait at “%(element)s” for ever: not every way in "
        "would be taken.",
        element=element,
    )


def _guarded(guard: Any) -> str:
    """Name the activity that a guard holds together with its events."""
    return str(guard.name.removesuffix(GUARD_SUFFIX))


def _name(spec: Any) -> str:
    return str(spec.bpmn_name or spec.bpmn_id)
