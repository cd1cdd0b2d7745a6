"""The rows of a sheet as lines: all as long as the longest, and what is merged is not told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.grids import GridCell
from workbook_tool.published.lines import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def sheet_lines(rows: Sequence[Sequence[str]], table: int) -> Iterator[Line]:
    """The lines of the sheet `table` whose cells say `rows`."""
    for texts in rows:
        filled = [text.strip() for text in texts if text.strip()]
        if filled:
            yield Line(
                " | ".join(filled), tuple(GridCell(text.strip()) for text in texts), table, is_sheet=True
            )
