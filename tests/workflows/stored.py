"""Installations as earlier schemas stored them: rows in files, laid into a database of that schema.

A file `installations/<revision>.json.gz` holds the key of the cases and, table by table, the rows
as SQLite keeps them. `python -m tests.workflows.stored DATA_DIR` writes that of an installation of
the newest schema: once, when a revision is released, and never again.
"""

import base64
import gzip
import json
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import JSON, Boolean, Date, DateTime, MetaData, Uuid, insert

from workflows import migrations

FOLDER = Path(__file__).parent / "installations"
REVISIONS = sorted(path.name.partition(".")[0] for path in FOLDER.glob("*.json.gz"))
NOT_STORED = "alembic_version"


def lay(database, revision):
    """Make the tables of that revision, fill them, and return the key of the cases."""
    stored = json.loads(gzip.decompress((FOLDER / f"{revision}.json.gz").read_bytes()))
    migrations.upgrade(database, revision)
    metadata = MetaData()
    metadata.reflect(database)
    with database.begin() as connection:
        for table in metadata.sorted_tables:
            if table.name in stored["tables"]:
                _fill(connection, table, stored["tables"][table.name])
    return base64.b64decode(stored["key"])


def store(data_dir):
    """Return the file of an installation on SQLite."""
    with closing(sqlite3.connect(data_dir / "handschlag.db")) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
        tables = {name: _rows(database, name) for (name,) in names if name != NOT_STORED}
    key = base64.b64encode((data_dir / "keys" / "case-keys").read_bytes()).decode()
    written = {"key": key, "tables": {name: rows for name, rows in tables.items() if rows["rows"]}}
    text = json.dumps(written, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), 9, mtime=0)


def _rows(database, name):
    found = database.execute(f'SELECT * FROM "{name}" ORDER BY 1')
    columns = [column for column, *_ in found.description]
    return {"columns": columns, "rows": [[_written(value) for value in row] for row in found]}


def _written(value):
    return {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _fill(connection, table, stored):
    rows = [
        [base64.b64decode(value["bytes"]) if isinstance(value, dict) else value for value in row]
        for row in stored["rows"]
    ]
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(stored["columns"]))
        names = ", ".join(f'"{name}"' for name in stored["columns"])
        statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'
        connection.exec_driver_sql(statement, [tuple(row) for row in rows])
        return
    columns = [table.c[name] for name in stored["columns"]]
    values = [
        {c.name: _read(c.type, value) for c, value in zip(columns, row, strict=True)}
        for row in rows
    ]
    connection.execute(insert(table), values)


def _read(kind, value):
    """Read what SQLite keeps as text into what the column of another database takes."""
    readers = {
        DateTime: lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC),
        Date: date.fromisoformat,
        Uuid: UUID,
        JSON: json.loads,
        Boolean: bool,
    }
    read = next((read for known, read in readers.items() if isinstance(kind, known)), None)
    return value if value is None or read is None else read(value)


if __name__ == "__main__":
    sys.stdout.buffer.write(store(Path(sys.argv[1])))
