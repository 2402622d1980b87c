"""How points and ranges lie to one another; a point is a range of one."""

from collections.abc import Callable
from typing import Any

from bpmn.feel.calling import Library
from bpmn.feel.frames import Run
from bpmn.feel.operations.comparing import order
from bpmn.feel.values import Range

LIBRARY = Library()
POINTS = "point1: point, point2: point"
POINT_RANGE = "point: point, range: range"
RANGE_POINT = "range: range, point: point"
RANGES = "range1: range, range2: range"

Relation = Callable[[Range, Range], bool]


class _NoOrder(Exception):  # noqa: N818 - a fact: the ends cannot be compared
    """The ends of two ranges are of different kinds."""


def _relate(name: str, *forms: str) -> Callable[[Relation], Relation]:
    def register(relation: Relation) -> Relation:
        def function(_run: Run, one: Any, other: Any) -> bool | None:
            try:
                return relation(_range(one), _range(other))
            except _NoOrder:
                return None

        for form in forms:
            LIBRARY.function(name, form)(function)
        return relation

    return register


def _range(value: Any) -> Range:
    if type(value) is Range:
        return value
    return Range(value, value, low_included=True, high_included=True)


def _order(one: Any, other: Any) -> int:
    found = order(one, other)
    if found is None:
        raise _NoOrder
    return found


def _lows(one: Range, other: Range) -> int:
    """Compare where two ranges begin; without an end they begin first of all."""
    if one.low is None or other.low is None:
        return (other.low is None) - (one.low is None) if one.low is not other.low else 0
    return _order(one.low, other.low) or other.low_included - one.low_included


def _highs(one: Range, other: Range) -> int:
    if one.high is None or other.high is None:
        return (one.high is None) - (other.high is None) if one.high is not other.high else 0
    return _order(one.high, other.high) or one.high_included - other.high_included


def _gap(one: Range, other: Range) -> int:
    """Compare the end of one range with the beginning of another: -1 is a gap, 0 is touching."""
    if one.high is None or other.low is None:
        return 1
    found = _order(one.high, other.low)
    if found:
        return found
    return 0 if one.high_included and other.low_included else -1


@_relate("before", POINTS, POINT_RANGE, RANGE_POINT, RANGES)
def before(one: Range, other: Range) -> bool:
    return _gap(one, other) < 0


@_relate("after", POINTS, POINT_RANGE, RANGE_POINT, RANGES)
def after(one: Range, other: Range) -> bool:
    return _gap(other, one) < 0


@_relate("meets", RANGES)
def meets(one: Range, other: Range) -> bool:
    return _gap(one, other) == 0


@_relate("met by", RANGES)
def met_by(one: Range, other: Range) -> bool:
    return _gap(other, one) == 0


@_relate("overlaps", RANGES)
def overlaps(one: Range, other: Range) -> bool:
    return _gap(one, other) >= 0 and _gap(other, one) >= 0


@_relate("overlaps before", RANGES)
def overlaps_before(one: Range, other: Range) -> bool:
    return _lows(one, other) < 0 and _gap(one, other) >= 0 and _highs(one, other) <= 0


@_relate("overlaps after", RANGES)
def overlaps_after(one: Range, other: Range) -> bool:
    return overlaps_before(other, one)


@_relate("finishes", POINT_RANGE, RANGES)
def finishes(one: Range, other: Range) -> bool:
    return _highs(one, other) == 0 and _lows(one, other) >= 0


@_relate("finished by", RANGE_POINT, RANGES)
def finished_by(one: Range, other: Range) -> bool:
    return finishes(other, one)


@_relate("includes", RANGE_POINT, RANGES)
def includes(one: Range, other: Range) -> bool:
    return _lows(one, other) <= 0 and _highs(one, other) >= 0


@_relate("during", POINT_RANGE, RANGES)
def during(one: Range, other: Range) -> bool:
    return includes(other, one)


@_relate("starts", POINT_RANGE, RANGES)
def starts(one: Range, other: Range) -> bool:
    return _lows(one, other) == 0 and _highs(one, other) <= 0


@_relate("started by", RANGE_POINT, RANGES)
def started_by(one: Range, other: Range) -> bool:
    return starts(other, one)


@_relate("coincides", POINTS, RANGES)
def coincides(one: Range, other: Range) -> bool:
    return _lows(one, other) == 0 and _highs(one, other) == 0
