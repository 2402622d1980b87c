"""From files to definitions: every file of a bundle is read, compiled and tied together once."""

from bpmn.bundle import Bundle
from bpmn.host import Host
from bpmn.model import Definitions


def load(bundle: Bundle, host: Host) -> Definitions:
    """Read a bundle whole. Raises `NotExecutable` for the first thing that could not run."""
    raise NotImplementedError
