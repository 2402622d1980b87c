"""The Flask application over an `Application`."""

from flask import Flask

from web import api, assets, errors, gate, guard, headers, health, language, pages, permissions
from web.current import EXTENSION
from workflows.application import Application


def create_app(application: Application) -> Flask:
    """Make the entrances for people and programs. Refuses a route without a declaration."""
    app = Flask("web")
    app.extensions[EXTENSION] = application
    _cookies(app, application)
    app.jinja_env.globals["assets"] = assets.Bundle()
    for part in (guard, errors, language, gate):
        part.install(app)
    headers.install(app, https=application.settings.https)
    for entrances in (health, pages, api):
        entrances.install(app)
    permissions.check_declared(app)
    return app


def _cookies(app: Flask, application: Application) -> None:
    https = application.settings.https
    app.secret_key = application.settings.cookie_key
    app.config.update(
        SESSION_COOKIE_NAME="__Host-handschlag" if https else "handschlag",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        JSON_SORT_KEYS=False,
    )
