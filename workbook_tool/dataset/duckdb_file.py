"""The data set as a DuckDB database, made of the Parquet one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from workbook_tool.dataset.parquet import write_parquet
from workbook_tool.dataset.schema import DIGITS, PLACES, TABLES, Kind, Table
from workbook_tool.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from workbook_tool.dataset.rows import Batch

_TYPES: dict[Kind, str] = {
    "text": "VARCHAR",
    "integer": "INTEGER",
    "boolean": "BOOLEAN",
    "decimal": f"DECIMAL({DIGITS}, {PLACES})",
}


def write_duckdb(path: Path, batches: Iterable[Batch]) -> None:
    """Write a new database at `path`; Parquet files stand beside it until it is finished."""
    parts = path.with_name(f"{path.name}.parts")
    write_parquet(parts, batches)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": "256MB",
        "threads": 1,
        "temp_directory": str(parts),
    }
    try:
        with duckdb.connect(str(path), config=settings) as database:
            for table in TABLES:
                database.execute(_creation(table))
                database.execute(
                    f"INSERT INTO {table.name} SELECT * FROM read_parquet(?)",  # noqa: S608  # a name of ours
                    [str(parts / table.name / "*.parquet")],
                )
    except duckdb.Error as error:
        raise OutputError(path, f"无法写入 (cannot write): {error}") from error


def _creation(table: Table) -> str:
    """The statements that make `table` and say in it what it holds."""
    columns = ", ".join(
        f'"{column.name}" {_TYPES[column.kind]}{"" if column.may_be_empty else " NOT NULL"}'
        for column in table.columns
    )
    notes = [f"COMMENT ON TABLE {table.name} IS {_quoted(table.row.en)}"]
    notes += [
        f'COMMENT ON COLUMN {table.name}."{column.name}" IS {_quoted(column.meaning.en)}'
        for column in table.columns
    ]
    return ";\n".join([f"CREATE TABLE {table.name} ({columns})", *notes])


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
