"""Come in, go out, choose the language."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from bpmn.errors import Refusal
from web import current, entrance, signin
from web.errors import status_of
from web.language import LANGUAGES
from web.pages.ways import own_path
from web.permissions import public
from workflows.people.errors import LoginRefused, LoginThrottled

blueprint = Blueprint("login", __name__)
_KEPT = "_kept."


@blueprint.get("/login")
@public
def show() -> AnyResponse | str:
    if current.person() is not None:
        return redirect(_next())
    return _page()


@blueprint.post("/login")
@public
def enter() -> AnyResponse | str | tuple[str, int]:
    try:
        signin.enter(request.form.get("name", ""), request.form.get("password", ""))
    except (LoginRefused, LoginThrottled) as refusal:
        return _page(refusal), _status(refusal)
    if kept := _kept():
        return render_template("resume.html", target=_next(), kept=kept)
    return redirect(_next())


@blueprint.post("/logout")
@public
def leave() -> AnyResponse:
    signin.leave()
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    return redirect(url_for("login.show"))


@blueprint.post("/language")
@public
def speak() -> AnyResponse:
    wanted = request.form.get("language")
    if wanted in LANGUAGES:
        session["language"] = wanted
    return redirect(_next())


def _page(refusal: Refusal | None = None) -> str:
    return entrance.page(_next(), _kept(), request.form.get("name", ""), refusal)


def _status(refusal: Refusal) -> HTTPStatus:
    if isinstance(refusal, LoginThrottled):
        return HTTPStatus.TOO_MANY_REQUESTS
    return status_of(type(refusal))


def _next() -> str:
    return own_path(request.values.get("next"), url_for("today.show"))


def _kept() -> list[tuple[str, str]]:
    return [
        (key.removeprefix(_KEPT), text)
        for key, text in request.form.items(multi=True)
        if key.startswith(_KEPT)
    ]
