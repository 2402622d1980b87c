"""Everything people read exists in German, with the same facts in it."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
GERMAN = ROOT / "web/translations/de/LC_MESSAGES/messages.po"
ROOMS = ("bpmn", "engine", "notifications", "workflows", "web")
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "say": None}
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
FACT = re.compile(r"%\((\w+)\)")


def sentences():
    """Every message id in the sources."""
    for room in ROOMS:
        found = extract_from_dir(ROOT / room, METHODS, keywords=KEYWORDS, comment_tags=())
        yield from (message for _file, _line, message, _comments, _context in found)


@pytest.fixture(scope="module")
def catalogue():
    with GERMAN.open("rb") as file:
        return {message.id: message.string for message in read_po(file)}


def test_every_sentence_is_translated(catalogue):
    missing = sorted({sentence for sentence in sentences() if not catalogue.get(sentence)})

    assert missing == []


def test_a_translation_keeps_the_facts(catalogue):
    changed = [
        sentence
        for sentence, german in catalogue.items()
        if sorted(set(FACT.findall(sentence))) != sorted(set(FACT.findall(german)))
    ]

    assert changed == []


def test_nothing_is_translated_that_nobody_says(catalogue):
    assert sorted(set(catalogue) - set(sentences()) - {""}) == []


def test_translators_tools_are_told_of_every_sentence_with_facts():
    entries = GERMAN.read_text().split("\n\n")

    assert [one for one in entries if FACT.search(one) and "#, python-format" not in one] == []
