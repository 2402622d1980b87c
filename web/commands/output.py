"""How commands speak: a line for people, JSON for programs, the language of the terminal."""

import os
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import click
import orjson
from babel.support import Translations

from bpmn.wording import Sentence
from web.catalogues import CATALOGUES

_STEERING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What moves a terminal or turns the way of its writing, except the end of a line."""
_NO_LINE = re.compile(rf"\n|{_STEERING.pattern}")

as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def told(sentence: Sentence | str) -> str:
    """Return a sentence in the language of the terminal: German where it is set, else English."""
    if isinstance(sentence, str):
        return sentence
    return sentence.in_language(_catalogue(_language()).ugettext)


def echo(text: object = "", *, err: bool = False) -> None:
    """Print lines; what would steer the terminal is written out, whoever put it into a text."""
    click.echo(_STEERING.sub(_written_out, str(text)), err=err)


def show_json(value: Any) -> None:
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2, default=_plain).decode()
    click.echo(_STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def show_table(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...]) -> None:
    """Show rows in columns as wide as their contents."""
    lines = [[_text(row[column]) for column in columns] for row in rows]
    widths = [max(len(line[i]) for line in [list(columns), *lines]) for i in range(len(columns))]
    for line in [list(columns), *lines]:
        padded = zip(line, widths, strict=True)
        echo("  ".join(text.ljust(width) for text, width in padded).rstrip())


def show(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        show_json(list(rows))
    else:
        show_table(rows, columns)


def _text(value: Any) -> str:
    """Write a cell: on one line, and as wide as it is counted."""
    return "" if value is None else _NO_LINE.sub(_written_out, str(value))


def _written_out(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def _plain(value: Any) -> Any:
    if isinstance(value, Sentence):
        return told(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    return str(value)


def _language() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "de" if value.lower().startswith("de") else "en"
    return "en"


@cache
def _catalogue(language: str) -> Translations:
    found = Translations.load(str(CATALOGUES), [language])
    return found if isinstance(found, Translations) else Translations()
