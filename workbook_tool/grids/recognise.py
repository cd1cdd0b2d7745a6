"""Finding a section of the form in a grid by its labels: the one mechanism for every source.

Labels are compared after normalising (`label_key`). A row is the line of the form whose path of
labels ends as the printed one does, and only if no other line does; a column likewise. What is
not certain is not read: it is left out, and the row is reported.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbook_tool.grids.grid import GridCell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workbook_tool.forms import Axis, Cell, Line, Section, Table
    from workbook_tool.grids.grid import Grid

    Row = tuple[GridCell | None, ...]

_SHORTEST_LABEL = 2
"""A shorter label would end too many paths to mean anything."""


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


def label_key(text: str) -> str:
    """`text` for comparison: compatibility forms unified, only letters and digits kept."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))


def recognise(section: Section, grid: Grid) -> Recognition:
    """Find the figures of `section` in `grid`."""
    return _Search(section, grid).run()


class _Search:
    """One pass down a grid: heading rows gather until a row of figures uses them."""

    def __init__(self, section: Section, grid: Grid) -> None:
        self.grid = grid
        self.index = _row_index(section)
        self.rowless = [table for table in section.tables if not table.rows.lines]
        self.recognition = Recognition()
        self.pending: list[Row] = []
        self.columns: Sequence[tuple[Line, int]] = ()
        self.current: Table | None = None

    def run(self) -> Recognition:
        for row in self.grid.rows:
            place = _find_row(self.index, row)
            if place:
                self.take_labelled(row, *place)
            elif not self.take_unlabelled(row):
                self.pending.append(row)
        return self.recognition

    def columns_under(self, table: Table) -> Sequence[tuple[Line, int]]:
        """The columns that the headings seen since the last figures make, if they are those of `table`."""
        if not self.grid.aligned:
            return _ragged_columns(table.columns, self.pending)
        rows = self.pending if self.grid.spans_known else _spread_right(self.pending)
        return _columns(table.columns, rows)

    def take_labelled(self, row: Row, table: Table, line: Line, values_from: int) -> None:
        header = self.columns_under(table)
        if header:
            self.columns, self.current = header, table
        self.pending = []
        if self.current is not table:
            self.recognition.unplaced.append(_shown(row))
            return
        self.take(row, table, line, values_from)

    def take_unlabelled(self, row: Row) -> bool:
        """Take `row` as the figures of a table without row labels, if its headings have just been seen."""
        for table in self.rowless:
            header = self.columns_under(table)
            if header and _looks_like_figures(row):
                self.columns = header
                self.rowless.remove(table)
                self.pending = []
                self.take(row, table, None, 0)
                return True
        return False

    def take(self, row: Row, table: Table, line: Line | None, values_from: int) -> None:
        figures = row if self.grid.aligned else _figures_of(row, values_from, len(self.columns))
        if figures is None:
            self.recognition.unplaced.append(_shown(row))
        else:
            _take(self.recognition, table, line, self.columns, figures)


def _row_index(section: Section) -> list[tuple[str, Table, Line]]:
    return [
        (_path_key(table.rows, line), table, line) for table in section.tables for line in table.rows.leaves
    ]


def _path_key(axis: Axis, line: Line) -> str:
    return "".join(label_key(step.label) for step in axis.path(line))


def _find_row(index: list[tuple[str, Table, Line]], row: Row) -> tuple[Table, Line, int] | None:
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
        matches = _ending_alike(index, printed + key)
        if not matches and found:
            return found
        printed += key
        found = (matches[0][1], matches[0][2], position + 1) if len(matches) == 1 else None
    return found


def _ending_alike(index: list[tuple[str, Table, Line]], printed: str) -> list[tuple[str, Table, Line]]:
    """The lines whose path ends with what is printed, or which end what is printed; exact ones first."""
    exact = [entry for entry in index if entry[0] == printed]
    if exact or len(printed) < _SHORTEST_LABEL:
        return exact
    return [entry for entry in index if entry[0].endswith(printed) or printed.endswith(entry[0])]


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


def _columns(axis: Axis, rows: Sequence[Row]) -> Sequence[tuple[Line, int]]:
    """Each leaf with its column, as aligned header rows say; empty unless every leaf is certain."""
    width = max((len(row) for row in rows), default=0)
    keys = ["".join(_column_path(rows, column)) for column in range(width)]
    found: list[tuple[Line, int]] = []
    for line in axis.leaves:
        wanted = _path_key(axis, line)
        hits = [column for column, key in enumerate(keys) if key.endswith(wanted)]
        starts = [c for c in hits if c - 1 not in hits or not _same_header(rows, c - 1, c)]
        if len(starts) != 1:
            return ()
        found.append((line, starts[0]))
    return found


def _column_path(rows: Sequence[Row], column: int) -> Iterable[str]:
    last: GridCell | None = None
    for row in rows:
        cell = row[column] if column < len(row) else None
        if cell is not None and cell is not last:
            yield label_key(cell.text)
            last = cell


def _same_header(rows: Sequence[Row], left: int, right: int) -> bool:
    """Whether two columns stand under one merged heading."""
    return any(right < len(row) and row[right] is not None and row[left] is row[right] for row in rows[-1:])


def _ragged_columns(axis: Axis, rows: Sequence[Row]) -> Sequence[tuple[Line, int]]:
    """Each leaf with its place among the figures, if the header prints the form's labels in order.

    Either level by level, each merged heading once, or each leaf with its whole path in one cell.
    """
    by_level: list[list[str]] = [[] for _ in range(axis.depth)]
    for line in axis.lines:
        by_level[len(axis.path(line)) - 1].append(label_key(line.label))
    paths = [_path_key(axis, line) for line in axis.leaves]
    for wanted in (paths, [key for level in by_level for key in level]):
        printed = [key for row in rows for cell in row if cell and (key := label_key(cell.text)) in wanted]
        if printed[-len(wanted) :] == wanted:
            break
    else:
        return ()
    return [(line, position) for position, line in enumerate(axis.leaves)]


def _figures_of(row: Row, values_from: int, wanted: int) -> Row | None:
    """The figures of a ragged row, if it holds as many as there are columns and nothing more."""
    figures = row[values_from:]
    if len(figures) < wanted or any(cell and cell.text.strip() for cell in figures[wanted:]):
        return None
    return figures


def _take(
    recognition: Recognition,
    table: Table,
    line: Line | None,
    columns: Sequence[tuple[Line, int]],
    figures: Row,
) -> None:
    """Note the figures of one row."""
    cells = {cell.column: cell for cell in table.cells if cell.row is line}
    for column, position in columns:
        found = figures[position] if position < len(figures) else None
        recognition.add(cells[column], found or GridCell(""))


def _looks_like_figures(row: Row) -> bool:
    """Whether a row without labels can be the figures of a table without row labels."""
    texts = [unicodedata.normalize("NFKC", cell.text).strip() if cell else "" for cell in row]
    return not any(len(text) > 1 and text[0].isalpha() for text in texts)


def _shown(row: Row) -> str:
    seen: list[GridCell] = []
    for cell in row:
        if cell is not None and cell.text.strip() and (not seen or seen[-1] is not cell):
            seen.append(cell)
    return " | ".join(cell.text.strip() for cell in seen)
