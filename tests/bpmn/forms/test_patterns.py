import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn.forms.patterns import LinearPattern, UnfitPattern

PATTERNS = [
    "^[0-9]{5}$",
    "^a*b+c?$",
    "^(ab|cd){1,3}$",
    "^[^x-z]+$",
    r"^\d{1,2}\.\d{2}$",
    r"a\sb",
    "^(?:a|b(c|d))*$",
    "^a{2,}?$",
    "b",
    "^a",
    "a$",
    r"^[\w.-]+@[\w-]+\.de$",
]


@pytest.mark.parametrize("pattern", PATTERNS)
@given(text=st.text(alphabet="abcdxyz019.@- ", max_size=12))
def test_a_pattern_matches_what_the_usual_engine_matches(pattern, text):
    assert LinearPattern(pattern).matches(text) == bool(re.search(pattern, text))


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "[a",
        "*a",
        "a**",
        r"(a)\1",
        "(?=a)",
        "(?<n>a)",
        r"\bword",
        "a{9999}",
        "(((a{99}){99}){99})",
        "(((((){250}){250}){250}){250})",
        "a^b",
        "[z-a]",
    ],
)
def test_a_pattern_outside_the_subset_is_refused(pattern):
    with pytest.raises(UnfitPattern):
        LinearPattern(pattern)


def test_a_pattern_that_stalls_others_is_matched_at_once():
    pattern = LinearPattern("^(a+)+$")

    started = time.process_time()
    assert not pattern.matches("a" * 4_000 + "b")
    assert time.process_time() - started < 2
