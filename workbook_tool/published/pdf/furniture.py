"""What stands on pages but is no part of the text: page numbers, running heads and feet."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from workbook_tool.published.pdf.words import lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook_tool.published.pdf.page import Page
    from workbook_tool.published.pdf.rules import Frame
    from workbook_tool.published.pdf.words import TextLine

_DASH = r"[-‐‑‒–—―−－─·•]"
_CERTAIN = re.compile(
    rf"{_DASH}+\s*\d{{1,4}}\s*{_DASH}+"
    r"|第\s*[\d一二三四五六七八九十]{1,4}\s*页(?:\s*[/／,，、|]?\s*[(（]?共\s*[\d一二三四五六七八九十]{1,4}\s*页[)）]?)?"
    r"|Page\s*\d{1,4}(?:\s*of\s*\d{1,4})?",
    re.IGNORECASE,
)
_LIKELY = re.compile(r"\d{1,4}(?:\s*[/／]\s*\d{1,4})?")
_DIGITS = re.compile(r"\d+")
_OUTER = 0.12
"""The share of a page at its top and at its foot that has room for these."""

_ENDS = 2
_STILL = 3.0


def without_furniture(pages: Sequence[Page], tables: Sequence[Sequence[Frame]]) -> list[Page]:
    """`pages` without page numbers and without lines that stand at the same place of most of them."""
    outer = [_outer_lines(page) for page in pages]
    places = Counter(
        key
        for page, lines, frames in zip(pages, outer, tables, strict=True)
        for key in {_key(line) for line in lines if not _in_table(line, frames) and _is_outside(line, page)}
    )
    often = {key for key, number in places.items() if number > 1 and 2 * number >= len(pages) - 1}
    kept = []
    for page, lines, frames in zip(pages, outer, tables, strict=True):
        dropped = {
            id(glyph)
            for line in lines
            if _is_number(line, page, frames) or (_key(line) in often and not _in_table(line, frames))
            for glyph in line.glyphs
        }
        kept.append(page._replace(glyphs=tuple(g for g in page.glyphs if id(g) not in dropped)))
    return kept


def _outer_lines(page: Page) -> list[TextLine]:
    lines = lines_of(page.glyphs)
    return lines if len(lines) <= 2 * _ENDS else lines[:_ENDS] + lines[-_ENDS:]


def _is_number(line: TextLine, page: Page, frames: Sequence[Frame]) -> bool:
    if _CERTAIN.fullmatch(line.text):
        return True
    return bool(_LIKELY.fullmatch(line.text)) and _is_outside(line, page) and not _in_table(line, frames)


def _is_outside(line: TextLine, page: Page) -> bool:
    """Whether `line` stands in the outer part of its page."""
    margin = _OUTER * page.height
    return line.bottom < margin or line.top > page.height - margin


def _in_table(line: TextLine, frames: Sequence[Frame]) -> bool:
    return any(frame.box.holds(line.glyphs[0].centre) for frame in frames)


def _key(line: TextLine) -> tuple[str, int]:
    """What makes two lines on two pages the same: the words, figures aside, and the height."""
    return _DIGITS.sub("#", "".join(line.text.split())), round(line.top / _STILL)
