"""The jobs by which processes move on their own: timers, service tasks, arriving messages."""

from collections.abc import Mapping
from datetime import UTC, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from bpmn.spiff.codec import decode_all
from bpmn.spiff.run import ProcessRun
from bpmn.steps import WaitingJob
from bpmn.timers import span_of
from engine import clock, message_queries, messages, steps
from engine.errors import MessageUnaddressed, NoHandler
from engine.handlers import ServiceCall, ServiceHandler
from engine.records import JobRecord
from engine.stay_table import Ended
from engine.unit_of_work import UnitOfWork
from engine.waiting import Answer

UNTAKEN = "untaken"
"""Under this a correlation that failed notes the message that could not be taken."""


def fire(uow: UnitOfWork, job: JobRecord) -> None:
    """Let a timer go off."""
    instance_id, token = _place(job)
    steps.advance(uow, instance_id, lambda run: run.fire(token), Answer(token))


def correlate(uow: UnitOfWork, job: JobRecord) -> None:
    """Bring a message to its receiver, or a receiver its messages."""
    if job.instance_id is not None:
        messages.receive(uow, job.instance_id)
    else:
        messages.correlate(uow, UUID(job.payload["message"]))


def hear(uow: UnitOfWork, job: JobRecord) -> None:
    """Bring a signal to the token that waited for it when it was thrown, if it still does.

    On other diagrams the same token may wait for another signal; then it hears nothing.
    """
    assert job.instance_id is not None
    token, variables = job.payload["token"], decode_all(job.payload["variables"])
    awaited = message_queries.signal_awaited(uow.connection, job.instance_id, token)
    # a signal that was thrown before the name was kept with it is for whoever waits there
    if awaited is not None and job.payload.get("signal", awaited) == awaited:
        steps.advance(uow, job.instance_id, lambda run: run.receive_signal(token, variables))


def serve(services: Mapping[str, ServiceHandler], uow: UnitOfWork, job: JobRecord) -> None:
    """Do a service task and let the process move on with what it returns."""
    instance_id, token = _place(job)
    waiting = _waiting(steps.look(uow, instance_id), token)
    handler = services.get(waiting.type)
    if handler is None:
        raise NoHandler(waiting.type)
    variables = handler(uow, _call(uow, job, waiting)) or {}
    steps.advance(uow, instance_id, lambda run: run.finish_job(token, variables), Answer(token))


def fail(uow: UnitOfWork, job: JobRecord, code: str) -> None:
    """End a service task in a BPMN error."""
    instance_id, token = _place(job)
    answer = Answer(token, ended=Ended.FAILED)
    steps.advance(uow, instance_id, lambda run: run.fail_job(token, code), answer)


def publish(uow: UnitOfWork, call: ServiceCall) -> Mapping[str, Any]:
    """Serve the task type `message.publish`: `name` and `key` from its inputs or its headers.

    `time_to_live`, a duration, says how long the message waits for its receiver.
    """
    given = {**call.headers, **call.variables}
    name, key, life = (given.pop(field, None) for field in ("name", "key", "time_to_live"))
    if not isinstance(name, str) or not isinstance(key, str):
        raise MessageUnaddressed(call.process, call.element)
    payload = {field: given[field] for field in given if field not in call.headers}
    messages.publish(uow, name, key, payload, _life(life))
    return {}


def _life(given: Any) -> timedelta:
    if given is None:
        return messages.DEFAULT_TTL
    now = clock.now()
    return span_of(given).after(now, UTC) - now


ENGINE_SERVICES: Mapping[str, ServiceHandler] = MappingProxyType({"message.publish": publish})
"""Service task types that every installation can do."""


def _place(job: JobRecord) -> tuple[UUID, int]:
    assert job.instance_id is not None
    assert job.token is not None
    return job.instance_id, job.token


def _waiting(run: ProcessRun, token: int) -> WaitingJob:
    return next(waiting for waiting in run.waiting_jobs() if waiting.token == token)


def _call(uow: UnitOfWork, job: JobRecord, waiting: WaitingJob) -> ServiceCall:
    instance_id, _ = _place(job)
    return ServiceCall(
        id=job.id,
        instance_id=instance_id,
        business_key=steps.lock(uow, instance_id).business_key,
        process=waiting.process,
        element=waiting.element,
        type=waiting.type,
        headers=waiting.headers,
        variables=waiting.variables,
    )
