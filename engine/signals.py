"""Signals: heard by everything that waits for them when they are thrown, in every instance."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from bpmn.spiff.codec import encode_all
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
        jobs.Debt(SIGNAL, {"token": token, "variables": content}, instance_id=instance_id)
        for name in dict.fromkeys(names)
        for instance_id, token in message_queries.subscribers_to(uow.connection, name)
        if instance_id != thrower
    ]
    jobs.owe(uow, *debts)
    return len(debts)
