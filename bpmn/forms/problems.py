"""What is wrong with a form file, collected while it is read."""

from dataclasses import dataclass, field

from bpmn.errors import Invalid
from bpmn.wording import Sentence, say


@dataclass(frozen=True, slots=True)
class Problem:
    component: str | None
    """Id of the component; None when the whole file is meant."""
    sentence: Sentence


class UnreadableForm(Invalid):
    """The file is no form that could be shown; `problems` names every reason found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0].sentence)
        self.problems = tuple(problems)


@dataclass(slots=True)
class Problems:
    found: list[Problem] = field(default_factory=list)

    def add(self, component: str | None, sentence: Sentence) -> None:
        self.found.append(Problem(component, sentence))

    def refuse_others(self, component: str, place: str, names: set[str], known: set[str]) -> None:
        """Note every name that the system would otherwise have to ignore."""
        for name in sorted(names - known):
            self.add(
                component,
                say(
                    "“%(component)s”: the setting “%(place)s%(name)s” is not supported. Remove it.",
                    component=component,
                    place=place,
                    name=name,
                ),
            )
