"""How much of anything a workbook may hold, and why so much.

One table for the whole gate. What real offices write stays far below; what is above is refused
before any of it is kept (finding W-01, case ``unsafe``).
"""

from __future__ import annotations

from workbook_tool.errors import SourceError

MEMBERS = 1_000
"""Parts in the zip. Ours have 30; add-ins bring dozens."""

INFLATED = 60 * 2**20
"""Bytes of all parts together. Ours inflate to 0.2 MiB; pasted pictures take some."""

RATIO = 200
"""Inflation of one part over a MiB. Real sheets stay below 40, repeated spaces reach 1,000."""

ROWS = 100_000
"""Row elements of one sheet, empty ones included: whole-sheet formatting writes tens of thousands."""

CELLS = 400_000
"""Cell elements of one sheet, empty styled ones included."""

LAST_ROW = 20_000
"""The last row that may hold content. Ours end at 100."""

LAST_COLUMN = 1_000
"""The last column that may hold content. Ours end at 16."""

MERGES = 5_000
"""Merged areas of one sheet. Ours have 30."""

MERGED_CELLS = 200_000
"""Cells covered by one sheet's merged areas: `A1:XFD1048576` covers 17 billion."""

STYLES = 66_000
"""Cell formats. Excel itself stops at 65,490."""

STRINGS = 200_000
"""Shared strings."""

TEXT = 32_767
"""Characters in one cell. Excel's own limit."""

ALL_TEXT = 20 * 2**20
"""Characters of all texts of one sheet together."""

NAMES = 20_000
"""Defined names. Ours have 250; old add-ins leave thousands."""


def hold(what: str, number: int, limit: int) -> None:
    """Refuse the file when `number` of `what` is above `limit`."""
    if number > limit:
        raise SourceError("unsafe", {"problem": f"{what} {number} > {limit}"})
