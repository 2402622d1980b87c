"""The composition root: from settings to a running installation. Nothing below imports it."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, make_url

from bpmn.definitions import load
from bpmn.host import Host
from engine import clock
from engine.database import connect
from engine.definitions import Library
from engine.handlers import Errand, Handlers, JobHandler, ServiceHandler
from engine.unit_of_work import Subscriber, Transactions
from engine.worker import Worker
from notifications.delivery import delivery
from workflows import calendar, sealing
from workflows.access import Role
from workflows.settings import Settings

CASE_FILE_PREFIXES = frozenset(
    "incident party contact note appointment agreement consent assignment measure gap referral "
    "outreach safety".split()
)
SOURCES = frozenset("quarters mediators cases parties organisations places languages people".split())


@dataclass(frozen=True, slots=True)
class Application:
    """An installation in this process. Web, worker and commands share it."""

    settings: Settings
    engine: Engine
    transactions: Transactions
    host: Host
    handlers: Handlers

    def worker(self) -> Worker:
        return Worker(self.transactions, self.handlers)

    def close(self) -> None:
        self.engine.dispose()
