"""Functions on numbers."""

from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from typing import Any

from bpmn.feel.calling import Library
from bpmn.feel.frames import Run
from bpmn.feel.operations.computing import finite, whole
from bpmn.feel.values import ARITHMETIC, YearsMonths

LIBRARY = Library()
EXACT = Context(prec=13_000, Emin=-99_999, Emax=99_999, traps=[])
"""Digits enough to divide the largest number by the smallest and see what is left."""

SCALES = range(-6_111, 6_177)
"""The scales that a number of 34 digits may have (DMN 1.5, 10.3.2.3.1)."""


def rounded(number: Decimal, scale: Decimal, mode: str) -> Decimal | None:
    """Round to so many places behind the point; negative ones are tens, hundreds, …."""
    places = whole(scale)
    if places not in SCALES:
        return None
    if -number.as_tuple().exponent <= places:  # type: ignore[operator]
        return number
    step = Decimal(1).scaleb(-places)
    if number.adjusted() < -places - 1:
        return _tiny(number, step, mode)
    return (
        finite(number.quantize(step, mode, ARITHMETIC))
        if places >= 0
        else _coarse(number, step, mode)
    )


def _coarse(number: Decimal, step: Decimal, mode: str) -> Decimal | None:
    units = ARITHMETIC.divide(number, step).to_integral_value(mode)
    return finite(ARITHMETIC.multiply(units, step).quantize(Decimal(1), context=ARITHMETIC))


def _tiny(number: Decimal, step: Decimal, mode: str) -> Decimal:
    """Round a number that is less than a tenth of the step."""
    away = mode in (ROUND_UP, ROUND_CEILING if number > 0 else ROUND_FLOOR)
    return step.copy_sign(number) if away and number else Decimal(0)


def _rounding(name: str, mode: str, parameters: str) -> None:
    @LIBRARY.function(name, parameters)
    def function(_run: Run, number: Decimal, scale: Decimal = Decimal(0)) -> Decimal | None:
        return rounded(number, scale, mode)


for _name, _mode, _parameters in (
    ("decimal", ROUND_HALF_EVEN, "n: number, scale: number"),
    ("floor", ROUND_FLOOR, "n: number, scale: number?"),
    ("ceiling", ROUND_CEILING, "n: number, scale: number?"),
    ("round up", ROUND_UP, "n: number, scale: number"),
    ("round down", ROUND_DOWN, "n: number, scale: number"),
    ("round half up", ROUND_HALF_UP, "n: number, scale: number"),
    ("round half down", ROUND_HALF_DOWN, "n: number, scale: number"),
):
    _rounding(_name, _mode, _parameters)


@LIBRARY.function("abs", "n: number")
def absolute(_run: Run, number: Decimal) -> Decimal:
    return number.copy_abs()


@LIBRARY.function("abs", "n: duration")
def absolute_duration(_run: Run, length: Any) -> Any:
    if isinstance(length, timedelta):
        return abs(length)
    return YearsMonths(abs(length.total))


@LIBRARY.function("modulo", "dividend: number, divisor: number")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """Return what is left over; it has the sign of the divisor."""
    if not divisor:
        return None
    run.charge(max(dividend.adjusted() - divisor.adjusted(), 0) // 500)
    rest = EXACT.remainder(dividend, divisor)
    if rest and rest.is_signed() != divisor.is_signed():
        rest = EXACT.add(rest, divisor)
    return finite(ARITHMETIC.plus(rest))


@LIBRARY.function("sqrt", "number: number")
def square_root(_run: Run, number: Decimal) -> Decimal | None:
    return None if number < 0 else ARITHMETIC.sqrt(number)


@LIBRARY.function("log", "number: number")
def logarithm(_run: Run, number: Decimal) -> Decimal | None:
    return None if number <= 0 else ARITHMETIC.ln(number)


@LIBRARY.function("exp", "number: number")
def exponential(_run: Run, number: Decimal) -> Decimal | None:
    return finite(ARITHMETIC.exp(number))


@LIBRARY.function("odd", "number: number")
def odd(_run: Run, number: Decimal) -> bool | None:
    return _parity(number, 1)


@LIBRARY.function("even", "number: number")
def even(_run: Run, number: Decimal) -> bool | None:
    return _parity(number, 0)


def _parity(number: Decimal, rest: int) -> bool | None:
    if number != number.to_integral_value():
        return None
    return EXACT.remainder(number, Decimal(2)).copy_abs() == rest
