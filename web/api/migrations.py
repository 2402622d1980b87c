"""Processes under way are brought over to other diagrams, for operators."""

from typing import Any
from uuid import UUID

from web import current
from web.api.given import why
from web.api.migration_schemas import (
    ForetellSchema,
    ForetoldPageSchema,
    MigratedFilterSchema,
    MigratedPageSchema,
    MigrationPageSchema,
    MigrationSchema,
    StartSchema,
)
from web.api.reading import ApiBlueprint, PageSchema
from web.api.schemas import CreatedSchema
from web.api.tending_schemas import ReasonSchema
from web.permissions import signed_in
from workflows.tending import migrations
from workflows.tending.migration_views import (
    ForetoldPage,
    MigratedPage,
    MigrationPage,
    MigrationView,
)

blueprint = ApiBlueprint("migrations", __name__, description="Processes go over to other diagrams")


@blueprint.route("/preview", methods=["POST"])
@blueprint.arguments(ForetellSchema)
@blueprint.response(200, ForetoldPageSchema)
@signed_in
def preview(body: dict[str, Any]) -> ForetoldPage:
    """Tell process by process what would happen, and why some would stay; nothing is done."""
    transactions, after = current.application().transactions, body.get("after")
    return migrations.foretell(transactions, current.actor(), body["wanted"], after)


@blueprint.act("", StartSchema, 202, CreatedSchema)
def start(body: dict[str, Any]) -> dict[str, UUID]:
    """Begin a migration; the workers carry it out, process by process."""
    with current.begin() as uow:
        wanted = body["wanted"]
        return {"id": migrations.start(uow, current.actor(), wanted, why(body), by_workers=True)}


@blueprint.route("", methods=["GET"])
@blueprint.arguments(PageSchema, location="query")
@blueprint.response(200, MigrationPageSchema)
@signed_in
def listing(page: dict[str, Any]) -> MigrationPage:
    """List migrations with their progress, newest first."""
    with current.reading() as reading:
        return migrations.list_migrations(reading, current.actor(), page.get("after"))


@blueprint.route("/<uuid:migration_id>", methods=["GET"])
@blueprint.response(200, MigrationSchema)
@signed_in
def show(migration_id: UUID) -> MigrationView:
    """Read how far a migration is."""
    with current.reading() as reading:
        return migrations.open_migration(reading, current.actor(), migration_id)


@blueprint.route("/<uuid:migration_id>/instances", methods=["GET"])
@blueprint.arguments(MigratedFilterSchema, location="query")
@blueprint.response(200, MigratedPageSchema)
@signed_in
def instances(wanted: dict[str, Any], migration_id: UUID) -> MigratedPage:
    """List what became of each process."""
    state, after = wanted["state"], wanted.get("after")
    with current.reading() as reading:
        return migrations.list_instances(reading, current.actor(), migration_id, state, after)


@blueprint.act("/<uuid:migration_id>/resume", ReasonSchema, 202)
def resume(body: dict[str, Any], migration_id: UUID) -> None:
    """Have the workers do what is left; what failed is tried again."""
    with current.begin() as uow:
        migrations.resume(uow, current.actor(), migration_id, why(body), by_workers=True)


@blueprint.act("/<uuid:migration_id>/undo", ReasonSchema, 202)
def undo(body: dict[str, Any], migration_id: UUID) -> None:
    """Have every process return that has not moved on since."""
    with current.begin() as uow:
        migrations.turn_back(uow, current.actor(), migration_id, why(body), by_workers=True)
