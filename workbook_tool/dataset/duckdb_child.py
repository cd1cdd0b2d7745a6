"""The child process in which the Parquet files of a data set become a DuckDB database.

Run as ``python -m workbook_tool.dataset.duckdb_child``; used by `duckdb_file` and by nobody else. It has the
memory that DuckDB takes to itself: what the reports took is in its parent.
"""

from __future__ import annotations

from contextlib import chdir
from typing import TYPE_CHECKING

import duckdb

from workbook_tool.children import serve
from workbook_tool.dataset.schema import DIGITS, PLACES, TABLES, Kind, Table

if TYPE_CHECKING:
    from pathlib import Path

_TYPES: dict[Kind, str] = {
    "text": "VARCHAR",
    "integer": "INTEGER",
    "boolean": "BOOLEAN",
    "decimal": f"DECIMAL({DIGITS}, {PLACES})",
}


def main() -> None:
    """Make one database after another for the parent."""
    serve(_job)


def _job(job: tuple[Path, Path]) -> str:
    """What is wrong; nothing where all is well."""
    try:
        _load(*job)
    except duckdb.Error as error:
        return str(error)
    return ""


def _load(path: Path, parts: Path) -> None:
    """Make the database at `path` of the Parquet files in `parts`, beside it.

    DuckDB takes paths for patterns, so that folders of any name are left out of them.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": "40MB",
        "threads": 1,
        "temp_directory": parts.name,
    }
    with chdir(path.parent), duckdb.connect(path.name, config=settings) as database:
        database.execute("SET enable_progress_bar = false")  # what is printed would come between results
        for table in TABLES:
            database.execute(_creation(table))
            database.execute(
                f"INSERT INTO {table.name} SELECT * FROM read_parquet(?)",  # noqa: S608  # a name of ours
                [f"{parts.name}/{table.name}/*.parquet"],
            )


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


if __name__ == "__main__":
    main()
