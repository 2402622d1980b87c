"""Each rule: the sound bundle passes, one change breaks exactly this rule, and the place is named."""

from pathlib import Path

import pytest

from bpmn.bundle import Bundle
from bpmn.host import Host, HostFunction
from bpmn.lint import BOUNDS, RULES, UNREADABLE, Severity, check

HERE = Path(__file__).parent
DIAGRAM, FORM = "sound.bpmn", "question.form"
SOUND = Bundle({name: (HERE / name).read_bytes() for name in (DIAGRAM, FORM)})
HOST = Host(
    functions={
        "next due": HostFunction(
            "next due",
            ("start", "days", "calendar"),
            lambda *_: None,
            {"calendar": frozenset({"office", "school"})},
        )
    },
    handlers=frozenset({"case.note"}),
    groups=frozenset({"role_qm"}),
    case_file_prefixes=frozenset({"note"}),
    sources=frozenset({"quarters"}),
    variables=frozenset({"case_id"}),
)


def changed(old: str, new: str, name: str = DIAGRAM) -> Bundle:
    text = SOUND.files[name].decode()
    assert old in text, f"the sound file lost “{old}”"
    return SOUND.having(name, text.replace(old, new).encode())


def test_a_sound_bundle_has_no_findings():
    assert check(SOUND, HOST) == []


BROKEN = {
    "more elements than anybody reads": (
        "size",
        "sound",
        '<bpmn:endEvent id="end"/>',
        '<bpmn:endEvent id="end"/>' + "".join(f'<bpmn:endEvent id="n{i}"/>' for i in range(300)),
    ),
    "a link to nowhere": (
        "link_events",
        "end",
        '<bpmn:endEvent id="end"/>',
        (
            '<bpmn:intermediateThrowEvent id="end"><bpmn:linkEventDefinition name="fort"/>'
            "</bpmn:intermediateThrowEvent>"
        ),
    ),
    "a file that is cut off": ("readable", None, "</bpmn:definitions>", ""),
    "a document type": ("readable", None, "<bpmn:definitions ", "<!DOCTYPE x><bpmn:definitions "),
    "an element without a kind": ("known_elements", "do", "serviceTask", "task"),
    "a Python script": (
        "known_elements",
        "start",
        '<bpmn:startEvent id="start"/>',
        '<bpmn:startEvent id="start"><bpmn:script>import os</bpmn:script></bpmn:startEvent>',
    ),
    "an extension in the wrong place": (
        "known_elements",
        "do",
        '<zeebe:taskDefinition type="case.note"/>',
        '<zeebe:taskDefinition type="case.note"/><zeebe:userTask/>',
    ),
    "a listener": (
        "known_elements",
        "do",
        '<zeebe:taskDefinition type="case.note"/>',
        '<zeebe:taskDefinition type="case.note"/><zeebe:executionListeners/>',
    ),
    "an attribute that is not read": (
        "known_attributes",
        "do",
        'name="Eintragen"',
        'name="Eintragen" isForCompensation="true"',
    ),
    "another expression language": (
        "known_attributes",
        "definitions",
        'id="definitions"',
        'id="definitions" expressionLanguage="http://www.java.com/java"',
    ),
    "an id used twice": ("unique_ids", "f7", 'id="f6"', 'id="f7"'),
    "no process that may start": ("start_and_end", "sound", 'isExecutable="true"', ""),
    "a flow with two conditions": (
        "flows",
        "f4",
        "</bpmn:conditionExpression></bpmn:sequenceFlow>",
        (
            "</bpmn:conditionExpression><bpmn:conditionExpression>=true"
            "</bpmn:conditionExpression></bpmn:sequenceFlow>"
        ),
    ),
    "an automatic step that does nothing": ("work", "do", "case.note", ""),
    "an addition of another tool": (
        "known_elements",
        "definitions",
        '<zeebe:taskDefinition type="case.note"/>',
        '<zeebe:taskDefinition type="case.note"/><x:hook xmlns:x="http://x.example"/>',
    ),
    "a flow to nowhere": ("flows", "f7", 'targetRef="end"', 'targetRef="nowhere"'),
    "a step that might not go on": (
        "gateway_default",
        "do",
        'sourceRef="do" targetRef="reply"/>',
        (
            'sourceRef="do" targetRef="reply"><bpmn:conditionExpression>=true'
            "</bpmn:conditionExpression></bpmn:sequenceFlow>"
        ),
    ),
    "a choice without default": ("gateway_default", "choice", ' default="f5"', ""),
    "a step that nobody reaches": (
        "reachable",
        "end2",
        '<bpmn:endEvent id="end"/>',
        '<bpmn:endEvent id="end"/><bpmn:endEvent id="end2"/>',
    ),
    "a dead end": (
        "reachable",
        "reply",
        '<bpmn:sequenceFlow id="f7" sourceRef="reply" targetRef="end"/>',
        "",
    ),
    "a loop that never waits": (
        "waiting_cycle",
        "choice",
        'targetRef="ask"><',
        'targetRef="choice"><',
    ),
    "a task without a role": (
        "user_task",
        "ask",
        '<zeebe:assignmentDefinition candidateGroups="role_qm"/>',
        "",
    ),
    "an unknown role": ("user_task", "ask", "role_qm", "role_king"),
    "an unknown form": ("user_task", "ask", 'formId="question"', 'formId="other"'),
    "a due date counted in days of the calendar": (
        "user_task",
        "ask",
        "=next due(now(), 1, &#34;office&#34;)",
        "=now() + duration(&#34;P3D&#34;)",
    ),
    "a due date a fixed span of days away": (
        "user_task",
        "ask",
        "=next due(now(), 1, &#34;office&#34;)",
        "=now() + @&#34;P3D&#34;",
    ),
    "a due date that is a number": (
        "fixed_values",
        "ask",
        "=next due(now(), 1, &#34;office&#34;)",
        "=5",
    ),
    "a calendar that nobody keeps": (
        "expressions",
        "ask",
        "=next due(now(), 1, &#34;office&#34;)",
        "=next due(now(), 1, &#34;büro&#34;)",
    ),
    "a condition that is a number": ("fixed_values", "f4", "=again = true", "=5"),
    "a condition that is empty": ("fixed_values", "f4", "=again = true", "=null"),
    "a due date that never comes": (
        "fixed_values",
        "ask",
        "=next due(now(), 1, &#34;office&#34;)",
        "=date(&#34;morgen&#34;)",
    ),
    "a role in a formula that does not exist": (
        "fixed_values",
        "ask",
        'candidateGroups="role_qm"',
        'candidateGroups="=[&#34;role_king&#34;]"',
    ),
    "a role that is a number": (
        "fixed_values",
        "ask",
        'candidateGroups="role_qm"',
        'candidateGroups="=5"',
    ),
    "a priority beyond the scale": (
        "fixed_values",
        "ask",
        "<zeebe:taskSchedule",
        '<zeebe:priorityDefinition priority="999"/><zeebe:taskSchedule',
    ),
    "a follow-up that is no day": (
        "fixed_values",
        "ask",
        'dueDate="',
        'followUpDate="bald" dueDate="',
    ),
    "a timer that is a number": ("fixed_values", "late_timer", ">P14D<", ">=1<"),
    "a key that is empty": ("fixed_values", "message_reply", '"=case_id"', '"=&#34;&#34;"'),
    "an unknown automatic step": ("work", "do", "case.note", "os.system"),
    "a message without a key": (
        "events",
        "reply_message",
        '<zeebe:subscription correlationKey="=case_id"/>',
        "",
    ),
    "a boundary event in the air": ("events", "late", 'attachedToRef="ask"', 'attachedToRef="x"'),
    "a formula that cannot be read": ("expressions", "f4", "=again = true", "=again = = true"),
    "a condition without a formula": ("expressions", "f4", "=again = true", "again"),
    "Python in a formula": ("expressions", "f4", "=again = true", "=__import__('os')"),
    "an unknown function": ("expressions", "f4", "=again = true", '=system("id")'),
    "a timer that means nothing": ("timers", "late_timer", ">P14D<", ">14 Tage<"),
    "a timer beyond all bounds": ("timers", "late_timer", ">P14D<", ">P99999999Y<"),
}


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN.keys())
def test_it_refuses(case):
    rule, element, old, new = case

    findings = check(changed(old, new), HOST)

    errors = [f for f in findings if f.severity is Severity.ERROR]
    assert (rule, element) in [(f.rule, f.element) for f in errors]
    assert all(str(f.sentence) for f in errors)


BROKEN_FORMS = {
    "free text in a process variable": ("form_fields", "note_field", "note.answer", "answer"),
    "a list that does not exist": ("form_fields", "place_field", "quarters", "passwords"),
    "an unsupported component": ("readable", "again_field", '"radio"', '"iframe"'),
}


@pytest.mark.parametrize("case", BROKEN_FORMS.values(), ids=BROKEN_FORMS.keys())
def test_it_refuses_a_form_with(case):
    rule, component, old, new = case

    findings = check(changed(old, new, FORM), HOST)

    assert (rule, component) in [(f.rule, f.element) for f in findings]


def test_processes_that_call_each_other_in_a_circle_are_refused():
    call = (
        '<bpmn:callActivity id="do" name="Selbst"><bpmn:extensionElements>'
        '<zeebe:calledElement processId="sound" propagateAllChildVariables="false"/>'
        "</bpmn:extensionElements></bpmn:callActivity>"
    )
    text = SOUND.files[DIAGRAM].decode()
    start, end = text.index("<bpmn:serviceTask"), text.index("</bpmn:serviceTask>")
    bundle = SOUND.having(
        DIAGRAM, (text[:start] + call + text[end + len("</bpmn:serviceTask>") :]).encode()
    )

    findings = check(bundle, HOST)

    assert [(f.rule, f.element) for f in findings] == [("call_cycle", "do")]


def test_every_rule_has_something_that_it_refuses():
    refused = {case[0] for case in (*BROKEN.values(), *BROKEN_FORMS.values())}
    in_files_of_their_own = {
        "balanced_gateways",
        "call_cycle",
        "caught_errors",
        "decision_coverage",
        "decision_inputs",
        "endless",
        "loops",
        "names",
        "start_cycle",
        "unknown_variables",
    }

    rules = {rule.__module__.rpartition(".")[2] for rule in (*BOUNDS, *RULES)}

    assert rules == (refused - {UNREADABLE}) | in_files_of_their_own


def test_a_finding_names_the_line():
    findings = check(changed("role_qm", "role_king"), HOST)

    line = (
        SOUND.files[DIAGRAM]
        .decode()
        .splitlines()
        .index('    <bpmn:userTask id="ask" name="Fragen">')
    )
    assert [f.line for f in findings] == [line + 1]
