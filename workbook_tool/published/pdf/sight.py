"""Whether what a PDF puts on a page is seen there: not what is clipped away or too pale, nor on a layer."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from pdfminer.utils import apply_matrix_pt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdfminer.utils import Matrix, PathSegment, Point, Rect

_ASIDE = 0.25
_ABOVE = 0.2
"""Of a character's width and height: if what is as far from its middle is seen, so is the character."""

_BOUNDLESS = (-1e9, -1e9, 1e9, 1e9)


class Sight(IntEnum):
    """How much is seen of something; of several the highest holds."""

    SEEN = 0
    UNSURE = 1
    UNSEEN = 2


class Area(NamedTuple):
    """What a path encloses, curves taken by the points that they are drawn to."""

    box: Rect
    outlines: tuple[tuple[Point, ...], ...] = ()
    """Empty where it is no other than its box."""
    is_even_odd: bool = False

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        x0, y0, x1, y1 = self.box
        if not (x0 <= x <= x1 and y0 <= y <= y1):
            return False
        turns = sum(_turns(outline, x, y) for outline in self.outlines)
        return not self.outlines or (turns % 2 if self.is_even_odd else turns) != 0


def area_of(path: Sequence[PathSegment], ctm: Matrix, *, is_even_odd: bool = False) -> Area:
    """What `path` encloses on the page."""
    outlines = [outline for outline in _outlines(path, ctm) if outline]
    points = [point for outline in outlines for point in outline]
    if not points:
        return Area((0, 0, -1, -1))
    xs, ys = [x for x, _ in points], [y for _, y in points]
    box = (min(xs), min(ys), max(xs), max(ys))
    is_box = len(outlines) == 1 and _is_box(outlines[0])
    return Area(box, () if is_box else tuple(outlines), is_even_odd)


def area_of_box(box: Sequence[float], ctm: Matrix) -> Area:
    """What a box of four numbers encloses on the page."""
    x0, y0, x1, y1 = box
    return area_of([("m", x0, y0), ("l", x0, y1), ("l", x1, y1), ("l", x1, y0)], ctm)


def _outlines(path: Sequence[PathSegment], ctm: Matrix) -> Iterator[tuple[Point, ...]]:
    points: list[Point] = []
    for operator, *numbers in path:
        if operator == "m":
            yield tuple(points)
            points = []
        if numbers:
            points.append(apply_matrix_pt(ctm, (float(numbers[-2]), float(numbers[-1]))))
    yield tuple(points)


def _is_box(outline: tuple[Point, ...]) -> bool:
    corners = {(round(x, 2), round(y, 2)) for x, y in outline}
    return len(corners) == len({x for x, _ in corners}) * len({y for _, y in corners}) == 4  # noqa: PLR2004


def _turns(outline: tuple[Point, ...], x: float, y: float) -> int:
    """How often `outline` goes around a point."""
    turns = 0
    for (ax, ay), (bx, by) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if (ay <= y) != (by <= y):
            side = (bx - ax) * (y - ay) - (x - ax) * (by - ay)
            turns += (1 if by > ay else -1) * ((side > 0) == (by > ay))
    return turns


class Clip(NamedTuple):
    """Where something may be seen: within a box and all of some areas."""

    box: Rect = _BOUNDLESS
    areas: tuple[Area, ...] = ()

    def within(self, area: Area) -> Clip:
        """What of it lies in `area`."""
        box = overlap(self.box, area.box)
        return Clip(box, (*self.areas, area) if area.outlines else self.areas)

    def sight(self, box: Rect) -> Sight:
        """How much is seen of a character that fills `box`."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        aside, above = _ASIDE * (box[2] - box[0]), _ABOVE * (box[3] - box[1])
        points = ((x, y), (x - aside, y), (x + aside, y), (x, y - above), (x, y + above))
        seen = {
            self.box[0] <= x <= self.box[2]
            and self.box[1] <= y <= self.box[3]
            and all(area.holds(x, y) for area in self.areas)
            for x, y in points
        }
        return Sight.UNSURE if len(seen) > 1 else Sight.SEEN if True in seen else Sight.UNSEEN


def overlap(box: Rect, other: Rect) -> Rect:
    """What two boxes have in common."""
    return max(box[0], other[0]), max(box[1], other[1]), min(box[2], other[2]), min(box[3], other[3])
