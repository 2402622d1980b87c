"""The settings of one component as its file has them; what is wrong with one is noted by name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bpmn.forms.form import Layout
from bpmn.forms.grid import COLUMNS
from bpmn.forms.problems import Problems
from bpmn.wording import Sentence, say


@dataclass(frozen=True, slots=True)
class Settings:
    raw: Mapping[str, Any]
    problems: Problems
    id: str
    """Of the component."""
    place: str = ""
    """Where these settings stand in the component, such as `validate.`."""

    def within(self, name: str, known: Collection[str]) -> "Settings":
        """Return the settings one level down; those that are not `known` are refused."""
        value = self.raw.get(name)
        inner: Mapping[str, Any] = value if isinstance(value, dict) else {}
        if value is not None and not isinstance(value, dict):
            self.refuse(name)
        place = f"{self.place}{name}."
        self.problems.refuse_others(self.id, place, set(inner), set(known))
        sound = {key: inner[key] for key in inner if key in known}
        return Settings(sound, self.problems, self.id, place)

    def refuse(self, name: str) -> None:
        self.complain(
            say(
                "“%(component)s”: “%(name)s” cannot be “%(value)s”.",
                component=self.id,
                name=f"{self.place}{name}",
                value=str(self.raw.get(name))[:80],
            )
        )

    def complain(self, sentence: Sentence) -> None:
        self.problems.add(self.id, sentence)

    def flag(self, name: str) -> bool:
        """Return a yes or no; what is missing is no."""
        value = self.raw.get(name)
        if value is not None and not isinstance(value, bool):
            self.refuse(name)
        return value is True

    def only(self, name: str, *possible: Any) -> None:
        """Refuse every value but these and none at all."""
        value = self.raw.get(name)
        if value is not None and not any(
            type(value) is type(each) and value == each for each in possible
        ):
            self.refuse(name)

    def whole(self, name: str, least: int, most: int) -> int | None:
        value = self.raw.get(name)
        if value is None or (type(value) is int and least <= value <= most):
            return value
        self.complain(
            say(
                "“%(component)s”: “%(name)s” must be a whole number from %(least)s to %(most)s.",
                component=self.id,
                name=f"{self.place}{name}",
                least=least,
                most=most,
            )
        )
        return None

    def words(self, name: str) -> str:
        """Return text as it is shown; text that would have to be computed is refused."""
        value = self.raw.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or value.startswith("=") or "{{" in value:
            self.refuse(name)
            return ""
        return value.strip()

    def formula(self, name: str) -> str | None:
        """Return an expression with its "="; nothing and empty text are none."""
        value = self.raw.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str) or not value.startswith("="):
            self.complain(
                say(
                    "“%(component)s”: “%(name)s” must start with “=”.",
                    component=self.id,
                    name=f"{self.place}{name}",
                )
            )
        return str(value)

    def hide(self) -> str | None:
        return self.within("conditional", {"hide"}).formula("hide")

    def layout(self) -> Layout:
        layout = self.within("layout", {"row", "columns"})
        row = layout.raw.get("row")
        if row is not None and not isinstance(row, str):
            layout.refuse("row")
            row = None
        return Layout(row=row or None, columns=layout.whole("columns", 1, COLUMNS))
