"""Binary workbooks: made by the tests' own writer, since no office program here writes them."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.cell.cell import MergedCell

from tests.editing import sample_report
from tests.xlsb import xlsb
from workbook_tool import check
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.forms import editions, form
from workbook_tool.sources import read_report


def _as_binary(data: bytes, *, texts_of_formulas: bool = True) -> bytes:
    """The values of a workbook as .xlsb, cached results among them; 0 for those that are texts, if wanted."""
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    if not texts_of_formulas:
        for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets:
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
                result = book[sheet.title][cell.coordinate]
                result.value = result.value if isinstance(result.value, int) else 0
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


@pytest.mark.parametrize("edition", editions())
def test_a_check_saved_as_0_is_no_figure(edition: str) -> None:
    report = sample_report(edition, form(edition).first_year)

    reading = read_report(_as_binary(workbook_bytes(report), texts_of_formulas=False))

    assert reading.report is not None
    assert reading.report.values == report.values
    assert [(finding.rule, finding.case) for finding in reading.findings] == [("W-04", "values_only")]


def test_a_second_row_of_figures_is_told_still() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(sample_report())))
    sheet = book["四 复议和诉讼"]
    for column in (5, 10, 15):
        sheet.cell(sheet.max_row, column).value = 3
    changed = io.BytesIO()
    book.save(changed)

    reading = read_report(_as_binary(changed.getvalue(), texts_of_formulas=False))

    assert "W-03" in {finding.rule for finding in reading.findings}


def test_a_binary_workbook_cut_short_is_refused() -> None:
    whole = _as_binary(workbook_bytes(sample_report()))

    (finding,) = check(read_report(whole[: len(whole) // 2]))

    assert (finding.rule, finding.case) == ("W-01", "truncated")
