"""Where the logic of one decision is read, box by box."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from lxml import etree

from bpmn.dmn.boxes import Formula, Nothing, Parameter, Typed
from bpmn.dmn.drawing import kind, name_of, part, parts, text, unreadable
from bpmn.dmn.formulas import Workshop
from bpmn.dmn.sheet import Logic
from bpmn.dmn.types import DataType
from bpmn.feel import Expression, FeelError, compile_expression, compile_unary_tests
from bpmn.wording import Sentence, say

ROUND_A_BOX = frozenset(
    [
        "description",
        "extensionElements",
        "question",
        "allowedAnswers",
        "variable",
        "informationRequirement",
        "knowledgeRequirement",
        "authorityRequirement",
        "supportedObjective",
        "impactedPerformanceIndicator",
        "decisionMaker",
        "decisionOwner",
        "usingProcess",
        "usingTask",
        "binding",
        "parameter",
        "formalParameter",
    ]
)
"""What may stand beside the box that an element holds."""


@dataclass(frozen=True)
class Bench:
    """Reads the logic of one decision, of which errors speak by name."""

    workshop: Workshop
    decision: str
    readers: Mapping[str, "Callable[[Bench, etree._Element], Logic]"]
    """Box → how it is read."""
    read: list[Expression] = field(default_factory=list)
    """The formulas that were met."""

    def logic(self, element: etree._Element | None) -> Logic:
        """Read a box. Raises `UnreadableDecision` for one that cannot be executed."""
        if element is None:
            return Nothing()
        read = self.readers.get(kind(element))
        if read is None:
            self.refuse(say("“%(box)s” is not supported.", box=kind(element)), element)
        return read(self, element)

    def content(self, element: etree._Element) -> Logic:
        """Read the box that an element holds; it may hold none, but not several."""
        boxes = [each for each in parts(element) if kind(each) not in ROUND_A_BOX]
        if len(boxes) > 1:
            self.refuse(say("It holds more than one box."), boxes[1])
        return self.logic(boxes[0] if boxes else None)

    def content_of(self, element: etree._Element, role: str) -> Logic:
        """Read the box that stands in a part of an element."""
        holder = part(element, role)
        if holder is None:
            self.refuse(say("“%(part)s” is missing.", part=role), element)
        return self.content(holder)

    def attribute(self, element: etree._Element, name: str) -> str:
        value = element.get(name)
        if not value:
            self.refuse(say("“%(part)s” is missing.", part=name), element)
        return value

    def refuse(self, problem: Sentence, element: etree._Element) -> NoReturn:
        raise unreadable(self.decision, problem, element)

    def refuse_unconnected(self, connected: Collection[str], element: etree._Element) -> None:
        """Refuse formulas that call a knowledge model without a connection to it: it is null there."""
        if not self.workshop.limits.checks_calls:
            return
        for name in self.workshop.parameters.keys() - set(connected):
            if any(name in formula.free_names for formula in self.read):
                self.refuse(
                    say("It uses “%(name)s” but is not connected to it.", name=name), element
                )

    def refuse_twice(self, names: Iterable[str], element: etree._Element) -> None:
        """Refuse names of which one would hide another."""
        seen: set[str] = set()
        for name in names:
            if name in seen:
                self.refuse(say("“%(name)s” stands here twice.", name=name), element)
            seen.add(name)

    def typed(self, logic: Logic, variable: etree._Element | None) -> Logic:
        """Let the value fit the type of its variable, if that names one."""
        wanted = self.type_of(variable)
        if variable is None or wanted is None:
            return logic
        return Typed(name_of(variable), logic, wanted)

    def type_of(self, variable: etree._Element | None) -> DataType | None:
        if variable is None:
            return None
        return self.workshop.types.find(variable.get("typeRef"), variable)

    def parameter(self, element: etree._Element) -> Parameter:
        return Parameter(name_of(element), self.type_of(element))

    def formula(self, element: etree._Element | None, place: Sentence | None = None) -> Logic:
        if element is None:
            return Nothing()
        if part(element, "importedValues") is not None:
            self.refuse(say("“%(box)s” is not supported.", box="importedValues"), element)
        if not text(element):
            return Nothing()
        return Formula(self._compile(compile_expression, element, text(element), place))

    def test(self, element: etree._Element, place: Sentence) -> Expression:
        return self._compile(compile_unary_tests, element, text(element) or "-", place)

    def priorities(self, element: etree._Element, place: Sentence) -> Logic:
        return Formula(self._compile(compile_expression, element, f"[{text(element)}]", place))

    def _compile(
        self,
        compile_text: Callable[..., Expression],
        element: etree._Element,
        formula: str,
        place: Sentence | None,
    ) -> Expression:
        if "feel" not in element.get("expressionLanguage", "feel").lower():
            self.refuse(say("Only FEEL can be executed here."), element)
        try:
            self.read.append(self.workshop.compile(compile_text, formula))
        except FeelError as error:
            problem = error.sentence
            if place is not None:
                problem = say("%(place)s: %(problem)s", place=place, problem=problem)
            raise unreadable(self.decision, problem, element) from error
        return self.read[-1]
