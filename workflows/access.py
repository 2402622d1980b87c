"""Who may do what. Permissions are data; what is not written here is refused.

`may` answers, `require` refuses: as `Unknown` where the actor may not even know that the case
exists, as `Forbidden` otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from bpmn.errors import Forbidden, Unknown
from bpmn.wording import say


class Role(StrEnum):
    QUARTER_MANAGEMENT = "role_qm"
    CULTURAL_MEDIATOR = "role_skm"
    EDUCATION_MEDIATOR = "role_bm"
    CASE_MANAGEMENT = "role_cm"
    COORDINATION = "role_ko"
    PROCESS_MANAGEMENT = "role_pm"
    ADMINISTRATION = "role_ad"
    STEERING_GROUP = "role_lg"
    DATA_PROTECTION = "role_ds"


class Action(StrEnum):
    REPORT_INCIDENT = "report_incident"
    TRIAGE = "triage"
    READ_SHELL = "read_shell"
    """State, type, quarter, deadlines, who is assigned."""
    READ_ROOM = "read_room"
    """The confidential room: what was said."""
    READ_NAMES = "read_names"
    """Clear names and contacts of the parties."""
    WRITE_NOTE = "write_note"
    LOG_CONTACT = "log_contact"
    MANAGE_PARTIES = "manage_parties"
    PLAN_APPOINTMENT = "plan_appointment"
    ASSIGN = "assign"
    TRIGGER_SAFETY_EXIT = "trigger_safety_exit"
    LIFT_MEDIATION_LOCK = "lift_mediation_lock"
    EXTEND_DEADLINE = "extend_deadline"
    CLOSE_CASE = "close_case"
    EDIT_PROCESS = "edit_process"
    PUBLISH_PROCESS = "publish_process"
    READ_PROCESS = "read_process"
    TEND_FAULTS = "tend_faults"
    TEND_INSTANCES = "tend_instances"
    """See where processes stand and by what they route; suspend, move and cancel them."""
    READ_STATISTICS = "read_statistics"
    """How many processes go which way and how long they take; small numbers: `workflows.statistics`."""
    READ_EVERY_STANDSTILL = "read_every_standstill"
    """Which process has stayed where for how long."""
    KEEP_RETENTION = "keep_retention"
    """Say how long the history of ended processes is kept, and have it deleted."""
    MANAGE_PEOPLE = "manage_people"
    OWN_ABSENCE = "own_absence"
    EDIT_CALENDAR = "edit_calendar"
    READ_CASE_AUDIT = "read_case_audit"
    READ_MAILBOX = "read_mailbox"


class Reach(StrEnum):
    """How far a permission goes."""

    EVERYWHERE = "everywhere"
    OWN_QUARTERS = "own_quarters"
    ASSIGNED = "assigned"
    ASKED = "asked"
    """Assigned, or asked to take the case."""
    QUARTERS_OR_ASSIGNED = "quarters_or_assigned"
    QUARTERS_OR_ASKED = "quarters_or_asked"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person on whose behalf something happens."""

    person_id: UUID
    name: str
    roles: frozenset[Role]
    quarters: frozenset[UUID] = frozenset()

    def has(self, role: Role) -> bool:
        return role in self.roles


CONSOLE = Actor(UUID(int=0), "handschlag", frozenset({Role.ADMINISTRATION}))
"""Whoever works at the machine itself, through the command line."""


@dataclass(frozen=True, slots=True)
class CaseScope:
    """What the rules need to know of a case."""

    case_id: UUID
    quarter_id: UUID | None
    assigned: frozenset[UUID] = frozenset()
    """Whoever accepted the case, or took it over."""
    safety_raised_by: UUID | None = None
    """While set, only this person and the coordination reach the case."""
    asked: UUID | None = None
    """Was offered the case and answers still: has to know who is in it, not what was said."""


@dataclass(frozen=True, slots=True)
class TaskScope:
    """What the rules need to know of a user task."""

    assignee: UUID | None
    candidate_groups: frozenset[str] = frozenset()
    candidate_people: frozenset[UUID] = frozenset()
    case: CaseScope | None = field(default=None)


class NoSuchThing(Unknown):
    """Also said of things that exist, to people who may not know that."""

    def __init__(self) -> None:
        super().__init__(say("There is no such page, or it is not yours to see."))


class NotAllowed(Forbidden):
    def __init__(self, action: Action) -> None:
        super().__init__(say("Your role does not allow this."))
        self.action = action


_QM, _SKM, _BM = Role.QUARTER_MANAGEMENT, Role.CULTURAL_MEDIATOR, Role.EDUCATION_MEDIATOR
_CM, _KO, _PM = Role.CASE_MANAGEMENT, Role.COORDINATION, Role.PROCESS_MANAGEMENT
_AD, _DS = Role.ADMINISTRATION, Role.DATA_PROTECTION
_ALL, _QUARTERS = Reach.EVERYWHERE, Reach.OWN_QUARTERS
_ASSIGNED, _EITHER = Reach.ASSIGNED, Reach.QUARTERS_OR_ASSIGNED
_ASKED, _EITHER_ASKED = Reach.ASKED, Reach.QUARTERS_OR_ASKED

PERMISSIONS: Mapping[Action, Mapping[Role, Reach]] = MappingProxyType(
    {
        Action.REPORT_INCIDENT: {_QM: _ALL, _SKM: _ALL, _BM: _ALL, _CM: _ALL, _KO: _ALL},
        Action.TRIAGE: {_QM: _QUARTERS, _BM: _QUARTERS, _KO: _ALL},
        Action.READ_SHELL: {
            _QM: _EITHER_ASKED, _SKM: _ASKED, _BM: _EITHER_ASKED, _CM: _ASKED, _KO: _ALL,
        },
        Action.READ_ROOM: {
            _QM: _ASSIGNED, _SKM: _ASSIGNED, _BM: _ASSIGNED, _CM: _ASSIGNED, _KO: _ASSIGNED,
        },
        Action.READ_NAMES: {
            _QM: _EITHER_ASKED, _SKM: _ASKED, _BM: _ASKED, _CM: _ASKED, _KO: _ASKED,
        },
        Action.WRITE_NOTE: {
            _QM: _EITHER, _SKM: _ASSIGNED, _BM: _EITHER, _CM: _ASSIGNED, _KO: _ALL,
        },
        Action.LOG_CONTACT: {
            _QM: _EITHER, _SKM: _ASSIGNED, _BM: _EITHER, _CM: _ASSIGNED, _KO: _ALL,
        },
        Action.MANAGE_PARTIES: {
            _QM: _EITHER, _SKM: _ASSIGNED, _BM: _ASSIGNED, _CM: _ASSIGNED, _KO: _ASSIGNED,
        },
        Action.PLAN_APPOINTMENT: {
            _QM: _ASSIGNED, _SKM: _ASSIGNED, _BM: _ASSIGNED, _CM: _ASSIGNED, _KO: _ASSIGNED,
        },
        Action.ASSIGN: {_QM: _QUARTERS, _BM: _QUARTERS, _KO: _ALL},
        Action.TRIGGER_SAFETY_EXIT: {
            _QM: _EITHER_ASKED, _SKM: _ASKED, _BM: _EITHER_ASKED, _CM: _ASKED, _KO: _ALL,
        },
        Action.LIFT_MEDIATION_LOCK: {_KO: _ALL},
        Action.EXTEND_DEADLINE: {_QM: _QUARTERS, _BM: _QUARTERS, _KO: _ALL},
        Action.CLOSE_CASE: {_QM: _EITHER, _SKM: _ASSIGNED, _BM: _EITHER, _KO: _ALL},
        Action.EDIT_PROCESS: {_PM: _ALL},
        Action.PUBLISH_PROCESS: {_PM: _ALL, _KO: _ALL},
        Action.READ_PROCESS: dict.fromkeys(Role, _ALL),
        Action.TEND_FAULTS: {_AD: _ALL},
        Action.TEND_INSTANCES: {_AD: _ALL},
        Action.READ_STATISTICS: {_KO: _ALL, _PM: _ALL},
        Action.READ_EVERY_STANDSTILL: {_KO: _ALL, _AD: _ALL},
        Action.KEEP_RETENTION: {_DS: _ALL},
        Action.MANAGE_PEOPLE: {_AD: _ALL},
        Action.OWN_ABSENCE: {_QM: _ALL, _SKM: _ALL, _BM: _ALL, _CM: _ALL, _KO: _ALL},
        Action.EDIT_CALENDAR: {_KO: _ALL, _AD: _ALL},
        Action.READ_CASE_AUDIT: {
            _QM: _EITHER, _SKM: _ASSIGNED, _BM: _EITHER, _CM: _ASSIGNED, _KO: _ALL, _DS: _ALL,
        },
        Action.READ_MAILBOX: dict.fromkeys(Role, _ALL),
    }
)  # fmt: skip


def may(actor: Actor, action: Action, case: CaseScope | None = None) -> bool:
    """Whether the rules allow it; without a case only what the role may do everywhere counts."""
    if case is not None and not _protection_lets_pass(actor, case):
        return False
    granted = PERMISSIONS[action]
    return any(_reaches(actor, granted[role], case) for role in actor.roles & granted.keys())


def require(actor: Actor, action: Action, case: CaseScope | None = None) -> None:
    if may(actor, action, case):
        return
    if case is not None and not may(actor, Action.READ_SHELL, case):
        raise NoSuchThing
    raise NotAllowed(action)


def may_work_on(actor: Actor, task: TaskScope) -> bool:
    """Whether the task may be in this person's list: hers, or free for one of her roles.

    A task that somebody has taken is worked on by that person alone until it is released, and only
    while the case is within her reach. A task free for a role reaches quarter management and
    education mediators in their own quarters, mediators in cases assigned to them, and the
    coordination everywhere; under protection, when others see nothing, the coordination takes all.
    """
    if task.case is not None and not _protection_lets_pass(actor, task.case):
        return False
    if task.assignee is not None:
        within_reach = task.case is None or may(actor, Action.READ_SHELL, task.case)
        return within_reach and task.assignee == actor.person_id
    if actor.person_id in task.candidate_people:
        return True
    is_protected = task.case is not None and task.case.safety_raised_by is not None
    if is_protected and task.candidate_groups and actor.has(Role.COORDINATION):
        return True
    groups = actor.roles & task.candidate_groups
    return any(task.case is None or _role_reaches(actor, Role(g), task.case) for g in groups)


def _role_reaches(actor: Actor, role: Role, case: CaseScope) -> bool:
    reach = PERMISSIONS[Action.READ_SHELL].get(role)
    return reach is not None and _reaches(actor, reach, case)


def _protection_lets_pass(actor: Actor, case: CaseScope) -> bool:
    raised_by = case.safety_raised_by
    return raised_by is None or raised_by == actor.person_id or actor.has(Role.COORDINATION)


def _reaches(actor: Actor, reach: Reach, case: CaseScope | None) -> bool:
    if reach is Reach.EVERYWHERE:
        return True
    if case is None:
        return False
    in_quarter = case.quarter_id is not None and case.quarter_id in actor.quarters
    assigned = actor.person_id in case.assigned
    asked = assigned or actor.person_id == case.asked
    return {
        Reach.OWN_QUARTERS: in_quarter,
        Reach.ASSIGNED: assigned,
        Reach.ASKED: asked,
        Reach.QUARTERS_OR_ASSIGNED: in_quarter or assigned,
        Reach.QUARTERS_OR_ASKED: in_quarter or asked,
    }[reach]
