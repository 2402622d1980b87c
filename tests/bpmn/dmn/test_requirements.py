"""Decisions that stand on other decisions, and the boxes beside the table."""

import pytest

from bpmn.dmn import DecisionError, read_decisions, read_model
from bpmn.feel import FeelError
from tests.bpmn.dmn.drawn import decision, model, table


def formula(text):
    return f"<literalExpression><text>{text}</text></literalExpression>"


def requires(kind, key):
    wrapper = "knowledgeRequirement" if kind == "Knowledge" else "informationRequirement"
    return f'<{wrapper}><required{kind} href="#{key}"/></{wrapper}>'


def evaluate(facts, *parts, key="route"):
    return read_decisions(model(*parts))[key].evaluate(facts)


def test_a_required_decision_is_worked_out_first_and_explained_first():
    priority = table(["stage"], ["priority"], [(("> 3",), ('"urgent"',))])
    days = table(["priority"], ["days"], [(('"urgent"',), ("1",))])

    outcome = evaluate(
        {"stage": 5},
        decision(days, "route", requires("Decision", "priority"), "Frist"),
        decision(priority, "priority", name="Dringlichkeit"),
    )

    assert outcome.value == 1
    assert [rule.decision for rule in outcome.rules] == ["Dringlichkeit", "Frist"]


def test_a_name_with_spaces_is_understood():
    outcome = evaluate(
        {"monthly rent": 5},
        '<inputData id="i" name="monthly rent"><variable name="monthly rent"/></inputData>',
        decision(formula("monthly rent * 2"), requires=requires("Input", "i")),
    )

    assert outcome.value == 10


def test_a_knowledge_model_is_a_function_that_decisions_call():
    knowledge = (
        '<businessKnowledgeModel id="k" name="fee"><variable name="fee"/><encapsulatedLogic>'
        f'<formalParameter name="n"/>{formula("if n &lt; 2 then 1 else n * fee(n - 1)")}'
        "</encapsulatedLogic></businessKnowledgeModel>"
    )

    outcome = evaluate(
        {"n": 5}, knowledge, decision(formula("fee(n)"), requires=requires("Knowledge", "k"))
    )

    assert outcome.value == 120


def test_knowledge_that_calls_itself_for_ever_is_stopped():
    knowledge = (
        '<businessKnowledgeModel id="k" name="f"><variable name="f"/><encapsulatedLogic>'
        f'<formalParameter name="n"/>{formula("f(n) + f(n)")}'
        "</encapsulatedLogic></businessKnowledgeModel>"
    )

    with pytest.raises(FeelError):
        evaluate({}, knowledge, decision(formula("f(1)"), requires=requires("Knowledge", "k")))


def test_a_boxed_context_uses_its_own_entries():
    logic = (
        "<context>"
        f'<contextEntry><variable name="a"/>{formula("2")}</contextEntry>'
        f'<contextEntry><variable name="b"/>{formula("a * x")}</contextEntry>'
        f"<contextEntry>{formula('b + 1')}</contextEntry>"
        "</context>"
    )

    assert evaluate({"x": 5}, decision(logic)).value == 11


def test_decisions_that_require_each_other_are_refused():
    with pytest.raises(DecisionError, match="circle"):
        read_decisions(
            model(
                decision(formula("b"), "a", requires("Decision", "b")),
                decision(formula("a"), "b", requires("Decision", "a")),
            )
        )


def test_a_requirement_that_is_not_there_is_refused():
    with pytest.raises(DecisionError, match="gone"):
        read_decisions(model(decision(formula("1"), requires=requires("Decision", "gone"))))


def test_two_decisions_with_one_id_are_refused():
    with pytest.raises(DecisionError, match="stands twice"):
        read_decisions(model(decision(formula("1")), decision(formula("2"))))


def test_other_languages_than_feel_are_refused():
    logic = (
        formula("1")
        .replace("<literal", "<literal")
        .replace("<literalExpression", '<literalExpression expressionLanguage="python"')
    )

    with pytest.raises(DecisionError, match="Only FEEL"):
        read_decisions(model(decision(logic)))


def test_knowledge_that_stands_on_shared_knowledge_is_bound_once():
    layers = [
        f'<businessKnowledgeModel id="k{layer}{side}" name="k{layer}{side}">'
        f"<encapsulatedLogic>{formula(1)}</encapsulatedLogic>"
        f"{''.join(requires('Knowledge', f'k{layer + 1}{one}') for one in 'ab' if layer < 40)}"
        "</businessKnowledgeModel>"
        for layer in range(41)
        for side in "ab"
    ]

    outcome = evaluate(
        {}, decision(formula("k0a()"), requires=requires("Knowledge", "k0a")), *layers
    )

    assert outcome.value == 1


def test_a_long_row_of_decisions_is_refused():
    row = [
        decision(formula(1), f"d{number}", requires("Decision", f"d{number + 1}"))
        for number in range(1_000)
    ]

    with pytest.raises(DecisionError, match="stand on each other"):
        evaluate({}, *row, decision(formula(1), "d1000"))


def test_the_author_hears_where_null_came_up():
    knowledge = (
        '<businessKnowledgeModel id="k" name="f"><variable name="f"/><encapsulatedLogic>'
        f'<formalParameter name="n"/>{formula("n + 1")}'
        "</encapsulatedLogic></businessKnowledgeModel>"
    )
    logic = formula('[f("a"), number("b"), 1 &lt; "c", 1 &lt; 2, 1 + 2, [1, "x"][item > 0]]')

    outcome = evaluate({}, knowledge, decision(logic, requires=requires("Knowledge", "k")))

    told = [(each.values["sign"], each.values["text"][:5]) for each in outcome.warnings]
    assert told == [("+", "n + 1"), ("number", '[f("a'), ("<", '[f("a'), (">", '[f("a')]


def test_a_loop_full_of_nulls_is_told_once():
    outcome = evaluate({}, decision(formula('for i in 1..500 return i + "x"')))

    assert len(outcome.warnings) == 1


KNOWLEDGE = (
    '<businessKnowledgeModel id="k" name="fee"><variable name="fee"/><encapsulatedLogic>'
    f'<formalParameter name="n"/>{formula("n + 1")}</encapsulatedLogic></businessKnowledgeModel>'
)
DATA = '<inputData id="i" name="stage"><variable name="stage"/></inputData>'


@pytest.mark.parametrize(
    "pointer",
    [
        requires("Decision", "k"),
        requires("Decision", "i"),
        requires("Input", "k"),
        requires("Input", "other"),
        requires("Knowledge", "other"),
        requires("Knowledge", "i"),
    ],
)
def test_a_requirement_of_the_wrong_kind_is_refused(pointer):
    other = decision(formula("1"), "other")

    with pytest.raises(DecisionError, match="of the wrong kind"):
        read_decisions(model(KNOWLEDGE, DATA, other, decision(formula("1"), requires=pointer)))


def test_a_knowledge_model_without_a_connection_is_not_called_in_vain():
    with pytest.raises(DecisionError, match="uses “fee” but is not connected"):
        evaluate({}, KNOWLEDGE, decision(formula("fee(1)")))


def test_a_name_that_hides_a_knowledge_model_needs_no_connection():
    entry = f'<contextEntry><variable name="fee"/>{formula("function(a, b) a + b")}</contextEntry>'
    box = f"<context>{entry}<contextEntry>{formula('fee(1, 2)')}</contextEntry></context>"

    assert evaluate({}, KNOWLEDGE, decision(box)).value == 3


LOOP = (
    f'<for iteratorVariable="fee"><in>{formula("[1, 2]")}</in>'
    f"<return>{formula('fee + 1')}</return></for>"
)
FILTER = (
    f"<filter><in>{formula('[{fee: 3}, {fee: 1}]')}</in>"
    f"<match>{formula('fee = 3')}</match></filter>"
)


@pytest.mark.parametrize(("box", "answer"), [(LOOP, [2, 3]), (FILTER, [{"fee": 3}])])
def test_what_a_box_brings_may_be_called_like_a_knowledge_model(box, answer):
    assert evaluate({}, KNOWLEDGE, decision(box)).value == answer


@pytest.mark.parametrize("target", ["k", "i", "s"])
def test_a_service_puts_out_decisions_and_nothing_else(target):
    service = (
        f'<decisionService id="s" name="s"><outputDecision href="#{target}"/></decisionService>'
    )

    with pytest.raises(DecisionError, match="of the wrong kind"):
        read_model(model(KNOWLEDGE, DATA, service))


@pytest.mark.parametrize("call", ["fee()", "fee(1, 2)", "fee(m: 1)", "fee(n: 1, m: 2)"])
def test_a_call_of_a_knowledge_model_with_other_arguments_is_refused_beforehand(call):
    with pytest.raises(DecisionError, match=r"“fee” is used like this: fee\(n\)"):
        evaluate({}, KNOWLEDGE, decision(formula(call), requires=requires("Knowledge", "k")))


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ("<filter><in><list/></in></filter>", "“match” is missing"),
        ('<for iteratorVariable="x"><in><list/></in></for>', "“return” is missing"),
        ("<for><in><list/></in><return><list/></return></for>", "“iteratorVariable” is missing"),
        ("<some><in><list/></in><satisfies><list/></satisfies></some>", "“iteratorVariable”"),
        ("<conditional><if><list/></if><then><list/></then></conditional>", "“else” is missing"),
        ("<invocation/>", "It is empty"),
        (f'<relation><column name="a"/><row>{formula("1") * 2}</row></relation>', "Row 1"),
        (
            f"<context><contextEntry>{formula('1')}</contextEntry><contextEntry/></context>",
            "Only the last entry",
        ),
        (
            "<context>" + '<contextEntry><variable name="a"/></contextEntry>' * 2 + "</context>",
            "twice",
        ),
        (
            "<functionDefinition>" + '<formalParameter name="a"/>' * 2 + "</functionDefinition>",
            "twice",
        ),
        ("<literalExpression><importedValues/></literalExpression>", "“importedValues”"),
    ],
)
def test_a_box_that_lacks_something_or_says_it_twice_is_refused(box, words):
    with pytest.raises(DecisionError, match=words):
        evaluate({}, decision(box))


def test_a_box_may_invoke_a_function_of_the_language_by_the_names_of_its_arguments():
    box = f'<invocation>{formula("substring")}<binding><parameter name="string"/>{formula("name")}'
    box += f'</binding><binding><parameter name="start position"/>{formula("3")}</binding></invocation>'

    assert evaluate({"name": "Mieter"}, decision(box)).value == "eter"


def test_what_an_import_without_a_name_brings_needs_none_either():
    wanted = (
        '<informationRequirement><requiredDecision href="urn:o#days"/></informationRequirement>'
    )
    brought = model(decision(formula("14"), "days"), '<itemDefinition name="period"/>')

    found = read_decisions(
        model('<import namespace="urn:o"/>', decision(formula("days + 1"), requires=wanted)),
        imports={"urn:o": brought},
    )

    assert found["route"].evaluate({}).value == 15


def test_an_empty_list_that_is_filtered_is_no_news_for_the_author():
    assert evaluate({"points": []}, decision(formula("points[item &gt; 3]"))).warnings == ()


def test_the_author_hears_of_comparing_what_cannot_be_compared():
    told = evaluate(
        {"stage": 3},
        decision(
            formula(
                '[stage = "3", stage != "3", stage in ["a".."b"], -"a", nobody between 1 and 2]'
            )
        ),
    ).warnings

    assert [each.values["sign"] for each in told] == ["=", "!=", "in", "-", "between"]
