"""How programs hand things in: strict JSON, command names, cursors."""

from typing import Any

from flask import request
from flask_smorest import Blueprint
from marshmallow import Schema, fields
from webargs import core
from webargs.flaskparser import FlaskParser, is_json_request

from web.current import named_command
from web.guard import read_json

LONGEST_KEY = 200


class StrictParser(FlaskParser):
    """Reads JSON as `web.guard` does."""

    def _raw_load_json(self, req: Any) -> Any:
        if not is_json_request(req):
            return core.missing
        return read_json(req.get_data(cache=True))


class ApiBlueprint(Blueprint):  # type: ignore[misc] # the library is not typed
    ARGUMENTS_PARSER = StrictParser()


class IdempotencySchema(Schema):
    """A name for the command: sent again with the same name, it has no second effect."""

    key = fields.String(data_key="Idempotency-Key")


class PageSchema(Schema):
    after = fields.String(metadata={"description": "The `next` of the page before."})


def command() -> str | None:
    """Return what `Idempotency-Key` names this command."""
    key = request.headers.get("Idempotency-Key", "").strip()
    return named_command(key[:LONGEST_KEY]) if key else None
