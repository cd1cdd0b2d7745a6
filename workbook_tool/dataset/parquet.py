"""The data set as Parquet: a folder for each table, the parts of the table in it."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import parquet

from workbook_tool.dataset.schema import DIGITS, PLACES, TABLES, Kind, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from typing import BinaryIO

    from workbook_tool.dataset.rows import Batch, Row

_TYPES: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int32(),
    "boolean": pa.bool_(),
    "decimal": pa.decimal128(DIGITS, PLACES),
}


def write_parquet(folder: Path, batches: Iterable[Batch]) -> None:
    """Write a new `folder`: in it ``reports/part-00000.parquet`` and one part of each other table."""
    for one in TABLES:
        (folder / one.name).mkdir(parents=True)
    write_parts(lambda name: (folder / name).open("wb"), batches)


def write_parts(opened: Callable[[str], BinaryIO], batches: Iterable[Batch], part: int = 0) -> None:
    """Write one part of each table, wherever `opened` puts a file with such a name.

    The parts of several runs make one data set, if each run has a number of its own.
    """
    with ExitStack() as stack:
        writers = {}
        for one in TABLES:
            stream = stack.enter_context(opened(f"{one.name}/part-{part:05}.parquet"))
            writer = parquet.ParquetWriter(stream, arrow_schema(one.name), compression="zstd")
            writers[one.name] = stack.enter_context(writer)
        for name, rows in batches:
            if rows:
                writers[name].write_table(_arrow(name, rows))


@cache
def arrow_schema(name: str) -> pa.Schema:
    """The Arrow schema of the table with this name; each column says what it means."""
    return pa.schema(
        pa.field(
            column.name,
            _TYPES[column.kind],
            nullable=column.may_be_empty,
            metadata=column.meaning._asdict(),
        )
        for column in table(name).columns
    )


def _arrow(name: str, rows: list[Row]) -> pa.Table:
    schema = arrow_schema(name)
    columns: Any = zip(*rows, strict=True)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
