"""Runs cases of the DMN Technology Compatibility Kit (https://dmn-tck.github.io/tck/)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from lxml import etree

from bpmn import xml
from bpmn.dmn.decision import Decision, Service
from bpmn.dmn.drawing import kind, part, parts
from bpmn.dmn.model import OpenModel
from bpmn.errors import Refusal
from bpmn.feel import TCK, Clock
from bpmn.feel.expression import SYSTEM
from bpmn.feel.frames import Run
from bpmn.feel.operations import moments
from bpmn.feel.operations.comparing import is_equal
from bpmn.wording import Sentence, say

INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
CLOSE = Decimal("1e-8")
"""Relative difference of two numbers that the suite leaves to the engine."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one test case: `problem` is why it failed, None if it passed."""

    folder: str
    case: str
    problem: Sentence | None

    @property
    def passed(self) -> bool:
        return self.problem is None


def run(folder: Path, clock: Clock | None = None) -> Iterator[Verdict]:
    """Run every case below a folder, in the order of the paths.

    Whatever a case contains, this raises nothing but what reading the disk raises.
    """
    for path in sorted(folder.rglob("*.xml")):
        try:
            root = xml.read(path.read_bytes())
        except xml.UnreadableXml as error:
            yield Verdict(path.parent.name, path.name, error.sentence)
            continue
        if kind(root) == "testCases":
            yield from _Suite(path, root, clock or _Nowhere()).verdicts()


class _Nowhere:
    """A clock without a zone: moments without an offset stay local."""

    now = staticmethod(SYSTEM.now)
    zone = None


@dataclass(frozen=True)
class _Suite:
    """The cases of one file, which all ask the same model."""

    path: Path
    root: etree._Element
    clock: Clock

    def verdicts(self) -> Iterator[Verdict]:
        folder = self.path.parent.name
        try:
            model = self._model()
        except Refusal as refusal:
            for case in parts(self.root, "testCase"):
                yield Verdict(folder, case.get("id", ""), refusal.sentence)
            return
        for case in parts(self.root, "testCase"):
            try:
                problem = self._problem(model, case)
            except Refusal as refusal:
                problem = refusal.sentence
            yield Verdict(folder, case.get("id", ""), problem)

    def _model(self) -> OpenModel:
        name = part(self.root, "modelName")
        wanted = "" if name is None else (name.text or "").strip()
        roots = {path.name: xml.read(path.read_bytes()) for path in self.path.parent.glob("*.dmn")}
        if wanted not in roots:
            raise _NoModel(wanted)
        imports = {root.get("namespace", ""): root for root in roots.values()}
        return OpenModel(roots[wanted], TCK, imports)

    def _problem(self, model: OpenModel, case: etree._Element) -> Sentence | None:
        inputs = {node.get("name", ""): _value(node) for node in parts(case, "inputNode")}
        for node in parts(case, "resultNode"):
            expected = part(node, "expected")
            wanted = None if expected is None else _value(expected)
            try:
                found = self._ask(model, case, node.get("name", ""), inputs)
            except Refusal as refusal:
                if node.get("errorResult") != "true":
                    return refusal.sentence
                found = None
            if not _same(found, wanted):
                return say(
                    "“%(name)s” is %(found)s instead of %(wanted)s.",
                    name=node.get("name", ""),
                    found=repr(found)[:200],
                    wanted=repr(wanted)[:200],
                )
        return None

    def _ask(
        self, model: OpenModel, case: etree._Element, name: str, inputs: Mapping[str, Any]
    ) -> Any:
        if case.get("type") != "decisionService":
            return _found(model.decision(name), name).evaluate(inputs, self.clock).value
        invoked = case.get("invocableName", "")
        service = _found(model.service(invoked), invoked)
        value = service.evaluate(inputs, self.clock).value
        one_of_many = len(service.outputs) > 1 and name != service.variable
        return value.get(name) if one_of_many and isinstance(value, dict) else value


class _NoNumber(Refusal):
    def __init__(self, text: str) -> None:
        super().__init__(say("“%(text)s” is no number.", text=text.strip()[:60]))


class _NoModel(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(say("There is no decision “%(name)s” here.", name=name))


Asked = TypeVar("Asked", Decision, Service)


def _found(thing: Asked | None, name: str) -> Asked:
    if thing is None:
        raise _NoModel(name)
    return thing


def _value(node: etree._Element) -> Any:
    """Read a value as the suite writes it: a single one, a list, or a context of components."""
    component = part(node, "component")
    if component is not None:
        return {each.get("name", ""): _value(each) for each in parts(node, "component")}
    listed = part(node, "list")
    if listed is not None:
        if listed.get(f"{INSTANCE}nil") == "true":
            return None
        return [_value(each) for each in parts(listed, "item")]
    single = part(node, "value")
    if single is None or single.get(f"{INSTANCE}nil") == "true":
        return None
    written = single.get(f"{INSTANCE}type", "xsd:string").rpartition(":")[2]
    return _READERS.get(written, str)(single.text or "")


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise _NoNumber(text) from None
    if not number.is_finite():
        raise _NoNumber(text)
    return number


_READERS: Mapping[str, Any] = {
    **dict.fromkeys(("decimal", "double", "float", "integer", "int"), _number),
    "boolean": lambda text: text.strip() == "true",
    "date": lambda text: moments.read_date(text.strip()),
    "time": lambda text: moments.read_time(text.strip()),
    "dateTime": lambda text: moments.read_datetime(text.strip(), None),
    "duration": lambda text: moments.read_duration(text.strip()),
}


def _same(found: Any, wanted: Any) -> bool:
    if type(found) is not type(wanted):
        return False
    if isinstance(found, Decimal):
        return bool(abs(found - wanted) <= CLOSE * max(Decimal(1), abs(wanted)))
    if isinstance(found, list):
        return len(found) == len(wanted) and all(map(_same, found, wanted))
    if isinstance(found, dict):
        return found.keys() == wanted.keys() and all(
            _same(found[key], wanted[key]) for key in wanted
        )
    return is_equal(found, wanted, Run(SYSTEM, TCK))
