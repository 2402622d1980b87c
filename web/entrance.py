"""The login page, also shown in place of a form that arrived without a session."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from flask import render_template, request

from bpmn.errors import Refusal
from bpmn.wording import Sentence
from web import current
from web.roles import ROLES
from workflows.access import Role


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
    nearby = ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104 - compared, not bound
    if not (settings.demo and nearby and settings.demo_logins_path.is_file()):
        return ()
    listed = json.loads(settings.demo_logins_path.read_text("utf-8"))
    return [DemoLogin(ROLES[Role(each["role"])], each["name"], each["password"]) for each in listed]
