"""How long a failure waits for its next try."""

import math
import random
from datetime import timedelta

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from bpmn.errors import Refusal, Unavailable
from engine.failures import cause_of

DETERMINISTIC = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""Errors of the work itself: the same work fails in the same way again."""
PASSING = (Unavailable, InterfaceError, OperationalError, PoolExhausted, OSError, MemoryError)
"""Errors of what surrounds the work: these alone are worth another try of a step."""
FIRST_PAUSE = timedelta(seconds=10)


def pause(tries: int) -> timedelta:
    """Wait four times longer after each try; a little less at random, so that crowds part."""
    spread = random.uniform(0.8, 1.0)  # noqa: S311 - no secret
    return FIRST_PAUSE * math.pow(4, tries - 1) * spread


def helps(error: Exception, tries: int, most: int) -> bool:
    """Tell whether the same work, tried so often and `most` times at the most, may succeed later.

    What was refused will be refused again, and a process makes the same step of the same state;
    a handler may have met anything.
    """
    if tries >= most:
        return False
    if isinstance(cause_of(error), PASSING):
        return True
    return not isinstance(error, (Refusal, *DETERMINISTIC))
