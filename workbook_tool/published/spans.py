"""Cells that span columns and rows → what stands in each position of their table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.errors import SourceError
from workbook_tool.grids import GridCell
from workbook_tool.phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_POSITIONS = 50_000
"""Of one document; a report has 600."""


class Spanned(NamedTuple):
    """A cell, and how many columns and rows it spans."""

    cell: GridCell
    columns: int = 1
    rows: int = 1


def positions(rows: Sequence[Sequence[Spanned]]) -> list[tuple[GridCell | None, ...]]:
    """The cell in each position of each row, ``None`` where there is none, as HTML lays tables out.

    A cell begins at the first free column of its row and ends with the last row at the latest. Where two
    cells overlap there is a third one with the texts of both. A `SourceError` if it would be too many.
    """
    grid: list[list[GridCell | None]] = [[] for _ in rows]
    taken = 0
    for top, spanned in enumerate(rows):
        column = 0
        for cell, columns, below in spanned:
            while column < len(grid[top]) and grid[top][column] is not None:
                column += 1
            height = min(below, len(rows) - top)
            taken += columns * height
            ensure_few(max(taken, len(rows) * (column + columns)))
            for line in grid[top : top + height]:
                _put(line, cell, column, columns)
            column += columns
    return _without_copies(grid)


def ensure_few(cells: int) -> None:
    """Raise a `SourceError` if `cells` are more than a document may have in its tables."""
    if cells > MOST_POSITIONS:
        words = Phrase(f"> {MOST_POSITIONS} 格", f"> {MOST_POSITIONS} cells")
        raise SourceError("unsafe", {"problem": words})


def _put(line: list[GridCell | None], cell: GridCell, column: int, columns: int) -> None:
    line += [None] * (column + columns - len(line))
    for position in range(column, column + columns):
        other = line[position]
        line[position] = cell if other is None else GridCell(f"{other.text}\n{cell.text}", source=cell.source)


def _without_copies(grid: Sequence[list[GridCell | None]]) -> list[tuple[GridCell | None, ...]]:
    """`grid` with each row as long as the others, without columns in which no cell begins or ends."""
    width = max(map(len, grid), default=0)
    even = [line + [None] * (width - len(line)) for line in grid]
    own = [
        column
        for column in range(width)
        if column == 0 or any(line[column] is not line[column - 1] for line in even)
    ]
    return [tuple(line[column] for column in own) for line in even]
