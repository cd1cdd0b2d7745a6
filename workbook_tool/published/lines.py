"""What every reader of documents gives: the lines of a source, in the order in which one reads them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.grids import Grid, GridCell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SEPARATOR = " | "
"""Between the cells of a row where it is shown as text."""


class Line(NamedTuple):
    """One paragraph, or one row of a table.

    `text` is what stands there; of a row, its cells, each merged one once. `cells` are the cells of a row:
    in a table of a document one for each position, a merged cell the same object in every position that it
    covers, ``None`` where there is no cell; in text with separators one for each that is printed. `table`
    tells the tables of a document from each other; it is 0 in text with separators.
    """

    text: str
    cells: tuple[GridCell | None, ...] = ()
    table: int = 0


class Document(NamedTuple):
    """A source as lines, and what else it gives for its title (a web page's ``title``, a file's property)."""

    lines: tuple[Line, ...]
    titles: tuple[str, ...] = ()


def row(cells: Sequence[GridCell | None], table: int = 0) -> Line:
    """The line of a row of a table."""
    seen: list[GridCell] = []
    for cell in cells:
        if cell is not None and not (table and any(cell is other for other in seen)):
            seen.append(cell)
    return Line(SEPARATOR.join(cell.text for cell in seen if cell.text or not table), tuple(cells), table)


def grids(lines: Iterable[Line]) -> list[Grid]:
    """The tables among `lines`, in order; rows of text with separators make one."""
    rows = [line for line in lines if line.cells]
    rows.sort(key=lambda line: line.table)
    found = []
    for table, group in groupby(rows, key=lambda line: line.table):
        found.append(Grid(tuple(line.cells for line in group), aligned=bool(table), is_printed=bool(table)))
    return found
