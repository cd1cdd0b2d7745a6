"""What a sheet says, its values left as they are written.

The sheets of workbooks from one template differ in their values only, and in which of them are blank. So the
values are taken out first; what is left is parsed once, as if no cell were blank, and known again with the
next workbook.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook_tool.errors import SourceError
from workbook_tool.excel.plain import marked, numbered, take_out, with_blanks_marked
from workbook_tool.excel.plain_rows import ROWS
from workbook_tool.excel.sheet_part import PartReader
from workbook_tool.ooxml.xml import Handlers, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbook_tool.excel import limits
    from workbook_tool.excel.book import Area
    from workbook_tool.excel.sheet_part import Written
    from workbook_tool.ooxml.limits import Limit

_LONGEST_KEPT = 2**16
"""Bytes of a part beyond which it is not kept: ours have 28,000."""


@dataclass(frozen=True, eq=False)
class Outline:
    """A sheet but for its values."""

    cells: tuple[Written, ...]
    order: tuple[int, ...]
    """For each of `cells` where its text stands: among the values taken out, or in `others` behind them."""
    others: tuple[str, ...]
    """An empty text, which goes with formulas, and the values that were not taken out."""
    shared: tuple[int, ...]
    """Those of `cells` whose text is the number of a shared one."""
    merges: tuple[Area, ...]
    ruled: tuple[Area, ...]
    protected: bool
    hidden_lines: tuple[str, ...]
    tally: limits.Tally
    """How much of everything is in it, the values aside."""

    has_arrays: bool = False
    """Whether a formula fills other cells than its own."""

    is_kept: bool = False
    """Whether it is remembered for the next workbook."""


def read_outline(part: bytes, most_filled: Limit, *, by_parser: bool = False) -> tuple[Outline, list[str]]:
    """The outline of the sheet in `part`, and the text of each of its cells as it is written."""
    bare = None if by_parser else marked(part)
    read = _outline_again if bare and len(bare.rest) < _LONGEST_KEPT else _outline_of
    outline = read(bare.rest, len(bare.values), most_filled) if bare else None
    values = bare.values if bare and outline else ()
    outline = outline or _outline(part, 0, most_filled)
    said = [*values, *outline.others]
    return outline, [said[at] for at in outline.order]


def _outline_of(rest: bytes, count: int, most_filled: Limit) -> Outline | None:
    """The outline of a sheet without its `count` values; nothing where the parser must see them."""
    text = numbered(rest, count)
    return None if text is None else _outline(text, count, most_filled)


@lru_cache(maxsize=64)
def _outline_again(rest: bytes, count: int, most_filled: Limit) -> Outline | None:
    """The same of a short sheet, that of all sheets that differ in what is blank worked out once."""
    filled, numbers, all_marks = with_blanks_marked(rest)
    try:
        whole = _outline_filled(filled, all_marks, most_filled) if len(numbers) == count else None
    except SourceError:
        whole = None  # what cannot be filled may well be blank
    outline = _without_blanks(whole, numbers, all_marks) if whole and not whole.has_arrays else None
    outline = outline or _outline_of(rest, count, most_filled)
    return outline and replace(outline, is_kept=True)


@lru_cache(maxsize=64)
def _outline_filled(rest: bytes, count: int, most_filled: Limit) -> Outline | None:
    """The outline of a sheet each of whose blank cells is taken for one with a value; many share it."""
    return _outline_of(rest, count, most_filled)


def _without_blanks(whole: Outline, numbers: Sequence[int], all_marks: int) -> Outline:
    """`whole` with those of its values only that have these `numbers` among `all_marks`."""
    count = len(numbers)
    own = {number: at for at, number in enumerate(numbers)}
    placed = [
        (cell, own[at] if at < all_marks else at - all_marks + count)
        for cell, at in zip(whole.cells, whole.order, strict=True)
        if at >= all_marks or at in own
    ]
    tally = replace(whole.tally, filled=whole.tally.filled - len(whole.cells) + len(placed))
    cells = tuple(cell for cell, _ in placed)
    order = tuple(at for _, at in placed)
    return replace(whole, cells=cells, order=order, shared=_shared(cells), tally=tally)


def _outline(part: str | bytes, count: int, most_filled: Limit) -> Outline:
    plain = take_out(part, ROWS)
    reader = PartReader(plain.runs, most_filled, is_marked=isinstance(part, str))
    parse(plain.rest, Handlers(reader.start, reader.end, reader.text))
    reader.spread()
    cells = tuple(reader.cells.values())
    order, others = _order(cells, count)
    return Outline(
        cells=cells,
        order=order,
        others=others,
        shared=_shared(cells),
        merges=tuple(reader.merges),
        ruled=tuple(reader.ruled),
        protected=reader.protected,
        hidden_lines=tuple(reader.hidden_lines),
        tally=reader.tally,
        has_arrays=bool(reader.arrays),
    )


def _shared(cells: Iterable[Written]) -> tuple[int, ...]:
    """Those of `cells` whose text is the number of a shared one."""
    return tuple(n for n, cell in enumerate(cells) if cell.kind == "s" and cell.formula is None)


def _order(cells: Sequence[Written], count: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """For each of `cells` where its text stands, and the texts that are not among the `count` taken out."""
    order, others = [], [""]
    for cell in cells:
        if cell.formula is not None:
            order.append(count)
        elif isinstance(cell.value, int):
            order.append(cell.value)
        else:
            order.append(count + len(others))
            others.append(cell.value)
    return tuple(order), tuple(others)
