"""How much a file of decisions may hold, so that reading it takes no longer than a page may."""

from lxml import etree

from bpmn.wording import Sentence, say

MOST_DECISIONS = 3_000
MOST_FORMULAS = 6_000
"""Cells of tables count, too."""

MOST_CHARACTERS = 200_000
"""Of all formulas together."""


def too_large(root: etree._Element) -> Sentence | None:
    """Say why a file is refused for its size alone."""
    if sum(1 for _ in root.iter("{*}decision")) > MOST_DECISIONS:
        return say("The file holds more than %(limit)s decisions; divide it.", limit=MOST_DECISIONS)
    lengths = [
        len(each.text or "")
        for each in root.iter("{*}text")
        if next(each.iterancestors("{*}annotationEntry"), None) is None
    ]
    if len(lengths) > MOST_FORMULAS:
        return say(
            "The file holds more than %(limit)s cells and formulas; divide it.",
            limit=MOST_FORMULAS,
        )
    if sum(lengths) > MOST_CHARACTERS:
        return say(
            "The formulas of the file are longer than %(limit)s characters together; divide it.",
            limit=MOST_CHARACTERS,
        )
    return None
