"""Pages for people: rendered on the server, usable without scripts."""

from flask import Flask

from web.pages import (
    cases,
    frame,
    incidents,
    login,
    mailbox,
    processes,
    safety,
    tasks,
    today,
    trials,
)

_BLUEPRINTS = (
    login.blueprint,
    safety.blueprint,
    today.blueprint,
    tasks.blueprint,
    incidents.blueprint,
    cases.blueprint,
    processes.blueprint,
    trials.blueprint,
    mailbox.blueprint,
)


def install(app: Flask) -> None:
    frame.install(app)
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
