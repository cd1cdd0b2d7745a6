"""What a sheet says, its values left as they are written.

The sheets of workbooks from one template differ in their values only. So the values are taken out first;
what is left is parsed once, and known again with the next workbook.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook_tool.excel.plain import MARK, marked, take_out
from workbook_tool.excel.plain_rows import ROWS
from workbook_tool.excel.sheet_part import PartReader
from workbook_tool.ooxml.xml import Handlers, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook_tool.excel import limits
    from workbook_tool.excel.book import Area
    from workbook_tool.excel.sheet_part import Written
    from workbook_tool.ooxml.limits import Limit

_LONGEST_KEPT = 2**16
"""Characters of a part beyond which it is not kept: ours have 28,000."""


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


def read_outline(part: str | bytes, most_filled: Limit) -> tuple[Outline, Sequence[str]]:
    """The outline of the sheet in `part`, and the values that its cells refer to."""
    bare, values = marked(part)
    if isinstance(bare, bytes) or len(bare) > _LONGEST_KEPT:
        return _outline(bare, most_filled), values
    return _outline_again(bare, most_filled), values


@lru_cache(maxsize=64)
def _outline_again(bare: str, most_filled: Limit) -> Outline:
    """The same; many workbooks share their outlines."""
    return replace(_outline(bare, most_filled), is_kept=True)


def _outline(bare: str | bytes, most_filled: Limit) -> Outline:
    plain = take_out(_numbered(bare), ROWS)
    reader = PartReader(plain.runs, most_filled, is_marked=isinstance(bare, str))
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


def _numbered(bare: str | bytes) -> str | bytes:
    """A part with its marks counted, so that each cell can tell which value is its own."""
    if isinstance(bare, bytes):
        return bare
    first, *others = bare.split(MARK)
    return "".join((first, *(f"{MARK}{number}{other}" for number, other in enumerate(others))))
