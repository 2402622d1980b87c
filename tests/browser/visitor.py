"""Somebody of the cast at a browser: signs in, reads, answers the questions that stand on the page."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

from playwright.sync_api import Browser, Locator, Page, Response, expect

from tests.browser import axe
from tests.browser.town import PATIENCE, Town, eventually, login

PHONE, DESK = 360, 1280
BERLIN = {"locale": "de-DE", "timezone_id": "Europe/Berlin"}
SLOW_MS = 15_000


class Visitor:
    """One person with one page; `width` is that of her screen."""

    def __init__(self, browser: Browser, town: Town, name: str, width: int = DESK) -> None:
        self.town, self.name, self.width = town, name, width
        self.context = browser.new_context(viewport={"width": width, "height": 800}, **BERLIN)
        self.context.set_default_timeout(SLOW_MS)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self._hear(said.type, said.text))
        self.page.on("dialog", lambda dialog: dialog.accept())

    def signs_in(self) -> "Visitor":
        self.goes("/login")
        self._enters()
        expect(self.page.get_by_role("button", name="Abmelden")).to_be_attached()
        return self

    def signs_in_again(self) -> None:
        """Fill in the login that appeared in the middle of something."""
        self._enters()

    def goes(self, path: str) -> Response:
        answer = self.page.goto(self.town.url(path))
        assert answer is not None
        if self.page.get_by_role("heading", name="Anmelden").count() and path != "/login":
            self._enters()  # the clock has moved on, and the session is over
        return answer

    def sees(self, text: str) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(text)

    def opens(self, case: str, task: str) -> None:
        """Open a task of a case, which a worker may still be about to make, and take it."""
        self.finds(case, task).get_by_role("link", name=task, exact=True).click()
        self.page.get_by_role("heading", name=task, level=1).wait_for()
        take = self.page.get_by_role("button", name="Aufgabe übernehmen")
        if take.count():
            take.click()

    def finds(self, case: str, task: str) -> Locator:
        """Wait until a task of a case stands in one of the lists."""

        def row() -> Locator | None:
            for shelf in ("mine", "group"):
                self.goes(f"/tasks?shelf={shelf}")
                rows = self.page.locator(".hs-task").filter(has_text=case)
                found = rows.filter(has=self.page.get_by_role("link", name=task, exact=True))
                if found.count():
                    return found.first
            return None

        found: Locator = eventually(row, f"{task} of {case} for {self.name}")
        return found

    def awaits_in_file(self, case: str, text: str) -> None:
        """Open the file of a case and wait until it tells what a worker is about to do."""

        def told() -> bool:
            for shelf in ("open", "closed"):
                self.goes(f"/cases?shelf={shelf}")
                link = self.page.get_by_role("link", name=case)
                if link.count():
                    link.click()
                    self.page.get_by_role("heading", name=case).wait_for()
                    return text in self.page.get_by_role("main").inner_text()
            return False

        eventually(told, f"{text} in {case}")

    def does(self, case: str, task: str, **answers: Any) -> None:
        """Open a task, answer its questions by label, complete it; `_` stands for a blank."""
        self.opens(case, task)
        self.looks_around()
        self.answers({label.replace("_", " "): answer for label, answer in answers.items()})
        self.completes(task)

    def completes(self, task: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name="Aufgabe abschließen").last.click()
        self.sees(f"„{task}“ ist erledigt.")

    def answers(self, given: Mapping[str, Any], within: Locator | None = None) -> None:
        """Answer questions by the beginning of their label; a list ticks several."""
        for label, answer in given.items():
            with self._settled():
                self._answer(within or self.page.locator("form.hs-form"), label, answer)

    def _answer(self, form: Locator, label: str, answer: Any) -> None:
        beginning = re.compile(rf"^\s*{re.escape(label)}")
        group = form.get_by_role("group", name=beginning)
        if group.count():
            folded = group.first.locator("details:not([open]) > summary")
            if folded.count():
                folded.click()
            for each in answer if isinstance(answer, list) else [answer]:
                group.first.get_by_label(each, exact=True).check()
            return
        field = form.get_by_label(beginning).first
        if answer is True:
            field.check()
        elif field.evaluate("field => field.tagName") == "SELECT":
            option = field.locator("option").filter(has_text=re.compile(rf"^{re.escape(answer)}"))
            field.select_option(option.first.get_attribute("value"))
        else:
            field.fill(answer)
            field.blur()

    @contextmanager
    def _settled(self) -> Iterator[None]:
        """Let the form bring up what an answer asks for, before the next one is given."""
        yield
        expect(self.page.locator(".htmx-request, .htmx-swapping")).to_have_count(0)

    def resizes(self, width: int, theme: Literal["light", "dark"]) -> None:
        self.width = width
        self.page.set_viewport_size({"width": width, "height": 800})
        self.page.emulate_media(color_scheme=theme)

    def looks_around(self, *, without: tuple[str, ...] = ()) -> None:
        """What holds on every page: nobody is shut out, nothing lies beyond the right edge."""
        found = axe.findings(self.page, without=without)
        assert not found, f"{self.page.url}: {found}"
        reached = self.page.evaluate("document.documentElement.scrollWidth")
        assert reached <= self.width, f"{self.page.url} is {reached} px wide"

    def leaves(self) -> None:
        self.context.close()
        assert self.complaints == []

    def _enters(self) -> None:
        self.page.get_by_label("E-Mail-Adresse").fill(login(self.name))
        self.page.get_by_label("Passwort").fill(self.town.password(self.name))
        self.page.get_by_role("main").get_by_role("button", name="Anmelden").click()
        expect(self.page.get_by_role("heading", name="Anmelden", exact=True)).to_have_count(0)

    def _hear(self, kind: str, text: str) -> None:
        if "Content Security Policy" in text or (kind == "error" and "status of" not in text):
            self.complaints.append(text)


@contextmanager
def visiting(browser: Browser, town: Town, name: str, width: int = DESK) -> Iterator[Visitor]:
    """A person who has signed in; leaving fails when a script broke or the policy blocked something."""
    visitor = Visitor(browser, town, name, width).signs_in()
    yield visitor
    visitor.leaves()


__all__ = ["DESK", "PATIENCE", "PHONE", "Visitor", "visiting"]
