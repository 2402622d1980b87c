"""A user task says who does it, with which form, and until when."""

import re
from collections.abc import Iterator

from bpmn.host import Host
from bpmn.lint.diagram import Diagram, Node
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.wording import say

voice = Voice("user_task")

COUNTS_BY_THE_CALENDAR = re.compile(r"""duration\s*\(|@\s*"-?P""")


def check(subject: Subject) -> Iterator[Finding]:
    for diagram, task in subject.nodes("userTask"):
        if task.extension("userTask") is None:
            yield voice.error(
                diagram,
                task,
                say(
                    "“%(name)s” comes from another tool and is no task that runs here yet. Draw it "
                    "anew in the editor.",
                    name=task.label,
                ),
            )
        yield from _assignment(diagram, task, subject.host)
        yield from _form(diagram, task, subject.form_ids)
        yield from _due(diagram, task)


def _assignment(diagram: Diagram, task: Node, host: Host) -> Iterator[Finding]:
    assignment = task.extension("assignmentDefinition")
    if assignment is None or not any(assignment.attrib.values()):
        yield voice.error(
            diagram,
            task,
            say("Nobody is responsible for “%(name)s”. Name a role.", name=task.label),
        )
        return
    groups = assignment.get("candidateGroups", "")
    if groups.startswith("="):
        return
    for group in filter(None, map(str.strip, groups.split(","))):
        if group not in host.groups:
            yield voice.error(
                diagram,
                task,
                say(
                    "There is no role “%(group)s”. Known roles: %(known)s.",
                    group=group,
                    known=", ".join(sorted(host.groups)),
                ),
            )


def _form(diagram: Diagram, task: Node, forms: frozenset[str]) -> Iterator[Finding]:
    definition = task.extension("formDefinition")
    name = "" if definition is None else definition.get("formId", "")
    if not name:
        yield voice.error(
            diagram, task, say("“%(name)s” has no form. Choose one.", name=task.label)
        )
    elif name not in forms:
        yield voice.error(
            diagram,
            task,
            say("The form “%(form)s” does not exist. Choose another one, or add it.", form=name),
        )


def _due(diagram: Diagram, task: Node) -> Iterator[Finding]:
    schedule = task.extension("taskSchedule")
    due = "" if schedule is None else schedule.get("dueDate", "").strip()
    if not due:
        yield voice.error(
            diagram,
            task,
            say(
                '“%(name)s” has no due date. Write for example =next due(now(), 3, "office").',
                name=task.label,
            ),
        )
    elif not due.startswith("=") or COUNTS_BY_THE_CALENDAR.search(due):
        yield voice.error(
            diagram,
            task,
            say(
                "The due date of “%(name)s” must be counted in working days, for example "
                '=next due(now(), 3, "office").',
                name=task.label,
            ),
        )
