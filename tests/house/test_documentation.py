"""A reader who starts at the README finds every page, and no link leads nowhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
START = ROOT / "README.md"
PAGES = (START, *sorted((ROOT / "docs").rglob("*.md")))
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def targets(page):
    """Yield each file that a page links to, and the heading in it, if one is named."""
    for address in LINK.findall(page.read_text("utf-8")):
        if not address.startswith(("https://", "http://", "mailto:")):
            file, _, heading = address.partition("#")
            yield (page.parent / file).resolve() if file else page, heading


def headings(page):
    found = HEADING.findall(page.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in found}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_each_link_leads_to_a_file_and_a_heading_that_exist(page):
    dead = [
        (file.name, heading)
        for file, heading in targets(page)
        if not file.exists() or (heading and heading not in headings(file))
    ]

    assert dead == []


def test_every_page_is_found_from_the_readme():
    found, waiting = {START}, [START]
    while waiting:
        new = {file for file, _ in targets(waiting.pop()) if file.suffix == ".md"} - found
        found |= new
        waiting += new

    assert set(PAGES) <= found
