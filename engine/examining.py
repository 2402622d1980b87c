"""What the database promises, held against what the engine relies on."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import Connection, text

from engine import clock, sqlite, work_queries
from engine.models import Lane

FEWEST_CONNECTIONS = 50
"""Each process opens up to 32, and PostgreSQL keeps some for its administrators."""
OLDEST_SERVER = 140_000
APART = timedelta(seconds=2)
FAR_APART = timedelta(seconds=15)
"""Then what a command here owes at once is late for the workers, or what it dates lies ahead."""
LATE = timedelta(minutes=1)


class Verdict(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, and what to do when it is not well."""

    subject: str
    verdict: Verdict
    remark: str


def examine(connection: Connection) -> Iterator[Check]:
    """Look the database over, in a transaction that only reads."""
    checks = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    yield from checks(connection)
    yield _work(connection)


def _sqlite(connection: Connection) -> Iterator[Check]:
    mode = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar()).upper()
    version = sqlite3.sqlite_version
    if mode == "WAL" and sqlite3.sqlite_version_info < sqlite.FIRST_SAFE_WAL:
        remark = f"{version} damages databases in WAL mode. Stop every process and start again."
        yield Check("SQLite", Verdict.FAIL, remark)
    else:
        yield Check("SQLite", Verdict.OK, f"{version}, journal mode {mode}")
    synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()
    yield _sound("durability", "FULL", "synchronous is not FULL", well=synchronous == 2)
    found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    yield _sound("file", "whole", f"damaged: {found}. Restore a backup.", well=found == "ok")


_SETTINGS = text(
    "SELECT name, setting FROM pg_settings WHERE name IN ('server_version_num', 'server_version',"
    " 'fsync', 'full_page_writes', 'synchronous_commit', 'max_connections', 'server_encoding',"
    " 'default_transaction_isolation', 'autovacuum')"
)


def _postgresql(connection: Connection) -> Iterator[Check]:
    found = {row.name: str(row.setting) for row in connection.execute(_SETTINGS)}
    new_enough = int(found["server_version_num"]) >= OLDEST_SERVER
    yield _sound("PostgreSQL", found["server_version"], "older than 14", well=new_enough)
    lossy = [
        f"{name} = off"
        for name in ("fsync", "full_page_writes", "synchronous_commit")
        if found[name] == "off"
    ]
    told = f"{', '.join(lossy)}: acknowledged work can be lost. Switch it on."
    yield _sound("durability", "every commit is on disk", told, well=not lossy)
    encoding = found["server_encoding"]
    yield _sound("encoding", "UTF8", f"{encoding}: make it anew in UTF8", well=encoding == "UTF8")
    isolation = found["default_transaction_isolation"]
    expected = isolation == "read committed"
    yield _sound("isolation", isolation, f"{isolation}: it must be read committed", well=expected)
    yield _connections(int(found["max_connections"]))
    yield _cleaning(found["autovacuum"])
    standby = bool(connection.scalar(text("SELECT pg_is_in_recovery()")))
    yield _sound("role", "primary", "a standby: name the primary instead", well=not standby)
    yield _clocks(connection)


def _connections(most: int) -> Check:
    enough = most >= FEWEST_CONNECTIONS
    remark = f"max_connections = {most}"
    advice = f"{remark}: each process may ask for 32. Allow at least {FEWEST_CONNECTIONS}."
    return Check(
        "connections", Verdict.OK if enough else Verdict.WARN, remark if enough else advice
    )


def _cleaning(autovacuum: str) -> Check:
    if autovacuum == "on":
        return Check("cleaning up", Verdict.OK, "autovacuum = on")
    advice = "autovacuum = off: lists become slow while much is added. Switch it on."
    return Check("cleaning up", Verdict.WARN, advice)


def _clocks(connection: Connection) -> Check:
    """Compare the clocks of both machines; what serves goes by the server's, commands do not."""
    there = connection.scalar(text("SELECT clock_timestamp()"))
    assert there is not None
    apart = abs(there - clock.of_the_machine())
    told = f"{apart.total_seconds():.1f} s apart from the database"
    if apart < APART:
        return Check("clocks", Verdict.OK, told)
    verdict = Verdict.FAIL if apart >= FAR_APART else Verdict.WARN
    return Check("clocks", verdict, f"{told}: let both machines follow a time server")


def _work(connection: Connection) -> Check:
    dues = [work_queries.next_due(connection, lane) for lane in Lane]
    late = max((clock.now() - due for due in dues if due), default=timedelta())
    if late <= LATE:
        return Check("work", Verdict.OK, "nothing is overdue")
    told = f"the oldest has been due for {late.total_seconds():.0f} s: is a worker running?"
    return Check("work", Verdict.WARN, told)


def _sound(subject: str, remark: str, advice: str, *, well: bool) -> Check:
    return Check(subject, Verdict.OK if well else Verdict.FAIL, remark if well else advice)
