"""The runner of the test kit: whatever a case contains, it passes or fails, and says why."""

import pytest

from bpmn.dmn.tck import run

MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m" namespace="n">
  <inputData id="i" name="x"><variable name="x"/></inputData>
  <decision id="d" name="twice"><variable name="twice"/>
    <informationRequirement><requiredInput href="#i"/></informationRequirement>
    <literalExpression><text>{formula}</text></literalExpression></decision>
</definitions>"""
CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><modelName>m.dmn</modelName>
  <testCase id="1"><inputNode name="x"><value xsi:type="xsd:decimal">{given}</value></inputNode>
    <resultNode name="{asked}"><expected><value xsi:type="xsd:decimal">{wanted}</value></expected>
    </resultNode></testCase></testCases>"""


@pytest.fixture
def verdict(tmp_path):
    def judge(formula="x * 2", cases=CASES, *, asked="twice", given="4", wanted="8"):
        (tmp_path / "m.dmn").write_text(MODEL.format(formula=formula))
        (tmp_path / "m-test.xml").write_text(
            cases.format(asked=asked, given=given, wanted=wanted) if cases is CASES else cases
        )
        return next(iter(run(tmp_path)))

    return judge


def test_a_case_passes_when_the_value_is_the_expected_one(verdict):
    assert verdict().passed
    assert verdict(wanted="8.000000001").passed
    assert "is Decimal('8') instead of Decimal('9')" in str(verdict(wanted="9").problem)


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ({"formula": "x * * 2"}, "twice"),
        ({"formula": "function(a) external {{java: {{class: 'x'}}}}"}, ""),
        ({"formula": "count(for a in 1..9999999 return a)"}, ""),
        ({"given": "four"}, "no number"),
        ({"given": "NaN"}, ""),
        ({"wanted": "NaN"}, ""),
        ({"wanted": "Infinity"}, ""),
        ({"asked": "thrice"}, "thrice"),
        ({"cases": "<testCases"}, "no readable XML"),
        ({"cases": "<testCases><testCase id='1'/></testCases>"}, "no decision"),
    ],
)
def test_a_case_that_cannot_be_judged_fails_with_a_reason(verdict, case, words):
    found = verdict(**case)

    assert not found.passed
    assert words in str(found.problem)


def test_files_of_other_kinds_are_no_cases(tmp_path):
    (tmp_path / "other.xml").write_text("<project/>")

    assert list(run(tmp_path)) == []


def test_a_decision_that_cannot_be_read_fails_its_own_cases_alone(verdict, tmp_path):
    foreign = (
        '<decision id="j" name="foreign"><literalExpression><text>function() external {}</text>'
    )
    both = MODEL.replace("<inputData", foreign + "</literalExpression></decision><inputData", 1)
    (tmp_path / "m.dmn").write_text(
        both.replace("external {}", "external {{}}").format(formula="x")
    )
    case = CASES.format(asked="twice", given="4", wanted="4")
    (tmp_path / "m-test-01.xml").write_text(case)
    (tmp_path / "m-test-02.xml").write_text(case.replace('"twice"', '"foreign"'))
    expecting = case.replace('name="twice"', 'errorResult="true" name="foreign"')
    (tmp_path / "m-test-03.xml").write_text(
        expecting.replace('<value xsi:type="xsd:decimal">4</value></expected>', "</expected>")
    )

    assert [found.passed for found in run(tmp_path)] == [True, False, True]
