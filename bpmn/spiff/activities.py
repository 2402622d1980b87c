"""Tasks, sub-processes and calls."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from SpiffWorkflow.util.task import TaskState

from bpmn.errors import Invalid
from bpmn.notation.limits import DEEPEST_CALL
from bpmn.spiff.elements import Element
from bpmn.spiff.errors import BudgetExceeded
from bpmn.spiff.formulas import Fixed, Value
from bpmn.spiff.moments import stamp
from bpmn.spiff.scopes import local_names, visible
from bpmn.spiff.settings import CallWork, JobWork, RuleWork, ScriptWork, TaskWork
from bpmn.spiff.tokens import Level, Token
from bpmn.steps import Passage
from bpmn.timers import LAST_MINUTE, NotATime, moment_of
from bpmn.wording import say

USUAL_PRIORITY = 50
DUE_BY = "d"
"""Under this a task remembers when it is due."""


class UserTask(Element):
    """Waits for a person. Who, until when and how urgent is decided once, on arrival."""

    work: TaskWork
    awaits_outside = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.manual = True

    def arrive(self, token: Token) -> None:
        super().arrive(token)
        work, memo = self.work, token.internal_data
        found = {
            "a": self._text(token, work.assignee),
            "g": self._texts(token, work.groups),
            "u": self._texts(token, work.users),
            DUE_BY: self._moment(token, work.due, end_of_day=True),
            "f": self._moment(token, work.follow_up, end_of_day=False),
            "p": self._priority(token),
        }
        memo.update({key: value for key, value in found.items() if value is not None})

    def _text(self, token: Token, source: Value | None) -> str | None:
        value = None if source is None else self.value(token, source)
        if value is None or isinstance(value, str):
            return value or None
        raise self.failed(say("The assignee must be a text."))

    def _texts(self, token: Token, source: Value | None) -> list[str] | None:
        if source is None:
            return None
        value = self.value(token, source)
        if isinstance(source, Fixed):
            value = [part.strip() for part in value.split(",") if part.strip()]
        elif isinstance(value, str):
            value = [value]
        if value is None or (
            isinstance(value, list) and all(isinstance(one, str) for one in value)
        ):
            return value or None
        raise self.failed(say("Candidates must be a list of texts."))

    def _moment(self, token: Token, source: Value | None, *, end_of_day: bool) -> int | None:
        value = None if source is None else self.value(token, source)
        if value is None:
            return None
        zone = token.level.instance.host.zone
        try:
            if end_of_day:
                return stamp(moment_of(value, zone, LAST_MINUTE))
            return stamp(moment_of(value, zone))
        except NotATime as error:
            raise self.failed(error.problem) from error

    def _priority(self, token: Token) -> int | None:
        if self.work.priority is None:
            return None
        value = self.value(token, self.work.priority)
        number = Decimal(value) if isinstance(value, str) and value.isdigit() else value
        if isinstance(number, Decimal) and number in range(101):
            return int(number)
        raise self.failed(say("The priority must be a whole number from 0 to 100."))


class Job(Element):
    """Waits until somebody outside has done the work."""

    work: JobWork
    awaits_outside = True

    def _run_hook(self, _my_task: Token) -> bool | None:
        return None


MOST_ROWS_TOLD = 20
"""Rows of decision tables that the history keeps of one evaluation."""


class Script(Element):
    work: ScriptWork

    def _run_hook(self, my_task: Token) -> bool:
        value = self.kept(self.value(my_task, self.work.formula))
        self.submit(my_task, {self.work.result: value})
        return True


class Rule(Element):
    """Asks a decision of the bundle."""

    work: RuleWork

    def _run_hook(self, my_task: Token) -> bool:
        try:
            outcome = self.work.decision.evaluate(visible(my_task), my_task.level.instance.host)
        except Invalid as error:
            raise self.failed(error.sentence) from error
        self.submit(my_task, {self.work.result: self.kept(outcome.value)})
        for rule in outcome.rules[:MOST_ROWS_TOLD]:
            my_task.note(Passage.DECIDED, rule.rule or f"{rule.decision} {rule.number}")
        return True


class SubProcess(Element):
    """Runs a level of its own and waits for its end; variables are shared with it."""

    inner: Any
    """The graph of the level."""

    def _update_hook(self, my_task: Token) -> bool:
        self.arrive(my_task)
        self.begin(my_task)
        my_task.rest(TaskState.STARTED)
        return False

    def begin(self, token: Token) -> None:
        Level(token.level.instance, self.inner, token, None).begin()

    def finish(self, token: Token, _level: Level) -> None:
        """Let the token go on: its level has come to an end."""
        if self.settings.outputs:
            self.submit(token, {})
        token.go_on()

    def _on_cancel(self, my_task: Token) -> None:
        level = my_task.level.instance.levels.pop(my_task.id, None)
        if level is not None:
            level.cancel()


class Call(SubProcess):
    """Runs another process of the bundle, with variables of its own."""

    work: CallWork
    processes: Mapping[str, Any]

    def begin(self, token: Token) -> None:
        if self.work.takes_all:
            variables = dict(visible(token))
        else:
            variables = {target: token.locals[target] for target, _ in self.settings.inputs}
        level = Level(token.level.instance, self.processes[self.work.process], token, variables)
        if level.calls > DEEPEST_CALL:
            raise BudgetExceeded(
                say("Processes call each other more than %(limit)s deep.", limit=DEEPEST_CALL)
            )
        level.begin()

    def finish(self, token: Token, level: Level) -> None:
        results = level.variables or {}
        if self.settings.outputs:
            self.submit(token, results)
        elif self.work.gives_all:
            own = local_names(token)
            self.submit(token, {name: results[name] for name in results if name not in own})
        token.go_on()
