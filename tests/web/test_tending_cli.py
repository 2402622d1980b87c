"""Faults and processes from the command line of the machine."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from bpmn.bundle import Bundle
from engine import deployments, instances
from engine.handlers import Handlers
from engine.models import Instance, Job
from tests.bpmn.spiff.drawing import catch, document, end, flows, process, start
from web.commands import output

BECAUSE = ("--reason", "The register was away.")


@pytest.fixture
def stuck(installation):
    """Three processes whose first service nobody can do."""
    with installation.transactions.begin() as uow:
        started = [instances.start(uow, "neighbourhood_conflict", {}).id for _ in range(3)]
    object.__setattr__(installation, "handlers", Handlers({}, {}))
    installation.worker().run_due()
    return [str(one) for one in started]


def test_the_doctor_names_processes_that_do_not_fit_to_their_rows_and_how_they_are_mended(
    handschlag, installation, stuck
):
    assert "ok    processes: 0 differ" in handschlag("doctor", "--processes")[1]
    with installation.transactions.begin() as uow:
        uow.session.execute(delete(Job).where(Job.instance_id == UUID(stuck[0])))
        torn = update(Instance).where(Instance.id == UUID(stuck[1]))
        uow.session.execute(torn.values(snapshot="torn"))

    code, told, _ = handschlag("doctor", "--processes")

    (line,) = [line for line in told.splitlines() if "processes: 2 differ" in line]
    assert code == 1
    assert stuck[0] in line
    assert stuck[1] in line
    assert stuck[2] not in line
    assert "Move or cancel them: docs/how-to/faults.md" in line

    (place,) = _show(handschlag, stuck[0])["places"]
    move = ("--cancel", str(place["token"]), "--create", place["element"], "--yes")
    handschlag("instance", "modify", stuck[0], *move, *BECAUSE)
    handschlag("instance", "cancel", stuck[1], "--yes", *BECAUSE)

    assert "ok    processes: 0 differ" in handschlag("doctor", "--processes")[1]


@pytest.mark.usefixtures("stuck")
def test_faults_meant_in_two_ways_are_not_touched(handschlag):
    (row, *_) = json.loads(handschlag("fault", "list", "--json")[1])

    code, _, told = handschlag("fault", "cancel", row["id"], "--all", *BECAUSE)

    assert code == 2
    assert "not both" in told
    assert len(json.loads(handschlag("fault", "list", "--json")[1])) == 3


def test_faults_are_listed_with_element_and_sentence(handschlag, stuck):
    code, out, _ = handschlag("fault", "list", "--json")

    rows = json.loads(out)
    assert (code, len(rows)) == (0, 3)
    assert {row["element"] for row in rows} == {"find_duplicates"}
    assert {row["instance"] for row in rows} == set(stuck)
    assert "case.find_duplicates" in rows[0]["sentence"]


def test_one_fault_is_shown_with_its_place(handschlag, stuck):
    fault = _faults(handschlag)[0]

    seen = json.loads(handschlag("fault", "show", fault["id"])[1])

    assert (seen["error"], seen["state"], seen["job"]) == ("NoHandler", "open", "service")
    assert seen["instance"] in stuck


@pytest.mark.usefixtures("stuck")
def test_a_fault_is_retried_by_its_id_and_a_second_time_refused(handschlag):
    fault = _faults(handschlag)[0]["id"]

    first = handschlag("fault", "retry", fault, *BECAUSE)
    second = handschlag("fault", "retry", fault, *BECAUSE, "--json")

    assert first[:2] == (0, "1 done, 0 refused.\n")
    assert second[0] == 1
    assert json.loads(second[1])[0]["refused"] == "This fault has already been dealt with."


@pytest.mark.usefixtures("stuck")
def test_a_command_that_is_repeated_under_its_name_does_nothing_again(handschlag):
    fault = _faults(handschlag)[0]["id"]

    codes = [handschlag("fault", "retry", fault, *BECAUSE, "--id", "1")[0] for _ in range(2)]

    assert codes == [0, 0]


@pytest.mark.usefixtures("stuck")
def test_faults_that_are_alike_are_cancelled_together(handschlag):
    code, out, _ = handschlag("fault", "cancel", "--element", "find_duplicates", *BECAUSE)

    assert (code, out) == (0, "3 done, 0 refused.\n")
    assert _faults(handschlag) == []


@pytest.mark.usefixtures("stuck")
def test_nothing_is_tended_without_saying_what_or_why(handschlag):
    assert handschlag("fault", "retry", *BECAUSE)[0] == 2
    assert handschlag("fault", "retry", "--all")[0] == 2
    assert len(_faults(handschlag)) == 3


def test_a_service_is_skipped_with_results(handschlag, stuck):
    fault = _faults(handschlag)[0]

    code, *_ = handschlag(
        "fault", "skip", fault["id"], "--result", "possible_duplicates=0", *BECAUSE
    )

    assert code == 0
    assert fault["instance"] in stuck
    places = _show(handschlag, fault["instance"])["places"]
    assert "find_duplicates" not in {place["element"] for place in places}


def test_variables_are_set_where_the_failed_work_sees_them(handschlag, stuck):
    fault = _faults(handschlag)[0]

    done = handschlag("fault", "set", fault["id"], 'quarter="q-1"', *BECAUSE)
    wrong = handschlag("fault", "set", fault["id"], 'quarter="Frau Beispiel"', *BECAUSE)

    assert (done[0], wrong[0]) == (0, 1)
    assert _show(handschlag, fault["instance"])["variables"]["quarter"] == '"q-1"'
    assert fault["instance"] in stuck


def test_an_instance_that_nobody_can_read_is_shown_as_such_with_what_to_do(
    handschlag, installation, stuck
):
    assert _show(handschlag, stuck[0])["readable"] is True
    with installation.transactions.begin() as uow:
        torn = update(Instance).where(Instance.id == UUID(stuck[0]))
        uow.session.execute(torn.values(snapshot="torn"))

    told = handschlag("instance", "show", stuck[0])[1].splitlines()

    assert told[1].startswith("Nobody can read where it stands. Cancel it")
    assert "docs/how-to/faults.md" in told[1]
    assert _show(handschlag, stuck[0])["readable"] is False


def test_no_text_that_somebody_wrote_steers_the_terminal(handschlag, stuck):
    written = "Wait\x1b]0;mine\x07\x9b2J\r\nfor \u202eit."
    handschlag("instance", "suspend", stuck[0], "--reason", written)

    lines = handschlag("instance", "show", stuck[0])[1]
    document = handschlag("instance", "show", stuck[0], "--json")[1]

    assert lines.splitlines()[-1].endswith(r"Wait\x1b]0;mine\x07\x9b2J\r\nfor \u202eit.")
    for told in (lines, document):
        assert not set(told) & set("\x1b\x07\x9b\r\u202e")
    assert json.loads(document)["acts"][0]["reason"] == written


def test_commands_print_by_their_one_door_alone():
    rooms = Path(output.__file__).parent
    files = [*rooms.glob("*.py"), rooms.parent / "cli.py"]

    assert [file.name for file in files if "click.echo" in file.read_text("utf-8")] == ["output.py"]


def test_an_instance_is_suspended_found_and_resumed(handschlag, stuck):
    handschlag("instance", "suspend", stuck[0], *BECAUSE)

    listed = json.loads(handschlag("instance", "list", "--suspended", "--json")[1])
    again = handschlag("instance", "suspend", stuck[0], *BECAUSE)
    handschlag("instance", "resume", stuck[0], *BECAUSE)

    assert [row["id"] for row in listed] == [stuck[0]]
    assert (again[0], len(again[2].splitlines())) == (1, 1)
    seen = _show(handschlag, stuck[0])
    assert seen["suspended_at"] is None
    assert [act["action"] for act in seen["acts"]] == ["resume_process", "suspend_process"]


def test_a_move_is_told_before_it_is_made(handschlag, stuck):
    (place,) = _show(handschlag, stuck[0])["places"]
    wanted = ("--cancel", str(place["token"]), "--create", "find_duplicates")

    told = handschlag("instance", "modify", stuck[0], *wanted, "--dry-run", "--json")
    same = _show(handschlag, stuck[0])["places"]
    done = handschlag("instance", "modify", stuck[0], *wanted, "--yes", *BECAUSE)

    foretold = json.loads(told[1])
    assert same == [place]
    assert foretold["cancelled"] == [place]
    assert "cancelled: " in done[1]
    assert _show(handschlag, stuck[0])["places"] == foretold["created"]


def test_a_move_tells_of_a_signal_that_it_drops(handschlag, installation):
    wait = catch("wait", '<bpmn:signalEventDefinition signalRef="storm"/>', label="Sirens")
    drawn = process(start(), wait, end(), flows("s>wait>e"))
    diagram = document(drawn, '<bpmn:signal id="storm" name="storm"/>')
    with installation.transactions.begin() as uow:
        deployments.publish(uow, Bundle({"p.bpmn": diagram}), "somebody")
        instance_id = str(instances.start(uow, "p", {}).id)
    handschlag("instance", "suspend", instance_id, *BECAUSE)
    handschlag("signal", "throw", "storm", *BECAUSE)
    (place,) = _show(handschlag, instance_id)["places"]
    wanted = ("--cancel", str(place["token"]), "--create", "wait", "--dry-run")

    plain = handschlag("instance", "modify", instance_id, *wanted)[1]
    told = json.loads(handschlag("instance", "modify", instance_id, *wanted, "--json")[1])

    line = "dropped: the signal storm that has come for Sirens (wait, token {token})"
    assert line.format(**place) in plain.splitlines()
    same = {key: place[key] for key in ("token", "process", "element", "name")}
    assert told["unheard"] == [{**same, "signal": "storm"}]


@pytest.mark.parametrize(
    "wanted", [("--create", "nowhere"), ("--create", "find_duplicates@x"), ("--cancel", "99")]
)
def test_a_move_that_cannot_be_made_is_refused_in_one_line(handschlag, stuck, wanted):
    code, out, err = handschlag("instance", "modify", stuck[0], *wanted, "--yes", *BECAUSE)

    assert (code > 0, out) == (True, "")
    assert err


def test_an_instance_is_shown_with_what_was_done_to_it_and_why(handschlag, stuck):
    handschlag("instance", "set", stuck[0], "glasl_stage=3", *BECAUSE)
    handschlag("instance", "suspend", stuck[0], "--reason", "It waits for the register.")

    newest, older = handschlag("instance", "show", stuck[0])[1].splitlines()[-2:]

    assert "suspend_process" in newest
    assert newest.endswith("It waits for the register.")
    assert "change_variables  glasl_stage" in older
    assert older.endswith(BECAUSE[-1])


def test_an_instance_is_shown_and_cancelled(handschlag, stuck):
    shown = handschlag("instance", "show", stuck[0])
    code, *_ = handschlag("instance", "cancel", stuck[0], "--yes", *BECAUSE)

    assert "find_duplicates" in shown[1]
    assert code == 0
    assert _show(handschlag, stuck[0])["state"] == "cancelled"


@pytest.mark.usefixtures("installation")
@pytest.mark.parametrize("variables", ["[1]", "{", '{"a": 1, "a": 2}'])
def test_what_a_message_carries_is_one_object(handschlag, variables):
    letter = ("letter", "key", "--variables", variables)

    assert handschlag("message", "send", *letter, *BECAUSE)[0] == 2


def _faults(handschlag):
    return json.loads(handschlag("fault", "list", "--json")[1])


def _show(handschlag, instance_id):
    return json.loads(handschlag("instance", "show", instance_id, "--json")[1])
