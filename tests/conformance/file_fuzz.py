"""Checks mutants in a process of its own: `python -m tests.conformance.file_fuzz SEED COUNT`.

Prints one line of JSON: what was checked, what it cost at most, and every breach of a promise.
"""

import json
import random
import sys
import traceback
from collections import Counter
from pathlib import Path
from time import thread_time

from bpmn.bundle import Bundle
from bpmn.definitions import load
from bpmn.errors import Refusal
from bpmn.lint import Severity, check
from bpmn.spiff.run import ProcessRun
from tests.conformance.file_mutants import mutate, seeds
from web.commands.installation import host_alone
from workflows.processes import catalog

MOST_SECONDS = 2.0
IN_COMPANY = 0.05
"""Share of the mutants that are checked together with all shipped files."""


def main(seed, count):
    host, paths, shipped = host_alone(), seeds(), catalog.shipped_bundle()
    told, breaches, slowest = Counter(), [], 0.0
    for number in range(count):
        choice = random.Random(f"{seed}:{number}")
        path = choice.choice(paths)
        name, content = mutate(path, choice)
        company = choice.random() < IN_COMPANY
        bundle = shipped.having(path.name if company else name, content)
        bundle = bundle if company else Bundle({name: content})
        began = thread_time()
        try:
            told[_outcome(bundle, host)] += 1
        except Exception as error:  # noqa: BLE001 - each one is a finding of this test
            where = traceback.extract_tb(error.__traceback__)[-1]
            breaches.append(f"{number} {path.name}: {error!r} at {where.name}:{where.lineno}")
        spent = thread_time() - began
        slowest = max(slowest, spent)
        if spent > MOST_SECONDS:
            breaches.append(f"{number} {path.name}: {spent:.1f} s")
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
    answer = {"seed": seed, "seeds": len(paths), "mutants": count, **told}
    answer |= {"slowest_s": round(slowest, 2), "peak_mb": peak, "breaches": breaches}
    sys.stdout.write(json.dumps(answer) + "\n")


def _outcome(bundle, host):
    """Check; what passes is begun as well, and may refuse to go on but never break."""
    errors = [one for one in check(bundle, host) if one.severity is Severity.ERROR]
    for finding in errors:
        assert str(finding.sentence)
        assert finding.file in bundle.files
    if errors:
        return "refused"
    definitions = load(bundle, host)
    for process in definitions.processes:
        try:
            run = ProcessRun.begin(definitions, process, {})
            run.settle()
            ProcessRun.restore(definitions, run.snapshot())
        except Refusal:
            return "begun and refused"
    return "passed"


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
