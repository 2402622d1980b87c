"""Bundles read once and shared: parsing costs more than a step."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from sqlalchemy import Connection

from bpmn.bundle import Bundle
from bpmn.model import Definitions, NotExecutable
from bpmn.wording import say
from engine import queries

CAPACITY = 64
"""Bundles kept in memory, some 2 MB each; others are read again when an instance of theirs moves."""

Load = Callable[[Bundle], Definitions]


def nothing_runs(bundle: Bundle) -> Definitions:
    """Refuse every bundle: what a transaction without processes knows."""
    raise NotExecutable(say("No process runs here (%(digest)s).", digest=bundle.digest))


class Library:
    """The definitions of every deployment, by digest. Safe to share among threads."""

    def __init__(self, load: Load = nothing_runs, capacity: int = CAPACITY) -> None:
        self._load = load
        self._capacity = capacity
        self._lock = threading.Lock()
        self._shelf: OrderedDict[str, Definitions] = OrderedDict()
        self._being_read: dict[str, threading.Lock] = {}

    def read(self, bundle: Bundle) -> Definitions:
        """Read the definitions of a bundle; raises `NotExecutable` when it would not run."""
        return self._fetch(bundle.digest, lambda: bundle)

    def of_deployment(
        self, connection: Connection, deployment_id: UUID, digest: str
    ) -> Definitions:
        return self._fetch(digest, lambda: queries.bundle_of(connection, deployment_id))

    def find(self, connection: Connection, deployment_id: UUID, digest: str) -> Definitions | None:
        """Do as `of_deployment`; None when this version of the house runs them no more."""
        with suppress(NotExecutable):
            return self.of_deployment(connection, deployment_id, digest)
        return None

    def _fetch(self, digest: str, bundle: Callable[[], Bundle]) -> Definitions:
        """Take a bundle from the shelf; read once if it is not there, while others can be taken."""
        with self._lock:
            if found := self._shelf.get(digest):
                self._shelf.move_to_end(digest)
                return found
            reading = self._being_read.setdefault(digest, threading.Lock())
        with reading:
            try:
                found = self._shelf.get(digest) or self._load(bundle())
                self._put(digest, found)
            finally:
                self._being_read.pop(digest, None)
        return found

    def _put(self, digest: str, found: Definitions) -> None:
        with self._lock:
            self._shelf[digest] = found
            self._shelf.move_to_end(digest)
            while len(self._shelf) > self._capacity:
                self._shelf.popitem(last=False)
