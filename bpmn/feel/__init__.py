"""FEEL, the language of every formula in a diagram: read once, evaluated often, always bounded."""

from bpmn.feel.errors import FeelError
from bpmn.feel.expression import Expression, compile_expression, compile_unary_tests
from bpmn.feel.frames import Clock
from bpmn.feel.limits import OFFICE, TCK, Limits
from bpmn.feel.values import Range, YearsMonths, from_python

__all__ = [
    "OFFICE",
    "TCK",
    "Clock",
    "Expression",
    "FeelError",
    "Limits",
    "Range",
    "YearsMonths",
    "compile_expression",
    "compile_unary_tests",
    "from_python",
]
