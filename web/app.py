"""The Flask application over an `Application`."""

from flask import Flask
from jinja2 import StrictUndefined

from web import api, assets, errors, gate, guard, headers, health, language, pages, permissions
from web.current import EXTENSION
from web.patient import PatientFlask
from workflows.application import Application
from workflows.secret_files import ensure_secret


def create_app(application: Application) -> Flask:
    """Make the entrances for people and programs. Refuses a route without a declaration."""
    app = PatientFlask("web")
    app.jinja_env.undefined = StrictUndefined
    app.extensions[EXTENSION] = application
    _cookies(app, application)
    app.jinja_env.globals["assets"] = assets.Bundle()
    for part in (guard, errors, language, gate):
        part.install(app)
    headers.install(app, https=_is_https(application))
    for entrances in (health, pages, api):
        entrances.install(app)
    permissions.public(app.view_functions["static"])
    permissions.check_declared(app)
    return app


def _is_https(application: Application) -> bool:
    return application.settings.link_base.startswith("https://")


def _cookies(app: Flask, application: Application) -> None:
    https = _is_https(application)
    app.secret_key = ensure_secret(application.settings.web_secret_path)
    app.config.update(
        SESSION_COOKIE_NAME="__Host-handschlag" if https else "handschlag",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )
