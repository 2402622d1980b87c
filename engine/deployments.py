"""Publishing: a bundle of diagrams becomes the next version; running instances keep theirs."""

import hashlib
from uuid import UUID

from sqlalchemy import insert, update

from bpmn.bundle import Bundle
from engine import clock, queries
from engine.commands import insert_or_ignore
from engine.database import new_id, table_of
from engine.errors import ChangesCollided, NoSuchDeployment, NothingDeployed
from engine.installation import ensure
from engine.models import Content, Deployment, DeploymentFile, Installation
from engine.queries import Source
from engine.records import DeploymentRecord
from engine.unit_of_work import UnitOfWork


def build_upon(uow: UnitOfWork, deployment: DeploymentRecord | None) -> None:
    """Let nobody else publish until the end, what is current being what a bundle was made from.

    Raises `ChangesCollided` when something else is current by now: then it has to be made anew.
    """
    queries.lock_installation(uow.connection)
    if queries.current_deployment(uow.connection) != deployment:
        raise ChangesCollided


def publish(uow: UnitOfWork, bundle: Bundle, by: str, comment: str = "") -> DeploymentRecord:
    """Make this bundle the one that new instances follow.

    Raises `NotExecutable` when it would not run. Publishing what is current changes nothing.
    """
    uow.library.read(bundle)
    ensure(uow)
    queries.lock_installation(uow.connection)
    current = queries.current_deployment(uow.connection)
    if current is not None and current.digest == bundle.digest:
        return current
    deployment = DeploymentRecord(
        id=new_id(),
        number=queries.highest_deployment_number(uow.connection) + 1,
        digest=bundle.digest,
        published_at=clock.now(),
        published_by=by,
        comment=comment,
    )
    _store(uow, deployment, bundle)
    return deployment


def current(source: Source) -> DeploymentRecord:
    """Find what new instances follow. Raises `NothingDeployed` before the first publication."""
    deployment = queries.current_deployment(source)
    if deployment is None:
        raise NothingDeployed
    return deployment


def bundle_of(source: Source, deployment_id: UUID) -> Bundle:
    """Fetch the files of a deployment, byte for byte."""
    if queries.deployment(source, deployment_id) is None:
        raise NoSuchDeployment
    return queries.bundle_of(source, deployment_id)


def _store(uow: UnitOfWork, deployment: DeploymentRecord, bundle: Bundle) -> None:
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in bundle.files.items()}
    contents = {digests[name]: content for name, content in bundle.files.items()}
    uow.connection.execute(
        insert(Deployment),
        {
            "id": deployment.id,
            "number": deployment.number,
            "digest": deployment.digest,
            "published_at": deployment.published_at,
            "published_by": deployment.published_by,
            "comment": deployment.comment,
        },
    )
    if contents:
        uow.connection.execute(
            insert_or_ignore(uow.connection, table_of(Content)),
            [{"digest": digest, "content": content} for digest, content in contents.items()],
        )
        uow.connection.execute(
            insert(table_of(DeploymentFile)),
            [
                {"deployment_id": deployment.id, "name": name, "content_digest": digest}
                for name, digest in digests.items()
            ],
        )
    uow.connection.execute(update(Installation).values(deployment_id=deployment.id))
