"""Bundles read once and shared: parsing costs more than a step."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import Connection

from bpmn.bundle import Bundle
from bpmn.model import Definitions, NotExecutable
from bpmn.wording import say
from engine import queries

CAPACITY = 32
"""Bundles kept in memory; older ones are read again when an old instance moves."""

Load = Callable[[Bundle], Definitions]


def nothing_runs(bundle: Bundle) -> Definitions:
    """Refuse every bundle: what a transaction without processes knows."""
    raise NotExecutable(say("No process runs here (%(digest)s).", digest=bundle.digest))


class Library:
    """The definitions of every deployment, by digest. Safe to share among threads."""

    def __init__(self, load: Load = nothing_runs, capacity: int = CAPACITY) -> None:
        self._load = load
        self._capacity = capacity
        self._lock = threading.RLock()
        self._shelf: OrderedDict[str, Definitions] = OrderedDict()

    def read(self, bundle: Bundle) -> Definitions:
        """Read the definitions of a bundle; raises `NotExecutable` when it would not run."""
        return self._fetch(bundle.digest, lambda: bundle)

    def of_deployment(
        self, connection: Connection, deployment_id: UUID, digest: str
    ) -> Definitions:
        return self._fetch(digest, lambda: queries.bundle_of(connection, deployment_id))

    def _fetch(self, digest: str, bundle: Callable[[], Bundle]) -> Definitions:
        with self._lock:
            if digest not in self._shelf:
                self._shelf[digest] = self._load(bundle())
                while len(self._shelf) > self._capacity:
                    self._shelf.popitem(last=False)
            self._shelf.move_to_end(digest)
            return self._shelf[digest]
