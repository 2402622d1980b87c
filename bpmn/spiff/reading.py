"""Texts of one process become formulas and names; whoever reads an element asks here."""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from bpmn.dmn.decision import Decision
from bpmn.feel import FeelError
from bpmn.host import Host
from bpmn.notation.tags import BPMN, VARIABLE
from bpmn.spiff.extensions import Extension, read_extensions, refusal
from bpmn.spiff.formulas import Fixed, Formula, Place, Value, compile_value
from bpmn.spiff.settings import Mappings
from bpmn.wording import say


@dataclass(frozen=True)
class Desk:
    """What is at hand while one process is read."""

    root: etree._Element
    process: str
    host: Host
    decisions: Mapping[str, Decision]

    def place(self, element: etree._Element) -> Place:
        return Place(self.process, element.get("id", self.process))

    def value(self, text: str, element: etree._Element) -> Value:
        """Compile a text that is a formula when it starts with “=”."""
        try:
            return compile_value(text, self.place(element), self.host)
        except FeelError as error:
            raise refusal(error.sentence, element) from error

    def formula(self, text: str | None, element: etree._Element) -> Formula:
        """Compile a text that must be a formula."""
        value = self.value(text or "", element)
        if isinstance(value, Fixed):
            raise refusal(
                say("“%(text)s” is no formula; begin it with “=”.", text=value.text[:60]), element
            )
        return value

    def optional(self, text: str | None, element: etree._Element) -> Value | None:
        return self.value(text, element) if text and text.strip() else None

    def mappings(
        self, extensions: Mapping[str, Extension], side: str, element: etree._Element
    ) -> Mappings:
        """Read the input or output mappings of an element."""
        if "ioMapping" not in extensions:
            return ()
        return tuple(
            (variable(entry["target"], element), self.value(entry["source"], element))
            for entry in extensions["ioMapping"].children(side)
        )

    def referred(self, tag: str, name: str | None, element: etree._Element) -> etree._Element:
        """Find the message, error or escalation that an element refers to."""
        for found in self.root.iterfind(BPMN + tag):
            if name and found.get("id") == name:
                return found
        raise refusal(say("The %(tag)s it refers to does not exist.", tag=tag), element)

    def subscription(self, message: etree._Element, element: etree._Element) -> Value:
        """Compile the correlation key of a message that somebody waits for."""
        extensions = read_extensions(message)
        if "subscription" not in extensions:
            raise refusal(
                say("The message “%(name)s” needs a correlation key.", name=message.get("name")),
                element,
            )
        return self.value(extensions["subscription"].attributes["correlationKey"], element)


def variable(name: str, element: etree._Element) -> str:
    """Check the name of a variable that a diagram sets."""
    name = name.strip()
    if not VARIABLE.fullmatch(name):
        raise refusal(say("“%(name)s” is no name for a variable.", name=name[:60]), element)
    return name
