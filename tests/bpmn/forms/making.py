"""Short ways to write a form file and what a browser sends."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bpmn.forms import UPLOADS, Form, WrongAnswers, form_schema, read_answers, read_form
from bpmn.host import Host

NOON = datetime(2027, 5, 4, 10, 0, tzinfo=UTC)
HOST = Host(case_file_prefixes=frozenset({"note", "agreement"}), now=lambda: NOON)
PROSE = ("text", "html", "separator", "spacer")
PARTIES = {"p1": "Partei A", "p2": "Partei B"}


class Page(dict[str, list[str]]):
    """Form data as a browser sends it."""

    def getlist(self, key: str) -> list[str]:
        return self.get(key, [])


def page(**sent: str | list[str]) -> Page:
    return Page(
        {
            key.replace("__", "."): [value] if isinstance(value, str) else value
            for key, value in sent.items()
        }
    )


def written(*components: dict[str, Any], **settings: Any) -> bytes:
    numbered = [
        {"id": f"Field_{number}", **_labelled(f"Question {number}", component)}
        for number, component in enumerate(components)
    ]
    return json.dumps(
        {"type": "default", "id": "test", "schemaVersion": 18, "components": numbered, **settings}
    ).encode()


def _labelled(label: str, component: dict[str, Any]) -> dict[str, Any]:
    """Name what a person answers, inside groups and lists too."""
    inner = [
        _labelled(f"{label}.{n}", each) for n, each in enumerate(component.get("components", ()))
    ]
    named = {} if component.get("type") in PROSE else {"label": label}
    return {**named, **component, **({"components": inner} if inner else {})}


def form(*components: dict[str, Any]) -> Form:
    return read_form(written(*components))


def answer(asked: Form | dict[str, Any], sent: Any, **variables: Any) -> dict[str, Any]:
    asked = asked if isinstance(asked, Form) else form(asked)
    choices = {"parties": PARTIES, UPLOADS: {"u1": "brief.pdf", "u2": "foto.jpg"}}
    return read_answers(form_schema(asked, lambda name: choices[name], HOST, variables), sent)


def complaints(asked: Form | dict[str, Any], sent: Any, **variables: Any) -> dict[str, list[str]]:
    """Return what is said about wrong answers, by key."""
    with pytest.raises(WrongAnswers) as wrong:
        answer(asked, sent, **variables)
    return {key: [str(said) for said in sentences] for key, sentences in wrong.value.fields.items()}
