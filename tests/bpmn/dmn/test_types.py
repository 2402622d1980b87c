"""Item definitions: what a file declares about its values is checked where the values go."""

import pytest

from bpmn.dmn import DecisionError, read_decisions, read_model
from tests.bpmn.dmn.drawn import decision, model

STAGE = (
    '<itemDefinition name="tStage"><typeRef>number</typeRef>'
    "<allowedValues><text>[1..9]</text></allowedValues></itemDefinition>"
)
STAGES = (
    '<itemDefinition name="tStages" isCollection="true"><typeRef>tStage</typeRef></itemDefinition>'
)
PARTY = (
    '<itemDefinition name="tParty">'
    '<itemComponent name="age"><typeRef>number</typeRef></itemComponent>'
    '<itemComponent name="language"><typeRef>string</typeRef></itemComponent>'
    "</itemDefinition>"
)


def formula(text):
    return f"<literalExpression><text>{text}</text></literalExpression>"


def answer(text, type_name, *types, **facts):
    """Evaluate a formula over the input `given` of that type."""
    data = f'<inputData id="given" name="given"><variable name="given" typeRef="{type_name}"/></inputData>'
    needs = '<informationRequirement><requiredInput href="#given"/></informationRequirement>'
    drawn = model(*types, data, decision(formula(text), requires=needs))
    return read_decisions(drawn)["route"].evaluate(facts).value


@pytest.mark.parametrize(
    ("type_name", "given", "found"),
    [
        ("number", 3, 3),
        ("number", "three", None),
        ("number", [3], 3),
        ("tStage", 9, 9),
        ("tStage", 10, None),
        ("tStages", [1, 9], [1, 9]),
        ("tStages", 4, [4]),
        ("tStages", [4, 12], None),
        (
            "tParty",
            {"age": 40, "language": "tr", "more": 1},
            {"age": 40, "language": "tr", "more": 1},
        ),
        ("tParty", {"age": 40}, None),
        ("Any", "anything", "anything"),
    ],
)
def test_an_input_that_does_not_fit_its_type_is_null(type_name, given, found):
    assert answer("given", type_name, STAGE, STAGES, PARTY, given=given) == found


def test_types_may_be_declared_in_any_order():
    assert answer("given", "tStages", STAGES, STAGE, given=[2]) == [2]


def test_an_unknown_type_is_refused_by_its_name():
    with pytest.raises(DecisionError, match="tNowhere"):
        answer("given", "tNowhere", given=1)


def test_a_type_that_is_only_itself_is_refused():
    circle = '<itemDefinition name="tA"><typeRef>tB</typeRef></itemDefinition>'
    back = '<itemDefinition name="tB"><typeRef>tA</typeRef></itemDefinition>'

    with pytest.raises(DecisionError, match="circle"):
        answer("given", "tA", circle, back, given=1)


def test_an_answer_that_does_not_fit_the_type_of_its_decision_is_null():
    typed = '<decision id="route" name="Weg"><variable name="route" typeRef="number"/>'

    drawn = model(typed + formula('"drei"') + "</decision>")

    assert read_decisions(drawn)["route"].evaluate({}).value is None


SERVICE = (
    '<decisionService id="advice" name="advice">'
    '<outputDecision href="#route"/><inputDecision href="#stage"/><inputData href="#given"/>'
    "</decisionService>"
)
SERVED = (
    '<inputData id="given" name="given"><variable name="given" typeRef="string"/></inputData>',
    decision(formula("9"), "stage"),
    decision(
        formula("given + string(stage)"),
        "route",
        '<informationRequirement><requiredDecision href="#stage"/></informationRequirement>'
        '<informationRequirement><requiredInput href="#given"/></informationRequirement>',
    ),
    SERVICE,
)
CALLING = '<knowledgeRequirement><requiredKnowledge href="#advice"/></knowledgeRequirement>'


def test_a_service_is_given_data_first_and_then_the_decisions_it_leaves_out():
    drawn = model(*SERVED, decision(formula('advice("x", 3)'), "asked", CALLING))

    assert read_decisions(drawn)["asked"].evaluate({"given": "outside"}).value == "x3"


def test_a_service_is_not_served_with_values_of_the_wrong_type():
    drawn = model(*SERVED, decision(formula("advice(1, 3)"), "asked", CALLING))

    assert read_decisions(drawn)["asked"].evaluate({}).value is None


def test_a_service_can_be_asked_directly():
    service = read_model(model(*SERVED)).services["advice"]

    assert service.evaluate({"given": "x", "stage": 2}).value == "x2"


IMPORTED = (
    '<import namespace="urn:other" name="other" '
    'importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
)
NEEDED = (
    '<informationRequirement><requiredDecision href="urn:other#stage"/></informationRequirement>'
)


def test_a_decision_of_another_file_is_read_under_the_name_of_its_import():
    here = model(IMPORTED, decision(formula("other.stage + 1"), requires=NEEDED))
    other = model(decision(formula("4"), "stage"))

    found = read_decisions(here, imports={"urn:other": other})

    assert found["route"].evaluate({}).value == 5


def test_an_import_that_is_not_there_is_named():
    with pytest.raises(DecisionError, match="urn:other"):
        read_decisions(model(IMPORTED, decision(formula("1"))))


def test_files_that_import_each_other_are_refused():
    here = model(IMPORTED, decision(formula("1")))

    with pytest.raises(DecisionError, match="circle"):
        read_decisions(here, imports={"urn:other": here})


def test_what_does_not_fit_its_type_is_told():
    data = '<inputData id="i" name="stage"><variable name="stage" typeRef="number"/></inputData>'
    needs = '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
    decisions = read_decisions(model(data, decision(formula("stage"), requires=needs)))

    outcome = decisions["route"].evaluate({"stage": "five"})

    assert outcome.value is None
    assert [str(each) for each in outcome.warnings] == [
        "“stage” does not fit its type and counts as null."
    ]
    assert decisions["route"].evaluate({"stage": 5}).warnings == ()
