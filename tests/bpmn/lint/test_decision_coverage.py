"""A table with a gap, an overlap or a useless row may be published, but not unnoticed."""

from pathlib import Path

import pytest

from bpmn.bundle import Bundle
from bpmn.lint import Severity, decision_coverage
from bpmn.lint.subject import lay_out
from tests.bpmn.lint.test_rules import HOST

SOUND = (Path(__file__).parent / "priority.dmn").read_text()


def findings(*changes):
    text = SOUND
    for old, new in changes:
        assert old in text, f"the sound file lost “{old}”"
        text = text.replace(old, new, 1)
    bundle = Bundle({"priority.dmn": text.encode()})
    return list(decision_coverage.check(lay_out(bundle, HOST)))


def test_a_table_that_answers_everything_once_is_sound():
    assert findings() == []


FIRST = ('hitPolicy="UNIQUE"', 'hitPolicy="FIRST"')
BROKEN = {
    "a gap": (
        [("&gt; 5<", "&gt; 6<")],
        "priority_table",
        "No row applies to Stufe = 6. ",
    ),
    "a gap in a type": (
        [('"phone", "letter"', '"phone", "letter", "visit"')],
        "priority_table",
        'No row applies to Stufe = 5, Eingang = "visit". ',
    ),
    "an overlap": (
        [("&gt; 5<", "&gt;= 5<")],
        "called",
        'Rows 1 and 2 both apply to Stufe = 5, Eingang = "phone"',
    ),
    "a row that nothing fits": (
        [('<text>"letter"<', '<text>"fax"<'), ('"phone", "letter"', '"phone"')],
        "written",
        "Row 3 never applies: no allowed value fits its cell in “Eingang”.",
    ),
    "a row behind others": (
        [FIRST, ("&gt; 5<", "-<")],
        "called",
        "Row 2 never counts",
    ),
    "allowed values that depend on something": (
        [('"phone", "letter"', "? in channels")],
        "priority_table",
        "too clever",
    ),
}


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN.keys())
def test_it_warns_of(case):
    changes, element, words = case

    found = findings(*changes)

    assert found[0].severity is Severity.WARNING
    assert found[0].element == element
    assert found[0].line is not None
    assert words in str(found[0].sentence)


def test_a_table_without_rows_is_named():
    start, end = SOUND.index('<rule id="high"'), SOUND.index("</decisionTable>")

    found = findings((SOUND[start:end], ""))

    assert [str(each.sentence) for each in found] == ["The table has no row that answers. Add one."]
