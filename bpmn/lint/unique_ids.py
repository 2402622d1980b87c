"""Every id is a word that names one thing: tasks, timers and history are found by it."""

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.tags import BPMN, NODES, tag_of
from bpmn.wording import say

voice = Voice("unique_ids")

WORD = re.compile(r"[^\W\d][\w.-]*")
"""What the standard allows as an id."""
NAMED = NODES | {"sequenceFlow", "process"}
"""What cannot be without an id."""


def check(subject: Subject) -> Iterator[Finding]:
    yield from _within_files(subject)
    yield from _across_files(subject)


def _within_files(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        seen: set[str] = set()
        for element in diagram.root.iter(f"{BPMN}*"):
            name = element.get("id", "")
            if name in seen:
                yield voice.error(diagram, element, say("The id “%(id)s” is used twice.", id=name))
            elif name and not WORD.fullmatch(name):
                sentence = say(
                    "“%(id)s” is no id: take letters, digits, “_”, “-” and “.”, a letter first.",
                    id=name[:80],
                )
                yield voice.error(diagram, element, sentence)
            elif not name and tag_of(element) in NAMED:
                sentence = say(
                    "An element of the kind “%(kind)s” has no id, so it could never be found again. "
                    "Delete it and draw it anew.",
                    kind=tag_of(element),
                )
                yield voice.error(diagram, element, sentence)
            seen |= {name} - {""}


def _across_files(subject: Subject) -> Iterator[Finding]:
    owners = [(diagram.file, p.id) for diagram in subject.diagrams for p in diagram.processes]
    owners += [(file, form.id) for file, form in subject.forms.items()]
    owners += [
        (file, name) for file, root in subject.decisions.items() for name in _decisions(root)
    ]
    owners = [(file, name) for file, name in dict.fromkeys(owners) if name]
    kinds = Counter((file.rpartition(".")[2], name) for file, name in owners)
    for file, name in owners:
        if kinds[file.rpartition(".")[2], name] > 1:
            sentence = say(
                "Another file of this bundle has the same id “%(id)s”. Change one of the two, "
                "or remove one of the files.",
                id=name,
            )
            yield voice.in_file(file, sentence, name)


def _decisions(root: etree._Element) -> Iterator[str]:
    return (each.get("id", "") for each in root.iterchildren("{*}decision"))
