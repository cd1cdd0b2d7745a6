"""One root cause with very many effects reads as one message."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from tests.editing import sample_report
from tests.texts import WITHOUT_FIGURES, with_texts
from workbook_tool import Finding, check
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.report import with_totals
from workbook_tool.sources import read_report

TABLE_3 = "三 收到和处理申请"
ROWS = range(7, 32)
COLUMNS = "DEFGHIJ"


def _figures() -> tuple[bytes, list[list[Any]]]:
    """A workbook whose table 3 has figures in every column, and these figures."""
    report = with_texts(sample_report(), **WITHOUT_FIGURES)
    cells = report.form.cells
    values = dict(report.values)
    for number, cell in enumerate(cell for cell in values if cell.section == "t3" and not cell.is_total):
        values[cell] = number % 7 + (5 if cell.column.id == "natural" else 0)
    summed = with_totals(report.form, values, report.form.sums)
    for column in ("natural", *(f"legal.{kind}" for kind in ["business", "research", "public_interest"])):
        closed = summed[cells[f"t3.outcome.total.{column}"]] or 0
        out, into = (values[cells[f"t3.{row}.{column}"]] or 0 for row in ("carried_out", "carried_in"))
        values[cells[f"t3.received.{column}"]] = closed + out - into
    for column in ("legal.legal_service", "legal.other"):
        for cell in values:
            if cell.section == "t3" and cell.column.id == column:
                values[cell] = 0
    from dataclasses import replace

    balanced = replace(report, values=with_totals(report.form, values, report.form.sums))
    assert list(check(read_report(workbook_bytes(balanced)))) == []
    data = workbook_bytes(balanced)
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[TABLE_3]
    return data, [[sheet[f"{column}{row}"].value for column in COLUMNS] for row in ROWS]


def _pasted(data: bytes, figures: list[list[Any]], down: int, right: int) -> list[Finding]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet: Any = book[TABLE_3]
    for row in ROWS:
        for column in COLUMNS:
            sheet[f"{column}{row}"].value = None
    for row, line in zip(ROWS, figures, strict=True):
        for column, figure in zip(COLUMNS, line, strict=True):
            target = f"{chr(ord(column) + right)}{row + down}"
            if target[0] in COLUMNS and row + down in ROWS:
                sheet[target].value = figure
    stream = io.BytesIO()
    book.save(stream)
    return list(check(read_report(stream.getvalue())))


def test_a_block_pasted_one_column_to_the_right_is_few_messages() -> None:
    data, figures = _figures()

    findings = _pasted(data, figures, 0, 1)

    assert {finding.rule for finding in findings} == {"W-06", "V-04"}
    assert len(findings) == 3
    assert max(finding.count for finding in findings) == 30
    assert all(len(finding.message()) < 120 for finding in findings)


def test_a_block_pasted_one_row_down_is_one_message() -> None:
    data, figures = _figures()

    (finding,) = _pasted(data, figures, 1, 0)

    assert finding.case == "shifted"
    assert "向下错了一行" in finding.message()
    assert "one row down" in finding.message("en")
    assert len(finding.message()) < 100


def test_wrong_figures_in_a_row_are_not_called_a_shift() -> None:
    report = with_texts(sample_report(), **WITHOUT_FIGURES)
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(report)))
    sheet: Any = book[TABLE_3]
    for column, figure in zip("DEFGHI", (30, 4, 1, 2, 6, 3), strict=True):
        sheet[f"{column}7"].value = figure
    stream = io.BytesIO()
    book.save(stream)

    findings = list(check(read_report(stream.getvalue())))

    assert {finding.rule for finding in findings} == {"T3-01"}
    assert "shifted" not in {finding.case for finding in findings}


def test_one_column_copied_over_its_neighbour_is_one_message_with_examples() -> None:
    data, figures = _figures()
    copied = [[line[0], line[0], *line[2:]] for line in figures]

    findings = _pasted(data, copied, 0, 0)

    (told,) = [finding for finding in findings if finding.rule == "T3-02"]
    assert told.count > 20
    assert len(told.examples) == 12
    assert len(findings) <= 3
