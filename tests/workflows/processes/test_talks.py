import pytest

from bpmn.forms import WrongAnswers
from tests.workflows.processes.driving import (
    appoint,
    at_talks,
    close,
    local,
    pre_talks,
)


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
