"""Where everything stands in our workbook: pure geometry. Rows and columns count from 0."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.forms import lay_out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook_tool.forms import Cell, Form, Identity, Layout, Section

TABLE_TOP = 3
"""Above a table: the section's heading, its guidance, and the agency with the year."""


class Spot(NamedTuple):
    """A position on a sheet."""

    row: int
    column: int

    @property
    def a1(self) -> str:
        """The address, such as ``D8``."""
        return _address(self.row, self.column)

    @property
    def absolute(self) -> str:
        """The address, such as ``$D$8``."""
        return f"${column_name(self.column)}${self.row + 1}"


@lru_cache(maxsize=8192)
def _address(row: int, column: int) -> str:
    return f"{column_name(column)}{row + 1}"


@lru_cache(maxsize=1024)
def column_name(column: int) -> str:
    """The letters of a column counted from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """The column with these letters, counted from 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


class Check(NamedTuple):
    """A live check: which identity it watches, where it stands, and what turns red with it."""

    identity: Identity
    spot: Spot
    watched: tuple[Cell, ...]


@dataclass(frozen=True, eq=False)
class TableSheet:
    """A section of tables on its sheet."""

    section: Section
    layout: Layout
    spots: Mapping[Cell, Spot]
    checks: tuple[Check, ...]

    @property
    def first_check_row(self) -> int:
        """The first row below the tables."""
        return TABLE_TOP + self.layout.height

    @property
    def check_column(self) -> int:
        """The column right of the tables."""
        return self.layout.width


@cache
def table_sheet(form: Form, section: Section) -> TableSheet:
    """The geometry of one section of tables."""
    layout = lay_out(section)
    spots = {box.cell: Spot(TABLE_TOP + box.row, box.column) for box in layout.boxes if box.cell}
    checks: list[Check] = []
    rows_below: list[str] = []
    for identity in form.identities:
        if identity.relation != "equal" or identity.right[0] not in spots:
            continue
        total = spots[identity.right[0]]
        if identity.along == "columns" and identity.right[0].row:
            spot = Spot(total.row, layout.width)
            watched = tuple(cell for cell in spots if cell.row is identity.right[0].row)
        else:
            if identity.rule not in rows_below:
                rows_below.append(identity.rule)
            spot = Spot(TABLE_TOP + layout.height + rows_below.index(identity.rule), total.column)
            same_column = identity.along == "rows"
            watched = (
                tuple(cell for cell in spots if cell.column is identity.right[0].column)
                if same_column
                else identity.cells
            )
        checks.append(Check(identity, spot, watched))
    return TableSheet(section, layout, spots, tuple(checks))


@cache
def rectangles(plan: TableSheet, cells: Sequence[Cell]) -> tuple[tuple[Cell, Cell], ...]:
    """`cells` as few rectangles, each by its first and last cell, as they stand on `plan`."""
    at = {plan.spots[cell]: cell for cell in cells}
    strips: list[tuple[Spot, Spot]] = []
    for spot in sorted(at):
        if strips and strips[-1][1] == Spot(spot.row, spot.column - 1):
            strips[-1] = (strips[-1][0], spot)
        else:
            strips.append((spot, spot))
    blocks: list[tuple[Spot, Spot]] = []
    for first, last in strips:
        above = next(
            (
                i
                for i, (b_first, b_last) in enumerate(blocks)
                if (b_first.column, b_last) == (first.column, Spot(first.row - 1, last.column))
            ),
            None,
        )
        if above is None:
            blocks.append((first, last))
        else:
            blocks[above] = (blocks[above][0], last)
    return tuple((at[first], at[last]) for first, last in blocks)


def references(plan: TableSheet, cells: Sequence[Cell], actual: Mapping[Cell, Spot]) -> str:
    """The argument of a SUM over `cells`: grouped as on `plan`, addressed as they stand now.

    Rows inserted by staff widen a range in Excel exactly as they do here.
    """
    parts = []
    for first, last in rectangles(plan, cells):
        parts.append(actual[first].a1 if first == last else f"{actual[first].a1}:{actual[last].a1}")
    return ",".join(parts)


def total_formula(plan: TableSheet, identity: Identity, actual: Mapping[Cell, Spot]) -> str:
    """The formula of a total: the sum of its parts, blank while all of them are blank."""
    parts = references(plan, identity.left, actual)
    return f'=IF(COUNT({parts})=0,"",SUM({parts}))'
