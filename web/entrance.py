"""The login page, also shown in place of a form that arrived without a session."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import render_template, request

from bpmn.errors import Refusal
from bpmn.wording import Sentence
from web import current
from web.roles import ROLES
from workflows.access import Role

_HERE = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class DemoLogin:
    role: Sentence
    name: str
    password: str


def page(
    next_path: str,
    kept: Sequence[tuple[str, str]] = (),
    name: str = "",
    refusal: Refusal | None = None,
) -> str:
    """Show the login; `kept` is what was typed into a form and must not be lost."""
    return render_template(
        "login.html",
        next=next_path,
        resumed=kept,
        name=name,
        refused=refusal.sentence if refusal else None,
        demo_logins=_demo_logins(),
    )


def _demo_logins() -> Sequence[DemoLogin]:
    """Return the fictional accounts, for whoever sits at the demo's own machine."""
    settings = current.application().settings
    if not (settings.demo and _sits_here() and settings.demo_logins_path.is_file()):
        return ()
    listed = json.loads(settings.demo_logins_path.read_text("utf-8"))
    return [DemoLogin(ROLES[Role(each["role"])], each["name"], each["password"]) for each in listed]


def _sits_here() -> bool:
    """Whether the browser runs on this machine; behind a proxy every address looks like that."""
    forwarded = {"X-Forwarded-For", "Forwarded", "X-Real-IP"} & set(request.headers.keys())
    host = urlsplit(f"//{request.host}").hostname or ""
    address = request.remote_addr or ""
    return not forwarded and host in _HERE and address in _HERE
