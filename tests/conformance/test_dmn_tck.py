"""Decisions and formulas answer what the standard's own test kit expects."""

import pytest

from tests.conformance import dmn_tck

REFUSED = "0076-feel-external-java"
"""Calls Java classes; functions outside of FEEL are refused on purpose."""


@pytest.fixture(scope="module")
def verdicts():
    if not dmn_tck.KIT.is_dir():
        pytest.skip("the DMN TCK is not beside the checkout (../shared/conformance/dmn-tck)")
    return dmn_tck.verdicts()


def test_every_case_passes_but_for_those_that_the_documentation_explains(verdicts):
    failed = {v.folder for v in verdicts if not v.passed}
    level_2 = {path.name for path in dmn_tck.KIT.glob("compliance-level-2/*")}

    assert failed == {REFUSED}
    assert len(verdicts) == 1_537
    assert sum(v.passed for v in verdicts) == 1_523
    assert sum(v.passed for v in verdicts if v.folder in level_2) == 116


def test_a_java_function_is_refused_with_a_reason_and_never_called(verdicts):
    failed = [str(v.problem) for v in verdicts if v.folder == REFUSED and not v.passed]

    assert len(failed) == 14
    assert all("Functions outside of FEEL cannot be called." in told for told in failed)


def test_the_documentation_lists_what_passes(verdicts):
    assert dmn_tck.written() == dmn_tck.table(verdicts)
