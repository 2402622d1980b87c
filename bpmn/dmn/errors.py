# ruff: noqa: N818 - an error is named for the fact
"""Why a decision cannot be read, or does not decide."""

from collections.abc import Sequence

from bpmn.errors import Invalid
from bpmn.wording import Sentence, say


class DecisionError(Invalid):
    """Something is wrong with a decision; `decision` is its name."""

    def __init__(self, decision: str, problem: Sentence) -> None:
        super().__init__(
            say("Decision “%(decision)s”: %(problem)s", decision=decision, problem=problem)
        )
        self.decision = decision
        self.problem = problem


class UnreadableDecision(DecisionError):
    """The file says something that cannot be executed; `element` and `line` are where."""

    def __init__(
        self, decision: str, problem: Sentence, element: str | None, line: int | None
    ) -> None:
        super().__init__(decision, problem)
        self.element = element
        self.line = line


class ContradictoryRules(DecisionError):
    """More rows apply than the hit policy allows."""

    def __init__(self, decision: str, rows: Sequence[int]) -> None:
        super().__init__(
            decision,
            say(
                "The rows %(rows)s apply at the same time and contradict each other.",
                rows=", ".join(map(str, rows)),
            ),
        )
        self.rows = tuple(rows)


class InputNotAllowed(DecisionError):
    """An input has a value that its column does not list."""

    def __init__(self, decision: str, column: str) -> None:
        super().__init__(
            decision,
            say("The value of “%(column)s” is none of the allowed values.", column=column),
        )
        self.column = column


class OutputNotAllowed(DecisionError):
    """A row, or the default (row 0), answers something that its column does not list."""

    def __init__(self, decision: str, column: str, row: int) -> None:
        super().__init__(
            decision,
            say(
                "Row %(row)s answers something that “%(column)s” does not allow.",
                row=row,
                column=column,
            )
            if row
            else say("The default of “%(column)s” is none of its allowed values.", column=column),
        )
        self.column = column
        self.row = row
