"""What a sheet says, its values left as they are written.

The sheets of workbooks from one template differ in their values only. So the values are taken out first;
what is left is parsed once, and known again with the next workbook.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbook_tool.excel.plain import marked, numbered, take_out
from workbook_tool.excel.plain_rows import ROWS
from workbook_tool.excel.sheet_part import PartReader
from workbook_tool.ooxml.xml import Handlers, parse
from workbook_tool.remembering import remembered

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    merges: tuple[Area, ...]
    ruled: tuple[Area, ...]
    protected: bool
    hidden_lines: tuple[str, ...]
    tally: limits.Tally
    """How much of everything is in it, the values aside."""

    is_kept: bool = False
    """Whether it is remembered for the next workbook."""


def read_outline(
    part: bytes, most_filled: Limit, *, by_parser: bool = False
) -> tuple[Outline, Sequence[str]]:
    """The outline of the sheet in `part`, and the values that its cells refer to, unless all is `by_parser`."""
    bare = None if by_parser else marked(part)
    outline = _outline_of(bare.rest, len(bare.values), most_filled) if bare else None
    if bare and outline:
        return outline, bare.values
    return _outline(part, most_filled), ()


@remembered(most=64, below=_LONGEST_KEPT)
def _outline_of(rest: bytes, count: int, most_filled: Limit) -> Outline | None:
    """The outline of a sheet without its values; many workbooks share it."""
    text = numbered(rest, count)
    if text is None:
        return None
    return replace(_outline(text, most_filled), is_kept=len(rest) < _LONGEST_KEPT)


def _outline(part: str | bytes, most_filled: Limit) -> Outline:
    plain = take_out(part, ROWS)
    reader = PartReader(plain.runs, most_filled, is_marked=isinstance(part, str))
    parse(plain.rest, Handlers(reader.start, reader.end, reader.text))
    reader.spread()
    return Outline(
        cells=tuple(reader.cells.values()),
        merges=tuple(reader.merges),
        ruled=tuple(reader.ruled),
        protected=reader.protected,
        hidden_lines=tuple(reader.hidden_lines),
        tally=reader.tally,
    )
