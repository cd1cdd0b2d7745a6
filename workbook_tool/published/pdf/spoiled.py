"""Digits that are on a page but not to be read there as they are: covered, struck through, unseen."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.published.pdf.colours import WHITE, Colour

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook_tool.published.pdf.page import Glyph, Stroke
    from workbook_tool.published.pdf.sight import Area, Clip

UNREADABLE = "\ufffd"
"""What stands for a digit that is covered or struck through: no figure has it in it."""

OUT_OF_SIGHT = "▣"
"""What stands in a cell for a picture, or for a digit that is clipped away: it is not blank."""

_MIDDLE = 0.3
"""Of a digit's height: a stroke as far from its top and its bottom strikes it through."""


class Fill(NamedTuple):
    """An area that was painted when so many characters stood on the page."""

    characters: int
    area: Area
    clip: Clip
    colour: Colour | None
    covers: bool
    """Whether nothing that was there before shines through, or is let out."""

    def holds(self, x: float, y: float) -> bool:
        """Whether it is over a point."""
        x0, y0, x1, y1 = self.clip.box
        return x0 <= x <= x1 and y0 <= y <= y1 and self.area.holds(x, y)


def is_lost(number: int, x: float, y: float, colour: Colour | None, fills: Sequence[Fill]) -> bool:
    """Whether the character of this number, with its middle at a point, is covered or as its ground is."""
    at = [fill for fill in fills if fill.holds(x, y)]
    if any(fill.covers and fill.characters > number for fill in at):
        return True
    below = [fill.colour for fill in at if fill.characters <= number]
    ground = below[-1] if below else WHITE
    if colour is None:
        return False
    return colour.is_white if ground is None else colour.is_near(ground)


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
