"""Files that come with a form: each is kept at once, so that none is lost when an answer is wrong."""

from functools import partial
from uuid import UUID

from flask import request
from werkzeug.datastructures import MultiDict

from bpmn.errors import Invalid
from bpmn.wording import Sentence, say
from web import current
from workflows import inbox
from workflows.cases.uploads import MOST_BYTES, FileRefused, Upload, taken
from workflows.inbox.errors import TaskDone


class FilesRefused(Invalid):
    """Some files could not be taken; what else was sent is kept."""

    def __init__(self, fields: dict[str, list[Sentence]]) -> None:
        super().__init__(say("Some files could not be taken."), fields)


def _keep_file(task_id: UUID, key: str, upload: Upload) -> UUID:
    with current.begin() as uow:
        return inbox.keep_file(uow, current.actor(), task_id, key, upload)


def keep_files(task_id: UUID, sent: MultiDict[str, str]) -> FilesRefused | None:
    """Keep the files of this request and put their ids among the answers in `sent`."""
    refused: dict[str, list[Sentence]] = {}
    for key, file in request.files.items(multi=True):
        if not file.filename:
            continue
        try:
            upload = taken(key, file.filename, file.stream.read(MOST_BYTES + 1))
            kept = current.again(partial(_keep_file, task_id, key, upload))
        except FileRefused as refusal:
            refused.setdefault(key, []).extend(refusal.fields[key])
        except TaskDone:
            return None  # sent twice: the completion knows what to answer
        else:
            sent.add(key, str(kept))
    return FilesRefused(refused) if refused else None
