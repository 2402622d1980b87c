"""Why a task cannot be worked on."""

from bpmn.errors import Conflict, Forbidden, Invalid
from bpmn.wording import say


class TaskDone(Conflict):
    """Somebody was first; says who, so that the two can talk."""

    def __init__(self, name: str, by: str | None) -> None:
        super().__init__(
            say("“%(task)s” has already been done by %(person)s.", task=name, person=by)
            if by
            else say("“%(task)s” is no longer needed.", task=name)
        )


class TaskWithSomebodyElse(Forbidden):
    def __init__(self, name: str, holder: str | None) -> None:
        super().__init__(
            say("“%(task)s” is with %(person)s.", task=name, person=holder)
            if holder
            else say("“%(task)s” is not for you.", task=name)
        )


class MediationNotPossible(Invalid):
    """The case is locked against mediation, so this way cannot be chosen."""

    def __init__(self, field: str) -> None:
        sentence = say("Mediation is locked on this case. Please choose another way.")
        super().__init__(sentence, {field: [sentence]})


class SecondPersonNeeded(Forbidden):
    """Four eyes: whoever chose the route does not approve it."""

    def __init__(self) -> None:
        super().__init__(
            say(
                "You chose this route yourself. Somebody else of the coordination has to approve it."
            )
        )


class MoreQuestions(Invalid):
    """The answers bring up questions that the person has not seen."""

    def __init__(self) -> None:
        super().__init__(say("Your answers bring up further questions. Please answer them too."))


class PartiesMissing(Invalid):
    """There is nobody yet whom the next step could be about."""

    def __init__(self) -> None:
        super().__init__(
            say("This case has no parties yet. Please add them in the case file first.")
        )


class DraftTooLarge(Invalid):
    def __init__(self) -> None:
        super().__init__(say("The draft is too large to be kept."))
