"""The data set as an SQLite database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from typing import TYPE_CHECKING

from workbook_tool.dataset.schema import TABLES, Kind
from workbook_tool.errors import OutputError
from workbook_tool.report import plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from workbook_tool.dataset.rows import Batch, Row, Value

_TYPES: dict[Kind, str] = {"text": "TEXT", "integer": "INTEGER", "boolean": "INTEGER", "decimal": ""}
"""SQLite has no exact decimals, so a column of such is left without a type, and nothing is made of them."""


def write_sqlite(path: Path, batches: Iterable[Batch]) -> None:
    """Write a new database at `path`.

    A whole figure is an INTEGER there, one with decimals a TEXT: it is never a floating-point number.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            _fill(database, batches)
    except sqlite3.Error as error:
        raise OutputError(path, f"无法写入 (cannot write): {error}") from error


def _fill(database: sqlite3.Connection, batches: Iterable[Batch]) -> None:
    database.execute("PRAGMA journal_mode = OFF")  # the file is thrown away unless it is finished
    database.execute("PRAGMA synchronous = OFF")
    database.execute("BEGIN")
    for table in TABLES:
        columns = ", ".join(
            f'"{column.name}" {_TYPES[column.kind]}{"" if column.may_be_empty else " NOT NULL"}'
            for column in table.columns
        )
        database.execute(f'CREATE TABLE "{table.name}" ({columns})')
    for name, rows in batches:
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            database.executemany(f'INSERT INTO "{name}" VALUES ({marks})', map(_stored, rows))  # noqa: S608  # a name of ours
    database.execute("COMMIT")


def _stored(row: Row) -> list[Value]:
    return [_exact(value) if isinstance(value, Decimal) else value for value in row]


def _exact(value: Decimal) -> int | str:
    return int(value) if value == value.to_integral_value() else plain(value)
