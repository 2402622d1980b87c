"""Signals: heard by everything that waits for them when they are thrown, in every instance."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from bpmn.spiff.codec import encode_all
from bpmn.steps import WaitingSignal
from engine import jobs, message_queries
from engine.unit_of_work import UnitOfWork

SIGNAL = "signal"
"""The kind of job that brings a signal to one token."""


def send(
    uow: UnitOfWork,
    *names: str,
    variables: Mapping[str, Any] | None = None,
    thrower: UUID | None = None,
) -> int:
    """Owe these signals to every token that waits for one of them now; tell how many these are.

    Each hears it once, in a transaction of its own, so that what fails in one instance concerns
    no other. Who begins to wait later hears nothing, and the thrower heard it as it threw. A place
    that watches on hears two signals as one when the second is thrown before the first has come.
    """
    content = encode_all(variables or {})
    debts = [
        jobs.Debt(
            SIGNAL,
            {"signal": name, "token": token, "variables": content},
            instance_id=instance_id,
        )
        for name in dict.fromkeys(names)
        for instance_id, token in message_queries.subscribers_to(uow.connection, name)
        if instance_id != thrower
    ]
    jobs.owe(uow, *debts)
    return len(debts)


def unheard(
    uow: UnitOfWork,
    instance_id: UUID,
    before: Iterable[WaitingSignal],
    after: Iterable[WaitingSignal],
) -> list[WaitingSignal]:
    """List who waited for a signal that is still owed to them, and does not hear it any more."""
    left = {(one.token, one.signal) for one in after}
    lost = [one for one in before if (one.token, one.signal) not in left]
    if not lost:
        return []
    waiting = {token for token, _ in left}
    owed = message_queries.signals_owed(uow.connection, instance_id, SIGNAL)
    # whoever waits there hears one that was owed before they had names, whichever it waits for
    gone = [each for _, each in owed if "signal" in each or each["token"] not in waiting]
    return [one for one in lost if any(_is_for(payload, one) for payload in gone)]


def drop(uow: UnitOfWork, instance_id: UUID, lost: Iterable[WaitingSignal]) -> None:
    """Strike out what is owed to places that wait for it no more."""
    gone = tuple(lost)
    if not gone:
        return
    jobs.write(uow)
    owed = message_queries.signals_owed(uow.connection, instance_id, SIGNAL)
    ids = [job_id for job_id, payload in owed if any(_is_for(payload, one) for one in gone)]
    jobs.strike_out(uow, *ids)


def _is_for(payload: Mapping[str, Any], waiting: WaitingSignal) -> bool:
    """Tell whether an owed signal is for this token; those owed before they had names are."""
    named = payload.get("signal", waiting.signal)
    return bool(payload["token"] == waiting.token and named == waiting.signal)
