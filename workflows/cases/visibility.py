"""The access rules as SQL: which cases a person's lists may hold."""

from sqlalchemy import ColumnElement, and_, false, or_, true

from workflows.access import PERMISSIONS, Action, Actor, Reach, Role
from workflows.cases.models import Case


def visible_cases(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Case` that holds exactly where `access.may(actor, READ_SHELL, …)` does."""
    return and_(reached_cases(actor), unprotected(actor))


def reached_cases(actor: Actor) -> ColumnElement[bool]:
    """As `visible_cases`, with those under protection: of them only the number may be shown."""
    granted = PERMISSIONS[Action.READ_SHELL]
    reaches = {granted[role] for role in actor.roles & granted.keys()}
    return or_(false(), *(_condition(actor, reach) for reach in sorted(reaches)))


def unprotected(actor: Actor) -> ColumnElement[bool]:
    """Leave out cases under protection, but for whoever raised it and the coordination."""
    if actor.has(Role.COORDINATION):
        return true()
    return or_(Case.safety_raised_by.is_(None), Case.safety_raised_by == actor.person_id)


def in_reach(actor: Actor, role: Role) -> ColumnElement[bool]:
    """Condition on `Case` for tasks that one of the actor's roles may take."""
    reach = PERMISSIONS[Action.READ_SHELL].get(role)
    return false() if reach is None else _condition(actor, reach)


def _condition(actor: Actor, reach: Reach) -> ColumnElement[bool]:
    in_quarter = Case.quarter_id.in_(actor.quarters) if actor.quarters else false()
    match reach:
        case Reach.EVERYWHERE:
            return true()
        case Reach.OWN_QUARTERS:
            return in_quarter
        case Reach.ASSIGNED:
            return _assigned(actor)
        case Reach.ASKED:
            return _asked(actor)
        case Reach.QUARTERS_OR_ASSIGNED:
            return or_(in_quarter, _assigned(actor))
        case Reach.QUARTERS_OR_ASKED:
            return or_(in_quarter, _asked(actor))


def _assigned(actor: Actor) -> ColumnElement[bool]:
    return or_(
        Case.mediator_id == actor.person_id,
        Case.tandem_id == actor.person_id,
        Case.coordinator_id == actor.person_id,
    )


def _asked(actor: Actor) -> ColumnElement[bool]:
    return or_(_assigned(actor), Case.offered_to == actor.person_id)
