"""What has been published."""

from collections.abc import Sequence

from web import current
from web.api.reading import ApiBlueprint
from web.api.schemas import DeploymentSchema
from web.permissions import signed_in
from workflows import studio
from workflows.studio import DeploymentRow

blueprint = ApiBlueprint("deployments", __name__, description="Published bundles of diagrams")


@blueprint.route("", methods=["GET"])
@blueprint.response(200, DeploymentSchema(many=True))
@signed_in
def listing() -> Sequence[DeploymentRow]:
    """List the published versions, newest first."""
    with current.reading() as reading:
        return studio.open_studio(reading, current.actor()).deployments
