"""Sentences for people, kept apart from the language they are read in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English template (the gettext message id) and the facts that go into it.

    The entrances translate: `sentence.in_language(gettext)`. Values that are sentences
    themselves are translated too.
    """

    template: str
    values: dict[str, Any] = field(default_factory=dict)

    def in_language(self, translate: Callable[[str], str]) -> str:
        text = translate(self.template)
        if not self.values:
            return text
        return text % {
            key: value.in_language(translate) if isinstance(value, Sentence) else value
            for key, value in self.values.items()
        }

    def __str__(self) -> str:
        return self.in_language(str)


def say(template: str, **values: Any) -> Sentence:
    """Make a sentence; the catalogue tool collects the first argument, so it must be a literal.

    A template with values uses `%(name)s` and writes a literal percent sign as `%%`.
    """
    return Sentence(template, values)
