"""Reads the item definitions of a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from bpmn.dmn.drawing import name_of, part, parts, text, unreadable
from bpmn.dmn.types import ANYTHING, DataType, Declared, Listing, Restricted, Simple, Structure
from bpmn.dmn.types import built_in as language_type
from bpmn.feel import FeelError, Limits, compile_unary_tests
from bpmn.wording import say

MOST_NESTED = 20


@dataclass
class Declarations:
    """The types of a file by name; those of an imported model stand under `model.type`."""

    limits: Limits
    known: dict[str, DataType] = field(default_factory=dict)
    bare: dict[str, DataType] = field(default_factory=dict)
    """The same without allowed values and constraints, for which `instance of` does not ask."""

    def add(self, definitions: Mapping[str, etree._Element]) -> None:
        """Read them all. Raises `UnreadableDecision`."""
        for name in definitions:
            self.known[name] = self.bare[name] = ANYTHING  # so that they may refer to each other
        for name, element in definitions.items():
            self.known[name] = self._item(element, self.known)
            self.bare[name] = self._item(element, self.bare)
        for name, element in definitions.items():
            self._refuse_circle(name, element)

    def find(self, reference: str | None, element: etree._Element) -> DataType | None:
        """Find the type that an element names; None where any value will do."""
        if reference is None or reference == "Any":
            return None
        found = self._find(reference, self.known)
        if found is not None:
            return found
        if not self.limits.checks_calls:
            return None
        raise unreadable(
            name_of(element), say("There is no type called “%(name)s”.", name=reference), element
        )

    @staticmethod
    def _find(reference: str, known: Mapping[str, DataType]) -> DataType | None:
        if reference in known:
            return Declared(reference, known)
        return language_type(reference)

    def _item(
        self, element: etree._Element, known: dict[str, DataType], depth: int = 0
    ) -> DataType:
        if depth > MOST_NESTED:
            raise unreadable(name_of(element), say("Its type is nested too deeply."), element)
        base = self._base(element, known, depth)
        if known is self.known:
            base = self._restricted(base, element, "allowedValues")
        if element.get("isCollection") == "true":
            base = Listing(base)
        return self._restricted(base, element, "typeConstraint") if known is self.known else base

    def _base(self, element: etree._Element, known: dict[str, DataType], depth: int) -> DataType:
        entries = tuple(
            (name_of(each), self._item(each, known, depth + 1))
            for each in parts(element, "itemComponent")
        )
        if entries:
            return Structure(entries)
        if part(element, "functionItem") is not None:
            return Simple("function")
        reference = part(element, "typeRef")
        named = None if reference is None else (reference.text or "").strip()
        checked = self.find(named, element)
        return (self._find(named, known) if named and checked else None) or ANYTHING

    def _restricted(self, base: DataType, element: etree._Element, role: str) -> DataType:
        tests = part(element, role)
        if tests is None or not text(tests):
            return base
        try:
            return Restricted(base, compile_unary_tests(text(tests), limits=self.limits))
        except FeelError as error:
            raise unreadable(name_of(element), error.sentence, element) from error

    def _refuse_circle(self, name: str, element: etree._Element) -> None:
        """Refuse a type that is another one's name, and that another one's, back to itself."""
        found, passed = self.known[name], {name}
        while isinstance(found, Declared | Restricted):
            if isinstance(found, Restricted):
                found = found.base
                continue
            if found.name in passed:
                raise unreadable(name, say("It requires itself in a circle."), element)
            if len(passed) > MOST_NESTED:
                raise unreadable(name, say("Its type is nested too deeply."), element)
            passed.add(found.name)
            found = self.known[found.name]
