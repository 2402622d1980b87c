"""The child: reads one bundle from its input, checks it, writes the findings, ends.

Started as `python -m bpmn.gate.child`. It says `ready` once it has read its own code, so that
what it may spend is spent on the files.
"""

import resource
import signal
import sys
from dataclasses import replace

from bpmn.gate import letters
from bpmn.lint import Finding, check
from bpmn.wording import say

MOST_SECONDS = 2.0
"""Processor time for one bundle; then the system kills the child."""
MOST_MEMORY = 200 * 1024**2
"""Bytes of memory in all, the interpreter and its libraries included."""
READY = b"ready\n"
TOO_BIG = b"memory"
MOST_FINDINGS = 500
"""Nobody reads more; the last one says how many are left out."""


def main() -> None:
    """Answer one request. Whoever asks reads from our end how it went."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    bundle, host = letters.read_request(sys.stdin.buffer)
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        answer = letters.reply(_some(check(bundle, host)))
    except MemoryError:
        answer = TOO_BIG
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


def _some(findings: list[Finding]) -> list[Finding]:
    left_out = len(findings) - MOST_FINDINGS
    if left_out <= 0:
        return findings
    told = say("There are %(count)s more findings.", count=left_out)
    return [*findings[:MOST_FINDINGS], replace(findings[-1], sentence=told, element=None)]


if __name__ == "__main__":
    main()
