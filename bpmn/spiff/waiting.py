"""What an instance at rest waits for, told in plain values."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from bpmn.spiff.activities import DUE_BY, USUAL_PRIORITY, Job, UserTask
from bpmn.spiff.events import KEY, Catch
from bpmn.spiff.moments import moment
from bpmn.spiff.scopes import visible
from bpmn.spiff.settings import MessageTrigger, SignalTrigger, TimerTrigger
from bpmn.spiff.timing import DUE
from bpmn.spiff.tokens import Instance, Token
from bpmn.steps import WaitingJob, WaitingMessage, WaitingSignal, WaitingTask, WaitingTimer


def tasks(instance: Instance) -> list[Token]:
    return _standing(instance, UserTask, TaskState.READY)


def jobs(instance: Instance) -> list[Token]:
    return _standing(instance, Job, TaskState.STARTED)


def timers(instance: Instance) -> list[Token]:
    return _triggered(instance, TimerTrigger)


def messages(instance: Instance) -> list[Token]:
    return _triggered(instance, MessageTrigger)


def signals(instance: Instance) -> list[Token]:
    return _triggered(instance, SignalTrigger)


def _standing(instance: Instance, kind: type, state: int) -> list[Token]:
    return [
        token
        for token in instance.tokens()
        if token.state == state and isinstance(token.task_spec, kind)
    ]


def _triggered(instance: Instance, kind: type) -> list[Token]:
    return [
        token
        for token in _standing(instance, Catch, TaskState.WAITING)
        if isinstance(token.task_spec.settings.trigger, kind)
    ]


def _when(memo: Mapping[str, Any], key: str) -> datetime | None:
    return moment(memo[key]) if key in memo else None


def describe_task(token: Token) -> WaitingTask:
    memo, spec = token.internal_data, token.task_spec
    return WaitingTask(
        token=token.id,
        process=token.level.spec.process_id,
        element=spec.bpmn_id,
        name=spec.bpmn_name or spec.bpmn_id,
        form=spec.work.form,
        assignee=memo.get("a"),
        candidate_groups=tuple(memo.get("g", ())),
        candidate_users=tuple(memo.get("u", ())),
        due=_when(memo, DUE_BY),
        follow_up=_when(memo, "f"),
        priority=memo.get("p", USUAL_PRIORITY),
        local_variables=dict(token.locals),
    )


def describe_timer(token: Token) -> WaitingTimer:
    return WaitingTimer(
        token=token.id,
        process=token.level.spec.process_id,
        element=token.task_spec.bpmn_id,
        due=moment(token.internal_data[DUE]),
    )


def describe_job(token: Token) -> WaitingJob:
    settings = token.task_spec.settings
    sees = visible(token)
    if settings.inputs:
        sees = {target: token.locals[target] for target, _ in settings.inputs}
    return WaitingJob(
        token=token.id,
        process=token.level.spec.process_id,
        element=token.task_spec.bpmn_id,
        type=settings.work.type,
        headers=dict(settings.work.headers),
        tries=settings.work.tries,
        variables=dict(sees),
    )


def describe_message(token: Token) -> WaitingMessage:
    return WaitingMessage(
        token=token.id,
        process=token.level.spec.process_id,
        element=token.task_spec.bpmn_id,
        message=token.task_spec.settings.trigger.name,
        key=token.internal_data[KEY],
    )


def describe_signal(token: Token) -> WaitingSignal:
    return WaitingSignal(
        token=token.id,
        process=token.level.spec.process_id,
        element=token.task_spec.bpmn_id,
        signal=token.task_spec.settings.trigger.name,
    )
