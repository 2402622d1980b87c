"""What must hold when the smoke has cleared: each function names what does not."""

import sqlite3
from collections import Counter
from email import message_from_bytes, policy
from uuid import UUID

from sqlalchemy import func, select

from engine import clock, reconciling
from engine.errors import KeptFailing
from engine.fault_table import Fault, FaultState
from engine.models import Instance, Job, TaskState, UserTask
from engine.stay_table import Ended, Stay
from notifications.models import LetterState, OutboxLetter
from tests.chaos.ledger import Kind
from workflows import audit
from workflows.audit import AuditEntry
from workflows.cases.models import Case, Incident
from workflows.cases.records import ContactLog

TOLD_ONCE = {"task_opened", "assignment_offered", "assignment_answered", "case_closed"}


def everything(app, ledger, box, old_letters):
    """List all that is wrong; nothing is asked of letters from before."""
    with app.transactions.reading() as session:
        yield from ledger.failures
        yield from (f"never answered: {each}" for each in ledger.unanswered())
        yield from reports(session, ledger)
        yield from completions(session, ledger)
        yield from refusals(session, ledger)
        yield from faults(session)
        yield from letters(session, box, old_letters)
        yield from (f"audit chain broken: {each}" for each in audit.verify(session))
    found = reconciling.survey(app.transactions)
    yield from (f"rows and snapshot differ: {each}" for each in found)


GIVEN_UP = KeptFailing.__name__


LOST = ("lost", "never")
DOUBLED = ("two ", "twice", " times")


def sums(wrong, *, quiet):
    """Count what was lost, what was doubled, what else is wrong; tell whether work is left over."""
    lost = [one for one in wrong if one.startswith(LOST)]
    rest = [one for one in wrong if one not in lost]
    doubled = [one for one in rest if any(sign in one for sign in DOUBLED)]
    otherwise = len(rest) - len(doubled)
    return {
        "lost": len(lost),
        "doubled": len(doubled),
        "otherwise_wrong": otherwise,
        "stuck": int(not quiet),
    }


def reports(session, ledger):
    """One case for each acknowledged report, with one incident, one process and a number."""
    acknowledged = Counter(UUID(each.answer["case_id"]) for each in ledger.done(Kind.REPORT))
    yield from (f"two reports, one case: {case}" for case in _more_than_once(acknowledged))
    told = _count(session, AuditEntry.case_id, AuditEntry.action == "report_incident")
    incidents = _count(session, Incident.case_id)
    runs = _count(session, Instance.business_key, Instance.process == "neighbourhood_conflict")
    for case in acknowledged:
        found = told[case], incidents[case], runs[case]
        if found != (1, 1, 1):
            yield f"report of {case}: {found} entries, incidents, processes"
    before_us = {f"demo:{number}" for number in range(100)}
    numbers = sorted(session.scalars(select(Case.number)))
    if len(numbers) - len(acknowledged) > len(before_us):
        yield f"{len(numbers)} cases for {len(acknowledged)} reports"
    counted = [int(number.rpartition("-")[2]) for number in numbers]
    if len(set(counted)) != len(counted):
        yield "a case number was given twice"


def completions(session, ledger):
    """Each acknowledged completion closed its task once; nothing else closed a task of ours."""
    ours = {UUID(each.answer["case_id"]) for each in ledger.done(Kind.REPORT)}
    acknowledged = {UUID(each.task): each for each in ledger.done(Kind.COMPLETE)}
    if len(acknowledged) != len(ledger.done(Kind.COMPLETE)):
        yield "a task was completed by two commands"
    rows = session.execute(
        select(UserTask.id, UserTask.state, UserTask.token, UserTask.instance_id)
        .join(Instance, Instance.id == UserTask.instance_id)
        .where(Instance.business_key.in_(ours))
    ).all()
    completed = {row.id for row in rows if row.state is TaskState.COMPLETED}
    yield from (f"lost: {acknowledged[task]}" for task in acknowledged.keys() - completed)
    yield from (f"nobody was told of {task}" for task in completed - acknowledged.keys())
    left = _count(session, (Stay.instance_id, Stay.token), Stay.ended == Ended.COMPLETED)
    for row in rows:
        if row.id in completed and left[row.instance_id, row.token] != 1:
            yield f"{acknowledged[row.id].name}: left {left[row.instance_id, row.token]} times"
    yield from _deeds(session, ledger, ours)


def _deeds(session, ledger, ours):
    """What a command wrote besides: the audit's line, and the contact that it tells of."""
    for kind, action in ((Kind.COMPLETE, "complete_task"), (Kind.CLAIM, "claim_task")):
        wanted = Counter(UUID(each.case) for each in ledger.done(kind))
        found = _count(session, AuditEntry.case_id, AuditEntry.action == action)
        for case in ours:
            if found[case] != wanted[case]:
                yield f"{action} in {case}: {found[case]} times, told {wanted[case]} times"
    contacts = _count(session, ContactLog.task_id)
    for each in ledger.done(Kind.COMPLETE):
        if each.name.startswith("Erstkontakt") and contacts[UUID(each.task)] != 1:
            yield f"{each.name}: {contacts[UUID(each.task)]} contacts"


def refusals(session, ledger):
    """A refusal needs a reason: the task had been cancelled, or its appointment was past."""
    for each in ledger.refused():
        task = session.get(UserTask, UUID(each.task)) if each.task else None
        cancelled = task is not None and task.state is TaskState.CANCELLED
        if not (cancelled and each.status == 409) and each.name != "Termin":
            yield f"refused: {each}"


def given_up(app):
    """Count the work that is left to an operator: its process died each time that it was tried."""
    with app.transactions.reading() as session:
        left = (Fault.error == GIVEN_UP) & (Fault.state == FaultState.OPEN)
        return session.scalar(select(func.count()).select_from(Fault).where(left))


def faults(session):
    tried_again = (Fault.error == GIVEN_UP) & (Fault.state == FaultState.RETRIED)
    for fault in session.scalars(select(Fault).where(~tried_again)):
        yield f"fault: {fault.element} {fault.job_kind} {fault.error} at {fault.place}"


def letters(session, box, old_letters):
    """Each letter arrived at least once, always the same; none was written twice."""
    rows = [row for row in session.scalars(select(OutboxLetter)) if row.id not in old_letters]
    yield from (f"never sent: {each.template}" for each in rows if each.state != LetterState.SENT)
    arrived = {}
    for _, content in list(box.mails):
        mail = message_from_bytes(content, policy=policy.default)
        del mail["Date"]
        arrived.setdefault(mail["Message-ID"].strip("<>").partition("@")[0], set()).add(
            mail.as_bytes()
        )
    known = {str(each.id) for each in rows}
    yield from (f"never arrived: {each}" for each in known - arrived.keys())
    yield from (f"nobody wrote {each}" for each in arrived.keys() - known)
    yield from (
        f"arrived in two versions: {key}" for key, texts in arrived.items() if len(texts) > 1
    )
    once = Counter(
        (each.to, each.template, each.body) for each in rows if each.template in TOLD_ONCE
    )
    yield from (f"written twice: {each}" for each in _more_than_once(once))


def doubled_mails(box):
    ids = Counter(message_from_bytes(content)["Message-ID"] for _, content in list(box.mails))
    return sum(number - 1 for number in ids.values())


def is_quiet(app):
    """Tell whether everything that is due has been done."""
    with app.transactions.reading() as session:
        open_work = session.scalar(
            select(func.count())
            .select_from(Job)
            .where((Job.due_at <= clock.now()) | Job.lease_until.is_not(None))
        )
        waiting = session.scalar(
            select(func.count()).where(OutboxLetter.state == LetterState.WAITING)
        )
    return not open_work and not waiting


def integrity(file):
    """What SQLite itself says about its file."""
    with sqlite3.connect(file) as connection:
        return connection.execute("PRAGMA integrity_check").fetchone()[0]


def _count(session, what, *where):
    columns = what if isinstance(what, tuple) else (what,)
    rows = session.execute(select(*columns, func.count()).where(*where).group_by(*columns))
    return Counter({(tuple(key) if isinstance(what, tuple) else key[0]): n for *key, n in rows})


def _more_than_once(counted):
    return [each for each, number in counted.items() if number > 1]
