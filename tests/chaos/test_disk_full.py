"""R15: with a full disk people are told so, nothing is damaged, and all goes on when there is room."""

import resource

import pytest

from tests.chaos import proof
from tests.chaos.visits import cases_of, read, report

pytestmark = pytest.mark.proves("R15")

AWAY = "Die Datenbank ist nicht erreichbar. Bitte versuchen Sie es gleich noch einmal."
FULL = 4096
"""Bytes beyond which no file may be written: neither the database, nor its journal, nor the log."""


def fill(town):
    _limit(town, FULL)


def free(town):
    _limit(town, resource.RLIM_INFINITY)


def _limit(town, size):
    _, most = resource.prlimit(town.houses[0].pid, resource.RLIMIT_FSIZE)
    resource.prlimit(town.houses[0].pid, resource.RLIMIT_FSIZE, (size, most))


def rounds(town, times):
    """Fill the disk and make room again so often; list what was not as it must be."""
    wrong = []
    for number in range(times):
        fill(town)
        status, answer = report(town, f"report-{number}")
        if (status, answer.get("detail")) != (503, AWAY):
            wrong.append(("full", number, status, answer))
        if read(town)[0] not in {200, 503}:
            wrong.append(("reading", number))
        free(town)
        status, answer = report(town, f"report-{number}")
        if status != 201:
            wrong.append(("again", number, status, answer))
    return wrong


def test_a_full_disk_is_told_and_everything_goes_on_when_there_is_room(open_town):
    town = open_town()
    before = cases_of(town)

    wrong = rounds(town, 3)

    assert wrong == []
    assert cases_of(town) == before + 3
    assert proof.integrity(town.folder / "handschlag.db") == "ok"


@pytest.mark.soak
def test_30_times_a_full_disk(open_town, publish):
    town = open_town()
    before = cases_of(town)

    wrong = rounds(town, 30)

    publish({"database": "sqlite", "faults": 30, "lost": len(wrong), "wrong": wrong[:10]})
    assert wrong == []
    assert cases_of(town) == before + 30
    assert proof.integrity(town.folder / "handschlag.db") == "ok"
