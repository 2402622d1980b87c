"""Accessibility findings of a page, by axe-core: WCAG 2.2 AA and good practice."""

from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = "([tags, parts]) => axe.run(parts, {runOnly: {type: 'tag', values: tags}})"


def findings(page: Page, *, without: tuple[str, ...] = ()) -> list[str]:
    """One line for each rule that the page breaks; `without` names parts by selector."""
    page.evaluate(SCRIPT.read_text("utf-8"))
    parts = {"include": [["html"]], "exclude": [[selector] for selector in without]}
    report = page.evaluate(_RUN, [TAGS, parts])
    return [
        f"{found['id']} ({found['impact']}): {found['nodes'][0]['html'][:160]}"
        for found in report["violations"]
    ]
