"""JSON for programs below `/api/v1`, described at `/api/openapi.json`."""

from flask import Flask

from web.api import (
    cases,
    deployments,
    description,
    drafts,
    faults,
    incidents,
    instances,
    messages,
    migrations,
    retention,
    signals,
    statistics,
    tasks,
)

_BLUEPRINTS = (
    incidents.blueprint,
    cases.blueprint,
    tasks.blueprint,
    messages.blueprint,
    signals.blueprint,
    deployments.blueprint,
    instances.blueprint,
    migrations.blueprint,
    faults.blueprint,
    statistics.blueprint,
    retention.blueprint,
    drafts.blueprint,
)


def install(app: Flask) -> None:
    api = description.describe(app)
    for blueprint in _BLUEPRINTS:
        name = blueprint.name
        api.register_blueprint(blueprint, name=f"api-{name}", url_prefix=f"/api/v1/{name}")
    app.register_blueprint(description.blueprint)
