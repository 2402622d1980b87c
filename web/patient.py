"""The application as it answers when two changes met: once more, before anybody reads of it."""

from flask import Flask, request
from flask.typing import ResponseReturnValue

from engine import collisions
from web import current


class PatientFlask(Flask):
    """Asks the view again when the database undid what it did; see `engine.collisions`."""

    def dispatch_request(self) -> ResponseReturnValue:
        transactions = current.application().transactions
        return collisions.again(transactions, super().dispatch_request, _rewind)


def _rewind() -> None:
    """Let uploads be read from their beginning."""
    for files in request.files.listvalues():
        for file in files:
            file.stream.seek(0)
