from datetime import date

import pytest

from bpmn.forms import WrongAnswers
from tests.workflows.processes.driving import (
    CONTACT,
    REACHED,
    SAFE,
    Walk,
    agree,
    appoint,
    assess,
    assigned,
    at_talks,
    close,
    confirm,
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


# -- before the work begins


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


# -- triage


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


# -- who takes it


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


# -- first contacts


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


# -- talks


def test_the_pre_talks_go_party_by_party():
    walk = at_talks()

    first = walk.task("Vorgespräch")
    assert walk.run.visible_at(first.token)["party"] == "a"
    pre_talks(walk, "yes")
    second = walk.task("Vorgespräch")
    assert walk.run.visible_at(second.token)["party"] == "b"


def test_both_refuse_and_the_case_ends_without_willingness():
    walk = at_talks()
    pre_talks(walk, "no", "no")

    assert walk.tasks == ["Abschluss"]
    assert walk.variables["outcome"] == "no_willingness"
    close(walk, "no_willingness")
    assert walk.run.is_finished
    assert walk.run.waiting_timers() == []


def test_a_refusal_to_sit_together_becomes_shuttle_talks_when_all_agree_to_that():
    walk = at_talks()
    pre_talks(walk, "yes", "no", shuttle=True)

    assert walk.tasks == ["Termin"]
    assert walk.variables["meeting_format"] == "shuttle"


def test_time_to_think_ends_after_five_working_days():
    walk = at_talks()
    walk.do("Vorgespräch", informed=True, participation="reflection")
    assert walk.tasks == []

    assert walk.wait_for("reflected") == local(2027, 5, 12, 23, 59)
    walk.do("Nach der Bedenkzeit", informed=True, participation="yes", shuttle_ok=False)
    pre_talks(walk, "yes")
    assert walk.tasks == ["Termin"]


def test_when_one_refuses_the_quarter_decides():
    walk = at_talks()
    pre_talks(walk, "yes", "no")
    walk.do("Wie weiter?", next_step="one_sided")

    assert walk.tasks == ["Einseitige Beratung"]


def test_a_party_that_reads_no_letters_is_called():
    walk = at_talks()
    walk.services["appointment.invite"] = {"to_call": ["a"]}
    pre_talks(walk, "yes", "yes")
    appoint(walk)
    call = walk.task("Anrufen")
    assert walk.run.visible_at(call.token)["party"] == "a"

    walk.do("Anrufen", contact__at="2027-05-04T12:00", contact__reached="yes")
    assert walk.tasks == []
    assert walk.wait_for("appointment_over") == local(2027, 6, 1, 17)


@pytest.mark.parametrize(
    "at", ["2027-06-01T07:45", "2027-06-01T20:00", "2027-05-06T10:00", "2027-05-03T10:00"]
)
def test_an_appointment_is_in_the_future_on_an_open_day_in_the_daytime(at):
    walk = at_talks()
    pre_talks(walk, "yes", "yes")

    with pytest.raises(WrongAnswers) as wrong:
        appoint(walk, at)
    assert set(wrong.value.fields) == {"appointment_at"}


def test_an_appointment_is_moved_twice_and_then_the_quarter_decides():
    walk = at_talks()
    pre_talks(walk, "yes", "yes")
    for day in ("01", "02", "03"):
        appoint(walk, f"2027-06-{day}T16:00")
        walk.wait_for("appointment_over")
        walk.do("Sitzung", held="no_show")

    assert walk.tasks == ["Wie weiter?"]


def test_a_talk_is_continued_four_times_and_then_the_quarter_decides():
    walk = at_talks()
    pre_talks(walk, "yes", "yes")
    for day in ("01", "02", "03", "04", "07"):
        appoint(walk, f"2027-06-{day}T16:00")
        walk.wait_for("appointment_over")
        walk.do("Sitzung", held="yes", result="continue")

    assert walk.tasks == ["Wie weiter?"]
    walk.do("Wie weiter?", next_step="escalation")
    assert walk.tasks == ["Übernahme durch die KIM-Koordination"]


# -- after the agreement


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


# -- what may happen at any time


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
