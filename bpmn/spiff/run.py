"""One instance of a process in memory: restore it, tell it what happened, let it settle, store it."""

from collections.abc import Mapping
from typing import Any, Self

from bpmn.model import Definitions
from bpmn.steps import Passed, WaitingJob, WaitingMessage, WaitingTask, WaitingTimer


class ProcessRun:
    """A process between two moments of rest. Not for two threads at once.

    Change it (`complete`, `fire`, …), `settle()` it, read what it waits for, `snapshot()` it.
    After any exception the object is spoilt and refuses further use; the stored state stays valid.
    """

    @classmethod
    def begin(cls, definitions: Definitions, process_id: str, variables: Mapping[str, Any]) -> Self:
        """Place a token on the start event. Raises `Unknown` for a process that is not there."""
        raise NotImplementedError

    @classmethod
    def restore(cls, definitions: Definitions, snapshot: str) -> Self:
        """Continue a stored state. Raises `UnreadableSnapshot` when it does not fit."""
        raise NotImplementedError

    def snapshot(self) -> str:
        """Everything needed to continue, as text. The run must be settled."""
        raise NotImplementedError

    def complete(self, token: int, variables: Mapping[str, Any]) -> None:
        """A person has finished the task. Raises `NotWaiting` for any other token."""
        raise NotImplementedError

    def finish_job(self, token: int, variables: Mapping[str, Any]) -> None:
        """A job is done. With output mappings only these are kept, else every variable."""
        raise NotImplementedError

    def fail_job(self, token: int, error_code: str) -> None:
        """A job ends in a BPMN error, caught by the innermost boundary event for this code.

        Raises `ElementFailed` when nobody catches it.
        """
        raise NotImplementedError

    def deliver(self, token: int, payload: Mapping[str, Any]) -> None:
        """A message arrives at exactly this token."""
        raise NotImplementedError

    def fire(self, token: int) -> None:
        """A timer is due. What time it is, only the host's clock says; missed cycles fire once."""
        raise NotImplementedError

    def rearm(self) -> None:
        """Evaluate the formulas of all waiting timers again, counted from when each began."""
        raise NotImplementedError

    def settle(self) -> None:
        """Move every token until it waits, within the budget of one step."""
        raise NotImplementedError

    def cancel(self) -> None:
        """End the process where it stands."""
        raise NotImplementedError

    def waiting_tasks(self) -> list[WaitingTask]:
        raise NotImplementedError

    def waiting_timers(self) -> list[WaitingTimer]:
        raise NotImplementedError

    def waiting_jobs(self) -> list[WaitingJob]:
        raise NotImplementedError

    def waiting_messages(self) -> list[WaitingMessage]:
        raise NotImplementedError

    def passed(self) -> list[Passed]:
        """What was entered, left and cancelled since the last call, in order."""
        raise NotImplementedError

    @property
    def variables(self) -> Mapping[str, Any]:
        """The variables of the process itself."""
        raise NotImplementedError

    @property
    def is_finished(self) -> bool:
        raise NotImplementedError
