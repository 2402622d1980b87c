"""Which language the answer speaks, and how it writes dates."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from flask import Flask, has_request_context, request, session
from flask_babel import Babel, format_date, format_datetime, gettext, ngettext

from bpmn.host import BERLIN
from bpmn.wording import Sentence
from workflows.cases.labels import label
from workflows.languages import named_in

LANGUAGES = {"de": "Deutsch", "en": "English"}


def install(app: Flask) -> None:
    """Let templates of `app` speak the person's language."""
    app.config["BABEL_DEFAULT_LOCALE"] = "de"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Berlin"
    Babel(app, locale_selector=chosen)
    app.jinja_env.filters.update(
        spoken=spoken, label=named, tongue=tongue, day=day, moment=moment, iso=iso
    )
    app.jinja_env.globals.update(
        _=gettext, gettext=gettext, ngettext=ngettext, languages=LANGUAGES, language=chosen
    )


def chosen() -> str:
    """German unless the person chose otherwise, or a program asks for English."""
    if not has_request_context():
        return "de"
    kept = session.get("language")
    if kept in LANGUAGES:
        return str(kept)
    if request.path.startswith("/api/"):
        return request.accept_languages.best_match(list(LANGUAGES), "de") or "de"
    return "de"


def spoken(sentence: Sentence | str) -> str:
    """Return a sentence in the language of this request; plain text stays as it is."""
    return sentence.in_language(gettext) if isinstance(sentence, Sentence) else str(sentence)


def named(value: StrEnum | None) -> str:
    """Return what people call a stored value; nothing for a value the reader may not know."""
    return "" if value is None else spoken(label(value))


def tongue(tag: str) -> str:
    """Return the name of a language that somebody speaks."""
    return named_in(chosen(), tag)


def tongues(tags: Iterable[str]) -> dict[str, str]:
    """Return languages by tag: German, which most speak here, then in the order of their names."""
    return {tag: tongue(tag) for tag in sorted(tags, key=lambda tag: (tag != "de", tongue(tag)))}


def day(value: date | datetime | None) -> str:
    if value is None:
        return "–"
    local = value.astimezone(BERLIN).date() if isinstance(value, datetime) else value
    return str(format_date(local, "EEE dd.MM.yyyy"))


def moment(value: datetime | None) -> str:
    return "–" if value is None else str(format_datetime(value, "EEE dd.MM.yyyy, HH:mm"))


def iso(value: date | datetime | None) -> str:
    return "" if value is None else value.isoformat()
