"""What must hold of a yard when all is calm: what was told is there, and there once."""

from collections import Counter

from sqlalchemy import func, select, text

from engine import reconciling
from engine.commands import Command
from engine.fault_table import Fault
from engine.models import Instance, InstanceState, Job, Message, TaskState, UserTask
from tests.chaos.yard import CLERKS

TASKS = ("report", "remind", "review")


def account(yard, transactions):
    """Sum up: how many cases and commands, what was lost, doubled, stands still or was not told."""
    with transactions.reading() as session:
        lost = list(_lost(yard, session))
        doubled = list(_doubled(session))
        stuck = list(_stuck(session))
        faults = Counter(session.scalars(select(Fault.error)))
        cases = session.scalar(select(func.count()).select_from(Instance))
    stuck += [str(each) for each in reconciling.survey(transactions)]
    told = list(_told(yard))
    return {
        "faults": yard.happened(),
        "lost": len(lost),
        "doubled": len(doubled),
        "stuck": len(stuck),
        "kinds": dict(yard.befallen) | _mishaps(yard),
        "slowest_recovery_s": round(yard.slowest_recovery, 2),
        "cases": cases,
        "commands": len(told),
        "came_too_late": yard.fenced(),
        "raised": dict(faults),
        "wrong": (lost + doubled + stuck)[:20],
        "unexpected_answers": yard.lines("broken")[:20],
    }


def _mishaps(yard):
    found = Counter(each["mishap"] for each in yard.lines("mishaps"))
    return {f"call {mishap}": number for mishap, number in found.items()}


def _told(yard):
    """List what clerks were told was done."""
    for number in range(CLERKS):
        for line in yard.lines(f"ledger-{number}"):
            if "task" not in line and "refused" not in line:
                yield line["key"], line["step"]


def _lost(yard, session):
    known = set(session.scalars(select(Command.id)))
    begun = {str(key) for key in session.scalars(select(Instance.business_key))}
    done = {
        (str(key), element)
        for key, element in session.execute(
            select(Instance.business_key, UserTask.element)
            .join(UserTask, UserTask.instance_id == Instance.id)
            .where(UserTask.state == TaskState.COMPLETED)
        )
    }
    for key, step in _told(yard):
        if f"{key}-{step}" not in known:
            yield f"command {key} {step}"
        if step == "start" and key not in begun:
            yield f"case {key}"
        if step in TASKS and (key, step) not in done:
            yield f"completion {key} {step}"


def _doubled(session):
    cases = Counter(session.scalars(select(Instance.business_key)))
    yield from (f"case {key}" for key, number in cases.items() if number > 1)
    effects = Counter(session.execute(text("SELECT instance_id, what FROM effect")).all())
    yield from (f"effect {each}" for each, number in effects.items() if number > 1)
    completed = select(UserTask.instance_id, UserTask.element).where(
        UserTask.state == TaskState.COMPLETED
    )
    tasks = Counter(session.execute(completed).all())
    yield from (f"task {each}" for each, number in tasks.items() if number > 1)


def _stuck(session):
    for instance in session.scalars(select(Instance)):
        if instance.state is not InstanceState.FINISHED:
            yield f"case {instance.business_key} is {instance.state}"
    owed = select(Job.kind).where(Job.instance_id.is_not(None))
    yield from (f"job {kind} is left" for kind in session.scalars(owed))
    yield from (f"letter {each} is left" for each in session.scalars(select(Message.key)))
