"""The only place that moves a process: one step is one change, made in one transaction."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from engine import projections, queries
from engine.errors import InstanceEnded, NoSuchInstance
from engine.models import InstanceState
from engine.records import InstanceRecord
from engine.unit_of_work import UnitOfWork
from bpmn.spiff.run import ProcessRun

Change = Callable[[ProcessRun], None]
