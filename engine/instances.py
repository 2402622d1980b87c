"""What people do to whole processes: start, cancel, set variables, erase."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from bpmn.spiff.run import ProcessRun
from engine import counting, deployments, jobs, steps
from engine.fault_table import Fault
from engine.models import Instance
from engine.records import DeploymentRecord, InstanceRecord
from engine.unit_of_work import UnitOfWork


def start(
    uow: UnitOfWork,
    process_id: str,
    variables: Mapping[str, Any],
    business_key: UUID | None = None,
    deployment: DeploymentRecord | None = None,
) -> InstanceRecord:
    """Begin a process of the current deployment and let it come to its first rest.

    A caller that has just read which deployment is current hands it in.
    """
    deployment = deployment or deployments.current(uow.connection)
    return steps.begin(uow, deployment, process_id, variables, business_key)


def cancel(uow: UnitOfWork, instance_id: UUID, by: str | None = None) -> InstanceRecord:
    """End a process where it stands; nothing of it waits any more."""
    return steps.cancel(uow, instance_id, by)


def variables(uow: UnitOfWork, instance_id: UUID) -> Mapping[str, Any]:
    """Read the process variables, as FEEL values; the instance is held."""
    return steps.look(uow, instance_id).variables


def assign(
    uow: UnitOfWork, instance_id: UUID, values: Mapping[str, Any], token: int | None = None
) -> InstanceRecord:
    """Set variables of a process, a suspended one too, as FEEL values; nothing moves by it.

    With a token each is set where it is seen from there, nearest first.
    """

    def change(run: ProcessRun) -> None:
        run.assign(values, token)

    steps.rehearse(uow, instance_id, change)
    return steps.mend(uow, instance_id, change)


def erase(uow: UnitOfWork, business_key: UUID) -> None:
    """Delete every instance that worked for this key, with its tasks, jobs, faults and history.

    What they add to the statistics is counted before, without any id.
    """
    jobs.write(uow)
    mine = select(Instance.id).where(Instance.business_key == business_key)
    counting.count_out(uow, list(uow.connection.scalars(mine)))
    uow.connection.execute(delete(Instance).where(Instance.business_key == business_key))
    uow.connection.execute(delete(Fault).where(Fault.business_key == business_key))
