"""R16: wherever the power goes, the file comes back as it was after some commit, none told is lost.

All writers are frozen at a random moment, and the file is copied with its journal as a power cut
would leave them. What SQLite had not yet made durable of the journal is cut off or overwritten.
"""

import random
import shutil
import sqlite3
import struct
import time
from collections import Counter
from contextlib import closing, suppress

import pytest

from engine import reconciling
from engine.database import connect
from engine.sqlite import journal_mode
from tests.chaos.yard import CLERKS, Yard
from tests.engine.journey import open_transactions

HEADER = struct.Struct(">8sIIIII")
MAGIC = bytes.fromhex("d9d505f920a163d7")

pytestmark = [
    pytest.mark.proves("R16"),
    pytest.mark.skipif(journal_mode() == "WAL", reason="this library keeps no journal"),
]


@pytest.fixture
def yard(tmp_path, sqlite_template, hands):
    """A yard whose file lies on a disk, where making durable takes its time."""
    file = tmp_path / "handschlag.db"
    shutil.copyfile(sqlite_template, file)
    yard = Yard(tmp_path / "yard", f"sqlite:///{file}", hands)
    yard.mishaps, yard.file = False, file
    yard.open()
    yield yard
    yard.end()


class PowerCut:
    """A copy of the file as it stood, with what had been told by then."""

    def __init__(self, yard, folder, chance):
        self.file = folder / "cut.db"
        self.journal = folder / "cut.db-journal"
        with yard.frozen():
            shutil.copyfile(yard.file, self.file)
            living = yard.file.with_name(f"{yard.file.name}-journal")
            self.journal.unlink(missing_ok=True)
            if living.exists():
                shutil.copyfile(living, self.journal)
            self.told = {
                f"{line['key']}-{line['step']}"
                for number in range(CLERKS)
                for line in yard.lines(f"ledger-{number}")
                if "task" not in line and "refused" not in line
            }
        self.kind = self._tear(chance)

    def _tear(self, chance):
        """Lose what may be lost of the journal; tell what was found."""
        content = self.journal.read_bytes() if self.journal.exists() else b""
        if len(content) < HEADER.size:
            return "at rest"
        magic, records, *_ = HEADER.unpack_from(content)
        if magic == MAGIC and records:
            return "while the file was written"
        place = chance.randrange(len(content))
        rest = len(content) - place
        self.journal.write_bytes(content[:place] + chance.choice([b"", chance.randbytes(rest)]))
        return "while the journal was written"

    def wrong(self):
        """List what is not as it must be after the power is back."""
        with closing(sqlite3.connect(self.file)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
            known = {key for (key,) in connection.execute("SELECT id FROM command")}
            torn = connection.execute(
                "SELECT count(*) FROM user_task t LEFT JOIN instance i ON i.id = t.instance_id"
                " WHERE i.id IS NULL OR (t.state = 'open' AND i.state != 'active')"
            ).fetchone()[0]
        lost = self.told - known
        return [] if (sound, torn, lost) == ("ok", 0, set()) else [(sound, torn, sorted(lost)[:3])]


def await_writing(journal):
    """Wait, but not for long, until the journal is complete and the file about to be written."""
    deadline = time.monotonic() + 0.05
    with suppress(OSError), journal.open("rb", buffering=0) as opened:
        while time.monotonic() < deadline:
            opened.seek(0)
            header = opened.read(12)
            if header[:8] == MAGIC and any(header[8:]):
                return


def cut(yard, folder, times, seed):
    """Cut the power so often; tell what was wrong, and at which moments it came."""
    chance, moments, wrong = random.Random(seed), Counter(), []
    while moments.total() < times:
        yard.revive()
        time.sleep(chance.uniform(0.001, 0.03))
        if chance.random() < 0.7:
            await_writing(yard.file.with_name(f"{yard.file.name}-journal"))
        outage = PowerCut(yard, folder, chance)
        moments[outage.kind] += 1
        wrong += outage.wrong()
    copy = connect(f"sqlite:///{outage.file}")
    wrong += reconciling.survey(open_transactions(copy))
    copy.dispose()
    return wrong, moments


def test_40_power_cuts_leave_a_sound_file_with_all_that_was_told(yard, tmp_path):
    wrong, moments = cut(yard, tmp_path, 40, random.randrange(2**32))

    assert wrong == []
    assert len(moments) > 1


@pytest.mark.soak
def test_500_power_cuts_leave_a_sound_file_with_all_that_was_told(yard, tmp_path, publish):
    wrong, moments = cut(yard, tmp_path, 500, random.randrange(2**32))

    account = {"faults": 500, "lost": len(wrong), "moments": dict(moments), "wrong": wrong[:10]}
    publish({"database": "sqlite", **account})
    assert wrong == []
