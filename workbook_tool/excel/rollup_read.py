"""The sheets of a roll-up, read back: the sums that its formulas stand for, and whether anybody meddled.

No cached result plays a part: each sum is added up anew from the rows of the units. A row that was changed
has another check code, and rows that were taken away or put in give other sums than those that were signed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from workbook_tool.excel.layout import Spot
from workbook_tool.excel.rollup_layout import (
    AGENCY,
    CODE,
    DIGEST,
    FIRST_FIGURE,
    FIRST_UNIT,
    ROW_ID,
    SUMS,
    UNITS_NAME,
    Gap,
    Mode,
    mode_in,
    row_digest,
    shown,
    sum_formula,
    summed,
    sums_digest,
    tab,
    tabs,
)
from workbook_tool.phrase import Phrase
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbook_tool.excel.book import Book, Sheet, Stored
    from workbook_tool.excel.rollup_layout import Figure
    from workbook_tool.forms import Cell, Form

_MOST_NAMED = 10


@dataclass(frozen=True)
class Sums:
    """What a roll-up adds up: the formula and the sum of each cell, and who is in it."""

    formulas: Mapping[Cell, str]
    """The only formula that stands for the sum of a cell; none where the tables are values."""
    values: Mapping[Cell, int | Decimal | None]
    signed: str
    """The digest of the sums as they were written."""
    changed: tuple[Place, ...] = ()
    """The rows that are not as they were written."""
    members: tuple[str, ...] = ()
    """The codes of the units, or the names of those without one."""
    is_gone: bool = False
    """Whether the sheet that the formulas are over is not there."""

    def is_sum(self, cell: Cell, formula: str) -> bool:
        """Whether `formula` is the sum of `cell` over the units, and nothing else."""
        return cell in self.formulas and _plain(self.formulas[cell]) == _plain(formula)


def without_appendix(book: Book) -> Book:
    """The workbook of a roll-up as if it were a unit's."""
    return replace(book, sheets=tuple(sheet for sheet in book.sheets if sheet.title not in tabs()))


def read_sums(book: Book, form: Form) -> Sums | None:
    """What the roll-up in `book` adds up; ``None`` where it is none."""
    mode = mode_in(book.properties)
    if mode is None:
        return None
    signed = book.properties.get(SUMS, "")
    if mode is not Mode.FORMULAS:
        return Sums({}, {}, signed)
    target = book.named(UNITS_NAME)
    sheet, first = target or (book.sheet(tab("units")), Spot(FIRST_UNIT, AGENCY))
    if sheet is None:
        return Sums({}, {}, signed, is_gone=True)
    columns = _columns(sheet, first, form)
    rows = sorted({spot.row for spot in sheet.cells if spot.row >= first.row})
    if not rows or len(columns) < len(form.cells):
        return Sums({}, {}, signed, is_gone=True)
    figures = {row: [_figure(sheet[Spot(row, column)]) for column in columns.values()] for row in rows}
    changed = tuple(_changed(sheet, figures))
    sums = {cell: summed([figures[row][number] for row in rows]) for number, cell in enumerate(columns)}
    formulas = {
        cell: sum_formula(sheet.title, cell, column, (rows[0], rows[-1])) for cell, column in columns.items()
    }
    members = (sheet[Spot(row, CODE)].text or sheet[Spot(row, AGENCY)].text for row in rows)
    return Sums(formulas, sums, signed, changed, tuple(members))


def meddled_with(sums: Sums, values: Mapping[Cell, int | Decimal | None]) -> Iterator[Finding]:
    """What was changed in the sheet of units, or that the sums are not those that were written."""
    if sums.is_gone:
        yield Finding("W-06", Place(sheet=tab("units")), "units_gone")
    elif sums.changed:
        rows = [place.words for place in sums.changed[:_MOST_NAMED]]
        yield Finding("W-06", sums.changed[0], "unit_row", count=len(sums.changed), examples=tuple(rows))
    elif sums.signed != sums_digest(sums.values or values):
        yield Finding("W-06", Place(sheet=tab("units")), "units")


def _columns(sheet: Sheet, first: Spot, form: Form) -> dict[Cell, int]:
    """The column of each figure, by the ids that stand above the first unit."""
    head = first.row - (FIRST_UNIT - ROW_ID)
    ids = {sheet[Spot(head, column)].text: column for column in range(FIRST_FIGURE, sheet.width)}
    return {cell: ids[cell.id] for cell in form.cells.values() if cell.id in ids}


def _changed(sheet: Sheet, figures: Mapping[int, list[Figure]]) -> Iterator[Place]:
    for row, stated in figures.items():
        agency, code, digest = (sheet[Spot(row, column)].text for column in (AGENCY, CODE, DIGEST))
        if digest != row_digest(agency, code, map(shown, stated)):
            yield sheet.place(Spot(row, AGENCY), Phrase(agency, agency))


def _figure(stored: Stored) -> Figure:
    """The figure in a cell of the sheet of units; whatever the program does not write there is none."""
    value = stored.value
    if stored.formula is not None or isinstance(value, bool):
        return Gap.LACKS
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, float):
        figure = Decimal(repr(value))
        return int(figure) if figure == int(figure) else figure
    return Gap.LACKS


def _plain(formula: str) -> str:
    return formula.replace("$", "").replace(" ", "").replace("'", "").upper().removeprefix("=")
