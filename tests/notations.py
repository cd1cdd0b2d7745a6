"""A report written out as others write it: tabs, CSV, a cell a line, in one run, a workbook of their own."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl

from workbook_tool.forms import lay_out
from workbook_tool.renderers import title
from workbook_tool.renderers.figures import printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.forms import Box, Section
    from workbook_tool.report import Report

SHEET_WIDTH = 18

Content = str | int | Decimal | None


def as_sheet(report: Report) -> list[list[str]]:
    """The report on one sheet: a text in the first cell of its row, merged cells blank but for the first."""
    rows = [[title(report)], [report.opening]]
    for section in report.form.sections:
        rows.append([section.heading])
        if section.tables:
            layout = lay_out(section)
            cells = [[""] * layout.width for _ in range(layout.height)]
            for box in layout.boxes:
                cells[box.row][box.column] = _text(report, box)
            rows += cells
        else:
            rows += [[line] for line in report.narratives[section.id].splitlines()]
    return [[*row, *[""] * (SHEET_WIDTH - len(row))] for row in rows]


def as_copied_sheet(report: Report) -> str:
    """As a spreadsheet copies it: tabs, every row equally long."""
    return "".join("\t".join(row) + "\r\n" for row in as_sheet(report))


def as_csv(report: Report) -> str:
    """As a spreadsheet exports it."""
    stream = io.StringIO()
    csv.writer(stream).writerows(as_sheet(report))
    return stream.getvalue()


def as_copied_page(report: Report) -> str:
    """As a browser copies a page: tabs, a merged cell once."""
    return "\n".join(as_parts(report, "\t", "\n"))


def as_stream(report: Report) -> str:
    """A cell a line; a blank cell leaves no trace."""
    return "\n".join(line for line in "\n".join(as_parts(report, "\n", "\n")).splitlines() if line.strip())


def as_run(report: Report, by: str = "") -> str:
    """Tags taken away, with `by` in their place."""
    return by.join(as_parts(report, by, by))


def as_foreign_workbook(report: Report) -> bytes:
    """A workbook of one sheet, with the official tables and each text in a merged cell of two rows."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    top = 1

    def write(row: int, column: int, content: Content, height: int, width: int) -> None:
        sheet.cell(row, column, content)
        if height > 1 or width > 1:
            sheet.merge_cells(None, row, column, row + height - 1, column + width - 1)

    def write_text(text: str) -> int:
        write(top, 1, text, 2, 10)
        return top + 2

    top = write_text(title(report))
    top = write_text(report.opening)
    for section in report.form.sections:
        top = write_text(section.heading)
        if not section.tables:
            top = write_text(report.narratives[section.id])
            continue
        for box in lay_out(section).boxes:
            content = report.values.get(box.cell) if box.cell else box.label
            write(top + box.row, 1 + box.column, content, box.height, box.width)
        top += lay_out(section).height
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def as_parts(report: Report, between: str, after: str) -> Iterator[str]:
    """Title, opening, headings and sections, with `between` the cells of a table and `after` its rows."""
    yield title(report)
    yield report.opening
    for section in report.form.sections:
        yield section.heading
        if section.tables:
            yield after.join(between.join(row) for row in _rows(report, section))
        else:
            yield report.narratives[section.id]


def _rows(report: Report, section: Section) -> Iterator[list[str]]:
    for row in lay_out(section).rows():
        yield [_text(report, box) for box in row]


def _text(report: Report, box: Box) -> str:
    return printed(report, box.cell) if box.cell else box.label
