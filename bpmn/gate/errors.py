"""Why files could not be checked at all."""

from bpmn.errors import Unavailable
from bpmn.wording import say


class GateClosed(Unavailable):
    """The system gives us no process for the check."""

    def __init__(self) -> None:
        super().__init__(
            say("The files cannot be checked right now. Please try again in a moment.")
        )
