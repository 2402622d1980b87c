"""The arithmetic operators."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from bpmn.feel.frames import Run
from bpmn.feel.operations import passing
from bpmn.feel.values import ARITHMETIC, YearsMonths

TypePair = tuple[type, type]
MICROSECONDS = Decimal(1_000_000)
UNCOUNTABLE = Decimal(10) ** 18
LONGEST = -timedelta.min
"""The longest duration that there is in both directions."""


def finite(number: Decimal) -> Decimal | None:
    return number if number.is_finite() else None


def whole(number: Decimal) -> int:
    """Return the whole part; what is beyond counting is cut, as its digits would take long to work out."""
    return int(max(-UNCOUNTABLE, min(number, UNCOUNTABLE)))


def add(left: Any, right: Any, run: Run) -> Any:
    if type(left) is Decimal and type(right) is Decimal:
        return finite(ARITHMETIC.add(left, right))
    if type(left) is str and type(right) is str:
        run.limits.check_text(len(left) + len(right))
        return left + right
    return _by_types(SUMS, left, right)


def subtract(left: Any, right: Any, _run: Run) -> Any:
    if type(left) is Decimal and type(right) is Decimal:
        return finite(ARITHMETIC.subtract(left, right))
    return _by_types(DIFFERENCES, left, right)


def multiply(left: Any, right: Any, _run: Run) -> Any:
    if type(left) is Decimal and type(right) is Decimal:
        return finite(ARITHMETIC.multiply(left, right))
    return _by_types(PRODUCTS, left, right)


def divide(left: Any, right: Any, _run: Run) -> Any:
    if type(left) is Decimal and type(right) is Decimal:
        return finite(ARITHMETIC.divide(left, right))
    return _by_types(QUOTIENTS, left, right)


def power(left: Any, right: Any, run: Run) -> Any:
    if type(left) is Decimal and type(right) is Decimal:
        run.charge(1)
        return finite(ARITHMETIC.power(left, right))
    return None


def negate(value: Any) -> Any:
    if type(value) is Decimal:
        return ARITHMETIC.minus(value)
    if type(value) is timedelta:
        return None if value > LONGEST else -value
    if type(value) is YearsMonths:
        return YearsMonths(-value.total)
    return None


def _by_types(table: Mapping[TypePair, Callable[[Any, Any], Any]], left: Any, right: Any) -> Any:
    compute = table.get((type(left), type(right)))
    if compute is None:
        return None
    try:
        return compute(left, right)
    except OverflowError:
        return None


def seconds(length: timedelta) -> Decimal:
    whole = length.days * 86_400 + length.seconds
    return Decimal(whole) + Decimal(length.microseconds) / MICROSECONDS


def _times(length: timedelta, factor: Decimal) -> timedelta | None:
    return _from_seconds(ARITHMETIC.multiply(seconds(length), factor))


def _divided(length: timedelta, divisor: Decimal) -> timedelta | None:
    return _from_seconds(ARITHMETIC.divide(seconds(length), divisor))


def _from_seconds(total: Decimal) -> timedelta | None:
    if not total.is_finite() or abs(total) > 86_400 * 999_999_999:
        return None
    micro = (total * MICROSECONDS).to_integral_value(ROUND_HALF_EVEN)
    return timedelta(microseconds=int(micro))


def _months_times(length: YearsMonths, factor: Decimal) -> YearsMonths | None:
    return _months(ARITHMETIC.multiply(Decimal(length.total), factor))


def _months_divided(length: YearsMonths, divisor: Decimal) -> YearsMonths | None:
    return _months(ARITHMETIC.divide(Decimal(length.total), divisor))


def _months(total: Decimal) -> YearsMonths | None:
    if not total.is_finite() or abs(total) > 12 * 999_999_999:
        return None
    return YearsMonths(int(total))


def _ratio(one: Decimal, other: Decimal) -> Decimal | None:
    return finite(ARITHMETIC.divide(one, other))


def _date_minus_datetime(on: date, moment: datetime) -> timedelta | None:
    return passing.between_datetimes(_midnight(on, moment), moment)


def _datetime_minus_date(moment: datetime, on: date) -> timedelta | None:
    return passing.between_datetimes(moment, _midnight(on, moment))


def _midnight(on: date, like: datetime) -> datetime:
    return datetime.combine(on, time(), tzinfo=like.tzinfo)


SUMS: Mapping[TypePair, Callable[[Any, Any], Any]] = {
    (date, timedelta): passing.later_date,
    (timedelta, date): lambda length, on: passing.later_date(on, length),
    (datetime, timedelta): passing.later_datetime,
    (timedelta, datetime): lambda length, moment: passing.later_datetime(moment, length),
    (time, timedelta): passing.later_time,
    (timedelta, time): lambda length, at: passing.later_time(at, length),
    (date, YearsMonths): passing.months_later,
    (YearsMonths, date): lambda length, on: passing.months_later(on, length),
    (datetime, YearsMonths): passing.months_later,
    (YearsMonths, datetime): lambda length, moment: passing.months_later(moment, length),
    (timedelta, timedelta): lambda one, other: one + other,
    (YearsMonths, YearsMonths): lambda one, other: YearsMonths(one.total + other.total),
}
DIFFERENCES: Mapping[TypePair, Callable[[Any, Any], Any]] = {
    (date, timedelta): lambda on, length: passing.later_date(on, -length),
    (datetime, timedelta): lambda moment, length: passing.later_datetime(moment, -length),
    (time, timedelta): lambda at, length: passing.later_time(at, -length),
    (date, YearsMonths): lambda on, length: passing.months_later(on, negate(length)),
    (datetime, YearsMonths): lambda on, length: passing.months_later(on, negate(length)),
    (date, date): lambda one, other: one - other,
    (datetime, datetime): passing.between_datetimes,
    (date, datetime): _date_minus_datetime,
    (datetime, date): _datetime_minus_date,
    (time, time): passing.between_times,
    (timedelta, timedelta): lambda one, other: one - other,
    (YearsMonths, YearsMonths): lambda one, other: YearsMonths(one.total - other.total),
}
PRODUCTS: Mapping[TypePair, Callable[[Any, Any], Any]] = {
    (timedelta, Decimal): _times,
    (Decimal, timedelta): lambda factor, length: _times(length, factor),
    (YearsMonths, Decimal): _months_times,
    (Decimal, YearsMonths): lambda factor, length: _months_times(length, factor),
}
QUOTIENTS: Mapping[TypePair, Callable[[Any, Any], Any]] = {
    (timedelta, Decimal): _divided,
    (YearsMonths, Decimal): _months_divided,
    (timedelta, timedelta): lambda one, other: _ratio(seconds(one), seconds(other)),
    (YearsMonths, YearsMonths): lambda one, other: _ratio(Decimal(one.total), Decimal(other.total)),
}
