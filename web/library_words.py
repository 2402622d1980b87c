"""What marshmallow says of entries, as sentences of the house that are told in every language."""

import re

from bpmn.wording import Sentence, say

_CHOICES = say("Must be one of: %(choices)s.").template
_LONGER = say("Longer than maximum length %(most)s.").template
_SAID = (
    say("Missing data for required field."),
    say("Field may not be null."),
    say("Unknown field."),
    say("Invalid input type."),
    say("Invalid type."),
    say("Invalid value."),
    say("Not a valid UUID."),
    say("Not a valid boolean."),
    say("Not a valid date."),
    say("Not a valid datetime."),
    say("Not a valid integer."),
    say("Not a valid list."),
    say("Not a valid mapping type."),
    say("Not a valid number."),
    say("Not a valid string."),
    say("Not a valid utf-8 string."),
    say("Number too large."),
    say("Special numeric values (nan or infinity) are not permitted."),
)
"""The library's own words: they are ids of messages, so what is the same is translated."""
_WITH_FACTS = {
    template: re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.*)", re.escape(template)), re.DOTALL)
    for template in (_CHOICES, _LONGER)
}


def sentence(text: str) -> Sentence:
    """Find what the library said; what it did not say is a sentence already."""
    for template, pattern in _WITH_FACTS.items():
        if found := pattern.fullmatch(text):
            return Sentence(template, found.groupdict())
    return Sentence(text)
