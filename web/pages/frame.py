"""What every page shows around its content: who is in, where one can go, a moved clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, request, url_for
from flask_babel import gettext as _

from engine import clock
from web import current
from workflows.access import Action, Actor, may

THEMES = frozenset({"light", "dark"})


@dataclass(frozen=True)
class Way:
    label: str
    url: str
    here: bool


def install(app: Flask) -> None:
    app.context_processor(_around)


def _around() -> dict[str, Any]:
    person = current.person()
    chosen = request.cookies.get("handschlag_theme")
    return {
        "person": person,
        "navigation": _navigation(person) if person else [],
        "moved_clock": _moved_clock(),
        "theme": chosen if chosen in THEMES else None,
    }


def _navigation(person: Actor) -> list[Way]:
    ways = [("today.show", _("Today"), True), ("tasks.listing", _("Tasks"), True)]
    ways.append(("incidents.blank", _("Report"), may(person, Action.REPORT_INCIDENT)))
    ways.append(("cases.listing", _("Cases"), True))
    ways.append(("processes.listing", _("Processes"), may(person, Action.READ_PROCESS)))
    ways.append(("mailbox.show", _("Mailbox"), current.application().settings.demo))
    blueprint = request.blueprint
    return [
        Way(label, url_for(endpoint), endpoint.partition(".")[0] == blueprint)
        for endpoint, label, offered in ways
        if offered
    ]


def _moved_clock() -> datetime | None:
    return clock.now() if clock.offset() else None
