"""What can go wrong while a process runs."""

from bpmn.errors import Conflict, Invalid, Placed
from bpmn.wording import Sentence, say


class ElementFailed(Placed):
    """An element could not do its work: a formula, a type, an error nobody catches."""

    def __init__(self, process: str, element: str, cause: Sentence) -> None:
        super().__init__(
            process,
            element,
            say(
                "“%(element)s” in “%(process)s”: %(cause)s",
                element=element,
                process=process,
                cause=cause,
            ),
        )
        self.cause = cause


class BudgetExceeded(Invalid):
    """One step of a process wanted to do too much."""


class Stuck(Invalid):
    """The process is not finished, and nothing is left that could move it."""


class NotWaiting(Conflict):
    """The token does not wait for this, or no longer."""

    def __init__(self, token: int) -> None:
        super().__init__(say("The process no longer waits here."))
        self.token = token


class MoveRefused(Invalid):
    """A token may not be taken from there or placed there; `element` names the place."""

    def __init__(self, element: str, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.element = element


class NoVariableName(Invalid):
    def __init__(self, name: str) -> None:
        super().__init__(say("“%(name)s” is no name for a variable.", name=name[:60]))
        self.name = name


class UnreadableSnapshot(Invalid):
    """A stored state does not fit these definitions or this version."""


class LostTokenError(RuntimeError):
    """The state contradicts itself: a token that nothing leads to. A defect, never a user's fault."""
