"""Every refusal and every failure becomes one answer: a page for people, a problem for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, cast
from uuid import uuid4

import orjson
import structlog
from flask import Flask, Response, g, render_template, request
from flask_babel import gettext
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from bpmn.errors import Conflict, Forbidden, Invalid, Refusal, Unavailable, Unknown
from bpmn.wording import Sentence, say
from web import rules
from web.kept import kept_entries, typed_texts
from web.logs import where

log = structlog.get_logger()

STATUS: Mapping[type[Refusal], HTTPStatus] = {
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unknown: HTTPStatus.NOT_FOUND,
    Forbidden: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}

_SENTENCES: Mapping[int, Sentence] = {
    400: say("The request could not be read. Please go back and try again."),
    401: say("Please sign in."),
    403: say("You may not do this."),
    404: say("There is no such page, or you may not see it."),
    405: say("This address does not offer that."),
    409: say("This has changed in the meantime. Please load the page again."),
    413: say("That is too much data for one submission."),
    415: say("This kind of content is not accepted here."),
    422: say("Something in your entries is missing or wrong."),
    429: say("Too many attempts. Please wait a moment."),
    500: say("Something went wrong on our side. Nothing was saved. The error has been recorded."),
    503: say("The system cannot answer right now. Nothing was lost. Please try again shortly."),
}


@dataclass(frozen=True)
class Problem:
    """What went wrong, ready to be told (RFC 9457)."""

    status: int
    detail: Sentence
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def status_of(kind: type[Refusal]) -> HTTPStatus:
    """Return the status of a kind of refusal; a subclass answers as the nearest kind above it."""
    for base in kind.__mro__:
        if base in STATUS:
            return STATUS[base]
    return HTTPStatus.UNPROCESSABLE_ENTITY


def wants_json() -> bool:
    """Programs get problem documents, people get pages."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
    return request.path.startswith("/api/") or best == "application/json"


def install(app: Flask) -> None:
    """Answer all that can go wrong in `app`; nothing of the inside is ever shown."""
    app.register_error_handler(Refusal, lambda refusal: answer(_refused(refusal)))
    app.register_error_handler(HTTPException, lambda error: answer(_http(error)))
    for failure in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(failure, _database_away)
    app.register_error_handler(Exception, _unexpected)


def answer(problem: Problem) -> Response:
    body = _document(problem) if wants_json() else _page(problem)
    response = Response(body, problem.status, dict(problem.headers))
    response.content_type = (
        "application/problem+json" if wants_json() else "text/html; charset=utf-8"
    )
    return response


def _refused(refusal: Refusal) -> Problem:
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    return Problem(status_of(type(refusal)), refusal.sentence, _spoken(fields))


def _http(error: HTTPException) -> Problem:
    code = error.code or 500
    sentence = _SENTENCES.get(code, _SENTENCES[400 if code < 500 else 500])
    headers = {}
    if code == 405:
        headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    messages = getattr(error, "data", {}).get("messages", {})
    fields = rules.sentences(messages.get("json", messages))
    return Problem(code, sentence, _spoken(fields), headers)


def _spoken(fields: Mapping[str, Sequence[Sentence]]) -> dict[str, list[str]]:
    return {
        key: [sentence.in_language(gettext) for sentence in told] for key, told in fields.items()
    }


def _database_away(error: Exception) -> Response:
    log.error("database away", request=request_id(), error=type(error).__name__)
    return answer(Problem(503, _SENTENCES[503], headers={"Retry-After": "5"}))


def _unexpected(error: Exception) -> Response:
    kind = type(error).__name__
    log.error("unexpected error", request=request_id(), error=kind, where=where(error))
    return answer(Problem(500, _SENTENCES[500]))


def request_id() -> str:
    """Return the name of this request in the log and on the error page."""
    if "request_id" not in g:
        g.request_id = uuid4().hex[:12]
    return cast("str", g.request_id)


def _document(problem: Problem) -> bytes:
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": int(problem.status),
        "detail": problem.detail.in_language(gettext),
        "instance": f"urn:request:{request_id()}",
    }
    if problem.fields:
        document["errors"] = problem.fields
    return orjson.dumps(document, default=str)


KEEPING = frozenset({403, 409, 500, 503})
"""Answers after which a form may be sent again as it was typed."""


def _page(problem: Problem) -> str:
    keeps = request.method == "POST" and problem.status in KEEPING
    return render_template(
        "error.html",
        status=int(problem.status),
        sentence=problem.detail.in_language(gettext),
        fields=problem.fields,
        request_id=request_id(),
        target=request.full_path.rstrip("?"),
        kept=kept_entries() if keeps else [],
        typed=typed_texts() if keeps else [],
    )
