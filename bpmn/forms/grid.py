"""The rows of a form: what stands beside each other, and how wide it is, in sixteenths."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bpmn.forms.form import Component

COLUMNS = 16


def rows_of(components: Sequence[Component]) -> Iterator[tuple[Component, ...]]:
    """Put neighbours that name the same row together; all others have a row of their own."""
    for row, members in groupby(components, key=lambda component: component.layout.row):
        if row is None:
            yield from ((member,) for member in members)
        else:
            yield tuple(members)


def width_of(row: Sequence[Component]) -> int:
    """Return the least width of a row; who names no width needs one column at least."""
    return sum(component.layout.columns or 1 for component in row)


def spans_of(row: Sequence[Component]) -> Iterator[tuple[Component, int]]:
    """Give each its width; those without one share what the others leave."""
    open_ended = sum(component.layout.columns is None for component in row)
    left = COLUMNS - sum(component.layout.columns or 0 for component in row)
    for component in row:
        yield component, component.layout.columns or max(1, left // open_ended)
