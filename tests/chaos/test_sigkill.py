"""R1 and R2: whatever moment a process dies at, what was acknowledged is there, and there once."""

import os
import random

import pytest

from engine import clock
from tests.chaos import proof
from tests.chaos.ledger import Kind
from tests.chaos.siege import Siege
from tests.chaos.town import Town

# HANDSCHLAG_TEST_SEED repeats the moments of a run; the ledger names the seed.
SEED = int(os.environ.get("HANDSCHLAG_TEST_SEED", "0")) or random.SystemRandom().getrandbits(32)


@pytest.fixture(
    params=[
        pytest.param("postgresql", marks=pytest.mark.proves("R1")),
        pytest.param("sqlite", marks=pytest.mark.proves("R2")),
    ]
)
def town(request, tmp_path, forged, postbox):
    scaled = request.param == "postgresql"
    url = request.getfixturevalue("postgresql_url") if scaled else None
    town = Town(tmp_path / "town", forged, postbox.port, url, scaled=scaled)
    before = clock.offset()
    try:
        town.settle()
        yield town
    finally:
        town.end()
        clock.follow(before)


def test_no_acknowledged_command_is_lost_or_doubled_by_60_kills(town, postbox, publish):
    besiege(town, postbox, 60, publish)


@pytest.mark.soak(minutes=20)
def test_no_acknowledged_command_is_lost_or_doubled_by_1000_kills(town, postbox, publish):
    besiege(town, postbox, 1000, publish)


def besiege(town, postbox, kills, publish):
    siege = Siege(town, SEED)

    siege.run(kills)
    quiet, ends = siege.calm()

    with town.opened() as app:
        app.moved_clock.follow()
        wrong = list(proof.everything(app, siege.ledger, postbox, town.old_letters))
    publish(
        {"database": town.settings.database.partition(":")[0]}
        | siege.account(postbox)
        | proof.sums(wrong, quiet=quiet)
        | {"wrong": wrong[:40]}
    )
    assert wrong == []
    assert quiet, "not everything due was done"
    assert [code for code, _ in ends] == [0] * len(ends)
    # On SQLite each kill ends everything, pages and worker: half of the time nobody is served.
    assert len(siege.ledger.done(Kind.COMPLETE)) > kills / 5, "too little was done meanwhile"
    if town.settings.database.startswith("sqlite"):
        assert proof.integrity(town.folder / "handschlag.db") == "ok"
