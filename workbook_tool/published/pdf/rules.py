"""Tables with rules: which strokes belong together, and the cells between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from workbook_tool.errors import SourceError
from workbook_tool.phrase import Phrase
from workbook_tool.published.pdf.page import Box, Stroke

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbook_tool.published.pdf.page import Page

TOLERANCE = 3.0
"""Points by which strokes may miss each other and still meet."""

NARROWEST = 6.0
"""Points that every column is wider than: rules nearer than that are one that rows draw a little aside."""

_SAME = 1.5
"""Points by which strokes may be off and still be one line."""

_COVERED = 0.7
"""The share of a cell's side that must be ruled."""

_MOST_STROKES = 50_000
_MOST_RULES = 1_500


@dataclass(eq=False)
class Frame:
    """Strokes of one page that hold together, and what they enclose."""

    across: list[Stroke] = field(default_factory=list)
    down: list[Stroke] = field(default_factory=list)

    @property
    def box(self) -> Box:
        """The area that it takes."""
        xs = [s.at for s in self.down] + [x for s in self.across for x in (s.start, s.stop)]
        ys = [s.at for s in self.across] + [y for s in self.down for y in (s.start, s.stop)]
        return Box(min(xs), min(ys), max(xs), max(ys))

    @property
    def columns(self) -> list[float]:
        """Where its vertical rules stand, and its left and right end."""
        box = self.box
        return [box.x0, *(stroke.at for stroke in self.down), box.x1]

    @property
    def rows(self) -> list[float]:
        """Where its horizontal rules stand, and its top and bottom; near ones are one."""
        box = self.box
        return levels([box.top, *(stroke.at for stroke in self.across), box.bottom])


def frames(page: Page) -> list[Frame]:
    """The tables of `page`: rules that meet and enclose more than one cell, from top to bottom."""
    if len(page.across) + len(page.down) > _MOST_STROKES:
        raise _too_many(len(page.across) + len(page.down))
    across, down = merged(page.across), merged(page.down)
    if len(across) + len(down) > _MOST_RULES:
        raise _too_many(len(across) + len(down))
    found: list[Frame] = []
    for stroke in across:
        _add(found, stroke, [other for other in down if _meet(stroke, other)])
    tables = [frame for frame in found if len(frame.across) > 1 and _encloses_cells(frame)]
    return sorted(tables, key=lambda frame: frame.box.top)


def _too_many(number: int) -> SourceError:
    return SourceError(
        "unsafe", {"problem": Phrase(f"一页上有 {number} 条线", f"{number} strokes on a page")}
    )


def _add(found: list[Frame], stroke: Stroke, met: Sequence[Stroke]) -> None:
    """Put `stroke` and the vertical ones that it meets into one frame with whatever they belong to."""
    own = [frame for frame in found if any(other in frame.down for other in met)]
    together = Frame([stroke], list(met))
    for frame in own:
        found.remove(frame)
        together.across += frame.across
        together.down += [other for other in frame.down if other not in together.down]
    found.append(together)


def _encloses_cells(frame: Frame) -> bool:
    columns, rows = len(levels(frame.columns)), len(frame.rows)
    return bool(frame.down) and columns > 1 and rows > 1 and columns + rows > 4  # noqa: PLR2004  # one cell is a box


def _meet(across: Stroke, down: Stroke) -> bool:
    return (
        across.start - TOLERANCE <= down.at <= across.stop + TOLERANCE
        and down.start - TOLERANCE <= across.at <= down.stop + TOLERANCE
    )


def merged(strokes: Iterable[Stroke]) -> list[Stroke]:
    """`strokes` with pieces of one line put together."""
    lines: list[list[Stroke]] = []
    for stroke in sorted(strokes):
        if lines and stroke.at - lines[-1][0].at <= _SAME:
            lines[-1].append(stroke)
        else:
            lines.append([stroke])
    found = []
    for line in lines:
        pieces = sorted(line, key=lambda stroke: stroke.start)
        last = pieces[0]
        for piece in pieces[1:]:
            if piece.start <= last.stop + TOLERANCE:
                last = Stroke(last.at, last.start, max(last.stop, piece.stop))
            else:
                found.append(last)
                last = piece
        found.append(last)
    return found


def levels(values: Iterable[float], within: float = TOLERANCE) -> list[float]:
    """`values` in order, those that are near each other as one."""
    found: list[list[float]] = []
    for value in sorted(values):
        if found and value - found[-1][0] <= within:
            found[-1].append(value)
        else:
            found.append([value])
    return [sum(near) / len(near) for near in found]


def regions(frame: Frame, columns: Sequence[float]) -> list[list[int]]:
    """For each row of `frame` and each space between `columns`, the number of the cell that is there."""
    rows = frame.rows
    width, height = len(columns) - 1, len(rows) - 1
    parent = list(range(width * height))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for y, (top, bottom) in enumerate(pairwise(rows)):
        for x, (left, right) in enumerate(pairwise(columns)):
            here = y * width + x
            if x + 1 < width and not _is_ruled(frame.down, right, top, bottom, NARROWEST):
                parent[root(here + 1)] = root(here)
            if y + 1 < height and not _is_ruled(frame.across, bottom, left, right):
                parent[root(here + width)] = root(here)
    return [[root(y * width + x) for x in range(width)] for y in range(height)]


def _is_ruled(
    strokes: Iterable[Stroke], at: float, start: float, stop: float, within: float = TOLERANCE
) -> bool:
    covered = sum(
        max(0.0, min(stroke.stop, stop) - max(stroke.start, start))
        for stroke in strokes
        if abs(stroke.at - at) <= within
    )
    return covered >= _COVERED * (stop - start)
