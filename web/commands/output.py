"""How commands speak: a line for people, JSON for programs, the language of the terminal."""

import os
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import click
import orjson
from babel.support import Translations

from bpmn.wording import Sentence
from web.catalogues import CATALOGUES

as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def told(sentence: Sentence | str) -> str:
    """Return a sentence in the language of the terminal: German where it is set, else English."""
    if isinstance(sentence, str):
        return sentence
    return sentence.in_language(_catalogue(_language()).ugettext)


def show_json(value: Any) -> None:
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2, default=_plain).decode())


def show_table(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...]) -> None:
    """Show rows in columns as wide as their contents."""
    lines = [[_text(row[column]) for column in columns] for row in rows]
    widths = [max(len(line[i]) for line in [list(columns), *lines]) for i in range(len(columns))]
    for line in [list(columns), *lines]:
        padded = zip(line, widths, strict=True)
        click.echo("  ".join(text.ljust(width) for text, width in padded).rstrip())


def show(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        show_json(list(rows))
    else:
        show_table(rows, columns)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


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
