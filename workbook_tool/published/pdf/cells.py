"""The cells of a ruled table with what is printed in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbook_tool.published.pdf.rules import regions
from workbook_tool.published.pdf.words import joined, lines_of, runs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbook_tool.published.pdf.page import Glyph
    from workbook_tool.published.pdf.rules import Frame
    from workbook_tool.published.pdf.words import TextLine

_OVER = 0.2
"""Of a character's width: a figure that reaches over a rule by more stands in no certain cell."""

_STRADDLES = "↔"


@dataclass(eq=False)
class RuledCell:
    """One cell: the columns and the number of rows that it covers, and its lines."""

    columns: range
    rows: int
    page: int
    x1: float
    lines: list[TextLine] = field(default_factory=list)
    text: str = ""

    @property
    def is_words(self) -> bool:
        """Whether it says something that is no figure."""
        return any(character.isalpha() for character in self.text)


RuledRow = list[RuledCell | None]


def ruled_rows(frame: Frame, columns: Sequence[float], glyphs: Iterable[Glyph], page: int) -> list[RuledRow]:
    """The rows of `frame` with a cell for each space between `columns`.

    Cells that are no rectangle, because a rule is missing, are none at all.
    """
    numbers = regions(frame, columns)
    places: dict[int, list[tuple[int, int]]] = {}
    for y, row in enumerate(numbers):
        for x, number in enumerate(row):
            places.setdefault(number, []).append((y, x))
    cells: dict[int, RuledCell] = {}
    for number, where in places.items():
        ys, xs = {y for y, _ in where}, {x for _, x in where}
        if len(ys) * len(xs) == len(where):
            right = columns[max(xs) + 1]
            cells[number] = RuledCell(range(min(xs), max(xs) + 1), len(ys), page, right)
    _fill(cells, numbers, frame, columns, glyphs)
    return _without_repetition([[cells.get(number) for number in row] for row in numbers])


def _fill(
    cells: dict[int, RuledCell],
    numbers: Sequence[Sequence[int]],
    frame: Frame,
    columns: Sequence[float],
    glyphs: Iterable[Glyph],
) -> None:
    """Put each run of characters into its cell; figures over a rule spoil each cell that they touch."""
    inside: dict[int, list[Glyph]] = {}
    spoilt: set[int] = set()
    rows = frame.rows
    for line in lines_of(glyphs):
        for run in runs_of(line):
            touched = {
                numbers[_place(rows, (glyph.top + glyph.bottom) / 2)][_place(columns, x)]
                for glyph in run
                for x in _ends(glyph)
            }
            if len(touched) > 1 and any(glyph.text.isdigit() for glyph in run):
                spoilt |= touched
            for glyph in run:
                x, y = glyph.centre
                inside.setdefault(numbers[_place(rows, y)][_place(columns, x)], []).append(glyph)
    for number, cell in cells.items():
        cell.lines = lines_of(inside.get(number, ()))
        cell.text = joined(cell.lines) + _STRADDLES * (number in spoilt)


def _ends(glyph: Glyph) -> tuple[float, float]:
    part = _OVER * (glyph.x1 - glyph.x0)
    return glyph.x0 + part, glyph.x1 - part


def _place(edges: Sequence[float], at: float) -> int:
    """Which of the spaces between `edges` `at` is in; what lies outside belongs to the nearest."""
    inner = edges[1:-1]
    return sum(at >= edge for edge in inner)


def _without_repetition(rows: list[RuledRow]) -> list[RuledRow]:
    """`rows` without those that no rule parts from the one above."""
    kept = rows[:1]
    for row in rows[1:]:
        if all(cell is above for cell, above in zip(row, kept[-1], strict=True)) and any(row):
            for cell in set(row):
                if cell:
                    cell.rows -= 1
        else:
            kept.append(row)
    return kept
