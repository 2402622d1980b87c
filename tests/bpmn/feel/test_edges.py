"""Where the language has edges: what fits a parameter, what a sign belongs to, what is too much."""

from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from time import thread_time
from zoneinfo import ZoneInfo

import pytest

from bpmn.feel import FeelError, compile_expression
from bpmn.feel.errors import LimitExceeded
from bpmn.feel.operations.writing import written


def value(text, **scope):
    return written(compile_expression(text).evaluate(scope))


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("(function(x: number) x + 1)([1])", "2"),
        ("(function(x: list<number>) count(x))(7)", "1"),
        ('(function(x: date and time) x)(@"2026-11-29")', "2026-11-29T00:00:00Z"),
        ('(function(x: number) x)("one")', "null"),
        ("(function(x: number) x)(null)", "null"),
        ("(function(x: number, y) [x, y])([1], null)", "[1, null]"),
    ],
)
def test_an_argument_is_converted_to_the_type_of_its_parameter_or_nothing_is_called(call, expected):
    assert value(call) == expected


def test_the_type_of_a_parameter_has_to_exist():
    with pytest.raises(FeelError, match="no type called “person”"):
        compile_expression("function(x: person) x")


def test_two_parameters_do_not_share_a_name():
    with pytest.raises(FeelError, match="“a” stands here twice"):
        compile_expression("function(a, a) a")


@pytest.mark.parametrize(
    "call",
    [
        "list replace([1, 2], function(item) item > 1, 5)",
        "list replace([1, 2], function() true, 5)",
        "sort([2, 1], function(x) true)",
    ],
)
def test_a_function_that_takes_another_number_of_arguments_is_of_no_use(call):
    assert value(call) == "null"


def test_the_sign_of_a_number_belongs_to_it():
    assert value("-1 instance of number") == "true"
    assert value("-2 ** 2") == "4"


def test_nothing_is_less_than_nothing_without_a_sign():
    assert value("string(0 * -1)") == '"0"'


@pytest.mark.parametrize(
    "text",
    [
        'date("01211-12-31")',
        'time("12:00:00+05:75")',
        'time("12:00:00+05:00:60")',
        'time("12:00:00@posix/Europe/Berlin")',
        'time("12:00:00@America")',
        'date and time("2026-11-29T12:00:00@Europe/Nowhere")',
        'number("١")',
        'duration("-P999999999DT23H")',
        '-duration("P999999999DT23H")',
        "time(1, 1, 1e6144)",
        "time(1, 1e6144, 1)",
        "time(1, 1, -0.5)",
        "time(1, 1, 60)",
    ],
)
def test_what_is_written_wrongly_is_null(text):
    assert value(text) == "null"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("modulo(1e40, 7)", "4"),
        ("modulo(-1e40, 7)", "3"),
        ("modulo(1e40, -7)", "-3"),
        ("modulo(1e6144, 3)", "1"),
        ("odd(1e6144)", "false"),
        ("odd(-3)", "true"),
        ("even(-3.5)", "null"),
    ],
)
def test_what_is_left_over_is_exact_however_far_apart_the_numbers_are(formula, expected):
    assert value(formula) == expected


MOMENTS = [
    datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Berlin")) + timedelta(hours=place * 37 % 9_000)
    for place in range(9_000)
]


def test_moments_are_ordered_by_when_they_are_not_by_how_they_are_written():
    early, late = '@"2026-11-29T10:00:00+02:00"', '@"2026-11-29T09:00:00Z"'

    assert value(f"sort([{late}, {early}])[1] = {early}") == "true"
    assert value(f"max([{late}, {early}]) = {late}") == "true"
    assert value('min(@"10:00:00Z", @"09:00:00")') == "null"


@pytest.mark.parametrize(
    "formula",
    [
        "sort(long)",
        "min(long)",
        "max(long)",
        "for x in 1..9999 return ceiling(x, 1e6144)",
        "for x in 1..9999 return date(1e6144, x, 1)",
        "for x in 1..9999 return partition([x], 1e6144)",
        'replace("abc", "b", groups)',
        'replace("abc", "b", "x" + groups)',
        'replace(string join(for x in 1..2000 return "b", ""), "b", groups)',
    ],
)
def test_one_call_does_not_outlive_the_time_of_a_formula(formula):
    called = compile_expression(formula)

    assert min(seconds(called, {"long": MOMENTS, "groups": "$1" * 40_000}) for _ in range(3)) < 0.2


def seconds(formula, scope):
    begun = thread_time()
    with suppress(LimitExceeded):
        formula.evaluate(scope)
    return thread_time() - begun


def test_the_number_of_a_group_may_be_longer_than_any_number():
    assert value('replace("abc", "(b)", "$1" + zeros)', zeros="0" * 9_000) == f'"ab{"0" * 9_000}c"'
    assert value('replace("abc", "(b)", "$" + zeros)', zeros="0" * 9_000) == f'"ab{"0" * 8_997}c"'


def test_a_zone_is_found_within_the_time_of_a_formula():
    formula = (
        'for n in 1..50 return date and time("2026-11-29T12:00:00@Pacific/Nowhere" + string(n))'
    )

    assert compile_expression(formula).evaluate({}) == [None] * 50


def test_a_value_that_is_huge_when_written_down_costs_steps_to_measure():
    doubling = "for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]]"

    with pytest.raises(LimitExceeded):
        compile_expression(doubling).evaluate({})


def test_numbers_keep_34_digits():
    assert value("1 / 3 * 3") == "0.9999999999999999999999999999999999"
    assert (
        value("12345678901234567890123456789012345678") == "12345678901234567890123456789012350000"
    )
    assert Decimal(value("2 / 3")) == Decimal("0.6666666666666666666666666666666667")
