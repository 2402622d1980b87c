"""What every node of a diagram does when a token comes and goes."""

from collections.abc import Mapping, Sequence
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from bpmn.spiff.codec import Unstorable, check_storable
from bpmn.spiff.errors import ElementFailed
from bpmn.spiff.formulas import Formula, Value
from bpmn.spiff.scopes import visible, write
from bpmn.spiff.settings import Settings
from bpmn.spiff.tokens import Token
from bpmn.steps import Passage
from bpmn.wording import Sentence, say


class Element(BpmnSpecMixin):  # type: ignore[misc]  # the library is untyped
    """A node. It is shared by every instance, so nothing of it changes while processes run."""

    settings: Settings

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.branches: list[tuple[Formula, str]] = []
        """Ways out with a condition, in the order of the file."""
        self.default: str | None = None
        self.always: list[str] = []
        """Ways out that ask for nothing."""

    @property
    def awaits_outside(self) -> bool:
        """Whether a token that rests here will be moved by a person, a job, a timer or a message."""
        return False

    def arrive(self, token: Token) -> None:
        """Set up what this place needs to know."""
        for target, source in self.settings.inputs:
            token.locals[target] = self.kept(self.value(token, source))

    def next_names(self, token: Token) -> Sequence[str]:
        """Name the nodes where the token goes on: all ways that ask for nothing or hold.

        The default is taken when no condition holds (BPMN 2.0, 13.3.1).
        """
        if not self.branches:
            names: list[str] = self._outputs
            return names
        chosen = [name for condition, name in self.branches if self.holds(token, condition)]
        if not chosen and (self.default or not self.always):
            chosen = [self.otherwise()]
        return self.always + chosen

    def holds(self, token: Token, condition: Formula) -> bool:
        answer = self.value(token, condition)
        if not isinstance(answer, bool):
            raise self.failed(
                say(
                    "The condition “%(text)s” gives neither yes nor no.",
                    text=condition.expression.text,
                )
            )
        return answer

    def otherwise(self) -> str:
        if self.default is None:
            raise self.failed(say("No condition holds, and there is no default flow."))
        return self.default

    def child_left(self, token: Token, child: Token) -> None:
        """Hear that a token below this one is done; groups and multi-instances care."""

    def submit(self, token: Token, results: Mapping[str, Any]) -> None:
        """Leave results behind: through the output mappings where there are any, else all.

        A mapping sees what those before it have given, as with inputs.
        """
        host = token.level.instance.host
        mapped = dict(results)
        for target, source in self.settings.outputs:
            mapped[target] = self.kept(source.evaluate(visible(token, mapped), host))
            write(token, target, mapped[target])
        if not self.settings.outputs:
            for name, value in results.items():
                write(token, name, value)
        token.locals.update(results)

    def value(self, token: Token, source: Value) -> Any:
        return source.evaluate(visible(token), token.level.instance.host)

    def kept(self, value: Any) -> Any:
        """Pass on a value that becomes a variable; a function or a range cannot."""
        try:
            check_storable(value)
        except Unstorable as error:
            raise self.failed(error.sentence) from error
        return value

    def failed(self, cause: Sentence) -> ElementFailed:
        place = self.settings.place
        return ElementFailed(place.process, place.element, cause)

    def note(self, token: Token, before: int, after: int) -> None:
        if after == TaskState.COMPLETED:
            token.note(Passage.LEFT)
        elif after == TaskState.CANCELLED:
            token.note(Passage.CANCELLED)
        elif before == TaskState.FUTURE:
            token.note(Passage.ENTERED)

    def _predict(self, *_: Any, **__: Any) -> None:
        """Predict nothing: the next tokens come into being when this one leaves."""

    def _update_hook(self, my_task: Token) -> bool:
        self.arrive(my_task)
        return True

    def _on_ready(self, my_task: Token) -> None:
        if not self.manual:
            my_task.level.instance.agenda.append(my_task)

    def _run_hook(self, _my_task: Token) -> bool | None:
        return True

    def _on_complete(self, my_task: Token) -> None:
        self._on_complete_hook(my_task)
        children = [my_task.grow(name) for name in self.next_names(my_task)]
        for child in children:
            child.enter()
        if not children:
            my_task.level.instance.endings.append(my_task.level)

    def _on_complete_hook(self, my_task: Token) -> None:
        parent = my_task.parent
        if isinstance(parent.task_spec, Element):
            parent.task_spec.child_left(parent, my_task)

    def _on_cancel(self, _my_task: Token) -> None:
        """Nothing more to end than the place itself."""


class Group(Element):
    """A node that the diagram does not show: it holds tokens of which the first one decides."""

    def note(self, _token: Token, _before: int, _after: int) -> None:
        """Keep it out of the history."""


def open_siblings(group: Token, but: Token) -> list[Token]:
    return [child for child in group.children if child is not but and child.is_open]
