"""What an installation can do when a job is due."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.records import JobRecord
from engine.unit_of_work import UnitOfWork

JobHandler = Callable[[UnitOfWork, JobRecord], None]
"""Does the work inside the transaction that strikes the job out: only database work, once."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Work outside the database, such as a mail: no transaction is open while it is done.

    `prepare` reads what is needed (None: nothing to do any more), `perform` does it, `record`
    notes the outcome while the job is struck out. A crash in between repeats `perform`, so it
    carries a key by which its receiver knows a repetition. `perform` ends within 20 seconds.
    """

    prepare: Callable[[UnitOfWork, JobRecord], Any]
    perform: Callable[[Any], Any]
    record: Callable[[UnitOfWork, JobRecord, Any], None]


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """What a service task asks for. Variables are FEEL values."""

    id: UUID
    """The id of the job: the same in every attempt."""
    instance_id: UUID
    business_key: UUID | None
    process: str
    element: str
    type: str
    headers: Mapping[str, str]
    variables: Mapping[str, Any]


ServiceHandler = Callable[[UnitOfWork, ServiceCall], Mapping[str, Any] | None]
"""Does a service task inside its step and returns variables for the process.

Raises `engine.errors.BpmnError` to leave by a boundary event; what it wrote is then undone.
"""


@dataclass(frozen=True, slots=True)
class Handlers:
    """Everything a worker can do: services by type, jobs and errands by kind."""

    services: Mapping[str, ServiceHandler]
    jobs: Mapping[str, JobHandler | Errand]
    standing: Sequence[Callable[[UnitOfWork], None]] = ()
    """Each owes the next of what is done again and again, unless that is owed already."""
