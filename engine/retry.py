"""How long a failure waits for its next try."""

import math
import random
from datetime import timedelta

from bpmn.errors import Refusal, Unavailable

MAX_TRIES = 5
DETERMINISTIC = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""Errors of the work itself: the same work fails in the same way again."""
FIRST_PAUSE = timedelta(seconds=10)


def pause(tries: int) -> timedelta:
    """Wait four times longer after each try; a little less at random, so that crowds part."""
    spread = random.uniform(0.8, 1.0)  # noqa: S311 - no secret
    return FIRST_PAUSE * math.pow(4, tries - 1) * spread


def helps(error: Exception, tries: int) -> bool:
    """Tell whether the same work may succeed later: what was refused will be refused again."""
    if isinstance(error, DETERMINISTIC):
        return False
    refused = isinstance(error, Refusal) and not isinstance(error, Unavailable)
    return not refused and tries < MAX_TRIES
