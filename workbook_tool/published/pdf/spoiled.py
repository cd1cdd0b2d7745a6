"""Digits that are on a page but not to be read there as they are: covered, struck through, white."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from pdfminer.layout import LTChar, LTRect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pdfminer.layout import LTItem

    from workbook_tool.published.pdf.page import Glyph, Stroke

UNREADABLE = "\ufffd"
"""What stands for a digit that is covered or struck through: no figure has it in it."""

_MOST_COVERS = 300
_SMALLEST = 3.0
"""Points: what is thinner is a rule."""
_MIDDLE = 0.3
"""Of a digit's height: a stroke as far from its top and its bottom strikes it through."""
_WHITE = 0.99
_CMYK = 4


class _Cover(NamedTuple):
    x0: float
    y0: float
    x1: float
    y1: float


def is_white(colour: object) -> bool:
    """Whether a colour, one number or one for each component, is white."""
    if isinstance(colour, int | float):
        return colour >= _WHITE
    if not isinstance(colour, Sequence) or not all(isinstance(part, int | float) for part in colour):
        return False
    if len(colour) == _CMYK:
        return all(part <= 1 - _WHITE for part in colour)
    return bool(colour) and all(part >= _WHITE for part in colour)


def uncovered(items: Sequence[LTItem]) -> Iterator[tuple[LTChar, bool]]:
    """The characters among `items`, which are in the order of painting, and whether white is over each."""
    covers: list[_Cover] = []
    found: list[tuple[LTChar, bool]] = []
    for item in reversed(items):
        if isinstance(item, LTChar):
            x, y = (item.x0 + item.x1) / 2, (item.y0 + item.y1) / 2
            found.append((item, any(c.x0 <= x <= c.x1 and c.y0 <= y <= c.y1 for c in covers)))
        elif isinstance(item, LTRect) and _covers(item) and len(covers) < _MOST_COVERS:
            covers.append(_Cover(item.x0, item.y0, item.x1, item.y1))
    yield from reversed(found)


def _covers(area: LTRect) -> bool:
    return area.fill and is_white(area.non_stroking_color) and min(area.width, area.height) > _SMALLEST


def struck_out(glyphs: Iterable[Glyph], across: Iterable[Stroke]) -> Iterator[Glyph]:
    """`glyphs`, digits through which a stroke goes as what is unreadable."""
    strokes = sorted(across)
    heights = [stroke.at for stroke in strokes]
    for glyph in glyphs:
        aside = _MIDDLE * (glyph.bottom - glyph.top)
        near = (
            range(bisect_left(heights, glyph.top + aside), bisect_right(heights, glyph.bottom - aside))
            if glyph.text.isdigit()
            else range(0)
        )
        x, _ = glyph.centre
        is_struck = any(strokes[number].start <= x <= strokes[number].stop for number in near)
        yield glyph._replace(text=UNREADABLE) if is_struck else glyph
