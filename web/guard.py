"""What comes in is bounded and well-formed before anything reads it."""

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import date, time
from typing import Any, NoReturn, TypeVar

from flask import Flask, Request, current_app, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.utils import cached_property

BODY_BYTES = 512 * 1024
UPLOAD_BYTES = 24 * 1024 * 1024
ATTACHED_BYTES = 52 * 1024 * 1024
"""Five files of 10 MB and what a form holds beside them; on their way they lie on the disk."""
FORM_FIELDS = 500
JSON_DEPTH = 20
View = TypeVar("View", bound=Callable[..., Any])
_MARK = "handschlag_takes_files"
_OPENERS, _CLOSERS = frozenset("[{"), frozenset("]}")
_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


class MalformedJson(BadRequest):
    """The body is no JSON that a program may build on."""


class BoundedRequest(Request):
    """A request whose form is counted before it is decoded; what it and the address say is clean."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        return self._keep("args", super().args)

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        if self.mimetype == "application/x-www-form-urlencoded":
            body = self.get_data(cache=True, parse_form_data=False)
            if body.count(b"&") >= FORM_FIELDS:
                raise RequestEntityTooLarge
        super()._load_form_data()
        self._keep("form", self.form)

    def _keep(self, name: str, given: MultiDict[str, str]) -> MultiDict[str, str]:
        """Replace what werkzeug has cached in the instance: an error page looks there again."""
        self.__dict__[name] = ImmutableMultiDict()
        self.__dict__[name] = cleaned = _cleaned(given)
        return cleaned


class StrictJson(DefaultJSONProvider):
    """Answers dates in ISO form, and reads nothing that `read_json` refuses."""

    sort_keys = False

    @staticmethod
    def default(o: Any) -> Any:
        """Ask the library about everything but dates, which it would write as headers do."""
        return o.isoformat() if isinstance(o, date | time) else DefaultJSONProvider.default(o)

    def loads(self, s: str | bytes, **_kwargs: Any) -> Any:
        return read_json(s)


def install(app: Flask) -> None:
    """Let `app` refuse what is too large, too deep or not text."""
    app.request_class = BoundedRequest
    app.json = StrictJson(app)
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = BODY_BYTES
    app.config["MAX_FORM_PARTS"] = FORM_FIELDS
    app.before_request(_make_room)
    app.before_request(_clean_path)


def takes_files(view: View) -> View:
    """Let the route of `view` receive uploads, which may be larger than any form."""
    setattr(view, _MARK, UPLOAD_BYTES)
    return view


def takes_attachments(view: View) -> View:
    """Let the route of `view` receive the files of a form."""
    setattr(view, _MARK, ATTACHED_BYTES)
    return view


def _make_room() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    request.max_content_length = getattr(view, _MARK, BODY_BYTES)


def _clean_path() -> None:
    request.view_args = request.view_args and {
        name: clean(part) if isinstance(part, str) else part
        for name, part in request.view_args.items()
    }


def _cleaned(given: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict([(clean(key), clean(text)) for key, text in given.items(multi=True)])


def clean(text: str) -> str:
    """Text in NFC; NUL and lone surrogates, which no database takes, are refused."""
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise BadRequest
    return unicodedata.normalize("NFC", text)


def read_json(body: str | bytes) -> Any:
    """Return the value in `body`; duplicate keys, NaN and deep nesting are refused."""
    try:
        text = body.decode() if isinstance(body, bytes) else body
        _refuse_depth(text)
        value = json.loads(text, parse_constant=_refuse, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise MalformedJson from error
    return _normalised(value)


def _refuse_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= JSON_DEPTH:
        return
    depth = 0
    for mark in _STRUCTURE.findall(text):
        depth += (mark in _OPENERS) - (mark in _CLOSERS)
        if depth > JSON_DEPTH:
            raise MalformedJson


def _refuse(_constant: str) -> NoReturn:
    raise MalformedJson


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedJson
    return found


def _normalised(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_normalised(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): _normalised(item) for key, item in value.items()}
    return value
