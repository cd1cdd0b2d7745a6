"""Live checks in a format that has no formulas: where a program saved no text for “平”, a 0 stands.

LibreOffice does so when it turns a workbook into ``.xls`` that it has not computed. Such a 0 is no figure.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbook_tool.excel.layout import Spot
from workbook_tool.forms import workbook_data
from workbook_tool.grids import recognise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.excel.book import Book, Sheet
    from workbook_tool.forms import Form, Section


def without_dead_checks(book: Book, form: Form) -> Book:
    """`book` without the zeros in the cells of our checks; whatever else stands there stays."""
    unlabelled = [s for s in form.tabled if any(not table.rows.lines for table in s.tables)]
    return replace(book, sheets=tuple(_cleared(sheet, unlabelled) for sheet in book.sheets))


def _cleared(sheet: Sheet, unlabelled: list[Section]) -> Sheet:
    dead = {spot for spot in _labelled_checks(sheet) if _is_zero(sheet, spot)}
    for section in unlabelled:
        dead |= _below_totals(sheet, section)
    cells = {spot: stored for spot, stored in sheet.cells.items() if spot not in dead}
    return replace(sheet, cells=cells) if dead else sheet


def _labelled_checks(sheet: Sheet) -> Iterator[Spot]:
    """The cells below 行校验 and right of 列校验."""
    words = workbook_data()["words"]
    columns = {head.column: head.row for head in sheet.texts.get(words["row_checks"], ())}
    begun = words["column_check"].partition("{")[0]
    rows = {spots[0].row: spots[0].column for text, spots in sheet.texts.items() if text.startswith(begun)}
    for spot in sheet.cells:
        if spot.row > columns.get(spot.column, spot.row) or spot.column > rows.get(spot.row, spot.column):
            yield spot


def _below_totals(sheet: Sheet, section: Section) -> set[Spot]:
    """The row below figures without row labels, if nothing stands in it but zeros below totals."""
    found = recognise(section, sheet.grid).cells
    below: dict[int, set[Spot]] = {}
    for cell, grid_cell in found.items():
        if cell.is_total and cell.row is None and grid_cell.position:
            row, column = grid_cell.position
            below.setdefault(row + 1, set()).add(Spot(row + 1, column))
    dead: set[Spot] = set()
    for row, spots in below.items():
        content = {spot for spot in sheet.cells if spot.row == row}
        if content <= spots and all(_is_zero(sheet, spot) for spot in content):
            dead |= content
    return dead


def _is_zero(sheet: Sheet, spot: Spot) -> bool:
    value = sheet[spot].value
    return isinstance(value, int | float) and not isinstance(value, bool) and value == 0
