"""A real browser for the tests of this directory.

Without one they fail, in one line that says what to do: a suite that skips silently proves nothing.
`HANDSCHLAG_NO_BROWSER=1` skips them on purpose.
"""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser import chromium
from tests.browser.town import Town, running_town
from tests.browser.workbench import BUNDLE, Workbench

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if os.environ.get("HANDSCHLAG_NO_BROWSER"):
        pytest.skip("HANDSCHLAG_NO_BROWSER is set")
    program = chromium.find()
    if program is None:
        pytest.fail(
            "No Chromium: run `python3 dev.py test` or set HANDSCHLAG_CHROMIUM.", pytrace=False
        )
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=program, args=ARGUMENTS, env=chromium.environment(program)
        )
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh person at a German desk: no cookies, Berlin time."""
    opened = browser.new_context(
        locale="de-DE", timezone_id="Europe/Berlin", viewport={"width": 1400, "height": 900}
    )
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test when a script breaks or the security policy blocks something."""
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda said: (
            complaints.append(said.text) if "Content Security Policy" in said.text else None
        ),
    )
    yield opened
    assert complaints == []


@pytest.fixture(scope="session")
def workbench() -> Iterator[Workbench]:
    """The browser bundle on pages of its own, without the application."""
    if not (BUNDLE / "manifest.json").exists():
        pytest.fail("No browser bundle: run `python3 dev.py test`.", pytrace=False)
    bench = Workbench()
    bench.start()
    yield bench
    bench.stop()


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory, workbench: Workbench) -> Iterator[Town]:
    """The real server with demo data, its clock going by the real time."""
    with running_town(tmp_path_factory.mktemp("town")) as running:
        yield running
