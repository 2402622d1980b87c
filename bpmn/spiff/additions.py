"""What a new diagram has in addition around tokens that came over from an old one, and anew."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from SpiffWorkflow.util.task import TaskState

from bpmn.spiff.activities import Call
from bpmn.spiff.events import KEY, Boundary, Catch, EventStart, Guard
from bpmn.spiff.fitting import misfit
from bpmn.spiff.gateways import Race
from bpmn.spiff.grammar import GUARD_SUFFIX
from bpmn.spiff.portraits import plain
from bpmn.spiff.scopes import INDEX
from bpmn.spiff.tokens import ROOT, Level, Token
from bpmn.wording import Sentence, say

Counterpart = Callable[[str], str | None]
"""From an element of the old level to the one that takes its place."""
Added = tuple[str, Sentence]
"""An element, and what has begun there."""


def add_missing(old: Level, new: Level, counterpart: Counterpart) -> Iterator[Added]:
    """Fill in new inputs and keys, and let begin what the new level watches and the old did not.

    An event that the old diagram had too and that is not waited for any more has happened, and
    does not begin again. Raises `ElementFailed` when a formula of the new diagram does.
    """
    for token in _carried(new):
        yield from _fill_inputs(token)
        yield from _fix_key(old, token)
    for token in filter(_needs_guard, _carried(new)):
        _put_guard(token)
    known = set(_known(old, new, counterpart))
    for holder in _carried(new):
        if isinstance(holder.task_spec, Guard | Race):
            names = holder.task_spec._outputs  # noqa: SLF001 - the library's name
            watching = [name for name in names if _only_watches(holder, name)]
            yield from _begin(holder, [name for name in watching if name not in known])
    if not _is_interrupted(old):
        fresh = [name for name in new.spec.event_starts if name not in known]
        yield from _begin(new.task_tree, fresh)


def _carried(level: Level) -> list[Token]:
    return [token for number, token in level.tasks.items() if number != ROOT]


def _fill_inputs(token: Token) -> Iterator[Added]:
    spec = token.task_spec
    if isinstance(spec, Call | Boundary | EventStart):
        return
    for target, source in spec.settings.inputs:
        if target not in token.locals:
            token.locals[target] = spec.kept(spec.value(token, source))
            yield (
                spec.bpmn_id,
                say(
                    "“%(name)s” takes “%(variable)s” in addition.",
                    name=_name(spec),
                    variable=target,
                ),
            )


def _fix_key(old: Level, token: Token) -> Iterator[Added]:
    """Have a token wait by the key of the new diagram: who follows that sends by no other.

    A formula that stayed keeps the key that it gave when the token came here.
    """
    spec = token.task_spec
    if token.state != TaskState.WAITING or KEY not in token.internal_data:
        return
    before = old.tasks[token.id].task_spec
    if plain(before.settings.trigger.key) == plain(spec.settings.trigger.key):
        return
    was = token.internal_data[KEY]
    spec.await_trigger(token)
    if token.internal_data[KEY] != was:
        yield (
            spec.bpmn_id,
            say("“%(name)s” now waits under the key of the new diagram.", name=_name(spec)),
        )


def _needs_guard(token: Token) -> bool:
    """Tell whether events watch this activity on the new diagram and none did before."""
    spec = token.task_spec
    if isinstance(spec, Guard | Boundary | EventStart) or INDEX in token.internal_data:
        return False
    guard = spec.name + GUARD_SUFFIX
    return guard in token.level.spec.task_specs and not isinstance(token.parent.task_spec, Guard)


def _put_guard(token: Token) -> None:
    level, root = token.level, token.level.task_tree
    spec = level.spec.task_specs[token.task_spec.name + GUARD_SUFFIX]
    guard = Token(level, spec, level.instance.new_number(), ROOT, TaskState.COMPLETED)
    root.children = [guard if child is token else child for child in root.children]
    guard.children = [token]
    token.parent = guard


def _known(old: Level, new: Level, counterpart: Counterpart) -> Iterator[str]:
    """Name the events of the new level that the old one had as well, and around the same thing."""
    nodes = new.spec.task_specs
    for spec in old.spec.task_specs.values():
        name = counterpart(spec.bpmn_id) if isinstance(spec, Catch) else None
        if name in nodes and misfit(spec, nodes[name]) is None:
            holders = [_holder(source, counterpart) for source in spec._inputs]  # noqa: SLF001 - the library's name
            if holders == [_holder(source, None) for source in nodes[name]._inputs]:  # noqa: SLF001 - the library's name
                yield nodes[name].name


def _holder(source: str, counterpart: Counterpart | None) -> str | None:
    element = source.removesuffix(GUARD_SUFFIX)
    return element if counterpart is None else counterpart(element)


def _only_watches(holder: Token, name: str) -> bool:
    """Tell whether a token below this holder waits for an event, rather than being the activity."""
    spec = holder.level.spec.task_specs[name]
    return isinstance(spec, Boundary) or isinstance(holder.task_spec, Race)


def _is_interrupted(level: Level) -> bool:
    """Tell whether an event sub-process has ended everything else in this level."""
    standing = {token.task_spec.name for token in level.open_tokens()}
    nodes = level.spec.task_specs
    return any(
        nodes[name].settings.interrupting and name not in standing
        for name in level.spec.event_starts
    )


def _begin(holder: Token, names: Sequence[str]) -> Iterator[Added]:
    for name in names:
        token = holder.grow(name)
        token.enter()
        spec = token.task_spec
        yield spec.bpmn_id, say("“%(name)s” is waited for from now on.", name=_name(spec))


def _name(spec: Any) -> str:
    return str(spec.bpmn_name or spec.bpmn_id)
