"""Why the engine refuses. The kind (`bpmn.errors`) decides how an entrance answers."""

from collections.abc import Sequence
from uuid import UUID

from bpmn.errors import Conflict, Forbidden, Invalid, Placed, Unavailable, Unknown
from bpmn.notation.limits import LONGEST_KEY, LONGEST_NAME
from bpmn.wording import say


class DatabaseBusy(Unavailable):
    def __init__(self) -> None:
        super().__init__(say("The system is very busy. Please try again in a moment."))


class ChangesCollided(DatabaseBusy):
    """The database undid this in favour of a change that it met; made again, it may hold.

    `constraint` is the foreign key whose row had gone, if it was that.
    """

    def __init__(self, constraint: str | None = None) -> None:
        super().__init__()
        self.constraint = constraint


class DatabaseGone(Unavailable):
    def __init__(self) -> None:
        super().__init__(say("The database cannot be reached. Please try again in a moment."))


class DatabaseDamaged(Unavailable):
    def __init__(self) -> None:
        super().__init__(say("The database file is damaged. Please tell the administration."))


class ServedAlready(Unavailable):
    def __init__(self, file: str, process: int) -> None:
        super().__init__(
            say(
                "%(file)s is served by another process already (%(process)s). A SQLite file has "
                "one server; for several use PostgreSQL.",
                file=file,
                process=process,
            )
        )


class NoSuchTask(Unknown):
    def __init__(self, task_id: UUID) -> None:
        super().__init__(say("There is no such task."))
        self.task_id = task_id


class NoSuchInstance(Unknown):
    def __init__(self, instance_id: UUID) -> None:
        super().__init__(say("There is no such process."))
        self.instance_id = instance_id


class NoSuchDeployment(Unknown):
    def __init__(self) -> None:
        super().__init__(say("There is no such version of the diagrams."))


class NoSuchFault(Unknown):
    def __init__(self, fault_id: UUID) -> None:
        super().__init__(say("There is no such fault."))
        self.fault_id = fault_id


class NothingDeployed(Unavailable):
    def __init__(self) -> None:
        super().__init__(say("No diagrams have been published yet."))


class NoSuchProcess(Invalid):
    def __init__(self, process: str) -> None:
        super().__init__(
            say("The published diagrams hold no process “%(process)s”.", process=process)
        )
        self.process = process


class TaskAlreadyClosed(Conflict):
    def __init__(self, task_id: UUID) -> None:
        super().__init__(say("This task has already been closed."))
        self.task_id = task_id


class TaskTaken(Conflict):
    """Somebody else was quicker."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(say("Somebody else has already taken this task."))
        self.task_id = task_id


class NotYourTask(Forbidden):
    def __init__(self, task_id: UUID) -> None:
        super().__init__(say("This task is with somebody else."))
        self.task_id = task_id


class InstanceEnded(Conflict):
    def __init__(self, instance_id: UUID) -> None:
        super().__init__(say("This process has already ended."))
        self.instance_id = instance_id


class InstanceSuspended(Conflict):
    """An operator has it stand still."""

    def __init__(self, instance_id: UUID) -> None:
        super().__init__(
            say(
                "This process is suspended for the moment, so nothing was changed. "
                "Keep your answers as a draft and try again later; the administration "
                "knows when it goes on."
            )
        )
        self.instance_id = instance_id


class AlreadySuspended(Conflict):
    def __init__(self, instance_id: UUID) -> None:
        super().__init__(say("This process is suspended already."))
        self.instance_id = instance_id


class InstanceNotSuspended(Conflict):
    def __init__(self, instance_id: UUID) -> None:
        super().__init__(say("This process is not suspended."))
        self.instance_id = instance_id


class InstanceMovedOn(Conflict):
    """What was decided for a state of it does not hold for another."""

    def __init__(self, instance_id: UUID) -> None:
        super().__init__(say("The process has moved on since you looked at it. Please look again."))
        self.instance_id = instance_id


class MovedOnSince(Conflict):
    """A migration can be taken back only while nothing has happened since."""

    def __init__(self, instance_id: UUID) -> None:
        super().__init__(
            say("The process has moved on since it went over to the other diagrams, and stays.")
        )
        self.instance_id = instance_id


class NothingReturns(Conflict):
    def __init__(self) -> None:
        super().__init__(
            say("This migration is taken back. What stayed has moved on since, and cannot return.")
        )


class NoSuchMigration(Unknown):
    def __init__(self, migration_id: UUID) -> None:
        super().__init__(say("There is no such migration."))
        self.migration_id = migration_id


class FaultAlreadyClosed(Conflict):
    def __init__(self, fault_id: UUID) -> None:
        super().__init__(say("This fault has already been dealt with."))
        self.fault_id = fault_id


class FaultWithoutInstance(Conflict):
    def __init__(self, fault_id: UUID) -> None:
        super().__init__(say("This fault belongs to no process. Try it again or skip it."))
        self.fault_id = fault_id


class ResultsNotTaken(Conflict):
    def __init__(self, fault_id: UUID) -> None:
        super().__init__(
            say("Only a service task that is skipped takes results. Change the variables instead.")
        )
        self.fault_id = fault_id


class TimerNotSkippable(Conflict):
    """Without the timer the process might wait for ever."""

    def __init__(self, fault_id: UUID) -> None:
        super().__init__(
            say(
                "A timer cannot be skipped, because the process waits for it. "
                "Try it again, move the process elsewhere or cancel it."
            )
        )
        self.fault_id = fault_id


class RecurringNotSkippable(Conflict):
    """Struck out, it would be missing until a worker starts anew."""

    def __init__(self, fault_id: UUID) -> None:
        super().__init__(
            say(
                "This work comes again and again by itself, so it cannot be skipped. "
                "Try it again when its cause is mended."
            )
        )
        self.fault_id = fault_id


class RowsDiffer(Conflict):
    """A defect, or somebody wrote into the database by hand; `places` says what does not fit."""

    def __init__(self, instance_id: UUID, places: Sequence[tuple[str, int]]) -> None:
        super().__init__(
            say(
                "What is stored of this process does not fit together at %(count)s places: "
                "%(places)s.",
                count=len(places),
                places=", ".join(f"{kind} {token}" for kind, token in places[:10]),
            )
        )
        self.instance_id = instance_id


class NoHandler(Invalid):
    def __init__(self, kind: str) -> None:
        super().__init__(say("This installation cannot do jobs of the kind “%(kind)s”.", kind=kind))
        self.kind = kind


class BpmnError(Exception):
    """Raised by a service handler: the process goes on at the boundary event for this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class MessageUnaddressed(Placed):
    def __init__(self, process: str, element: str) -> None:
        sends = say(
            "“%(element)s” sends a message without a name or without a key.", element=element
        )
        super().__init__(process, element, sends)


class MessageHoldsNull(Invalid):
    """PostgreSQL keeps no text with this character."""

    def __init__(self, name: str) -> None:
        shown = name.replace("\0", "�")
        super().__init__(
            say(
                "The message “%(name)s” holds the character U+0000, which cannot be kept.",
                name=shown,
            )
        )
        self.name = name


class MessageKeyTooLong(Invalid):
    def __init__(self, name: str) -> None:
        super().__init__(
            say(
                "The key of the message “%(name)s” is longer than %(limit)s characters.",
                name=name,
                limit=LONGEST_KEY,
            )
        )
        self.name = name


class MessageNameTooLong(Invalid):
    def __init__(self, name: str) -> None:
        super().__init__(
            say(
                "The name of the message “%(name)s…” is longer than %(limit)s characters.",
                name=name[:60],
                limit=LONGEST_NAME,
            )
        )
        self.name = name


class KeptFailing(Unavailable):
    """The process that did the job was ended in the middle of it, again and again."""

    def __init__(self) -> None:
        super().__init__(say("The worker was stopped every time it tried to do this job."))


class TransactionLost(Unavailable):
    """A statement failed and nobody minded: the database undid everything at the end."""

    def __init__(self) -> None:
        super().__init__(say("The database could not store this. Nothing was changed."))
