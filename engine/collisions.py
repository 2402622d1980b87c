"""Changes that met in the database: whichever was undone is made again, and nobody reads of it."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

import structlog

from engine.errors import ChangesCollided
from engine.unit_of_work import Transactions, UnitOfWork

log = structlog.get_logger()

T = TypeVar("T")

REPEATS = 5
PAUSE = 0.01
"""Seconds of the first pause at most; each next may be twice as long."""


def _nothing() -> None:
    """Most work needs no preparation to be done again."""


def again(
    transactions: Transactions, work: Callable[[], T], prepare: Callable[[], None] = _nothing
) -> T:
    """Do the work, and once more each time that the database undid it in favour of another change.

    `prepare` is called before each repetition. Work that has stored something already is not
    repeated: its refusal is raised. What collides to the end is logged: the foreign key that it
    names may belong to a row that never was there.
    """
    for pause in (PAUSE * 2**number for number in range(REPEATS)):
        before = transactions.stored
        try:
            return work()
        except ChangesCollided:
            if transactions.stored != before:
                raise
        time.sleep(random.uniform(0, pause))  # noqa: S311 - so that two do not meet again
        prepare()
    try:
        return work()
    except ChangesCollided as collided:
        log.warning("changes keep colliding", constraint=collided.constraint)
        raise


def insist(transactions: Transactions, work: Callable[[UnitOfWork], T]) -> T:
    """Do the work in one unit of its own, as often as that takes; an error leaves nothing."""

    def once() -> T:
        with transactions.attempt() as uow:
            return work(uow)

    return again(transactions, once)
