"""Tokens moved by hand: some are taken away, others placed where the diagram allows it."""

from bpmn.moves import Entry, Move, Position
from bpmn.spiff.courses import dead_ends, inputs_of
from bpmn.spiff.elements import Group
from bpmn.spiff.errors import MoveRefused, NotWaiting
from bpmn.spiff.events import Boundary, EventStart, Guard
from bpmn.spiff.gateways import Join, Race
from bpmn.spiff.grammar import GUARD_SUFFIX
from bpmn.spiff.loops import TOTAL, Loop
from bpmn.spiff.scopes import INDEX
from bpmn.spiff.tokens import ROOT, Instance, Level, Token
from bpmn.wording import Sentence, say


def positions(instance: Instance) -> list[Position]:
    """List every place where the instance stands, what only watches included."""
    return [_position(token) for token in instance.tokens()]


def stays(instance: Instance) -> dict[int, tuple[str, str]]:
    """Tell at which element of which process the history has each token that has not left."""
    found = {}
    for token in instance.tokens():
        place = token.parent if isinstance(token.parent.task_spec, Race) else token
        only_watches = isinstance(place.task_spec, Boundary | EventStart)
        is_list = isinstance(place.task_spec, Loop) and place.internal_data.get(TOTAL)
        if not only_watches and not is_list:
            found[place.id] = (place.level.spec.process_id, place.task_spec.bpmn_id)
    return found


def _position(token: Token) -> Position:
    holder = token.parent if INDEX in token.internal_data else token.level.parent
    return Position(
        token=token.id,
        process=token.level.spec.process_id,
        element=token.task_spec.bpmn_id,
        inside=holder.id if holder else None,
        watches=isinstance(token.task_spec, Boundary | EventStart),
    )


def move(instance: Instance, wanted: Move) -> None:
    """Take away and place tokens. Raises `MoveRefused` where the process could not go on soundly.

    What is placed moves with the next settling.
    """
    leaving = [_find(instance, number) for number in wanted.cancel]
    for token in leaving:
        _refuse_unmovable(token)
    touched = {token.level: None for token in leaving}
    for token in leaving:
        for one in _unit(token):
            one.cancel()
    for entry in wanted.create:
        touched[_place(instance, entry)] = None
    for level in touched:
        if level in instance.levels.values():
            _refuse_empty(level)
            _refuse_endless_waiting(level)


def _find(instance: Instance, number: int) -> Token:
    token = instance.find(number)
    if token is None:
        raise NotWaiting(number)
    return token


def _refuse_unmovable(token: Token) -> None:
    if isinstance(token.task_spec, Boundary | EventStart):
        raise _refused(
            token,
            say("“%(element)s” only watches. Cancel what it watches.", element=_name(token)),
        )
    if INDEX in token.internal_data or _is_repeated(token.level):
        raise _refused(token, _repeated(_name(token)))


def _is_repeated(level: Level) -> bool:
    """Tell whether this level is one of several runs of a multi-instance activity."""
    inside = level.parent
    while inside is not None:
        if INDEX in inside.internal_data:
            return True
        inside = inside.level.parent
    return False


def _unit(token: Token) -> list[Token]:
    """List what comes and goes together: an activity and what watches it, or a race of events."""
    above = token.parent
    if isinstance(above.task_spec, Group):
        return [child for child in above.children if child.is_open]
    return [token]


def _place(instance: Instance, entry: Entry) -> Level:
    level = _level(instance, entry)
    unfit = _unfit(level, entry.element)
    if unfit is not None:
        raise MoveRefused(entry.element, unfit)
    guard = entry.element + GUARD_SUFFIX
    name = guard if guard in level.spec.task_specs else entry.element
    level.tasks[ROOT].grow(name).enter()
    return level


def _unfit(level: Level, element: str) -> Sentence | None:
    """Tell why no token can be placed at an element, if so."""
    node = level.spec.task_specs[element]
    before = [level.spec.task_specs[name] for name in inputs_of(node)]
    starts = any(isinstance(one, EventStart) for one in before)
    if starts or isinstance(node, Boundary | EventStart):
        return say("“%(element)s” begins by an event alone.", element=element)
    if isinstance(node, Join) and len(before) > 1:
        return say(
            "“%(element)s” brings several ways together. Place the token on one of these ways.",
            element=element,
        )
    if any(isinstance(one, Race) for one in before):
        return say(
            "“%(element)s” competes with other events. Place the token before the gateway.",
            element=element,
        )
    return None


def _level(instance: Instance, entry: Entry) -> Level:
    """Find the one level under way that has this element."""
    process = entry.process or instance.root.spec.process_id
    fitting = [
        level
        for number, level in instance.levels.items()
        if level.spec.process_id == process
        and _has(level, entry.element)
        and entry.inside in (None, number)
    ]
    if not fitting:
        raise MoveRefused(
            entry.element,
            say(
                "No part of the process that is under way has the element “%(element)s”. "
                "For one inside a sub-process place the token at the sub-process.",
                element=entry.element,
            ),
        )
    if any(_is_repeated(level) for level in fitting):
        raise MoveRefused(entry.element, _repeated(entry.element))
    if len(fitting) > 1:
        raise MoveRefused(
            entry.element,
            say(
                "“%(element)s” is under way %(count)s times. Say inside which token it is meant.",
                element=entry.element,
                count=len(fitting),
            ),
        )
    return fitting[0]


def _has(level: Level, element: str) -> bool:
    spec = level.spec.task_specs.get(element)
    return spec is not None and spec.bpmn_id == element and not isinstance(spec, Guard)


def _refuse_empty(level: Level) -> None:
    if any(not isinstance(token.task_spec, EventStart) for token in level.open_tokens()):
        return
    if level.parent is None:
        raise MoveRefused(
            level.spec.process_id,
            say("Nothing would be left of the process. Cancel the process itself instead."),
        )
    raise _refused(
        level.parent,
        say(
            "“%(element)s” would be left empty. Cancel it as a whole or place a token in it.",
            element=_name(level.parent),
        ),
    )


def _refuse_endless_waiting(level: Level) -> None:
    for element in dead_ends(level):
        raise MoveRefused(
            element,
            say(
                "Then the process could wait at “%(element)s” for ever: not every way in would be "
                "taken. Place tokens on the other ways too, or none before it.",
                element=element,
            ),
        )


def _name(token: Token) -> str:
    name: str = token.task_spec.bpmn_id
    return name


def _repeated(element: str) -> Sentence:
    return say(
        "“%(element)s” is one of several runs of a repeated activity. Cancel the activity as a "
        "whole.",
        element=element,
    )


def _refused(token: Token, sentence: Sentence) -> MoveRefused:
    return MoveRefused(_name(token), sentence)
