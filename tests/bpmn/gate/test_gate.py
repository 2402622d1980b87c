"""Files of strangers are checked in a child: it answers like the check itself, or is ended."""

import os
import subprocess
import threading
from pathlib import Path

import pytest

from bpmn import gate, lint
from bpmn.bundle import Bundle
from bpmn.gate import checking
from bpmn.gate.checking import Gate
from bpmn.gate.errors import GateClosed
from bpmn.lint import Severity
from web.commands.installation import host_alone
from workflows.processes import catalog

HOST = host_alone()


@pytest.fixture
def keeper():
    keeper = Gate()
    yield keeper
    keeper.close()


@pytest.fixture
def check_is(monkeypatch):
    """Let the children check by other code, under the same limits."""
    start = subprocess.Popen

    def become(code):
        program = f"import bpmn.gate.child as child; child.check = {code}; child.main()"

        def popen(command, **options):
            return start([*command[:-2], "-c", program], **options)

        monkeypatch.setattr(checking.subprocess, "Popen", popen)

    return become


def errors(findings):
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def many_elements(size):
    head = b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
    return head + b"<a/>" * ((size - 100) // 4) + b"</definitions>"


def test_the_shipped_processes_pass(keeper):
    assert errors(keeper.check(catalog.shipped_bundle(), HOST)) == []


def test_the_child_says_what_the_check_says(keeper):
    broken = catalog.shipped_bundle().having("triage.bpmn", b"<nothing/>").having("a.form", b"[]")

    assert keeper.check(broken, HOST) == lint.check(broken, HOST)
    assert keeper.check(broken, HOST) != []


def test_what_costs_too_much_time_is_a_finding_that_says_what_to_do(keeper, check_is):
    check_is("lambda *_: sum(iter(int, 1))")

    (finding,) = keeper.check(Bundle({"small.form": b"{}", "large.dmn": b"<a/>" * 9}), HOST)

    assert (finding.rule, finding.severity, finding.file) == (
        "resources",
        Severity.ERROR,
        "large.dmn",
    )
    assert "2 seconds" in str(finding.sentence)


def test_what_needs_too_much_memory_is_a_finding_that_says_what_to_do(keeper, check_is):
    check_is("lambda *_: bytearray(300_000_000)")

    (finding,) = keeper.check(Bundle({"a.form": b"{}"}), HOST)

    assert finding.rule == "resources"
    assert "200 MB" in str(finding.sentence)


def test_a_file_full_of_mistakes_is_answered_with_some_of_them(keeper):
    findings = keeper.check(Bundle({"huge.bpmn": many_elements(2_000_000)}), HOST)

    assert 0 < len(findings) <= 501


def test_the_child_may_hold_no_more_than_its_memory(keeper, check_is):
    held = "__import__('resource').getrlimit(2)[1] == child.MOST_MEMORY"
    check_is(f"lambda *_: 1 / 0 if {held} else []")

    assert keeper.check(Bundle({"a.form": b"{}"}), HOST)[0].rule == "resources"
    assert gate.MOST_MEMORY == 200 * 1024**2


def test_an_answer_that_never_came_is_not_remembered(keeper, check_is, monkeypatch):
    check_is("lambda *_: 1 / 0")
    bundle = Bundle({"a.form": b"{}"})
    (broken,) = keeper.check(bundle, HOST)
    keeper.close()
    monkeypatch.undo()

    (found,) = keeper.check(bundle, HOST)

    assert (broken.rule, found.rule) == ("resources", "readable")


def test_a_child_that_died_while_it_waited_is_replaced(keeper):
    keeper.check(Bundle({"a.form": b"{}"}), HOST)
    waiting = keeper._ready
    waiting.kill()
    waiting.wait()

    assert keeper.check(Bundle({"b.form": b"{}"}), HOST)[0].rule == "readable"


def test_a_child_that_answers_nonsense_is_told_as_a_finding(keeper, monkeypatch):
    def start():
        pipe = subprocess.PIPE
        return subprocess.Popen(["/bin/cat"], stdin=pipe, stdout=pipe)

    monkeypatch.setattr(checking, "_start", start)

    (finding,) = keeper.check(catalog.shipped_bundle(), HOST)

    assert finding.rule == "resources"


def test_no_process_left_is_an_answer_and_no_crash(keeper, monkeypatch):
    def refuse(*_arguments, **_options):
        raise OSError

    monkeypatch.setattr(checking.subprocess, "Popen", refuse)

    with pytest.raises(GateClosed):
        keeper.check(catalog.shipped_bundle(), HOST)


def test_many_threads_each_get_their_own_answer(keeper):
    answers = {}

    def ask(number):
        bundle = Bundle({f"file{number}.form": b"{}"})
        answers[number] = keeper.check(bundle, HOST)[0].file

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == {number: f"file{number}.form" for number in range(6)}


def test_the_child_sees_no_secret_of_its_surroundings(keeper, monkeypatch):
    monkeypatch.setenv("HANDSCHLAG_DATABASE_URL", "postgresql://secret")
    child = checking._start()

    seen = Path(f"/proc/{child.pid}/environ").read_bytes()
    checking._end(child)

    assert b"secret" not in seen
    assert os.environ["HANDSCHLAG_DATABASE_URL"] == "postgresql://secret"
