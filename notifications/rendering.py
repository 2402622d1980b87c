"""Subject and body from one template: the first line is the subject, the rest the body.

Letters are neutral. A template gets a link and a case number and nothing else, so no letter can
say what a conflict is about or who takes part in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateNotFound
from jinja2.exceptions import UndefinedError

from notifications.errors import TemplateRefused

FACTS = frozenset({"case_number", "link"})
LANGUAGES = ("de", "en")


@dataclass(frozen=True, slots=True)
class Wording:
    subject: str
    body: str


def render(template: str, language: str, facts: Mapping[str, str]) -> Wording:
    """Word a letter in the language, or in German where there is no such translation."""
    for fact, value in facts.items():
        if fact not in FACTS or not value.isprintable():
            raise TemplateRefused(template, fact)
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    try:
        text = _environment().get_template(f"{template}.{spoken}.txt").render(facts)
    except TemplateNotFound:
        raise TemplateRefused(template) from None
    except UndefinedError as error:
        raise TemplateRefused(template, str(error)) from None
    subject, _, body = text.partition("\n")
    return Wording(subject.strip(), body.strip() + "\n")


def templates() -> frozenset[str]:
    """Name every letter there is."""
    names = _environment().list_templates()
    return frozenset(name.split(".")[0] for name in names if "/" not in name)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("notifications", "templates"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - plain text; the facts are a number and a link of ours
        trim_blocks=True,
        lstrip_blocks=True,
    )
