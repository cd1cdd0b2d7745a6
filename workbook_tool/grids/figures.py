"""Which cells of a row are its figures, one for each column; or none where that is not certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.grids.labels import label_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook_tool.grids.grid import GridCell, Row

    Figures = Sequence[GridCell | None]


def after_labels(row: Row, values_from: int, wanted: int) -> Row | None:
    """The figures of a ragged row, if it holds as many as there are columns and nothing more.

    Blanks after them end the row as a separator does; where there are some before the first figure too, they
    may be what is left of a merged label.
    """
    figures = row[values_from:]
    filled = [bool(cell and cell.text.strip()) for cell in figures]
    if len(figures) < wanted or any(filled[wanted:]):
        return None
    if len(figures) > wanted and any(filled) and not filled[0]:
        return None
    return figures


def sheet_figures(row: Row, values_from: int, columns: Sequence[range]) -> Figures | None:
    """The figures of a row of a worksheet: what stands where the heading of each column begins.

    Not where one heading reaches over several cells of the row, and one cell below several headings or a
    figure not at the beginning, nor where figures stand left of all headings: then cells and headings are
    merged otherwise, and nobody knows what is whose.
    """
    first = min(where.start for where in columns)
    if any(cell is not None and _has_digits(cell) for cell in row[values_from:first]):
        return None
    cells = [row[where.start : where.stop] for where in columns]
    apart = [cell for below in cells for cell in below[1:] if cell is not below[0]]
    seen = [number for below in cells for number in {id(cell) for cell in below if cell is not None}]
    if apart and (len({*seen}) < len(seen) or any(cell and cell.text.strip() for cell in apart)):
        return None
    return [below[0] if below else None for below in cells]


def printed_figures(
    row: Row, values_from: int, columns: Sequence[range], *, is_ruled: bool = False
) -> Figures | None:
    """The figures of a row of a document's table: as many cells as columns, each below its heading.

    Where merged cells leave the row and its headings at odds by a part of a cell, the order decides; a
    row may stand aside as a whole, where its label is too narrow or too wide, but not where it is ruled.
    Cells beyond the table do not count if they hold no figure.
    """
    found: list[tuple[GridCell, int, int]] = []
    for position, cell in enumerate(row[values_from:], start=values_from):
        if cell is not None and found and found[-1][0] is cell:
            found[-1] = (cell, found[-1][1], position + 1)
        elif cell is not None:
            found.append((cell, position, position + 1))
    end = max(where.stop for where in columns)
    while len(found) > len(columns) and found[-1][1] >= end and not _has_digits(found[-1][0]):
        found.pop()
    if is_ruled:
        start = min(where.start for where in columns)
        found = [(cell, left, right) for cell, left, right in found if right > start or _has_digits(cell)]
        below = [
            sum(left < where.stop and right > where.start for where in columns) for _, left, right in found
        ]
        if any(number > 1 for number in below):
            return None
    if len(found) != len(columns):
        return None
    order = sorted(range(len(columns)), key=lambda number: columns[number].start)
    aside = 0 if is_ruled else found[0][1] - columns[order[0]].start
    figures: list[GridCell | None] = [None] * len(columns)
    for number, (cell, start, stop) in zip(order, found, strict=True):
        if start - aside >= columns[number].stop or stop - aside <= columns[number].start:
            return None
        figures[number] = cell
    return figures


def _has_digits(cell: GridCell) -> bool:
    return any(map(str.isdigit, label_key(cell.text)))


def unlabelled(row: Row, wanted: int) -> Row | None:
    """The figures of a ragged row without labels, if its ends leave no doubt where they begin."""
    blank_first, blank_last = (not (cell and cell.text.strip()) for cell in (row[0], row[-1]))
    surplus = len(row) - wanted
    if surplus == 0:
        return row
    if surplus > 0 and not blank_first:
        return after_labels(row, 0, wanted)
    if surplus == 1 and blank_first and not blank_last:
        return row[1:]
    return row[1:-1] if surplus == 2 and blank_first and blank_last else None  # noqa: PLR2004  # both ends
