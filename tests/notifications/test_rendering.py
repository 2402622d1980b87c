import pytest

from notifications.errors import TemplateRefused
from notifications.rendering import LANGUAGES, render, templates

FACTS = {"case_number": "KKM-2027-00042", "link": "https://handschlag.example/cases/1"}


@pytest.mark.parametrize("template", sorted(templates()))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_is_worded_in_every_language(template, language):
    wording = render(template, language, FACTS)

    assert wording.subject.startswith("Handschlag: ")
    assert "KKM-2027-00042" in wording.subject
    assert FACTS["link"] in wording.body.splitlines()
    assert "\n" not in wording.subject


def test_an_unknown_language_is_answered_in_german():
    assert render("task_opened", "tr", FACTS) == render("task_opened", "de", FACTS)


def test_a_letter_without_a_case_names_none():
    wording = render("fault_raised", "en", {"link": FACTS["link"], "case_number": ""})

    assert wording.subject == "Handschlag: Fault"
    assert "Reference" not in wording.body


@pytest.mark.parametrize(
    "facts",
    [
        {**FACTS, "party": "Mira Musterova"},
        {"case_number": "KKM-2027-00042"},
        {**FACTS, "case_number": "KKM\r\nBcc: somebody@example.org"},
    ],
)
def test_a_letter_carries_a_link_and_a_number_and_nothing_else(facts):
    with pytest.raises(TemplateRefused):
        render("task_opened", "de", facts)


@pytest.mark.parametrize("template", ["nothing", "../rendering", "frame/de"])
def test_a_letter_that_does_not_exist_is_refused(template):
    with pytest.raises(TemplateRefused):
        render(template, "de", FACTS)
