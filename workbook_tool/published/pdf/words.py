"""Characters put together: lines as they are printed, and running text made of lines."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook_tool.published.pdf.page import Glyph

_APART = 0.2
"""Of a character's size: Latin letters and digits as far from each other are two words."""

_FAR_APART = 1.6
"""The same of Chinese characters, which are spaced out to fill a line."""

_ANOTHER_SIZE = 0.85
"""Digits so much smaller than those beside them are a note's number."""

_RAISED = 0.15
"""Of a character's size: so are digits that stand so much higher."""

_LAPPING = 0.3
"""Of a digit's width: digits that lie over each other by more are not one number."""

_TIGHT = 0.08
"""Of a character's size: nearer characters were set in one go."""

_SAME_LINE = 0.5


class TextLine(NamedTuple):
    """The characters of one printed line from left to right, blanks at its ends left out."""

    glyphs: tuple[Glyph, ...]
    ends_blank: bool = False
    """Whether a blank was set after the last character."""

    @property
    def x0(self) -> float:
        """Where it begins."""
        return self.glyphs[0].x0

    @property
    def x1(self) -> float:
        """Where it ends."""
        return max(glyph.x1 for glyph in self.glyphs)

    @property
    def top(self) -> float:
        """The top of its tallest character."""
        return min(glyph.top for glyph in self.glyphs)

    @property
    def bottom(self) -> float:
        """The bottom of its lowest character."""
        return max(glyph.bottom for glyph in self.glyphs)

    @property
    def baseline(self) -> float:
        """The bottom of most of its characters."""
        return median(glyph.bottom for glyph in self.glyphs)

    @property
    def size(self) -> float:
        """The size of most of its characters."""
        return median(glyph.size for glyph in self.glyphs)

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(_spaced(self.glyphs))

    @property
    def first_word(self) -> float:
        """The length of what must stand in one line at its beginning."""
        stop = self.glyphs[0]
        for glyph in self.glyphs[1:]:
            if not (stop.text.isascii() and glyph.text.isascii() and not glyph.text.isspace()):
                break
            stop = glyph
        return stop.x1 - self.x0


def lines_of(glyphs: Iterable[Glyph]) -> list[TextLine]:
    """`glyphs` as lines from top to bottom."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.centre[1]):
        row = next((row for row in reversed(rows[-3:]) if _is_beside(row[0], glyph)), None)
        if row is None:
            rows.append([glyph])
        else:
            row.append(glyph)
    found = [line for row in rows if (line := _line(row))]
    return sorted(found, key=lambda line: line.top + line.bottom)


def _is_beside(glyph: Glyph, other: Glyph) -> bool:
    """Whether two characters stand in one line."""
    common = min(glyph.bottom, other.bottom) - max(glyph.top, other.top)
    return common > _SAME_LINE * min(glyph.bottom - glyph.top, other.bottom - other.top)


def _line(row: Sequence[Glyph]) -> TextLine | None:
    ordered = sorted(row, key=lambda glyph: glyph.x0)
    while ordered and ordered[0].text.isspace():
        ordered.pop(0)
    blank = False
    while ordered and ordered[-1].text.isspace():
        ordered.pop()
        blank = True
    return TextLine(tuple(ordered), blank) if ordered else None


def _spaced(glyphs: Sequence[Glyph]) -> Iterator[str]:
    last: Glyph | None = None
    for glyph in glyphs:
        if last and not glyph.text.isspace() and not last.text.isspace() and _is_apart(last, glyph):
            yield " "
        yield glyph.text
        last = glyph


def _is_apart(left: Glyph, right: Glyph) -> bool:
    """Whether there is a blank between two characters that was not set as one, or has to be thought there."""
    size = max(left.size, right.size)
    gap = right.x0 - left.x1
    if left.text.isdigit() and right.text.isdigit():
        lapping = -gap > _LAPPING * (right.x1 - right.x0)
        raised = (
            min(left.size, right.size) < _ANOTHER_SIZE * size
            or abs(left.bottom - right.bottom) > _RAISED * size
        )
        turned = not (left.is_upright and right.is_upright)
        return gap > _APART * size or lapping or raised or turned or left.is_white != right.is_white
    is_latin = left.text.isascii() and right.text.isascii()
    return gap > (_APART if is_latin else _FAR_APART) * size


def runs_of(line: TextLine) -> Iterator[list[Glyph]]:
    """The characters of `line` in groups that were set in one go."""
    run: list[Glyph] = []
    for glyph in line.glyphs:
        if run and (glyph.x0 - run[-1].x1 > _TIGHT * glyph.size or glyph.text.isspace()):
            yield run
            run = []
        if not glyph.text.isspace():
            run.append(glyph)
    if run:
        yield run


def joined(lines: Iterable[TextLine]) -> str:
    """`lines` as one text: a line's end is a blank only between letters and digits.

    So a figure that is broken over two lines does not read as a number.
    """
    text, blank = "", False
    for line in lines:
        text = join(text, line.text, blank=blank)
        blank = line.ends_blank
    return text


def join(before: str, after: str, *, blank: bool = False) -> str:
    """`after` set behind `before`, which ended with a line or a page."""
    if not before or not after:
        return before + after
    ends, begins = before[-1], after[0]
    are_latin = (ends + begins).isascii()
    if are_latin and (blank or (ends.isalnum() and begins.isalnum())):
        return f"{before} {after}"
    return before + after
