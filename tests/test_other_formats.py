"""Binary workbooks: made by the tests' own writer, since no office program here writes them."""

from __future__ import annotations

import io

import openpyxl
from openpyxl.cell.cell import MergedCell

from tests.editing import sample_report
from tests.xlsb import xlsb
from workbook_tool import check
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.sources import read_report


def _as_binary(data: bytes) -> bytes:
    """The values of a workbook, cached results among them, as .xlsb."""
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return xlsb(
        [
            (
                sheet.title,
                {
                    (cell.row - 1, cell.column - 1): cell.value
                    if isinstance(cell.value, str)
                    else float(cell.value)  # type: ignore[arg-type]  # neither dates nor formulas here
                    for row in sheet.iter_rows()
                    for cell in row
                    if cell.value is not None and not isinstance(cell, MergedCell)
                },
            )
            for sheet in book.worksheets
        ]
    )


def test_a_binary_workbook_is_read_for_its_values() -> None:
    report = sample_report()

    reading = read_report(_as_binary(workbook_bytes(report)))

    assert reading.report == report
    assert [(finding.rule, finding.case) for finding in check(reading)] == [("W-04", "values_only")]


def test_a_binary_workbook_cut_short_is_refused() -> None:
    whole = _as_binary(workbook_bytes(sample_report()))

    (finding,) = check(read_report(whole[: len(whole) // 2]))

    assert (finding.rule, finding.case) == ("W-01", "truncated")
