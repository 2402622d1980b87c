"""The question which languages somebody speaks, asked by name."""

from collections.abc import Collection

from flask_babel import gettext as _

from web.language import tongues
from web.pages.questions import Choice, Question
from workflows.languages import LANGUAGES


def languages_spoken(anchor: str, name: str, chosen: Collection[str]) -> Question:
    """Ask for any number of languages; the chosen ones stand first."""
    return Question(
        shape="picker",
        id=anchor,
        anchor=anchor,
        name=name,
        label=_("Languages"),
        choices=tuple(
            Choice(tag, label, tag in chosen) for tag, label in tongues(LANGUAGES).items()
        ),
    )
