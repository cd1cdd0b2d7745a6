"""A workbook as read: what the rest of the reader sees, whichever program wrote the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.excel.layout import Spot
from workbook_tool.grids import Grid, GridCell
from workbook_tool.phrase import NOWHERE
from workbook_tool.remembering import remembered
from workbook_tool.rules import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from workbook_tool.phrase import Phrase

_MOST_ROWS = 2_000
_MOST_COLUMNS = 200
_FEW_MERGES = 200


class Moment(NamedTuple):
    """A date or a time of day, as text; never a figure."""

    text: str

    def __str__(self) -> str:
        """What the clerk may recognise."""
        return f"日期 {self.text}"


class Disguised(NamedTuple):
    """A number that its format shows as something else; never a figure."""

    number: str
    code: str

    def __str__(self) -> str:
        """What is in the cell, and how it is shown."""
        return f"数 {self.number}，显示格式 {self.code}"


class Stored(NamedTuple):
    """What one cell holds. `value` of a formula is ``None``: a cached result is never trusted."""

    value: object = None
    formula: str | None = None
    error: bool = False
    locked: bool = True
    """Whether protection keeps it as it is; said of formulas only."""

    @property
    def text(self) -> str:
        """The cell as text; empty for a formula."""
        if self.value is None:
            return ""
        if isinstance(self.value, float) and self.value.is_integer():
            return str(int(self.value))
        return str(self.value)


EMPTY = Stored()


class Area(NamedTuple):
    """A merged area, both corners included."""

    first: Spot
    last: Spot

    @property
    def a1(self) -> str:
        """The reference, such as ``D8:F9``."""
        return f"{self.first.a1}:{self.last.a1}"

    @property
    def size(self) -> int:
        """How many cells it covers."""
        return (self.last.row - self.first.row + 1) * (self.last.column - self.first.column + 1)

    def spots(self) -> Iterator[Spot]:
        """Every position in it."""
        for row in range(self.first.row, self.last.row + 1):
            for column in range(self.first.column, self.last.column + 1):
                yield Spot(row, column)


@remembered(most=16, below=_FEW_MERGES)  # many workbooks share their layout
def _covered(merges: tuple[Area, ...]) -> Mapping[Spot, Area]:
    """The area of `merges` for every position in one; of several areas the first counts."""
    return {spot: area for area in reversed(merges) for spot in area.spots()}


@dataclass(frozen=True)
class Sheet:
    """One worksheet."""

    title: str
    cells: Mapping[Spot, Stored]
    merges: tuple[Area, ...] = ()
    protected: bool = False
    hidden: bool = False
    hidden_lines: tuple[str, ...] = ()
    """Hidden rows and columns by their numbers and letters."""
    ruled: tuple[Area, ...] = ()
    """Where input rules (validations) hold."""
    spans_known: bool = True
    """Whether `merges` tells all; some formats do not say what is merged."""

    def __getitem__(self, spot: Spot) -> Stored:
        """The cell at `spot`."""
        return self.cells.get(spot, EMPTY)

    def place(self, spot: Spot, words: Phrase = NOWHERE) -> Place:
        """The place of `spot`, in `words` where there are some."""
        return Place(words, self.title, spot.a1)

    @cached_property
    def texts(self) -> Mapping[str, Sequence[Spot]]:
        """Where each text stands, outer spaces aside, in reading order."""
        found: dict[str, list[Spot]] = {}
        for spot in sorted(self.cells):
            value = self.cells[spot].value
            if isinstance(value, str):
                found.setdefault(value.strip(), []).append(spot)
        return found

    @cached_property
    def grid(self) -> Grid:
        """The sheet as an aligned grid; a merged area is one cell in all its positions.

        Rows without content are left out but for the first below some: the figures of a table without row
        labels may all be blank.
        """
        used = {spot.row for spot in self.cells}
        kept = sorted(row for row in used | {row + 1 for row in used} if row < _MOST_ROWS)
        width = min(self.width, _MOST_COLUMNS)
        rows = {row: [GridCell("", Spot(row, column)) for column in range(width)] for row in kept}
        for spot, stored in self.cells.items():
            if spot.row in rows and spot.column < width:
                rows[spot.row][spot.column] = GridCell(stored.text, spot)
        for first, last in self.merges:
            whole = GridCell(self[first].text, first)
            for number in range(first.row, min(last.row, _MOST_ROWS) + 1):
                row = rows.get(number, [])
                row[first.column : last.column + 1] = [whole] * len(row[first.column : last.column + 1])
        return Grid(tuple(map(tuple, rows.values())), aligned=True, spans_known=self.spans_known)

    @cached_property
    def width(self) -> int:
        """How many columns have content, those between them included."""
        return max((spot.column for spot in self.cells), default=-1) + 1

    def anchor(self, spot: Spot) -> Spot:
        """Where what `spot` shows is kept: the first cell of the merged area that it is in, or itself."""
        area = self.merged(spot)
        return area.first if area else spot

    def merged(self, spot: Spot) -> Area | None:
        """The merged area that `spot` is in."""
        return self._areas.get(spot)

    def has_merged(self, spots: Iterable[Spot]) -> bool:
        """Whether one of `spots` is in a merged area."""
        return not self._areas.keys().isdisjoint(spots)

    @cached_property
    def _areas(self) -> Mapping[Spot, Area]:
        """The merged area for every position in one."""
        return _covered(self.merges)


@dataclass(frozen=True)
class Book:
    """One workbook."""

    sheets: tuple[Sheet, ...]
    names: Mapping[str, tuple[str, Spot] | None] = field(default_factory=dict)
    """Defined names of single cells: sheet and position; ``None`` where the target is gone."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Defined names that stand for a text."""
    properties: Mapping[str, str] = field(default_factory=dict)
    dangers: tuple[Phrase, ...] = ()
    """What the file carries beside cells: macros, links, embedded objects."""
    values_only: str = ""
    """The format's name where only values could be read: no formulas, names, locks."""

    def sheet(self, title: str) -> Sheet | None:
        """The sheet with this title."""
        return self._by_title.get(title)

    @cached_property
    def _by_title(self) -> Mapping[str, Sheet]:
        """The sheets by their titles; of several the first counts."""
        return {sheet.title: sheet for sheet in reversed(self.sheets)}

    @cached_property
    def named_sheets(self) -> frozenset[str]:
        """The titles of the sheets that names lead to."""
        return frozenset(target[0] for target in self.names.values() if target)

    def named(self, name: str) -> tuple[Sheet, Spot] | None:
        """The cell that `name` points to, if it exists and its sheet does."""
        target = self.names.get(name)
        if target is None:
            return None
        sheet = self.sheet(target[0])
        return (sheet, target[1]) if sheet else None
