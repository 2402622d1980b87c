"""The deploy gate as others use it: files of strangers are read in a child that can be killed."""

from bpmn.gate.checking import check
from bpmn.gate.child import MOST_MEMORY, MOST_SECONDS

__all__ = ["MOST_MEMORY", "MOST_SECONDS", "check"]
