"""Asks the child, waits only so long, and says so when there is no answer."""

import atexit
import os
import signal
import subprocess
import sys
import threading
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path

from bpmn.bundle import Bundle
from bpmn.gate import letters
from bpmn.gate.child import MOST_MEMORY, MOST_SECONDS, READY, TOO_BIG
from bpmn.gate.errors import GateClosed
from bpmn.host import Host
from bpmn.lint import Finding, Severity
from bpmn.wording import Sentence, say

RULE = "resources"
LONGEST_WAIT = 10.0
"""Seconds by the clock: a busy machine may need longer than the child's own two seconds."""
KEPT = 64
"""Answers that are remembered; the same files are asked about again when they are published."""

_PLACE = Path(__file__).resolve().parents[2]


def check(bundle: Bundle, host: Host) -> list[Finding]:
    """Everything that is wrong with a bundle; empty means publish. For any number of threads.

    The files are read by a child process with 2 seconds of processor time and 200 MB of memory;
    one that needs more is a finding too. Raises `GateClosed` when no child can be started.
    """
    return _GATE.check(bundle, host)


class Gate:
    """Keeps one child ready, because starting one takes longer than most checks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ready: subprocess.Popen[bytes] | None = None
        self._known: OrderedDict[bytes, list[Finding]] = OrderedDict()

    def check(self, bundle: Bundle, host: Host) -> list[Finding]:
        request = letters.request(bundle, host)
        key = request.partition(b"\n")[0] + bundle.digest.encode()
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return list(self._known[key])
        answer = self._ask(request)
        if isinstance(answer, Sentence):
            return [Finding(RULE, Severity.ERROR, _largest(bundle), None, None, answer)]
        with self._lock:
            self._known[key] = answer
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return list(answer)

    def _ask(self, request: bytes) -> list[Finding] | Sentence:
        """Ask a child; the sentence says why there are no findings."""
        child = self._take()
        try:
            told, _ = child.communicate(request, timeout=LONGEST_WAIT)
        except subprocess.TimeoutExpired:
            return _too_long()
        finally:
            _end(child)
            self._prepare()
        return _understood(told.removeprefix(READY), child.returncode)

    def _take(self) -> subprocess.Popen[bytes]:
        with self._lock:
            child, self._ready = self._ready, None
        if child is not None and child.poll() is not None:  # the system may have ended it
            _end(child)
            child = None
        return child or _start()

    def _prepare(self) -> None:
        with self._lock:
            if self._ready is None:
                self._ready = _start()

    def close(self) -> None:
        """End the child that waits."""
        with self._lock:
            child, self._ready = self._ready, None
        if child is not None:
            _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
    child.wait()


def _start() -> subprocess.Popen[bytes]:
    """Start a child that sees nothing of ours: no secrets in its surroundings, no open files."""
    try:
        return subprocess.Popen(
            [sys.executable, "-s", "-P", "-m", "bpmn.gate.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": str(_PLACE), "PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:
        raise GateClosed from error


def _understood(told: bytes, code: int) -> list[Finding] | Sentence:
    if told == TOO_BIG:
        return _too_big()
    if code == -signal.SIGPROF:
        return _too_long()
    try:
        return letters.read_reply(told)
    except ValueError:
        return say(
            "The files could not be checked: the check broke off. "
            "Take back the last change, or ask the administrators."
        )


def _too_long() -> Sentence:
    return say(
        "Checking the files takes longer than %(limit)s seconds. "
        "Make the largest file smaller, or split it.",
        limit=int(MOST_SECONDS),
    )


def _too_big() -> Sentence:
    return say(
        "Checking the files needs more than %(limit)s MB of memory. "
        "Make the largest file smaller, or split it.",
        limit=MOST_MEMORY // 1024**2,
    )


def _largest(bundle: Bundle) -> str:
    return max(bundle.files, key=lambda name: len(bundle.files[name]), default="")


_GATE = Gate()
atexit.register(_GATE.close)
