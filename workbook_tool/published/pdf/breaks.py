"""Tables over page breaks: headings printed again are dropped, what a break cut is put together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbook_tool.published.pdf.words import join

if TYPE_CHECKING:
    from workbook_tool.published.pdf.cells import RuledCell, RuledRow

    Pair = tuple[RuledCell, RuledCell]

_NUMBERED = re.compile(r"\s*(?:[(（〔]?[一二三四五六七八九十]+[)）〕、.．]|[(（]?\d+[.．、)）])")
_PADDING = 6.0
"""Points that word processors leave between text and rule."""

_KINSOKU = 2
"""As many characters may go over to the next line because one of them must not end or begin one."""


def put_together(above: list[RuledRow], below: list[RuledRow]) -> list[RuledRow]:
    """The rows of a table and of what is printed of it on the next page."""
    below = below[_repeated(above, below) :]
    if not above or not below:
        return above + below
    last, first = above[-1], below[0]
    pairs = _pairs(last, first)
    if _is_one_row(last, first, pairs):
        _replace(below, pairs)
        return above + below[1:]
    _replace(below, [pair for pair in pairs if _is_one_group(pair, last, first)])
    return above + below


def _repeated(above: list[RuledRow], below: list[RuledRow]) -> int:
    """How many rows at the top of a page are the table's first ones again."""
    same = 0
    for row, other in zip(above, below, strict=False):
        if _shown(row) != _shown(other) or not any(cell and cell.is_words for cell in row):
            break
        same += 1
    while same and same < len(below) and _hold_together(below[same - 1], below[same]):
        same -= 1
    return same


def _hold_together(row: RuledRow, following: RuledRow) -> bool:
    return any(cell and cell is under for cell, under in zip(row, following, strict=True))


def _shown(row: RuledRow) -> list[tuple[range, str] | None]:
    return [(cell.columns, "".join(cell.text.split())) if cell else None for cell in row]


def _pairs(last: RuledRow, first: RuledRow) -> list[Pair]:
    """The cells above and below a break that take the same columns."""
    found = {id(a): (a, b) for a, b in zip(last, first, strict=True) if a and b and a.columns == b.columns}
    return list(found.values())


def _is_one_row(last: RuledRow, first: RuledRow, pairs: list[Pair]) -> bool:
    """Whether `first` is the rest of `last`: words go on where the line above is full, and only there."""
    if len(pairs) != len({id(cell) for cell in last}) or len(pairs) != len({id(cell) for cell in first}):
        return False
    single = [(a, b) for a, b in pairs if b.rows == 1 and a.text and b.text and b.is_words]
    return bool(single) and all(a.is_words and _goes_on(a, b) for a, b in single)


def _goes_on(above: RuledCell, below: RuledCell) -> bool:
    """Whether the last line of `above` is full, and `below` begins nothing."""
    if _NUMBERED.match(below.text) or not above.lines:
        return False
    line = above.lines[-1]
    return above.x1 - line.x1 < _PADDING + _KINSOKU * line.size


def _is_one_group(pair: Pair, last: RuledRow, first: RuledRow) -> bool:
    """Whether a cell stands to the left of labels on both sides of the break and is one label for them."""
    above, below = pair
    if not (_is_before_words(above, last) and _is_before_words(below, first)):
        return False
    if above.text and below.text:
        is_tall = above.rows > 1 or below.rows > 1
        return is_tall and above.is_words and below.is_words and not _NUMBERED.match(below.text)
    return (above.is_words or not above.text) and (below.is_words or not below.text)


def _is_before_words(cell: RuledCell, row: RuledRow) -> bool:
    """Whether the next cell to the right that is not blank says something that is no figure."""
    after = (other for other in row[cell.columns.stop :] if other and other.text)
    return bool((other := next(after, None)) and other.is_words)


def _replace(below: list[RuledRow], pairs: list[Pair]) -> None:
    """Make one cell of each of `pairs`, with the text of both."""
    for above, under in pairs:
        above.text = join(above.text, under.text)
        above.lines += under.lines
        above.rows += under.rows
        for row in below:
            row[:] = [above if cell is under else cell for cell in row]
