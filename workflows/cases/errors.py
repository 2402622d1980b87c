"""Why something cannot be done with a case."""

from uuid import UUID

from bpmn.errors import Conflict, Invalid, Unknown
from bpmn.wording import Sentence, say


class CaseUnknown(Unknown):
    def __init__(self, case_id: UUID | None) -> None:
        super().__init__(say("There is no such case."))
        self.case_id = case_id


class CaseMoveRefused(Conflict):
    def __init__(self, number: str, state: str, wanted: str) -> None:
        super().__init__(say("Case %(number)s has moved on in the meantime.", number=number))
        self.state = state
        self.wanted = wanted


class CaseClosed(Conflict):
    def __init__(self, number: str) -> None:
        super().__init__(
            say(
                "Case %(number)s is closed. Report the matter again; the new case can be linked.",
                number=number,
            )
        )


class MediationLocked(Conflict):
    def __init__(self, number: str) -> None:
        super().__init__(
            say(
                "Mediation is locked on case %(number)s until the coordination lifts the lock.",
                number=number,
            )
        )


class PartyUnknown(Unknown):
    def __init__(self) -> None:
        super().__init__(say("There is no such party in this case."))


class RecordUnknown(Unknown):
    def __init__(self) -> None:
        super().__init__(say("There is no such entry in this case."))


class ReportIncomplete(Invalid):
    """A report lacks something or says something impossible; `fields` names what."""

    def __init__(self, fields: dict[str, list[Sentence]]) -> None:
        super().__init__(say("Please check the highlighted fields."), fields)


class EntryTooLong(Invalid):
    def __init__(self, field: str, most: int) -> None:
        sentence = say("At most %(most)s are possible here.", most=most)
        super().__init__(sentence, {field: [sentence]})


class NothingEntered(Invalid):
    def __init__(self, field: str) -> None:
        sentence = say("Please write something.")
        super().__init__(sentence, {field: [sentence]})


class ContactUnfit(Invalid):
    def __init__(self) -> None:
        sentence = say("A contact cannot have been made later than now.")
        super().__init__(sentence, {"at": [sentence]})


class AppointmentUnfit(Invalid):
    def __init__(self) -> None:
        sentence = say("An appointment must lie in the future.")
        super().__init__(sentence, {"starts_at": [sentence]})


class ExtensionRefused(Invalid):
    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence, {"due_at": [sentence]})
