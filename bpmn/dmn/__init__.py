"""Decisions: tables and formulas that turn facts into answers, and say which rows did it."""

from bpmn.dmn.decision import Decision, MatchedRule, Outcome, Service
from bpmn.dmn.errors import DecisionError
from bpmn.dmn.model import Model, read_decisions, read_model

__all__ = [
    "Decision",
    "DecisionError",
    "MatchedRule",
    "Model",
    "Outcome",
    "Service",
    "read_decisions",
    "read_model",
]
