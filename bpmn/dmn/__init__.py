"""Decisions: tables and formulas that turn facts into answers, and say which rows did it."""

from bpmn.dmn.decision import Decision, MatchedRule, Outcome
from bpmn.dmn.errors import DecisionError
from bpmn.dmn.reading import read_decisions

__all__ = ["Decision", "DecisionError", "MatchedRule", "Outcome", "read_decisions"]
