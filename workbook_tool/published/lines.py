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
    is_sheet: bool = False
    """Whether it is a row of a sheet: every row is as long, and what is merged is not told."""
    is_picture: bool = False
    """Whether a picture stands here, and no text."""
    is_ruled: bool = False
    """Whether it is a row of a table whose cells were seen between rules."""

    @property
    def is_prose(self) -> bool:
        """Whether it may be a paragraph: no row, or a row that holds one text and nothing else."""
        if not self.cells:
            return not self.is_picture
        texts = {id(cell): cell.text for cell in self.cells if cell is not None and cell.text.strip()}
        return len(texts) == 1 and any(map(str.isalpha, *texts.values()))


class Document(NamedTuple):
    """A source as lines, and what else it gives for its title (a web page's ``title``, a file's property).

    `blocks` are the ranges of lines that stand together in an element, where the report need not be all that
    there is: on a page with menus and a footer. Where `has_all_rows`, figures in running text are no rows of
    a table that lost its separators.
    """

    lines: tuple[Line, ...]
    titles: tuple[str, ...] = ()
    blocks: tuple[range, ...] = ()
    has_all_rows: bool = False


def row(cells: Sequence[GridCell | None], table: int = 0) -> Line:
    """The line of a row of a table."""
    seen = [cell for cell in cells if cell is not None]
    if table:
        seen = list({id(cell): cell for cell in seen}.values())
    return Line(SEPARATOR.join(cell.text for cell in seen if cell.text or not table), tuple(cells), table)


def grids(lines: Iterable[Line]) -> list[Grid]:
    """The tables among `lines`, in order; rows of text with separators make one."""
    rows = [line for line in lines if line.cells]
    rows.sort(key=lambda line: line.table)
    found = []
    for table, group in groupby(rows, key=lambda line: line.table):
        members = list(group)
        is_sheet = any(line.is_sheet for line in members)
        found.append(
            Grid(
                tuple(line.cells for line in members),
                aligned=bool(table),
                spans_known=not is_sheet,
                is_printed=bool(table) and not is_sheet,
                is_ruled=any(line.is_ruled for line in members),
            )
        )
    return found
