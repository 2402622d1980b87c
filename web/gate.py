"""Who comes in: the origin of the request, the person, the route's declaration, the CSRF token."""

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from bpmn.wording import say
from web import current, entrance, signin
from web.errors import Problem, answer, wants_json
from web.kept import kept_entries
from web.permissions import Entry, entry_of

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_csrf = CSRFProtect()


def install(app: Flask) -> None:
    """Stand at the door of `app`."""
    app.config["WTF_CSRF_FIELD_NAME"] = "_csrf_token"  # no key of a form begins with “_”
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.config["WTF_CSRF_SSL_STRICT"] = False
    _csrf.init_app(app)
    app.before_request(_admit)
    app.register_error_handler(CSRFError, lambda _error: _forged())


def _admit() -> AnyResponse | None:
    if request.endpoint is None or request.endpoint == "static" or request.blueprint == "health":
        return None
    current.follow_clock()
    changes = request.method not in _SAFE
    if changes:
        _refuse_strangers()
    by_token = signin.recognise()
    entry = entry_of(current_app, request.endpoint)
    if entry is not Entry.PUBLIC and current.person() is None:
        return _ask_to_sign_in(changes=changes)
    if current.person() is not None:
        current.follow_house_days()
    if changes and not by_token:
        _csrf.protect()
    return None


def _refuse_strangers() -> None:
    """Refuse what another site sends, as far as the browser says where a request came from.

    Our pages send no referrer, so some browsers call their origin "null"; the token decides then.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise Forbidden
        return
    origin = request.headers.get("Origin", "null")
    if origin != "null" and urlsplit(origin).netloc != request.host:
        raise Forbidden


def _ask_to_sign_in(*, changes: bool) -> AnyResponse:
    if wants_json() or "X-Requested-With" in request.headers:
        raise Unauthorized
    if not changes:
        return redirect(url_for("login.show", next=request.full_path.rstrip("?")))
    return Response(entrance.page(request.path, kept_entries()), 401)


def _forged() -> AnyResponse:
    if wants_json() or "X-Requested-With" in request.headers or current.person() is None:
        return answer(Problem(403, say("This page is too old. Please load it again.")))
    page = render_template("resume.html", target=request.path, kept=kept_entries())
    return Response(page, 403)
