"""Regular expressions as FEEL means them (those of XPath), run step by step within a budget.

Python's own engine cannot be stopped once a pattern such as `(a+)+$` runs away.
"""

from bpmn.feel.patterns.matching import Match, first_match, matches_of
from bpmn.feel.patterns.program import BadPattern, Program, compile_pattern

__all__ = ["BadPattern", "Match", "Program", "compile_pattern", "first_match", "matches_of"]
