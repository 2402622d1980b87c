"""The way from a completed form into the case file and back into the next form."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy.orm import Session

from workflows import sealing
from workflows.cases import details, filing, outcomes, queries
from workflows.cases.filing import FilledForm, Folder
from workflows.cases.models import Case
from workflows.cases.records import CaseRecord

_FILERS: tuple[Callable[[Folder, FilledForm], Iterator[str]], ...] = (
    outcomes.file_shell,
    outcomes.file_parties,
    outcomes.file_reachability,
    outcomes.file_session,
    outcomes.file_agreement,
    outcomes.file_follow_up,
    filing.file_contact,
    filing.file_notes,
    filing.file_gap,
)
"""Each takes the answers it has a table for and names them; in this order."""


def file_form(session: Session, case: Case, form: FilledForm) -> frozenset[str]:
    """Store the case-file part of a completed form; returns the keys that were written."""
    folder = Folder(session, case, sealing.key_of(session, case.id))
    taken = frozenset(key for file in _FILERS for key in file(folder, form))
    return taken | frozenset(filing.file_rest(folder, form, taken))


def last_answers(session: Session, case: Case, prefix: str) -> dict[str, Any]:
    """Return the last answers under a case-file prefix, by full key."""
    key = sealing.key_of(session, case.id)
    known: dict[str, Any] = {}
    for record in queries.records(session, case.id):
        place = (CaseRecord.__tablename__, record.id)
        known |= details.unseal_with(key, place, record.details)
    start = f"{prefix}."
    return {name: field["value"] for name, field in known.items() if name.startswith(start)}
