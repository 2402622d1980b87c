"""How programs hand things in: strict JSON, command names, cursors."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import request
from flask_smorest import Blueprint
from marshmallow import Schema, fields
from webargs import core
from webargs.flaskparser import FlaskParser, is_json_request

from web import rules
from web.current import named_command
from web.guard import read_json
from web.permissions import signed_in
from workflows.tending.acts import LONGEST_COMMAND

View = TypeVar("View", bound=Callable[..., Any])


class StrictParser(FlaskParser):
    """Reads JSON as `web.guard` does."""

    def _raw_load_json(self, req: Any) -> Any:
        if not is_json_request(req):
            return core.missing
        return read_json(req.get_data(cache=True))


class IdempotencySchema(Schema):
    """A name for the command: sent again with the same name, it has no second effect."""

    key = rules.text(LONGEST_COMMAND, data_key="Idempotency-Key")


class ApiBlueprint(Blueprint):  # type: ignore[misc] # the library is not typed
    ARGUMENTS_PARSER = StrictParser()

    def act(
        self, path: str, body: type[Schema], status: int, answer: type[Schema] | None = None
    ) -> Callable[[View], View]:
        """Let known people do something by a POST to this path; see `command` for its name."""
        steps = (
            signed_in,
            self.response(status, answer),
            self.arguments(IdempotencySchema, location="headers"),
            self.arguments(body),
            self.route(path, methods=["POST"]),
        )

        def declare(view: View) -> View:
            @wraps(view)
            def without_headers(given: Any, _headers: Any, **place: Any) -> Any:
                return view(given, **place)

            entrance: Any = without_headers
            for step in steps:
                entrance = step(entrance)
            return view

        return declare


class PageSchema(Schema):
    after = fields.String(metadata={"description": "The `next` of the page before."})


def command() -> str | None:
    """Return what `Idempotency-Key` names this command."""
    key = request.headers.get("Idempotency-Key", "").strip()
    return named_command(key) if key else None
