"""A repeated activity says for which list it is repeated."""

from collections.abc import Iterator

from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.tags import BPMN
from bpmn.wording import say

voice = Voice("loops")


def check(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        if node.loop is None:
            continue
        loop = node.loop.find(f"{BPMN}extensionElements/*")
        if loop is None or not loop.get("inputCollection") or not loop.get("inputElement"):
            yield voice.error(
                diagram,
                node,
                say(
                    "“%(name)s” is repeated: say for which list, "
                    "and how the current entry is called.",
                    name=node.label,
                ),
            )
        elif bool(loop.get("outputCollection")) != bool(loop.get("outputElement")):
            yield voice.error(
                diagram,
                node,
                say("Results need both: the name of their list and what is collected."),
            )
