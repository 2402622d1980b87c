"""Gateways: where paths part and meet."""

from collections import Counter
from collections.abc import Mapping, Sequence

from SpiffWorkflow.util.task import TaskState

from bpmn.spiff.elements import Element, Group, open_siblings
from bpmn.spiff.tokens import Level, Token

SOURCE = "from"
"""Remembers by which node a token came to a join."""


class Choice(Element):
    """A gateway with conditions on its ways out."""


class Exclusive(Choice):
    """The first way whose condition holds, in the order of the file; every token passes alone."""

    def next_names(self, token: Token) -> Sequence[str]:
        for condition, name in self.branches:
            if self.holds(token, condition):
                return (name,)
        return (self.otherwise(),)


class Join(Element):
    """Mixed into gateways that wait for several ways in."""

    def waiting(self, level: Level) -> list[Token]:
        return [
            token
            for token in level.tasks.values()
            if token.task_spec is self and token.state == TaskState.WAITING
        ]

    def _update_hook(self, my_task: Token) -> bool:
        if len(self._inputs) < 2:
            return True
        my_task.internal_data[SOURCE] = my_task.parent.task_spec.name
        my_task.rest(TaskState.WAITING)
        return False


def merge(tokens: Sequence[Token]) -> None:
    """Let the first token go on for all of them."""
    for token in tokens[1:]:
        token.rest(TaskState.COMPLETED)
    tokens[0].go_on()


class Parallel(Join):
    """Goes on once a token stands on every way in; takes exactly one from each."""

    def _update_hook(self, my_task: Token) -> bool:
        if super()._update_hook(my_task):
            return True
        self.try_join(my_task.level)
        return False

    def try_join(self, level: Level) -> bool:
        """Go on if a token waits on every way in."""
        missing: Counter[str] = Counter(self._inputs)
        chosen = []
        for token in self.waiting(level):
            source = token.internal_data[SOURCE]
            if missing[source]:
                missing[source] -= 1
                chosen.append(token)
        if missing.total():
            return False
        merge(chosen)
        return True


class Inclusive(Choice, Join):
    """All ways whose condition holds; joins what may still come, and nothing else."""

    upstream: Mapping[str, frozenset[str]]
    """For each way in: the nodes from which a token could still reach it."""

    def next_names(self, token: Token) -> Sequence[str]:
        names = [name for condition, name in self.branches if self.holds(token, condition)]
        return names or (self.otherwise(),)

    def try_join(self, level: Level) -> bool:
        """Go on if no token is left that could still arrive on a way that is empty."""
        chosen = {token.internal_data[SOURCE]: token for token in reversed(self.waiting(level))}
        if not chosen or self._more_may_come(level, frozenset(chosen)):
            return False
        merge(sorted(chosen.values(), key=lambda token: token.id))
        return True

    def _more_may_come(self, level: Level, filled: frozenset[str]) -> bool:
        standing = {
            token.task_spec.name for token in level.open_tokens() if token.task_spec is not self
        }
        for source in filled:
            standing -= self.upstream[source]
        return any(standing & self.upstream[name] for name in self._inputs if name not in filled)


class Race(Group):
    """An event-based gateway: the first of the events behind it decides the way.

    To people the process stands at the gateway until then.
    """

    def note(self, token: Token, before: int, after: int) -> None:
        if after != TaskState.COMPLETED:
            Element.note(self, token, before, after)

    def is_undecided(self, token: Token, last: Token) -> bool:
        """Tell whether the race ends with this event and nothing has happened."""
        others = [child for child in token.children if child is not last]
        return not any(each.is_open or each.state == TaskState.COMPLETED for each in others)

    def child_left(self, token: Token, child: Token) -> None:
        for other in open_siblings(token, but=child):
            other.cancel()
