"""Finding a section of the form in a grid by its labels: the one mechanism for every source.

Labels are compared after normalising (`label_key`). A row is the line of the form whose path of
labels ends with exactly what is printed, and only if no other line's does; a column likewise.
What is not certain is not read: it is left out, and the row is reported.
"""

from __future__ import annotations

import unicodedata
from collections import deque
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from workbook_tool.grids.grid import Grid, GridCell
from workbook_tool.grids.labels import label_key, line_keys, path_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workbook_tool.forms import Axis, Cell, Line, Section, Table

    Row = tuple[GridCell | None, ...]
    Columns = Sequence[tuple[Line, int]]


_HEADING_ROWS = 12
"""How many rows above figures may be their headings. The official ones have five at most."""

_FEW = 2
"""As many figures make a row of figures, however narrow the table."""


@dataclass
class Recognition:
    """Where each figure of a section was found, and the rows that hold figures but no certain place."""

    cells: dict[Cell, GridCell] = field(default_factory=dict)
    unplaced: list[str] = field(default_factory=list)
    ambiguous: set[Cell] = field(default_factory=set)

    def add(self, cell: Cell, found: GridCell) -> None:
        """Note that `cell` was found; found twice, it is ambiguous and neither place counts."""
        if cell in self.cells and self.cells[cell] is not found:
            self.ambiguous.add(cell)
        self.cells[cell] = found

    def certain(self) -> Mapping[Cell, GridCell]:
        """The figures found exactly once."""
        return {cell: found for cell, found in self.cells.items() if cell not in self.ambiguous}


def recognise(section: Section, *grids: Grid) -> Recognition:
    """Find the figures of `section` in `grids`, which are one below the other.

    A table that goes on in the next grid (after a page break) keeps its columns if they are as many.
    """
    search = _Search(section)
    for grid in grids:
        search.run(grid)
    return search.recognition


class _Search:
    """One pass down a grid: heading rows gather until a row of figures uses them."""

    def __init__(self, section: Section) -> None:
        self.grid = Grid((), aligned=False)
        self.rows = line_keys(section)
        self.rowless = [table for table in section.tables if not table.rows.lines]
        self.recognition = Recognition()
        self.pending: deque[Row] = deque(maxlen=_HEADING_ROWS)
        self.strangers: list[Row] = []
        self.columns: Columns = ()
        self.current: Table | None = None

    def run(self, grid: Grid) -> None:
        if not _goes_on(self.grid, grid):
            self.columns, self.current = (), None
        self.grid = grid
        self.pending.clear()
        for row in self.grid.rows:
            place = self.find_row(row)
            if place:
                self.take_labelled(row, *place)
            elif not self.take_unlabelled(row):
                self.pending.append(row)
                self.strangers += [row] if self.is_strange(row) else []
        self.note_strangers()

    def note_strangers(self) -> None:
        """Tell the rows that turned out to be no headings either."""
        self.recognition.unplaced += map(_shown, self.strangers)
        self.strangers = []

    def is_strange(self, row: Row) -> bool:
        """Whether `row` holds figures below a table's headings but is no line of it."""
        if self.current is None or self.grid.aligned:
            return False
        return _figures_in(row) >= max(_FEW, len(self.columns) // 2)

    def find_row(self, row: Row) -> tuple[Table, Line, int] | None:
        """The line that `row` is, and the position of the first cell after its labels."""
        printed = ""
        found: tuple[Table, Line, int] | None = None
        last: GridCell | None = None
        for position, cell in enumerate(row):
            if cell is not None and cell is last:
                if found:
                    found = (found[0], found[1], position + 1)
                continue
            last = cell
            key = label_key(cell.text) if cell else ""
            if not key:
                continue
            match = self.rows.get(printed + key)
            if match is None and found:
                return found
            printed += key
            found = (match[0], match[1], position + 1) if match else None
        return found

    def columns_under(self, table: Table) -> Columns:
        """The columns that the headings seen since the last figures make, if they are those of `table`."""
        if not self.grid.aligned:
            return _ragged_columns(table, list(self.pending))
        rows = list(self.pending)
        return _columns(table.columns, rows if self.grid.spans_known else _spread_right(rows))

    def take_labelled(self, row: Row, table: Table, line: Line, values_from: int) -> None:
        header = self.columns_under(table)
        if header:
            self.columns, self.current = header, table
            self.strangers = []
        self.note_strangers()
        self.pending.clear()
        if self.current is not table:
            self.recognition.unplaced.append(_shown(row))
        elif self.grid.aligned:
            self.take(table, line, row)
        else:
            self.take(table, line, _after_labels(row, values_from, len(self.columns)), row)

    def take_unlabelled(self, row: Row) -> bool:
        """Take `row` as the figures of a table without row labels, if its headings have just been seen.

        A second such row makes both uncertain.
        """
        if not _looks_like_figures(row):
            return False
        for table in self.rowless:
            header = self.columns_under(table)
            if header:
                self.columns, self.current = header, table
                self.pending.clear()
                self.strangers = []
                self.take(table, None, row if self.grid.aligned else _unlabelled(row, len(header)), row)
                return True
        current = self.current
        if current in self.rowless and not self.pending and _figures_in(row):
            self.recognition.unplaced.append(_shown(row))
            self.recognition.ambiguous.update(current.cells if current else ())
            return True
        return False

    def take(self, table: Table, line: Line | None, figures: Row | None, row: Row = ()) -> None:
        """Note the figures of one row, or that they do not fit the columns."""
        if figures is None:
            self.recognition.unplaced.append(_shown(row))
            return
        cells = _cells_on(table, line)
        for column, position in self.columns:
            found = figures[position] if position < len(figures) else None
            self.recognition.add(cells[column], found or GridCell(""))


def _goes_on(before: Grid, after: Grid) -> bool:
    """Whether a table of one grid can have its last rows in the next."""
    return before.aligned and after.aligned and _width(before) == _width(after)


def _width(grid: Grid) -> int:
    return max(map(len, grid.rows), default=0)


@cache
def _cells_on(table: Table, line: Line | None) -> Mapping[Line, Cell]:
    """The cells on a line of a table by their columns."""
    return {cell.column: cell for cell in table.cells if cell.row is line}


def _after_labels(row: Row, values_from: int, wanted: int) -> Row | None:
    """The figures of a ragged row, if it holds as many as there are columns and nothing more."""
    figures = row[values_from:]
    if len(figures) < wanted or any(cell and cell.text.strip() for cell in figures[wanted:]):
        return None
    return figures


def _unlabelled(row: Row, wanted: int) -> Row | None:
    """The figures of a ragged row without labels, if its ends leave no doubt where they begin."""
    blank_first, blank_last = (not (cell and cell.text.strip()) for cell in (row[0], row[-1]))
    surplus = len(row) - wanted
    if surplus == 0:
        return row
    if surplus > 0 and not blank_first:
        return _after_labels(row, 0, wanted)
    if surplus == 1 and blank_first and not blank_last:
        return row[1:]
    return row[1:-1] if surplus == 2 and blank_first and blank_last else None  # noqa: PLR2004  # both ends


def _spread_right(rows: Sequence[Row]) -> Sequence[Row]:
    """Heading rows with each text reaching right over blanks, but not below a text of another column."""
    own: set[int] = set()
    spread: list[Row] = []
    for row in rows:
        filled: list[GridCell | None] = []
        for column, cell in enumerate(row):
            blank = cell is None or not cell.text.strip()
            filled.append(filled[-1] if blank and filled and column not in own else cell)
        own |= {column for column, cell in enumerate(row) if cell is not None and cell.text.strip()}
        spread.append(tuple(filled))
    return spread


def _columns(axis: Axis, rows: Sequence[Row]) -> Columns:
    """Each leaf with its column, as aligned header rows say; empty unless every leaf is certain."""
    width = max((len(row) for row in rows), default=0)
    paths = [tuple(_column_path(rows, column)) for column in range(width)]
    found: list[tuple[Line, int]] = []
    for line in axis.leaves:
        wanted = path_keys(axis, line)
        hits = [
            column
            for column, path in enumerate(paths)
            if path[-len(wanted) :] == wanted or path[-1:] == ("".join(wanted),)
        ]
        starts = [c for c in hits if c - 1 not in hits or not _same_heading(rows, c - 1, c)]
        if len(starts) != 1:
            return ()
        found.append((line, starts[0]))
    return found


def _column_path(rows: Sequence[Row], column: int) -> Iterable[str]:
    """The texts above a column, merged ones once."""
    last: GridCell | None = None
    for row in rows:
        cell = row[column] if column < len(row) else None
        if cell is not None and cell is not last:
            key = label_key(cell.text)
            if key:
                yield key
            last = cell


def _same_heading(rows: Sequence[Row], left: int, right: int) -> bool:
    """Whether two columns stand under one merged heading."""
    return any(right < len(row) and row[right] is not None and row[left] is row[right] for row in rows[-1:])


def _ragged_columns(table: Table, rows: Sequence[Row]) -> Columns:
    """Each leaf with its place among the figures, if the header prints the form's labels in order.

    Either level by level, each merged heading once, or each leaf with its whole path in one cell;
    besides captions nothing else may stand in these rows.
    """
    axis = table.columns
    captions = {label_key(text) for text in (table.banner, table.corner, table.heading, "项目") if text}
    printed = [
        [key for cell in row if cell and (key := label_key(cell.text)) and key not in captions]
        for row in rows
    ]
    levels: list[list[str]] = [[] for _ in range(axis.depth)]
    for line in axis.lines:
        levels[len(axis.path(line)) - 1].append(label_key(line.label))
    by_level = [key for level in levels for key in level]
    by_path = ["".join(path_keys(axis, line)) for line in axis.leaves]
    tails = [[key for row in printed[start:] for key in row] for start in range(len(printed))]
    if by_level in tails or by_path in tails:
        return [(line, position) for position, line in enumerate(axis.leaves)]
    return ()


def _looks_like_figures(row: Row) -> bool:
    """Whether a row without labels can be the figures of a table without row labels."""
    texts = [unicodedata.normalize("NFKC", cell.text).strip() if cell else "" for cell in row]
    return not any(len(text) > 1 and text[0].isalpha() for text in texts)


def _figures_in(row: Row) -> int:
    """How many cells of `row` are digits and nothing else."""
    return sum(bool(cell and label_key(cell.text).isdigit()) for cell in row)


def _shown(row: Row) -> str:
    seen: list[GridCell] = []
    for cell in row:
        if cell is not None and cell.text.strip() and (not seen or seen[-1] is not cell):
            seen.append(cell)
    return " | ".join(cell.text.strip() for cell in seen)
