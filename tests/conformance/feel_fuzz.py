"""Reads and evaluates random FEEL in a process of its own.

`python -m tests.conformance.feel_fuzz SEED COUNT` prints one line of JSON.
"""

import gc
import json
import random
import sys
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from time import thread_time

from bpmn.feel import FeelError, compile_expression, compile_unary_tests, from_python
from bpmn.host import BERLIN, Host
from tests.conformance.feel_texts import VARIABLES, Grower, real_texts

MOST_SECONDS = 0.05
"""Processor time for reading and evaluating one text."""
WARM = 500
"""Texts before the memory is measured, so that what is loaded once does not count."""
CLOCK = Host(now=lambda: datetime(2026, 11, 22, 12, tzinfo=BERLIN))
SCOPE = {
    "stage": Decimal(4),
    "points": [Decimal(number) for number in range(20)],
    "name": "Lärm im Hausflur",
    "party": {"age": Decimal(40), "name": "Mira", "a": None},
    "parties": [{"age": Decimal(age), "name": "x" * age} for age in range(12)],
    "received at": datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN),
    "text": "ab," * 1_000,
    "long": [Decimal(number) for number in range(2_000)],
    "deep": [[[[[[[[Decimal(1)]]]]]]]],
    "?": Decimal(5),
}


def main(seed, count):
    grower = Grower(random.Random(seed), real_texts())
    told, breaches, slowest, before = Counter(), [], 0.0, 0
    for number in range(count):
        if number == min(WARM, count - 1):
            before = memory()
        text = grower.text()
        outcome = "refused"
        for read in (compile_expression, compile_unary_tests):
            spent, found = timed(read, text)
            if spent > MOST_SECONDS:
                gc.collect()
                spent = min(spent, timed(read, text)[0])
            if spent > MOST_SECONDS:
                breaches.append([round(spent, 3), text[:20_000]])
            if found not in ("value", "refused"):
                breaches.append([found, text[:20_000]])
            outcome = "value" if found == "value" else outcome
            slowest = max(slowest, spent)
        told[outcome] += 1
    answer = {"seed": seed, "texts": count, **told, "slowest_ms": round(slowest * 1000)}
    answer |= {"grown_mb": memory() - before, "breaches": breaches}
    sys.stdout.write(json.dumps(answer) + "\n")


def timed(read, text):
    """Read and evaluate a text; tell the time it took and what came of it."""
    began = thread_time()
    try:
        value = read(text, names=VARIABLES).evaluate(SCOPE, CLOCK)
    except FeelError:
        return thread_time() - began, "refused"
    except BaseException as error:  # noqa: BLE001 - each one is a finding of this test
        return thread_time() - began, f"{type(error).__name__}: {error}"[:200]
    spent = thread_time() - began
    from_python(value)
    return spent, "value"


def memory():
    """Megabytes that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 // 1024**2


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
