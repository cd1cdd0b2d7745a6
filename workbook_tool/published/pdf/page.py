"""What is to be seen on a page: its characters and the straight strokes of its tables.

Lengths are in points, measured from the left and from the top of the page as it is shown.
"""

from __future__ import annotations

import math
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

from pdfminer.layout import LTChar, LTContainer, LTCurve, LTImage, LTRect
from pdfminer.pdfinterp import PDFResourceManager

from workbook_tool.published.pdf.canvas import Canvas, State
from workbook_tool.published.pdf.interpreter import Interpreter
from workbook_tool.published.pdf.radicals import as_written
from workbook_tool.published.pdf.sight import Sight
from workbook_tool.published.pdf.spoiled import OUT_OF_SIGHT, UNREADABLE, is_lost, struck_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pdfminer.layout import LTItem
    from pdfminer.pdfpage import PDFPage
    from pdfminer.utils import Rect

    from workbook_tool.published.pdf.layers import Layers
    from workbook_tool.published.pdf.spoiled import Fill

    Point = tuple[float, float]

_TINY = 2.0
"""Points: nobody reads what is smaller."""
_THIN = 3.0
_SHORTEST = 1.0
_STRAIGHT = 0.5
_ASLANT = 0.05
_SAME_PLACE = 0.2
"""Of a character's size: the same one as near as that is printed twice, to look bold."""


class Glyph(NamedTuple):
    """One character and the box that it fills."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    is_upright: bool = True
    is_white: bool = False

    @property
    def centre(self) -> Point:
        """The middle of its box."""
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2


class Box(NamedTuple):
    """An area of a page."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def centre(self) -> Point:
        """Its middle."""
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    def holds(self, point: Point) -> bool:
        """Whether `point` lies in it."""
        return self.x0 <= point[0] <= self.x1 and self.top <= point[1] <= self.bottom


class Stroke(NamedTuple):
    """A straight line: at which height (or how far from the left), from where to where."""

    at: float
    start: float
    stop: float


class Page(NamedTuple):
    """One page; `across` are its horizontal strokes, `down` the vertical ones."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    across: tuple[Stroke, ...]
    down: tuple[Stroke, ...]
    pictures: tuple[Box, ...]
    notes: tuple[Box, ...] = ()
    """Stamps, drawings and the like that were put over it afterwards."""


class Painter:
    """Interprets one page after another."""

    def __init__(self, layers: Layers) -> None:
        """Have no fonts yet; pages share them."""
        resources = PDFResourceManager()
        self._canvas = Canvas(resources)
        self._interpreter = Interpreter(resources, self._canvas, layers)

    def paint(self, source: PDFPage, number: int) -> Page:
        """What is to be seen on `source`, the page of that number."""
        self._interpreter.process_page(source)
        layout = self._canvas.page
        if layout is None:
            message = "a page that was processed has a layout"
            raise AssertionError(message)
        items = list(_flat(layout))
        across, down = _strokes(items, layout.height)
        characters = enumerate(item for item in items if isinstance(item, LTChar))
        seen = chain.from_iterable(
            _glyph(item, place, layout.height, self._canvas.fills) for place, item in characters
        )
        pictures = [item.bbox for item in items if isinstance(item, LTImage)]
        return Page(
            number,
            layout.width,
            layout.height,
            tuple(struck_out(_once(seen), across)),
            across,
            down,
            tuple(_from_top(box, layout.height) for box in pictures),
            tuple(_from_top(box, layout.height) for box in self._canvas.notes),
        )


def _from_top(box: Rect, height: float) -> Box:
    return Box(box[0], height - box[3], box[2], height - box[1])


def _flat(container: Iterable[LTItem]) -> Iterator[LTItem]:
    for item in container:
        if isinstance(item, LTContainer):
            yield from _flat(item)
        else:
            yield item


def _glyph(item: LTChar, number: int, height: float, fills: Sequence[Fill]) -> Iterator[Glyph]:
    """The character of that number, unless it is not seen or stands aslant, as a watermark does."""
    along, aside = item.matrix[:2]
    x, y = (item.x0 + item.x1) / 2, (item.y0 + item.y1) / 2
    state = item.graphicstate
    is_aslant = min(abs(along), abs(aside)) > _ASLANT * max(abs(along), abs(aside))
    if is_aslant or math.isnan(x + y) or not isinstance(state, State) or state.sight is Sight.UNSEEN:
        return
    text = as_written(item.get_text())
    clipped = state.clip.sight(item.bbox)
    is_figure = any(map(str.isdigit, text))
    if clipped is Sight.UNSEEN and not is_figure:
        return
    colour = state.colour
    if clipped is Sight.UNSEEN:
        text = OUT_OF_SIGHT
    elif is_figure and (
        Sight.UNSURE in {clipped, state.sight}
        or item.size < _TINY
        or _is_overturned(item)
        or is_lost(number, x, y, colour, fills)
    ):
        text = UNREADABLE
    top, bottom = height - item.y1, height - item.y0
    is_white = colour is not None and colour.is_white
    yield Glyph(text, item.x0, top, item.x1, bottom, item.size, along > abs(aside), is_white)


def _is_overturned(item: LTChar) -> bool:
    """Whether a character stands on its head or is seen from behind: a 6 may be a 9."""
    along, aside, _, upward = item.matrix[:4]
    return abs(along) > abs(aside) and (along < 0 or upward < 0)


def _once(glyphs: Iterable[Glyph]) -> Iterator[Glyph]:
    """`glyphs` without those that are printed over themselves."""
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    for glyph in glyphs:
        near = _SAME_PLACE * glyph.size
        column, line = int(glyph.x0 // 4), int(glyph.top // 4)
        around = (
            other
            for x in (column - 1, column, column + 1)
            for y in (line - 1, line, line + 1)
            for other in seen.get((glyph.text, x, y), ())
        )
        if any(abs(o.x0 - glyph.x0) < near and abs(o.top - glyph.top) < near for o in around):
            continue
        seen.setdefault((glyph.text, column, line), []).append(glyph)
        yield glyph


def _strokes(items: Iterable[LTItem], height: float) -> tuple[tuple[Stroke, ...], tuple[Stroke, ...]]:
    """The horizontal and the vertical strokes of shapes; a filled area has none."""
    across: list[Stroke] = []
    down: list[Stroke] = []
    for item in items:
        for (ax, ay), (bx, by) in _sides(item) if isinstance(item, LTCurve) else ():
            if abs(ay - by) < _STRAIGHT and abs(ax - bx) >= _SHORTEST:
                across.append(Stroke(height - ay, min(ax, bx), max(ax, bx)))
            elif abs(ax - bx) < _STRAIGHT and abs(ay - by) >= _SHORTEST:
                down.append(Stroke(ax, height - max(ay, by), height - min(ay, by)))
    return tuple(across), tuple(down)


def _sides(item: LTCurve) -> Iterable[tuple[Point, Point]]:
    """The sides of a shape that is drawn, or the middle of one that is as thin as a stroke."""
    x, y = (item.x0 + item.x1) / 2, (item.y0 + item.y1) / 2
    if item.height <= min(_THIN, item.width):
        return [((item.x0, y), (item.x1, y))] if item.stroke or item.fill else []
    if item.width <= _THIN:
        return [((x, item.y0), (x, item.y1))] if item.stroke or item.fill else []
    if not item.stroke:
        return []
    return pairwise([*item.pts, item.pts[0]] if isinstance(item, LTRect) else item.pts)
