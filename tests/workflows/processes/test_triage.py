import pytest

from bpmn.forms import WrongAnswers
from tests.workflows.processes.driving import (
    SAFE,
    Walk,
    assess,
    close,
    confirm,
    local,
    review,
    triage,
)


def test_a_report_on_a_known_conflict_is_linked_and_ends():
    walk = Walk()
    walk.do("Meldung prüfen", link_to="c9")

    assert walk.run.is_finished
    assert walk.calls("case.link") == [{"case_id": "c1", "link_to": "c9"}]


def test_a_report_for_another_quarter_is_passed_on_twice_and_then_coordination_decides():
    walk = Walk()
    review(walk, "other_quarter", quarter="q2")
    review(walk, "other_quarter", quarter="q3")
    assert [call["quarter"] for call in walk.calls("case.reroute")] == ["q2", "q3"]

    review(walk, "other_quarter", quarter="q1")
    assert walk.tasks == ["Zuständigkeit entscheiden"]
    walk.do("Zuständigkeit entscheiden", quarter="q2")

    assert walk.tasks == ["Meldung prüfen"]
    assert walk.calls("case.reroute")[-1]["quarter"] == "q2"


@pytest.mark.parametrize("jurisdiction", ["other_office", "outside"])
def test_a_conflict_that_is_not_ours_is_referred_and_closed(jurisdiction):
    walk = Walk()
    review(walk, jurisdiction)
    walk.do("Verweis", referral__organisation="o1", referral__informed_by="phone")

    assert walk.variables["outcome"] == "referred"
    close(walk, "referred")
    assert walk.run.is_finished


def test_a_school_conflict_goes_to_coordination():
    walk = Walk(context="school")
    review(walk, context="school")

    assert walk.tasks == ["Übernahme durch die KIM-Koordination"]


def test_danger_locks_mediation_and_calls_coordination():
    walk = Walk()
    review(walk)
    walk.do("Sicherheitsfragen", **{**SAFE, "weapon": True})

    assert walk.tasks == ["Übernahme durch die KIM-Koordination"]
    assert walk.variables["mediation_locked"] is True
    assert walk.calls("case.lock_mediation") == [{"case_id": "c1", "safety_result": "emergency"}]
    assert walk.calls("triage.record")[0]["glasl_stage"] is None


def test_while_mediation_is_locked_no_way_leads_to_a_talk():
    walk = Walk()
    review(walk)
    walk.do("Sicherheitsfragen", **{**SAFE, "domestic_violence": True})
    with pytest.raises(WrongAnswers):
        walk.do(
            "Übernahme durch die KIM-Koordination",
            note__coordination="Beraten",
            next_step="mediation",
        )
    walk.do(
        "Übernahme durch die KIM-Koordination", note__coordination="Beraten", next_step="retriage"
    )
    walk.do("Sicherheitsfragen", **SAFE)
    assess(walk)

    with pytest.raises(WrongAnswers):
        confirm(walk, "mediation")
    assert walk.variables["mediation_locked"] is True


def test_mediation_from_stage_six_needs_four_eyes():
    walk = Walk()
    review(walk)
    triage(walk, stage=6, route="mediation")
    assert walk.tasks == ["Mediation ab Stufe 6 freigeben"]
    walk.do("Mediation ab Stufe 6 freigeben", approval="rejected")
    assert walk.tasks == ["Weg bestätigen"]
    confirm(walk)
    walk.do("Mediation ab Stufe 6 freigeben", approval="approved")

    assert walk.tasks == ["Zuweisen"]


def test_a_hint_to_the_arbitration_office_is_a_referral():
    walk = Walk(conflict_type="boundary_plants")
    review(walk)
    triage(walk)

    assert walk.tasks == ["Verweis"]
    assert walk.calls("case.notify_coordination") == []


def test_discrimination_is_referred_to_advice_and_coordination_hears_of_it():
    walk = Walk(conflict_type="discrimination")
    review(walk)
    triage(walk)

    assert walk.tasks == ["Verweis"]
    assert walk.calls("case.notify_coordination") == [{"case_id": "c1", "reason": "advice"}]


def test_an_unknown_opponent_is_observed_for_ten_working_days():
    walk = Walk()
    review(walk)
    triage(walk, constellation="unknown")
    assert walk.tasks == []

    assert walk.wait_for("observe") == local(2027, 5, 20, 23, 59)
    assert walk.tasks == ["Abschluss"]
