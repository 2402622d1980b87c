"""The way from a completed form into the case file and back into the next form."""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
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
    start, found = f"{prefix}.", dict[str, Any]()
    for told in _told(session, case):
        found |= {key: told[key]["value"] for key in told.keys() - found.keys()}
    return {key: answer for key, answer in found.items() if key.startswith(start)}


def last_answers_to(session: Session, case: Case, keys: AbstractSet[str]) -> dict[str, Any]:
    """Return the last answers to these questions; no more is unsealed than it takes to find them."""
    found: dict[str, Any] = {}
    if not keys:
        return found
    for told in _told(session, case):
        found |= {key: told[key]["value"] for key in (keys - found.keys()) & told.keys()}
        if found.keys() == keys:
            break
    return found


def _told(session: Session, case: Case) -> Iterator[dict[str, Any]]:
    """Unseal what completed forms have left, one after the other, the last first."""
    key = sealing.key_of(session, case.id)
    for record, sealed in queries.sealed_records(session, case.id):
        yield details.unseal_with(key, (CaseRecord.__tablename__, record), sealed)
