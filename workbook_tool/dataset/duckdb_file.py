"""The data set as a DuckDB database, made of the Parquet one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.children import ChildDiedError, Children
from workbook_tool.dataset.parquet import write_parquet
from workbook_tool.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from workbook_tool.dataset.rows import Batch

_CHILDREN = Children("workbook_tool.dataset.duckdb_child")
_PATIENCE = 24 * 3600
"""Seconds that the largest set may take."""


def write_duckdb(path: Path, batches: Iterable[Batch]) -> None:
    """Write a new database at `path`; Parquet files stand beside it until it is finished."""
    parts = path.with_name(f"{path.name}.parts")
    write_parquet(parts, batches)
    with _CHILDREN.lend() as child:
        try:
            problem = child.ask((path, parts), _PATIENCE)
        except ChildDiedError as error:
            problem = f"DuckDB: {error.code}"
        except BaseException:
            child.stop()
            raise
    if problem:
        raise OutputError(path, f"无法写入 (cannot write): {problem}")
