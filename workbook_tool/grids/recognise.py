"""Finding a section of the form in a grid by its labels: the one mechanism for every source.

Labels are compared after normalising (`label_key`). A row is the line of the form whose path of
labels ends with exactly what is printed, and only if no other line's does; a column likewise. A label
that is misprinted or cut counts where it can be no other's (`misprints`), and that is said.
What is not certain is not read: it is left out, and the row is reported.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from functools import cache
from typing import TYPE_CHECKING

from workbook_tool.grids.columns import columns_under
from workbook_tool.grids.figures import after_labels, printed_figures, sheet_figures, unlabelled
from workbook_tool.grids.grid import Grid, GridCell
from workbook_tool.grids.labels import label_key, line_keys, without_asides
from workbook_tool.grids.misprints import group_labels, misprinted_line
from workbook_tool.grids.recognition import Recognition
from workbook_tool.grids.rows import (
    figures_in,
    has_more_remarks,
    has_words,
    is_label,
    last_before,
    looks_like_figures,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook_tool.forms import Cell, Line, Section, Table
    from workbook_tool.grids.columns import Columns
    from workbook_tool.grids.figures import Figures
    from workbook_tool.grids.grid import Row

_HEADING_ROWS = 12
"""How many rows above figures may be their headings. The official ones have five at most."""

_NEXT = re.compile("[一二三四五六七八]、")

_DOUBLE = 2
"""As many rows that come twice make two tables of one."""

_FEW = 2
"""As many figures make a row of figures, however narrow the table."""


def recognise(section: Section, *grids: Grid) -> Recognition:
    """Find the figures of `section` in `grids`, which are one below the other.

    A table that goes on in the next grid (after a page break) keeps its columns if they are as many.
    """
    search = _Search(section)
    for grid in grids:
        search.run(grid)
    search.note_double()
    return search.recognition


class _Search:
    """One pass down a grid: heading rows gather until a row of figures uses them."""

    def __init__(self, section: Section) -> None:
        self.grid = Grid((), aligned=False)
        self.section = section
        self.rows = line_keys(section)
        self.rowless = [table for table in section.tables if not table.rows.lines]
        self.recognition = Recognition()
        self.pending: deque[Row] = deque(maxlen=_HEADING_ROWS)
        self.strangers: list[Row] = []
        self.columns: Columns = ()
        self.current: Table | None = None
        self.heights: Counter[int] = Counter()
        self.seen: dict[Line, GridCell | None] = {}
        """The lines that were seen, whatever became of their figures, with their labels."""
        self.twice: dict[Line, Row] = {}

    def run(self, grid: Grid) -> None:
        if not _goes_on(self.grid, grid):
            self.columns, self.current = (), None
        self.grid = grid
        self.heights = _heights(grid) if grid.is_printed else Counter()
        self.pending.clear()
        for row in self.grid.rows:
            place = self.find_row(row)
            if place:
                self.see(place[0], place[1], row, last_before(row, place[2]))
            if place and grid.is_ruled and self.is_tall(last_before(row, place[2])):
                self.recognition.unplaced.append(shown(row))
            elif place:
                self.take_labelled(row, *place)
            elif not self.take_unlabelled(row):
                if self.is_next_heading(row):
                    self.columns, self.current = (), None
                self.pending.append(row)
                self.strangers += [row] if self.is_strange(row) else []
        self.note_strangers()

    def see(self, table: Table, line: Line, row: Row, label: GridCell | None) -> None:
        """Note that `row` is `line`, or may be: should it come again, nobody knows which row counts."""
        if self.seen.setdefault(line, label) is not label:
            self.twice[line] = row
            self.recognition.ambiguous.update(_cells_on(table, line).values())

    def note_double(self) -> None:
        """Tell the rows that come again; where several do, there are two tables and neither counts."""
        self.recognition.unplaced += map(shown, self.twice.values())
        if len(self.twice) >= _DOUBLE:
            self.recognition.ambiguous.update(self.section.cells)

    def is_tall(self, cell: GridCell | None, least: int = 1) -> bool:
        """Whether `cell` takes more rows than `least`, so that it is the label or figure of none of them."""
        return cell is not None and self.heights[id(cell)] > least and bool(cell.text.strip())

    def note_strangers(self) -> None:
        """Tell the rows that turned out to be no headings either."""
        self.recognition.unplaced += map(shown, self.strangers)
        self.strangers = []

    def is_strange(self, row: Row) -> bool:
        """Whether `row` holds figures below a table's headings but is no line of it."""
        if self.current is None or (self.grid.aligned and not self.grid.is_printed):
            return False
        return figures_in(row) >= max(_FEW, len(self.columns) // 2)

    def is_next_heading(self, row: Row) -> bool:
        """Whether `row` says nothing but something like 五、存在的主要问题, below which a table has ended."""
        texts = {id(cell): cell.text.strip() for cell in row if cell is not None and cell.text.strip()}
        return len(texts) == 1 and all(
            _NEXT.match(text) and label_key(text) not in group_labels(self.section) for text in texts.values()
        )

    def find_row(self, row: Row) -> tuple[Table, Line, int] | None:
        """The line that `row` is, and the position of the first cell after its labels."""
        printed = ""
        found: tuple[Table, Line, int] | None = None
        last: GridCell | None = None
        for position, cell in enumerate(row):
            if cell is not None and cell is last:
                if found and label_key(cell.text):
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
        return found or self.find_misprint(row)

    def find_misprint(self, row: Row) -> tuple[Table, Line, int] | None:
        """The line that `row` is although its labels are not as the form has them; that is said."""
        labels: list[GridCell] = []
        values_from = 0
        for position, cell in enumerate(row):
            key = label_key(cell.text) if cell else ""
            if key.isdecimal():
                break
            if cell and key:
                labels += [] if labels and labels[-1] is cell else [cell]
                values_from = position + 1
        if not labels or values_from == len(row):
            return None
        *above, own = (label_key(cell.text) for cell in labels)
        match = misprinted_line(self.section, "".join(above), own)
        if match is None or has_more_remarks(labels, *match):
            self.note_remarks(row, labels)
            return None  # what a label says in brackets may make it another, and is no slip
        self.recognition.altered[match[1]] = labels[-1]
        return (*match, values_from)

    def note_remarks(self, row: Row, labels: Sequence[GridCell]) -> None:
        """Note that a row is perhaps a line of the form, with something in brackets that makes it another."""
        *above, own = (without_asides(cell.text) for cell in labels)
        match = misprinted_line(self.section, "".join(above), own)
        if match:
            self.see(*match, row, labels[-1])
            self.recognition.ambiguous.update(_cells_on(*match).values())

    def columns_under(self, table: Table) -> Columns:
        """The columns that the headings seen since the last figures make, if they are those of `table`."""
        return columns_under(self.grid, list(self.pending), table)

    def take_labelled(self, row: Row, table: Table, line: Line, values_from: int) -> None:
        header = self.columns_under(table)
        if header:
            self.columns, self.current = header, table
            self.strangers = []
        self.note_strangers()
        self.pending.clear()
        if self.current is not table:
            self.recognition.unplaced += [shown(row)] if figures_in(row) else []
        else:
            self.take(table, line, self.figures_of(row, values_from), row)

    def figures_of(self, row: Row, values_from: int) -> Figures | None:
        """The figures of `row`, one for each column, if it leaves no doubt which is which."""
        rest = [cell for cell in row[values_from:] if cell is not None and cell.text.strip()]
        if any(map(is_label, rest[:1] if self.grid.aligned else rest)):
            return None
        if not self.grid.aligned:
            return after_labels(row, values_from, len(self.columns))
        columns = [where for _, where in self.columns]
        if self.grid.is_printed:
            return printed_figures(row, values_from, columns, is_ruled=self.grid.is_ruled)
        if any(where.start < values_from for _, where in self.columns):
            return None  # headings above the labels: the row and its headings are not in line
        return sheet_figures(row, values_from, columns)

    def take_unlabelled(self, row: Row) -> bool:
        """Take `row` as the figures of a table without row labels, if its headings have just been seen.

        Another such row makes both uncertain, wherever it stands.
        """
        for table in self.rowless if looks_like_figures(row) else ():
            header = self.columns_under(table)
            if header:
                self.columns, self.current = header, table
                self.pending.clear()
                self.strangers = []
                ragged = not self.grid.aligned
                self.take(
                    table, None, unlabelled(row, len(header)) if ragged else self.figures_of(row, 0), row
                )
                return True
        follows = self.current in self.rowless and not self.pending
        is_labelled = has_words(row)
        if self.rowless and not is_labelled and figures_in(row) >= (1 if follows else _FEW):
            self.recognition.unplaced.append(shown(row))
            self.recognition.ambiguous.update(*(table.cells for table in self.rowless))
            return True
        return False

    def take(self, table: Table, line: Line | None, figures: Figures | None, row: Row) -> None:
        """Note the figures of one row, or that they do not fit the columns."""
        cells = _cells_on(table, line)
        if figures is None:
            self.recognition.unplaced.append(shown(row))
            self.recognition.ambiguous.update(cells.values())
            return
        # A cell of the row above that reaches down may hide that this row has one too few.
        low = 1 if self.grid.is_ruled else min((self.heights[id(cell)] for cell in row if cell), default=1)
        is_short = any(self.is_tall(given, low) for given in figures)
        for (column, _), given in zip(self.columns, figures, strict=False):
            found = given or GridCell("")
            self.recognition.add(cells[column], found)
            if self.grid.is_printed:
                self.recognition.share(cells[column], found)
            # A blank that reaches over two rows hides what the lower one may have had.
            if is_short or (self.grid.is_printed and self.heights[id(given)] > 1):
                self.recognition.ambiguous.add(cells[column])


def _goes_on(before: Grid, after: Grid) -> bool:
    """Whether a table of one grid can have its last rows in the next."""
    return before.aligned and after.aligned and _width(before) == _width(after)


def _heights(grid: Grid) -> Counter[int]:
    """How many rows each cell takes."""
    return Counter(number for row in grid.rows for number in {id(cell) for cell in row if cell is not None})


def _width(grid: Grid) -> int:
    return max(map(len, grid.rows), default=0)


@cache
def _cells_on(table: Table, line: Line | None) -> Mapping[Line, Cell]:
    """The cells on a line of a table by their columns."""
    return {cell.column: cell for cell in table.cells if cell.row is line}
