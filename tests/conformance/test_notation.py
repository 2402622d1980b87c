from tests.conformance import notation


def test_the_page_about_the_notation_says_what_the_tables_and_rules_say():
    assert notation.DOCUMENT.read_text() == notation.document()
