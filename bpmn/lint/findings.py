"""What the deploy gate says about a bundle."""

from dataclasses import dataclass
from enum import StrEnum

from bpmn.wording import Sentence


class Severity(StrEnum):
    ERROR = "error"
    """Would not run, or not as drawn: cannot be published."""
    WARNING = "warning"
    """Runs, but probably not as meant."""


UNREADABLE = "readable"
"""The rule about files that are none of ours at all, and forms that cannot be shown."""


@dataclass(frozen=True, slots=True)
class Finding:
    rule: str
    severity: Severity
    file: str
    element: str | None
    """Id of the element (of the component, in a form); None when the whole file is meant."""
    line: int | None
    sentence: Sentence
    label: str | None = None
    """What the author calls the element, where it has a name."""
