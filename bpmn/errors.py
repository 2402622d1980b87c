"""The kinds of refusal. Every room subclasses these; the entrances map each kind to one answer."""

from collections.abc import Mapping, Sequence

from bpmn.wording import Sentence


class Refusal(Exception):  # noqa: N818 - "refusal" is the word people read; subclasses name the fact
    """Something asked for cannot be done; the sentence says why and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Invalid(Refusal):
    """What was sent is wrong. `fields` names the places: field key → sentences."""

    def __init__(
        self, sentence: Sentence, fields: Mapping[str, Sequence[Sentence]] | None = None
    ) -> None:
        super().__init__(sentence)
        self.fields = dict(fields or {})


class Placed(Invalid):
    """An element of a process could not do what it is drawn for."""

    def __init__(self, process: str, element: str, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.process = process
        self.element = element


class Unknown(Refusal):
    """There is no such thing, or the person may not know that there is."""


class Forbidden(Refusal):
    """The person is known and may see the thing, but may not do this."""


class Conflict(Refusal):
    """The thing has moved on since the person looked at it."""


class Unavailable(Refusal):
    """The system cannot do it now; trying again later helps."""
