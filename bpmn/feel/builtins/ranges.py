"""How points and ranges lie to one another."""

from bpmn.feel.calling import Library

LIBRARY = Library()
