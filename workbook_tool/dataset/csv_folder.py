"""The data set as a folder of CSV files, a table each, that spreadsheets open without harm."""

from __future__ import annotations

import csv
from contextlib import ExitStack
from decimal import Decimal
from typing import TYPE_CHECKING

from workbook_tool.dataset.schema import TABLES
from workbook_tool.renderers.data import safe_text
from workbook_tool.report import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from workbook_tool.dataset.rows import Batch


_PRINTED: dict[type, Callable[..., str]] = {
    str: safe_text,
    bool: lambda flag: "true" if flag else "false",
    int: str,
    Decimal: plain,
    type(None): lambda _: "",
}


def write_csv(folder: Path, batches: Iterable[Batch]) -> None:
    """Write ``reports.csv`` and the others into a new `folder`: UTF-8 with its mark, empty for NULL.

    A text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    folder.mkdir()
    with ExitStack() as stack:
        writers = {}
        for table in TABLES:
            path = folder / f"{table.name}.csv"
            stream = stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
            writers[table.name] = csv.writer(stream, lineterminator="\r\n")
            writers[table.name].writerow(table.names)
        for name, rows in batches:
            writers[name].writerows([_PRINTED[type(value)](value) for value in row] for row in rows)
