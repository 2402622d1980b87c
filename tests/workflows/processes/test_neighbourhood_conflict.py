from datetime import date

import pytest

from tests.workflows.processes.driving import (
    CONTACT,
    REACHED,
    Walk,
    agree,
    appoint,
    assigned,
    at_talks,
    close,
    local,
    pre_talks,
    review,
    triage,
)


def test_a_conflict_goes_from_the_report_over_an_agreement_and_its_follow_ups_to_the_end():
    walk = Walk()
    review(walk)
    triage(walk)
    assert walk.variables["route"] == "clarification"
    walk.do("Zuweisen", mediator="m1")
    assert walk.task("Auftrag").assignee == "m1"
    walk.do("Auftrag", assignment_answer="accept")
    assert walk.task("Erstkontakt A").due == local(2027, 5, 7, 23, 59)
    walk.do("Erstkontakt A", **REACHED, contact_b=True)
    walk.do("Erstkontakt B", **REACHED, contact__info_art14="oral")
    pre_talks(walk, "yes", "yes")
    appoint(walk)
    agree(walk)

    assert walk.wait_for("follow_up_date") == local(2027, 7, 13, 8)
    walk.do("Nachsorge", holds="yes", new_incident=False)
    assert walk.wait_for("follow_up_date") == local(2027, 9, 1, 8)
    walk.do("Nachsorge", holds="yes", new_incident=False)
    walk.do("Abschluss", outcome="resolved", glasl_end=1, gap_seen=False)

    assert walk.run.is_finished
    (closed,) = walk.calls("case.close")
    assert (closed["outcome"], closed["glasl_end"]) == ("resolved", 1)
    assert walk.calls("agreement.schedule_follow_ups")[0]["agreed_on"] == date(2027, 6, 1)


def test_no_sentence_and_no_name_ever_enters_the_process():
    walk = at_talks()
    walk.do(
        "Vorgespräch",
        informed=True,
        participation="yes",
        shuttle_ok=True,
        note__topics="Kinderlärm",
    )

    assert "Kinderlärm" not in walk.run.snapshot()
    assert "Lärm am Abend" not in walk.run.snapshot()


def test_three_vain_attempts_end_the_case_as_unreachable():
    walk = assigned()
    for _ in range(3):
        walk.do("Erstkontakt A", **CONTACT, reached="no")

    assert walk.tasks == ["Abschluss"]
    assert walk.variables["outcome"] == "unreachable"


def test_without_the_consent_of_a_nobody_speaks_to_b():
    walk = assigned()
    walk.do("Erstkontakt A", **REACHED, contact_b=False)
    walk.do("Einseitige Beratung", note__advice="Nachtruhe")

    assert walk.tasks == ["Abschluss"]


def test_when_b_cannot_be_reached_a_is_advised_alone():
    walk = assigned()
    walk.do("Erstkontakt A", **REACHED, contact_b=True)
    for _ in range(3):
        walk.do("Erstkontakt B", **CONTACT, reached="wrong_number")

    assert walk.tasks == ["Einseitige Beratung"]


@pytest.mark.parametrize(
    ("stage", "more"), [(8, {}), (3, {"constellation": "groups"})], ids=["stage 8", "groups"]
)
def test_escalation_and_round_table_go_to_coordination_after_the_first_contacts(stage, more):
    walk = Walk()
    review(walk)
    triage(walk, stage, **more)
    walk.do("Zuweisen", mediator="m1")
    walk.do("Auftrag", assignment_answer="accept")
    walk.do("Erstkontakt A", **REACHED, contact_b=True)
    walk.do("Erstkontakt B", **REACHED, contact__info_art14="oral")
    assert walk.tasks == ["Übernahme durch die KIM-Koordination"]

    walk.do(
        "Übernahme durch die KIM-Koordination",
        note__coordination="Runder Tisch fand statt",
        next_step="close",
        outcome="improved",
    )
    assert walk.variables["outcome"] == "improved"
    close(walk, "improved")
    assert walk.run.is_finished


def test_a_relapse_leads_back_to_the_talks_and_its_new_agreement_is_followed_up_anew():
    walk = at_talks()
    pre_talks(walk, "yes", "yes")
    appoint(walk)
    agree(walk)
    walk.wait_for("follow_up_date")
    walk.do("Nachsorge", holds="no", new_incident=False)
    walk.do("Rückfall: Wie weiter?", relapse="new_session")
    walk.do("Gespräch wieder aufnehmen", note__resume="Wieder Musik in der Nacht")
    assert walk.tasks == ["Vorgespräch"]
    assert walk.variables["agreed_on"] is None

    pre_talks(walk, "no", "no")
    assert walk.tasks == ["Abschluss"]
    assert len(walk.calls("agreement.schedule_follow_ups")) == 1


def test_a_follow_up_can_be_brought_forward():
    walk = at_talks()
    pre_talks(walk, "yes", "yes")
    appoint(walk)
    agree(walk)
    walk.hear("follow_up_now")

    assert walk.task("Nachsorge").due == local(2027, 6, 2, 23, 59)
    walk.do("Nachsorge", holds="yes", new_incident=True)
    walk.do("Rückfall: Wie weiter?", relapse="continue")
    assert walk.wait_for("follow_up_date") == local(2027, 9, 1, 8)


def test_pressing_safety_stops_all_work_and_locks_mediation():
    walk = at_talks()
    pre_talks(walk, "yes", "yes")
    appoint(walk)
    walk.hear("safety_exit")

    assert walk.tasks == ["Übernahme durch die KIM-Koordination"]
    assert walk.run.waiting_timers() == []
    assert walk.calls("case.lock_mediation") == [{"case_id": "c1", "safety_result": None}]


@pytest.mark.parametrize(
    ("answer", "task"),
    [
        ("close", "Abschluss"),
        ("one_sided", "Einseitige Beratung"),
        ("escalation", "Übernahme durch die KIM-Koordination"),
    ],
)
def test_who_withdraws_ends_the_talks(answer, task):
    walk = at_talks()
    walk.hear("withdrawal")
    walk.do("Rückzug aufnehmen", withdrawal=answer)

    assert walk.tasks == [task]
    assert walk.variables["outcome"] == ("withdrawn" if answer == "close" else None)


def test_advice_before_anybody_is_assigned_is_given_by_the_quarter():
    walk = Walk()
    review(walk)
    walk.hear("withdrawal")
    walk.do("Rückzug aufnehmen", withdrawal="one_sided")

    advice = walk.task("Einseitige Beratung")
    assert (advice.assignee, advice.candidate_groups) == (None, ("role_qm",))


def test_a_case_may_be_assessed_again_at_any_time():
    walk = at_talks()
    walk.hear("retriage")

    assert walk.tasks == ["Sicherheitsfragen"]


def test_after_ninety_days_coordination_looks_in_and_the_work_goes_on():
    walk = at_talks()

    assert walk.wait_for("ninety_days") == local(2027, 8, 2, 8)
    assert walk.tasks == ["Langläufer prüfen", "Vorgespräch"]
    walk.do("Langläufer prüfen", long_runner="continue")
    assert walk.tasks == ["Vorgespräch"]


def test_an_overdue_step_is_looked_at_by_coordination():
    walk = Walk("overdue_review", overdue_task="t1")
    assert walk.task("Überfälligen Schritt klären").candidate_groups == ("role_ko",)

    walk.do(
        "Überfälligen Schritt klären", overdue_decision="reminded", note__coordination="Angerufen"
    )
    assert walk.run.is_finished
