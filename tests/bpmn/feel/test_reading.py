"""Reading: names, the installation's functions, and errors that say where and what."""

from decimal import Decimal

import pytest

from bpmn.feel import FeelError, compile_expression, compile_unary_tests
from bpmn.feel.errors import NotAValue, UnknownFunction, WrongArguments
from bpmn.host import HostFunction

NEXT_DUE = HostFunction(
    "next due", ("start", "days", "calendar"), lambda start, days, calendar: f"{calendar} {days}"
)


def test_a_name_with_spaces_is_understood_when_it_is_known():
    formula = compile_expression("monthly rent + 1", names=["monthly rent"])

    assert formula.evaluate({"monthly rent": 500}) == 501
    assert formula.free_names == {"monthly rent"}


def test_the_longest_known_name_wins():
    formula = compile_expression("a - b + a-b", names=["a-b", "a"])

    assert formula.evaluate({"a-b": 10, "a": 3, "b": 1}) == 20


def test_a_variable_may_be_called_like_a_function_and_shadows_none():
    formula = compile_expression("count(count) + date")

    assert formula.evaluate({"count": [1, 2], "date": 3}) == 5
    assert formula.unknown_names(()) == ()


def test_a_function_of_the_installation_takes_positions_or_names():
    functions = {"next due": NEXT_DUE}
    by_position = compile_expression('next due(null, 3, "office")', functions=functions)
    by_name = compile_expression(
        'next due(calendar: "office", start: null, days: 3)', functions=functions
    )

    assert by_position.evaluate({}) == by_name.evaluate({}) == "office 3"


def test_a_variable_that_is_read_is_known_without_evaluating():
    formula = compile_expression(
        "for p in parties return p.age + bonus[kind = wanted].x + {k: 1, m: k}.m"
    )

    assert formula.free_names == {"parties", "bonus"}
    assert formula.filter_names == {"kind", "wanted"}


def test_an_unknown_variable_is_named_with_its_place():
    formula = compile_expression('rute = "mediation" and stage > 3')

    (problem,) = formula.unknown_names({"route", "stage"})

    assert problem.position == 0
    assert "“rute”" in str(problem)


def test_a_function_that_does_not_exist_is_refused_when_reading():
    with pytest.raises(UnknownFunction, match="nxt"):
        compile_expression("1 + nxt(3)")


def test_wrong_arguments_are_refused_with_the_right_use():
    with pytest.raises(WrongArguments, match=r"substring\(string, start position, length\?\)"):
        compile_expression("substring()")
    with pytest.raises(WrongArguments):
        compile_expression('substring(text: "a", from: 1)')


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("", 0, "ends too early"),
        ("1 +", 3, "ends too early"),
        ("a = = b", 4, "“=” is not expected"),
        ('name = "Müller', 7, "no closing quotation mark"),
        ("if a then b", 11, "“else” is missing"),
        ("some thing", 5, "name is expected"),
        ("monthly rent", 8, "finished before “rent”"),
        ("a ; b", 2, "“;”"),
        ("[1, 2", 5, "“]” is missing"),
        ("{a: 1, a: 2}", 7, "twice"),
        ('@"gestern"', 0, "no date"),
        ("x instance of person", 2, "no type"),
    ],
)
def test_an_error_says_where_and_what(text, position, words):
    with pytest.raises(FeelError) as caught:
        compile_expression(text)

    assert caught.value.position == position
    assert words in str(caught.value)


def test_a_cell_that_is_no_test_is_refused():
    with pytest.raises(FeelError, match="ends too early"):
        compile_unary_tests("> 3,")


def test_whole_and_floating_numbers_become_decimals_deep_inside():
    found = compile_expression("a.b[1] + c").evaluate({"a": {"b": (1,)}, "c": 0.5})

    assert found == Decimal("1.5")


@pytest.mark.parametrize("foreign", [object(), float("nan"), {1: 2}, b"bytes", [object()]])
def test_what_is_no_value_is_refused_before_anything_is_computed(foreign):
    with pytest.raises(NotAValue):
        compile_expression("x").evaluate({"x": foreign})
