"""The studio: only our dialect is offered, in German, and what the server finds stands at the element."""

import pytest

from bpmn.feel.builtins import FUNCTIONS
from tests.browser import axe

ASSIGNMENT = (
    "assignmentDefinition: assignmentDefinitionAssignee"
    " assignmentDefinitionCandidateUsers taskScheduleDueDate taskScheduleFollowUpDate"
    " priorityDefinitionPriority"
)
ELEMENTS = {
    "Task_triage": [
        "general: name id",
        "documentation: documentation",
        ASSIGNMENT,
        "candidateGroups: candidateGroup-role_qm candidateGroup-role_ko",
        "form: form",
        "inputs:",
        "outputs:",
    ],
    "Task_link": [
        "general: name id",
        "documentation: documentation",
        "taskDefinition: taskDefinitionType",
        "inputs: Task_link-input-0 Task_link-input-0-target Task_link-input-0-source",
        "outputs:",
        "headers: Task_link-header-0 Task_link-header-0-key Task_link-header-0-value",
    ],
    "Rule_route": [
        "general: name id",
        "documentation: documentation",
        "calledDecision: calledDecision resultVariable",
        "inputs:",
        "outputs:",
    ],
    "Script_count": [
        "general: name id",
        "documentation: documentation",
        "script: resultVariable scriptExpression",
        "inputs:",
        "outputs:",
    ],
    "Call_closing": [
        "general: name id",
        "documentation: documentation",
        "calledElement: calledProcess",
        "inputPropagation: propagateAllParentVariables",
        "inputs:",
        "outputPropagation: propagateAllChildVariables",
        "outputs:",
    ],
    "Catch_withdrawal": [
        "general: name id",
        "documentation: documentation",
        "message: messageRef messageName messageSubscriptionCorrelationKey",
        "outputs:",
    ],
    "Timer_reminder": [
        "general: name id",
        "documentation: documentation",
        "timer: timerEventDefinitionType timerEventDefinitionValue",
        "outputs:",
    ],
    "End_reminded": [
        "general: name id",
        "documentation: documentation",
        "escalation: escalationRef escalationName escalationCode",
        "outputs:",
    ],
    "Flow_link": [
        "general: name id",
        "documentation: documentation",
        "condition: conditionExpression",
    ],
    "Flow_5": [
        "general: name id",
        "documentation: documentation",
        "condition: conditionExpression",
    ],
    "Flow_8": ["general: name id", "documentation: documentation"],
    "Start_house_closed": [
        "general: name id",
        "documentation: documentation",
        "signal: signalRef signalName",
        "outputs:",
    ],
    "Gateway_route": ["general: name id", "documentation: documentation"],
}
UNFOLD = """() => document.querySelectorAll('.bio-properties-panel-group-header:not(.open) .bio-properties-panel-arrow')
    .forEach(arrow => arrow.click())"""
PANEL = """() => [...document.querySelectorAll('[data-group-id]')].map(group =>
    group.dataset.groupId.replace('group-', '') + ':'
    + [...group.querySelectorAll('[data-entry-id]')].map(entry => ' ' + entry.dataset.entryId).join(''))"""
MENU = "() => [...document.querySelectorAll('.djs-popup [data-id]')].map(entry => entry.dataset.id)"


@pytest.fixture
def studio(page, workbench):
    workbench.reset()
    page.add_init_script(
        "window.untranslated = [];"
        "addEventListener('studio:untranslated', event => window.untranslated.push(event.detail));"
        "addEventListener('studio:ready', event => { window.functions = event.detail.functions; });"
    )
    page.goto(workbench.url("/studio"))
    page.wait_for_selector("[data-bpmn-studio][data-state=ready]")
    page.locator("summary", has_text="Alle Elemente als Liste").click()
    return page


def choose(page, element):
    page.locator(f".hs-outline [data-element={element}]").click()
    page.wait_for_function(
        "id => document.querySelector(`[data-element=${id}]`).hasAttribute('aria-current')",
        arg=element,
    )
    page.evaluate(UNFOLD)


@pytest.mark.parametrize("element", ELEMENTS)
def test_the_panel_offers_exactly_the_fields_of_our_dialect(studio, element):
    choose(studio, element)

    assert studio.evaluate(PANEL) == ELEMENTS[element]


def test_the_menus_offer_exactly_the_elements_of_our_dialect(studio):
    choose(studio, "Task_triage")
    studio.locator(".djs-context-pad .entry[data-action=replace]").click()

    assert studio.evaluate(MENU) == [
        "toggle-parallel-mi",
        "toggle-sequential-mi",
        "replace-with-service-task",
        "replace-with-send-task",
        "replace-with-receive-task",
        "replace-with-rule-task",
        "replace-with-script-task",
        "replace-with-call-activity",
        "replace-with-expanded-subprocess",
    ]


def test_the_start_of_an_event_sub_process_offers_what_can_start_it(studio):
    choose(studio, "Start_house_closed")
    studio.locator(".djs-context-pad .entry[data-action=replace]").click()

    assert studio.evaluate(MENU) == [
        "toggle-non-interrupting",
        "replace-with-message-start",
        "replace-with-timer-start",
        "replace-with-error-start",
        "replace-with-escalation-start",
        "replace-with-non-interrupting-message-start",
        "replace-with-non-interrupting-timer-start",
        "replace-with-non-interrupting-signal-start",
        "replace-with-non-interrupting-escalation-start",
    ]


def test_a_start_of_a_process_offers_a_message_alone(studio):
    choose(studio, "Start_report")
    studio.locator(".djs-context-pad .entry[data-action=replace]").click()

    assert studio.evaluate(MENU) == [
        "replace-with-none-intermediate-throwing",
        "replace-with-none-end",
        "replace-with-message-start",
    ]


def test_every_text_has_a_german_translation(studio):
    for element in ELEMENTS:
        choose(studio, element)
        for menu in ("replace", "append"):
            entry = studio.locator(f".djs-context-pad .entry[data-action={menu}]")
            if entry.count():
                entry.click()
                studio.wait_for_selector(".djs-popup")
                studio.keyboard.press("Escape")
    studio.locator(".djs-palette .entry[data-action=create]").click()
    studio.wait_for_selector(".djs-popup")

    assert studio.evaluate("window.untranslated") == []


def test_a_form_is_chosen_by_its_name_and_saved_by_its_id(studio, workbench):
    choose(studio, "Task_remind")

    studio.get_by_label("Formular").select_option("Erstkontakt")
    studio.get_by_role("button", name="Speichern").click()
    studio.get_by_text("Gespeichert um").wait_for()

    saved = workbench.sent_to("/save")[-1]
    assert saved.token == "a-token"
    assert saved.body.count('<zeebe:formDefinition formId="first_contact" />') == 2


def test_groups_are_ticked_by_name_and_saved_by_code(studio, workbench):
    choose(studio, "Task_triage")

    studio.get_by_label("KIM-Koordination").check()
    studio.get_by_role("button", name="Speichern").click()
    studio.get_by_text("Gespeichert um").wait_for()

    assert 'candidateGroups="role_qm, role_ko"' in workbench.sent_to("/save")[-1].body


def test_findings_of_the_server_stand_at_the_element_and_in_the_list(studio, workbench):
    sentence = "Diese Aufgabe hat kein Formular."
    workbench.findings = [
        {
            "rule": "task-form",
            "severity": "error",
            "element": "Task_remind",
            "line": 3,
            "message": sentence,
        }
    ]

    studio.get_by_role("button", name="Prüfen").click()

    studio.get_by_role("status").get_by_text("Fehler: 1, Hinweise: 0.").wait_for()
    assert studio.locator(".hs-finding-sign--error").get_attribute("title") == sentence
    assert sentence in studio.locator(".hs-finding").inner_text()
    studio.locator(".hs-finding").get_by_role(
        "button", name="Aufgabe für Menschen: Erinnern"
    ).click()
    assert studio.get_by_label("Kennung").input_value() == "Task_remind"


def test_a_refused_save_says_why_and_keeps_the_work(studio, workbench):
    choose(studio, "Task_triage")
    studio.get_by_label("Formular").select_option("Erstkontakt")
    workbench.status = 403

    studio.get_by_role("button", name="Speichern").click()

    studio.get_by_text("Nicht gespeichert: Kein Zugriff.").wait_for()
    assert studio.get_by_label("Formular").input_value() == "first_contact"


def test_an_expression_offers_the_functions_of_the_host(studio):
    choose(studio, "Task_triage")
    editor = studio.locator("[data-entry-id=taskScheduleDueDate] .cm-content")

    editor.click()
    studio.keyboard.press("End")
    studio.keyboard.type(" + add wor")

    studio.get_by_role("option", name="add working days").wait_for()


def test_every_function_on_offer_is_one_that_our_interpreter_has(studio):
    host = {"next due", "add working days", "follow up date", "is working day"}

    offered = set(studio.evaluate("window.functions"))

    assert offered >= host
    assert offered - host - set(FUNCTIONS) == set()


def test_the_element_list_leads_to_each_element_by_keyboard(studio):
    studio.locator(".hs-outline [data-element=Task_talk]").focus()
    studio.keyboard.press("Enter")

    assert (
        studio.locator(".hs-outline [aria-current]").inner_text()
        == "Aufgabe für Menschen: Vorgespräch führen"
    )


def test_the_frame_of_the_studio_breaks_no_accessibility_rule(studio):
    assert axe.findings(studio, without=(".hs-studio-canvas", ".hs-studio-panel")) == []
