"""Whatever is typed: a value, or a refusal that a person can read; never another error."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from bpmn.feel import FeelError, compile_expression, compile_unary_tests, from_python
from bpmn.feel.errors import LimitExceeded

WORDS = [
    "a",
    "b",
    "stage",
    "points",
    "name",
    "x.y",
    "1",
    "2.5",
    "-3",
    "10",
    '"t"',
    '"2026-01-01"',
    "null",
    "true",
    "false",
    "and",
    "or",
    "not(",
    ")",
    "(",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ".",
    "..",
    "+",
    "-",
    "*",
    "/",
    "**",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "in",
    "between",
    "if",
    "then",
    "else",
    "for",
    "return",
    "some",
    "every",
    "satisfies",
    "instance",
    "of",
    "number",
    "list<number>",
    "date(",
    "duration(",
    "string(",
    "count(",
    "sum(",
    "sort(",
    "matches(",
    "replace(",
    "substring(",
    "item",
    "?",
    "@",
    "function(x)",
    "now()",
    "today()",
    "flatten(",
    '@"P1D"',
    '@"2026-01-01T10:00:00"',
    "max(",
]
SCOPE = {"a": 1, "b": None, "stage": 4, "points": [1, 2, 3], "name": "Lärm", "x": {"y": "z"}}


def try_out(text):
    for read in (compile_expression, compile_unary_tests):
        try:
            found = read(text).evaluate({**SCOPE, "?": 5})
        except FeelError:
            continue
        from_python(found)


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
@settings(max_examples=600, deadline=None)
def test_any_words_of_the_language(text):
    try_out(text)


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_characters(text):
    try_out(text)


@given(st.text(alphabet="ab01.*+?()[]{}^$|\\-,dwpiLu<>", max_size=14))
@settings(max_examples=300, deadline=None)
def test_any_pattern(pattern):
    matches = compile_expression("matches(x, p) or replace(x, p, p) = x")
    with suppress(LimitExceeded):
        assert matches.evaluate({"x": "aab01 ab", "p": pattern}) in (True, False, None)
