"""Where everything stands in a section's printed tables: pure geometry, no output format.

The workbook, the text, the Markdown and the reader all take it from here.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.forms.model import Axis, Cell, Line, Section, Table

Role = Literal["banner", "corner", "heading", "column", "row", "value"]


class Box(NamedTuple):
    """A rectangle of a printed table: a label or a figure. Rows and columns count from 0."""

    row: int
    column: int
    height: int
    width: int
    role: Role
    table: Table
    label: str = ""
    cell: Cell | None = None
    line: Line | None = None
    """The line that a row or column label belongs to."""


class Layout(NamedTuple):
    """The boxes of one section, its tables one below the other, and how much room they take."""

    boxes: tuple[Box, ...]
    height: int
    width: int
    label_width: int
    """How many columns on the left hold row labels."""
    header_height: int
    """How many rows at the top hold column headings (of the first table)."""

    def figures(self) -> dict[tuple[int, int], Cell]:
        """The cells by row and column."""
        return {(box.row, box.column): box.cell for box in self.boxes if box.cell}

    def rows(self) -> tuple[tuple[Box, ...], ...]:
        """The boxes by the row that they begin in, from left to right."""
        by_row: list[list[Box]] = [[] for _ in range(self.height)]
        for box in self.boxes:
            by_row[box.row].append(box)
        return tuple(tuple(sorted(row, key=lambda box: box.column)) for row in by_row)


@cache
def lay_out(section: Section) -> Layout:
    """The layout of a section of tables; narrower tables are stretched to the widest."""
    label_width = max(table.rows.depth for table in section.tables)
    width = label_width + max(len(table.columns.leaves) for table in section.tables)
    boxes: list[Box] = []
    top = 0
    for table in section.tables:
        boxes += _boxes(table, top, label_width, width)
        top = max(box.row + box.height for box in boxes)
    first = next(box.row for box in boxes if box.role == "value")
    return Layout(tuple(boxes), top, width, label_width, first)


def _boxes(table: Table, top: int, label_width: int, width: int) -> Iterator[Box]:
    if table.banner:
        yield Box(top, 0, 1, width, "banner", table, table.banner)
        top += 1
    header = table.columns.depth + (1 if table.heading else 0)
    if table.corner:
        yield Box(top, 0, header, label_width, "corner", table, table.corner)
    if table.heading:
        yield Box(top, label_width, 1, width - label_width, "heading", table, table.heading)
    deep = top + (1 if table.heading else 0)
    starts = _spread(table.columns, label_width, width)
    for line in table.columns.lines:
        start, end = starts[line.id]
        level = len(table.columns.path(line)) - 1
        height = 1 if table.columns.is_group(line) else table.columns.depth - level
        yield Box(deep + level, start, height, end - start, "column", table, line.label, line=line)
    first = top + header
    yield from _row_labels(table.rows, table, first, label_width)
    for cell in table.cells:
        row = first + (table.rows.leaves.index(cell.row) if cell.row else 0)
        start, end = starts[cell.column.id]
        yield Box(row, start, 1, end - start, "value", table, "", cell)


def _spread(axis: Axis, start: int, end: int) -> dict[str, tuple[int, int]]:
    """For each line the columns it covers; the last leaf takes the room that is left over."""
    spans: dict[str, tuple[int, int]] = {}
    for number, leaf in enumerate(axis.leaves):
        last = number == len(axis.leaves) - 1
        spans[leaf.id] = (start + number, end if last else start + number + 1)
    for line in axis.lines:
        below = [spans[leaf.id] for leaf in axis.leaves if leaf.id.startswith(f"{line.id}.")]
        if below:
            spans[line.id] = (below[0][0], below[-1][1])
    return spans


def _row_labels(axis: Axis, table: Table, first: int, label_width: int) -> Iterator[Box]:
    def leaves_below(line: Line) -> list[int]:
        return [i for i, leaf in enumerate(axis.leaves) if leaf.id.startswith(f"{line.id}.")]

    for line in axis.lines:
        level = len(axis.path(line)) - 1
        if axis.is_group(line):
            below = leaves_below(line)
            yield Box(first + below[0], level, len(below), 1, "row", table, line.label, line=line)
        else:
            row = first + axis.leaves.index(line)
            yield Box(row, level, 1, label_width - level, "row", table, line.label, line=line)
