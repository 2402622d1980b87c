"""The OpenAPI document of the JSON API, and the same to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, render_template
from flask_smorest import Api
from marshmallow import Schema, fields

from web.permissions import public

blueprint = Blueprint("description", __name__, url_prefix="/api")
EXTENSION = "handschlag-api"
_METHODS = ("get", "post", "put", "patch", "delete")


class ProblemSchema(Schema):
    """A problem document (RFC 9457)."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    instance = fields.String()
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class DescribedApi(Api):  # type: ignore[misc] # the library is not typed
    """Describes; how errors are answered is decided in `web.errors` alone."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        pass


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    group: str
    summary: str
    description: str
    parameters: tuple[str, ...]
    answers: tuple[str, ...]


def describe(app: Flask) -> DescribedApi:
    app.config.update(
        API_TITLE="Handschlag", API_VERSION="1", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX=None
    )
    security: dict[str, Any] = {"security": [{"token": []}, {"session": []}]}
    api = DescribedApi(app, spec_kwargs=security)
    schemes = api.spec.components
    schemes.security_scheme("token", {"type": "http", "scheme": "bearer"})
    cookie = app.config["SESSION_COOKIE_NAME"]
    schemes.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": cookie})
    app.extensions[EXTENSION] = api
    return api


@blueprint.get("/openapi.json")
@public
def openapi() -> Response:
    return jsonify(_document())


@blueprint.get("/docs")
@public
def docs() -> str:
    document = _document()
    return render_template(
        "api.html", info=document["info"], operations=list(_operations(document))
    )


def _document() -> dict[str, Any]:
    found: dict[str, Any] = current_app.extensions[EXTENSION].spec.to_dict()
    return found


def _operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield _operation(method, path, item, item[method])


def _operation(method: str, path: str, item: dict[str, Any], told: dict[str, Any]) -> Operation:
    parameters = [*item.get("parameters", ()), *told.get("parameters", ())]
    return Operation(
        method.upper(),
        path,
        ", ".join(told.get("tags", ())),
        told.get("summary", ""),
        told.get("description", ""),
        tuple(f"{each['name']} ({each['in']})" for each in parameters if "name" in each),
        tuple(code for code in told.get("responses", {}) if code != "default"),
    )
