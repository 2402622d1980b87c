"""What every page gains from scripts: drafts that are kept, a theme that stays."""


def test_what_a_person_types_is_kept_as_a_draft(page, workbench):
    workbench.reset()
    page.goto(workbench.url("/draft"))

    page.get_by_label("Notiz").fill("ruft ab 17 Uhr zurück")

    page.get_by_text("Entwurf gespeichert um").wait_for()
    draft = workbench.sent_to("/draft")[-1]
    assert "ruft ab 17 Uhr zurück" in draft.body
    assert draft.token == "a-token"


def test_a_draft_of_a_lost_session_says_so_and_keeps_the_input(page, workbench):
    workbench.reset()
    workbench.status = 401
    page.goto(workbench.url("/draft"))

    page.get_by_label("Notiz").fill("ruft ab 17 Uhr zurück")

    page.get_by_text("Ihre Sitzung ist abgelaufen.").wait_for()
    assert page.get_by_label("Notiz").input_value() == "ruft ab 17 Uhr zurück"
