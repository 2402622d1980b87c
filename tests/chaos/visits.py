"""Single requests to a town, for tests that look at one answer at a time."""

from sqlalchemy import func, select

from tests.chaos.answers import KATRIN, VERA
from workflows.cases.models import Case


def report(town, key):
    """File an incident; return status and answer."""
    told = {"conflict_type": "noise", "quarter_id": town.quarter, "text": "Lärm nach 22 Uhr."}
    headers = {"Idempotency-Key": key, "Authorization": f"Bearer {town.tokens[VERA]}"}
    return town.houses[0].request("POST", "/api/v1/incidents", told, headers)


def read(town):
    headers = {"Authorization": f"Bearer {town.tokens[KATRIN]}"}
    return town.houses[0].request("GET", "/api/v1/cases", None, headers)


def cases_of(town):
    with town.opened() as app, app.transactions.reading() as session:
        return session.scalar(select(func.count()).select_from(Case))
