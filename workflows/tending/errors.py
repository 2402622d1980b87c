"""Why an operator is refused."""

from bpmn.errors import Conflict, Invalid, Unknown
from bpmn.wording import say


class ReasonMissing(Invalid):
    def __init__(self) -> None:
        sentence = say("Please give a reason.")
        super().__init__(sentence, {"reason": [sentence]})


class ReasonTooLong(Invalid):
    def __init__(self, most: int) -> None:
        sentence = say("Please keep the reason to %(most)s characters.", most=most)
        super().__init__(sentence, {"reason": [sentence]})


class NameUsed(Conflict):
    """A name makes one command happen once; two commands under one name would be one too few."""

    def __init__(self) -> None:
        super().__init__(
            say(
                "Another command has been sent under this name before, so nothing was done. "
                "Please give this one a name of its own."
            )
        )


class FaultsUnclear(Invalid):
    """Named in two ways, or in none: nobody knows which are meant."""

    def __init__(self) -> None:
        super().__init__(say("Name the faults either by their ids or by what they have in common."))


class TooManyAtOnce(Invalid):
    def __init__(self, most: int) -> None:
        super().__init__(say("At most %(most)s faults at once, please.", most=most))


class NothingSuch(Unknown):
    """Named by an operator who may have mistyped it."""

    def __init__(self, name: str) -> None:
        super().__init__(say("There is no process for “%(name)s” here.", name=name))


class ValueNotKept(Invalid):
    """A process routes by codes, ids, numbers, yes and no, and dates."""

    def __init__(self, name: str) -> None:
        super().__init__(
            say(
                "“%(name)s” is not kept: a variable holds a number, yes or no, a date, or a code "
                "of at most 100 characters without blanks.",
                name=name[:60],
            )
        )
        self.name = name


class ListTooLong(Invalid):
    def __init__(self, name: str, most: int) -> None:
        super().__init__(
            say(
                "“%(name)s” is not kept: a list holds at most %(most)s values.",
                name=name,
                most=most,
            )
        )
        self.name = name


class CaseNamed(Invalid):
    """A process works for one case from its beginning to its end."""

    def __init__(self, name: str) -> None:
        super().__init__(
            say(
                "“%(name)s” stays as it is: it says for which case the process works.",
                name=name,
            )
        )
