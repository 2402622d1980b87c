"""The command line: exit codes, one line for what went wrong, JSON for programs."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import click
import pytest

from bpmn import gate
from engine.shift import Shift
from tests.bpmn.dmn.test_tck import CASES, MODEL
from web import cli
from web.commands import worker
from workflows.processes import catalog

WHY = ("--reason", "Somebody asked.")
TOO_LARGE = str(2**31)
NOBODY = "00000000-0000-0000-0000-000000000000"
ROOT = Path(__file__).resolve().parents[2]
PROCESSES = Path(catalog.__file__).parent


def commands(group=cli.cli, path=()):
    here = click.Context(group)
    for name in group.list_commands(here):
        command = group.get_command(here, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_every_command_explains_itself(handschlag, path):
    code, out, _ = handschlag(*path, "--help")

    assert code == 0
    assert len(out.splitlines()) > 3


def test_a_wrong_use_is_said_with_exit_code_2(handschlag):
    assert handschlag("no-such-command")[0] == 2
    assert handschlag("user", "add")[0] == 2


@pytest.mark.parametrize(
    "command",
    [
        ("instance", "migrate", "--dry-run", "--to", TOO_LARGE),
        ("instance", "migrate", "--dry-run", "--from", TOO_LARGE),
        ("instance", "modify", NOBODY, "--cancel", TOO_LARGE),
        ("instance", "modify", NOBODY, "--create", f"talk@{TOO_LARGE}"),
        ("instance", "modify", NOBODY, "--create", "talk@²"),
        ("statistics", "heat-map", "--deployment", TOO_LARGE),
        ("retention", "set", "--forever", "--deployment", TOO_LARGE, *WHY),
        ("token", "add", "nobody@example.org", "program", "--days", TOO_LARGE),
    ],
)
def test_a_number_larger_than_there_can_be_is_a_wrong_use(handschlag, command):
    handschlag("migrate")

    assert handschlag(*command)[0] == 2


@pytest.mark.parametrize(
    ("command", "place"),
    [
        (("message", "send", "\udcff", "key", *WHY), 3),
        (("instance", "migrate", "--process", "\udcff", "--dry-run"), 4),
        (("user", "disable", "Mu\udcfcller@example.org"), 3),
        (("\udcff",), 1),
    ],
)
def test_what_is_no_text_is_a_wrong_use_said_in_one_line(handschlag, command, place):
    handschlag("migrate")

    told = f"Error: Argument {place} is no text in utf-8.\n"
    assert handschlag(*command) == (2, "", told)


@pytest.mark.parametrize("name", [" ", "n" * 201])
def test_a_command_has_a_name_of_bounded_length_or_none(handschlag, name):
    assert handschlag("fault", "retry", "--all", *WHY, "--id", name)[0] == 2


def test_what_is_refused_is_one_line_with_exit_code_1(handschlag):
    handschlag("migrate")

    code, out, err = handschlag("user", "disable", "nobody@example.org")

    assert (code, out) == (1, "")
    assert err == "“nobody@example.org” is not known here.\n"


def test_the_shipped_processes_pass_the_check(handschlag):
    code, out, _ = handschlag("process", "lint", str(PROCESSES), "--json")

    errors = [found for found in json.loads(out) if found["severity"] == "error"]
    assert (code, errors) == (0, [])


def test_a_finding_has_a_place_and_exit_code_1(handschlag, tmp_path):
    broken = tmp_path / "broken.bpmn"
    broken.write_text("<definitions>")

    code, out, _ = handschlag("process", "lint", str(broken), "--json")

    assert code == 1
    assert json.loads(out)[0].keys() == {
        "file",
        "rule",
        "severity",
        "element",
        "line",
        "message",
    }


def test_a_decision_can_be_asked(handschlag):
    inputs = {
        "acute_danger": True,
        "weapon": False,
        "child_welfare": "no",
        "domestic_violence": False,
        "specific_threat": False,
        "self_harm_risk": False,
    }

    asked = ["decision", "evaluate", str(PROCESSES / "safety.dmn"), "safety", json.dumps(inputs)]
    code, out, _ = handschlag(*asked, "--json")
    told = handschlag(*asked)

    answer = json.loads(out)
    assert code == 0
    assert answer["value"] == {"safety_result": "emergency", "mediation_locked": True}
    assert answer["warnings"] == []
    assert [(rule["rule"], rule["number"]) for rule in answer["rules"]] == [("safety_rule_1", 1)]
    assert answer["rules"][0]["inputs"]["Akute Gefahr oder Waffe"] is True
    assert told[1].splitlines()[0] == '{safety_result: "emergency", mediation_locked: true}'


def test_inputs_of_a_decision_may_be_written_in_feel(handschlag):
    asked = ("decision", "evaluate", str(PROCESSES / "deadlines.dmn"), "deadlines")

    given = handschlag(*asked, "--input", 'priority="urgent"', "--json")
    missing = handschlag(*asked)
    wrong = handschlag(*asked, "--input", "priority")

    assert json.loads(given[1])["value"] == 1
    assert missing[1].splitlines() == ["null"]
    assert "priority" in missing[2]
    assert (wrong[0], len(wrong[2].splitlines())) == (1, 1)


def test_an_answer_that_json_cannot_hold_is_still_told(handschlag, tmp_path):
    file = tmp_path / "m.dmn"
    file.write_text(MODEL.format(formula="[x, 1e30, 1e6144, 1 / 4]"))

    code, out, _ = handschlag("decision", "evaluate", str(file), "d", '{"x": 3}', "--json")

    assert code == 0
    assert json.loads(out)["value"] == [3, 1e30, "1" + "0" * 6144, 0.25]


def test_the_test_kit_runs_below_a_folder(handschlag, tmp_path):
    kit = tmp_path / "kit" / "0001-twice"
    kit.mkdir(parents=True)
    (kit / "m.dmn").write_text(MODEL.format(formula="x * 2"))

    def judged(wanted, *options):
        case = CASES.format(asked="twice", given="4", wanted=wanted)
        (kit / "m-test-01.xml").write_text(case)
        return handschlag("tck", str(tmp_path / "kit"), *options)

    passed, failed, rows = judged("8"), judged("9"), judged("9", "--json")
    nowhere = handschlag("tck", str(tmp_path / "nowhere"))
    (tmp_path / "empty").mkdir()
    nothing = handschlag("tck", str(tmp_path / "empty"))

    assert (passed[0], passed[1].splitlines()[-1]) == (0, "1 passed, 0 failed")
    assert (failed[0], failed[1].splitlines()[-1]) == (1, "0 passed, 1 failed")
    assert [(row["folder"], row["case"], row["passed"]) for row in json.loads(rows[1])] == [
        ("0001-twice", "1", False)
    ]
    assert nowhere[0] == 2
    assert nothing[0] != 0


def test_what_is_published_can_be_taken_out_and_put_back(handschlag, tmp_path):
    handschlag("migrate")

    exported = handschlag("process", "export", str(tmp_path / "out"))
    deployed = handschlag("process", "deploy", str(tmp_path / "out"))
    listed = handschlag("process", "list", "--json")

    assert (exported[0], deployed[0]) == (0, 0)
    assert [version["number"] for version in json.loads(listed[1])] == [1]


def test_nobody_waits_for_the_check_and_what_was_published_meanwhile_stays(
    handschlag, tmp_path, monkeypatch
):
    handschlag("migrate")
    ours, others = tmp_path / "session.form", tmp_path / "closing.form"
    for file in (ours, others):
        file.write_bytes((PROCESSES / file.name).read_bytes() + b"\n")
    check, checked = gate.check, []

    def check_slowly(bundle, host):
        checked.append(bundle)
        if len(checked) == 1:
            assert handschlag("process", "deploy", str(others))[0] == 0
        return check(bundle, host)

    monkeypatch.setattr(gate, "check", check_slowly)

    assert handschlag("process", "deploy", str(ours))[0] == 0
    handschlag("process", "export", str(tmp_path / "out"))
    for file in (ours, others):
        assert (tmp_path / "out" / file.name).read_bytes() == file.read_bytes()


def test_a_whole_audit_chain_is_said_to_be_whole(handschlag):
    handschlag("migrate")

    assert handschlag("audit", "verify")[:2] == (0, "Every chain is whole.\n")


def test_run_serves_until_it_is_told_to_stop(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from web.cli import main; main()", "run", "--no-demo"]
    options = ["--port", str(port), "--data", str(tmp_path / "data")]
    process = subprocess.Popen(
        [*command, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    try:
        first = process.stdout.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready") as answer:
            ready = answer.status
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=30)
    finally:
        process.kill()
        process.stdout.close()

    assert re.search(rf"http://127\.0\.0\.1:{port}", first)
    assert (ready, code) == (200, 0)


def test_messages_and_signals_can_be_sent_by_hand(handschlag):
    handschlag("migrate")
    dated = '{"due": {"feel": "date(\\"2027-01-15\\")"}, "stage": 3}'

    sent = handschlag(
        "message", "send", "letter", "key", "--variables", dated, "--id", "once", *WHY
    )
    thrown = handschlag("signal", "throw", "storm", "--json", *WHY)

    assert sent[:2] == (0, "The message is on its way.\n")
    assert json.loads(thrown[1]) == {"receivers": 0}


def test_a_worker_starts_without_pages_and_migrations():
    code = "import sys, web.cli, web.commands.worker as w; print(*sys.modules)"

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = {name.partition(".")[0] for name in ended.stdout.split()}
    assert "sqlalchemy" in loaded
    assert loaded & {"flask", "alembic", "waitress"} == set()


def test_a_worker_that_dies_says_so_with_exit_code_1(handschlag, monkeypatch):
    handschlag("migrate")
    monkeypatch.setattr(worker, "stop_on_signals", lambda _found: None)
    monkeypatch.setattr(Shift, "_run_lane", lambda *_: None)

    code, _, err = handschlag("worker")

    assert (code, err) == (1, "The worker has ended by an accident. Please start it again.\n")


def test_every_module_of_commands_is_reached():
    modules = Path(cli.__file__).parent.glob("commands/*.py")
    found = {path.stem for path in modules if "COMMANDS = " in path.read_text("utf-8")}

    assert set(cli.ROOMS.values()) == found
