# ruff: noqa: N818 - an error is named for the fact
"""Why a formula is refused or stopped. Every sentence is meant for the person who drew the diagram."""

from collections.abc import Collection

from bpmn.errors import Invalid
from bpmn.wording import Sentence, say


class FeelError(Invalid):
    """A formula cannot be read or evaluated.

    `position` is the 0-based offset in the text, None when no single place is to blame;
    `problem` says what is wrong without saying where.
    """

    def __init__(self, problem: Sentence, position: int | None = None) -> None:
        super().__init__(
            problem
            if position is None
            else say(
                "%(problem)s (formula, character %(position)s)",
                problem=problem,
                position=position + 1,
            )
        )
        self.problem = problem
        self.position = position


class UnreadableFormula(FeelError):
    """The text is no FEEL expression."""


class UnknownVariable(FeelError):
    def __init__(self, name: str, position: int) -> None:
        super().__init__(say("There is no variable called “%(name)s” here.", name=name), position)
        self.name = name


class UnknownFunction(FeelError):
    def __init__(self, name: str, position: int) -> None:
        super().__init__(say("There is no function called “%(name)s”.", name=name), position)
        self.name = name


class WrongArguments(FeelError):
    """A function is called with a number or with names of arguments that it does not take."""

    def __init__(self, name: str, usage: str, position: int) -> None:
        super().__init__(
            say("“%(name)s” is used like this: %(usage)s", name=name, usage=usage), position
        )


class UnknownWord(FeelError):
    """A function is called with a text that it cannot make anything of."""

    def __init__(self, word: str, known: Collection[str], position: int) -> None:
        sentence = say(
            "“%(word)s” is not known here. Use one of: %(known)s.",
            word=word,
            known=", ".join(sorted(known)),
        )
        super().__init__(sentence, position)


class LimitExceeded(FeelError):
    """The formula is too big, too deep or too long-running."""


class NotAValue(FeelError):
    """Something that is no FEEL value was handed to a formula."""

    def __init__(self, type_name: str) -> None:
        super().__init__(say("A value of type %(type)s cannot be used here.", type=type_name))
