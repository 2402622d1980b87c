"""An error that ends a path is caught somewhere around it, and nowhere by two events at once."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from bpmn.lint.diagram import Diagram, Node, Scope
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.tags import BPMN, ERROR, ESCALATION, is_event_subprocess, tag_of
from bpmn.wording import say

voice = Voice("caught_errors")

KINDS = {ERROR: "error", ESCALATION: "escalation"}
WORDS = {ERROR: say("error"), ESCALATION: say("escalation")}


def check(subject: Subject) -> Iterator[Finding]:
    house = _House(subject)
    for diagram in subject.diagrams:
        for scope in diagram.scopes:
            yield from _uncaught(diagram, scope, house)
            yield from _doubled(diagram, scope)


def _uncaught(diagram: Diagram, scope: Scope, house: "_House") -> Iterator[Finding]:
    for node in scope.nodes.values():
        if node.kind != "endEvent":
            continue
        for code in _codes(diagram, node, ERROR):
            if code and not house.catches(diagram, scope.element, code):
                sentence = say(
                    "Nobody catches the error “%(code)s”, so “%(name)s” could never be reached. "
                    "Attach an error event with this code to what is around it.",
                    code=code,
                    name=node.label,
                )
                yield voice.error(diagram, node, sentence)


def _doubled(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    groups = [scope.boundaries(node) for node in scope.nodes.values()]
    for catchers in (*groups, [start for _, start in _event_starts(scope)]):
        for tag, word in WORDS.items():
            named = [(node, code) for node in catchers for code in _codes(diagram, node, tag)]
            counted = Counter(code for _, code in named)
            for node, code in named:
                if counted[code] > 1:
                    sentence = say(
                        "Several events catch the same %(kind)s here, and only one of them would. "
                        "Keep one, or give each a code of its own.",
                        kind=word,
                    )
                    yield voice.error(diagram, node, sentence)


@dataclass
class _House:
    """Knows who is around a place, also when that is another process."""

    subject: Subject
    known: dict[tuple[str, str], bool] = field(default_factory=dict)
    """Whether the callers of a process catch an error of a code."""

    def catches(
        self, diagram: Diagram, level: etree._Element, code: str, but: etree._Element | None = None
    ) -> bool:
        """Tell whether an error in this process or sub-process is caught in it or around it.

        `but` is the event sub-process that it comes from: that does not start itself.
        """
        scope = Scope(level)
        starts = (start for owner, start in _event_starts(scope) if owner.element is not but)
        if _any_catches(diagram, starts, code):
            return True
        around = level.getparent()
        if tag_of(level) == "process" or around is None:
            return self._caller_catches(level.get("id", ""), code)
        if _any_catches(diagram, Scope(around).boundaries(Node(level)), code):
            return True
        return self.catches(diagram, around, code, level if is_event_subprocess(level) else None)

    def _caller_catches(self, process: str, code: str) -> bool:
        if (process, code) not in self.known:
            self.known[process, code] = any(
                _any_catches(diagram, scope.boundaries(node), code)
                or self.catches(diagram, scope.element, code)
                for diagram in self.subject.diagrams
                for scope in diagram.scopes
                for node in scope.nodes.values()
                if _calls(node, process)
            )
        return self.known[process, code]


def _calls(node: Node, process: str) -> bool:
    called = node.extension("calledElement")
    return called is not None and called.get("processId") == process


def _event_starts(scope: Scope) -> Iterator[tuple[Node, Node]]:
    """Yield each event sub-process of a level with the event that starts it."""
    for owner in scope.nodes.values():
        if is_event_subprocess(owner.element):
            for node in Scope(owner.element).nodes.values():
                if node.kind == "startEvent":
                    yield owner, node


def _any_catches(diagram: Diagram, catchers: Iterable[Node], code: str) -> bool:
    return any(caught in {code, ""} for node in catchers for caught in _codes(diagram, node, ERROR))


def _codes(diagram: Diagram, node: Node, tag: str) -> Iterator[str]:
    """Yield the codes of what the node throws or catches; "" where it catches any."""
    kind = KINDS[tag]
    known = {
        found.get("id"): found.get(f"{kind}Code", "").strip()
        for found in diagram.root.iterchildren(f"{BPMN}{kind}")
    }
    for trigger in node.triggers:
        if tag_of(trigger) == tag:
            yield known.get(trigger.get(f"{kind}Ref"), "")
