"""Workbooks that are not .xlsx: values only, through calamine, always in a child process.

Formulas, names, locks and comments cannot be had from ``.xls``, ``.et``, ``.ods`` and ``.xlsb``
this way; the reader says so (W-04, case ``values_only``).
"""

from __future__ import annotations

import tempfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

from workbook_tool.errors import SourceError
from workbook_tool.excel import limits
from workbook_tool.excel.book import Area, Book, Moment, Sheet, Stored
from workbook_tool.excel.layout import Spot


def open_values(data: bytes, kind: str) -> Book:
    """The values of the workbook `data`; `kind` is what to call its format."""
    # Native code, and only this function needs it.
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError  # noqa: PLC0415

    try:
        # From a file: from memory a protected workbook looks like a damaged one.
        with tempfile.TemporaryDirectory() as room:
            path = Path(room) / f"workbook{kind}"
            path.write_bytes(data)
            with CalamineWorkbook.from_path(str(path)) as workbook:
                limits.SHEETS.hold(len(workbook.sheet_names))
                sheets = tuple(_sheet(workbook.get_sheet_by_name(name)) for name in workbook.sheet_names)
    except PasswordError as error:
        raise SourceError("encrypted") from error
    except (CalamineError, ValueError, OSError) as error:
        raise SourceError("truncated", {"problem": str(error)[:200] or type(error).__name__}) from error
    return Book(sheets, values_only=kind)


def _sheet(sheet) -> Sheet:  # type: ignore[no-untyped-def]  # noqa: ANN001  # calamine's own type
    limits.LAST_ROW.hold(sheet.total_height)
    limits.LAST_COLUMN.hold(sheet.total_width)
    limits.AREA.hold(sheet.total_height * sheet.total_width)
    cells = {
        Spot(row, column): Stored(_value(value))
        for row, values in enumerate(sheet.to_python(skip_empty_area=False))
        for column, value in enumerate(values)
        if value != ""
    }
    merges = sheet.merged_cell_ranges
    return Sheet(
        title=sheet.name,
        cells=cells,
        merges=tuple(Area(Spot(*first), Spot(*last)) for first, last in merges or ()),
        spans_known=merges is not None,
    )


def _value(value: object) -> object:
    """A value as our own reader gives it: whole numbers whole, dates as what is no number."""
    if isinstance(value, datetime | date | time | timedelta):
        return Moment(str(value))
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value
