from tests.workflows.processes.driving import (
    Walk,
    review,
    triage,
)


def test_three_declines_bring_the_case_to_coordination_and_are_not_offered_again():
    walk = Walk()
    review(walk)
    triage(walk)
    for mediator in ("m1", "m2", "m3"):
        walk.do("Zuweisen", mediator=mediator, assignment__reason="Sprache")
        walk.do("Auftrag", assignment_answer="recused")
    assert walk.tasks == ["Besetzung entscheiden"]
    assert walk.calls("mediator.suggest")[-1]["declined"] == ["m1", "m2"]
    assert walk.variables["assignment_answer"] is None

    walk.do("Besetzung entscheiden", staffing="assign", mediator="m4")
    assert walk.task("Auftrag").assignee == "m4"


def test_coordination_may_take_a_case_that_nobody_takes():
    walk = Walk()
    review(walk)
    triage(walk)
    for mediator in ("m1", "m2", "m3"):
        walk.do("Zuweisen", mediator=mediator, assignment__reason="Sprache")
        walk.do("Auftrag", assignment_answer="no_capacity")
    walk.do("Besetzung entscheiden", staffing="takeover")

    assert walk.tasks == ["Übernahme durch die KIM-Koordination"]


def test_without_the_language_the_quarter_waits_or_finds_another_way():
    walk = Walk()
    walk.services["mediator.suggest"] = {"suggestions": [], "with_language": 1, "available": 0}
    review(walk)
    triage(walk)
    walk.do("Sprachlösung", language_solution="wait", wait_until="2027-05-31")
    assert walk.tasks == []
    walk.wait_for("waited")
    assert len(walk.calls("mediator.suggest")) == 2

    walk.do("Sprachlösung", language_solution="phone_interpreter")
    assert walk.tasks == ["Zuweisen"]
