"""A person at a task that asks everything, over HTTP."""

import re
from io import BytesIO

from tests.workflows.cases.paper import PDF
from workflows.access import Role

QM = Role.QUARTER_MANAGEMENT


class Desk:
    def __init__(self, archive, visitor, where, task):
        self.archive, self.visitor, self.where, self.task = archive, visitor, where, task

    def page(self):
        return self.visitor.get(self.task).text

    def send(self, **answers):
        given = {
            "context": "neighbourhood",
            "quarter": str(self.archive.quarter_id),
            "jurisdiction": "yes",
            "incident.summary": "Lärm",
        } | {key.replace("__", "."): value for key, value in answers.items()}
        return self.visitor.post(self.task, **given)

    def file(self):
        return self.visitor.get(self.where).text


def upload(content=PDF, name="brief.pdf"):
    return (BytesIO(content), name)


def field(page, name):
    """Return the tag of the input with this name."""
    return re.search(rf'<(?:input|textarea|select)[^>]*name="{re.escape(name)}"[^>]*>', page)[0]


def desk_in(archive):
    """Report a case and take its first task."""
    visitor = archive.visit(QM)
    told = {"conflict_type": "noise", "quarter_id": str(archive.quarter_id), "text": "Laute Musik"}
    where = visitor.post("/incidents/new", **told).headers["Location"]
    archive.application.worker().run_due()
    task = re.search(r'href="(/tasks/[0-9a-f-]{36})', visitor.get(where).text)[1]
    visitor.post(f"{task}/claim")
    return Desk(archive, visitor, where, task)
