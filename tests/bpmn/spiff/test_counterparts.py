from bpmn.migration import ChangeKind, Wishes
from bpmn.spiff.counterparts import changes, propose
from tests.bpmn.spiff.drawing import (
    after,
    boundary,
    catch,
    end,
    flows,
    node,
    person,
    process,
    read,
    start,
    zeebe,
)


def difference(old, new):
    before, behind = read(process(*old)), read(process(*new))
    return [
        (one.kind, one.element, one.aspect)
        for one in changes(before, behind, propose(before, behind, Wishes()))
    ]


OLD = (
    start(),
    person("a", label="Call", extensions=zeebe("formDefinition", formId="f")),
    catch("w", after("P1D")),
    end(),
    flows("s>a>w>e"),
)


def test_the_same_diagram_differs_in_nothing():
    assert difference(OLD, OLD) == []


def test_a_picture_that_moved_is_no_difference():
    assert difference(OLD, (*OLD[3:], *OLD[:3])) == []


def test_each_difference_is_told_for_its_element_and_aspect():
    new = (
        start(),
        person("a", label="Ring up", extensions=zeebe("formDefinition", formId="g")),
        catch("w", after("P2D")),
        person("more"),
        end(),
        flows("s>a>w>more>e"),
    )

    assert difference(OLD, new) == [
        (ChangeKind.CHANGED, "a", "label"),
        (ChangeKind.CHANGED, "a", "form"),
        (ChangeKind.CHANGED, "w", "trigger"),
        (ChangeKind.CHANGED, "w", "ways"),
        (ChangeKind.ADDED, "more", None),
    ]


def test_what_does_the_same_under_another_id_is_renamed_and_its_neighbours_are_not_changed():
    new = (
        start(),
        person("call", label="Call", extensions=zeebe("formDefinition", formId="f")),
        catch("w", after("P1D")),
        end(),
        flows("s>call>w>e"),
    )

    assert difference(OLD, new) == [(ChangeKind.RENAMED, "call", "id")]


def test_two_that_are_alike_are_not_taken_for_each_other():
    twins = (
        start(),
        person("x", label="Call"),
        person("y", label="Call"),
        end(),
        flows("s>x>y>e"),
    )
    others = (
        start(),
        person("v", label="Call"),
        person("z", label="Call"),
        end(),
        flows("s>v>z>e"),
    )

    kinds = [kind for kind, _, aspect in difference(twins, others) if aspect is None]
    assert kinds == [ChangeKind.ADDED] * 2 + [ChangeKind.REMOVED] * 2


def test_an_event_at_another_activity_is_told_so():
    def drawn(host):
        return (
            start(),
            person("a"),
            person("b"),
            boundary("t", host, after("P1D")),
            end(),
            flows("s>a>b>e;t>e"),
        )

    assert difference(drawn("a"), drawn("b")) == [(ChangeKind.CHANGED, "t", "host")]


def test_every_change_is_a_sentence_with_the_label():
    before = read(process(*OLD))
    behind = read(
        process(start(), person("a", label="Ring up"), node("endEvent", "e"), flows("s>a>e"))
    )

    found = changes(before, behind, propose(before, behind, Wishes()))

    assert "“Ring up” asks by another form now." in [str(one.sentence) for one in found]
    assert "“w” is no longer there." in [str(one.sentence) for one in found]
