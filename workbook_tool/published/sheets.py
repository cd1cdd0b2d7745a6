"""The rows of sheets as lines: all as long as the longest. In text what is merged is not told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.forms import forms
from workbook_tool.grids import GridCell
from workbook_tool.published.assemble import report_in
from workbook_tool.published.headings import section_headed
from workbook_tool.published.lines import SEPARATOR, Document, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook_tool.grids import Grid
    from workbook_tool.report import Reading


def sheet_lines(rows: Sequence[Sequence[str]], table: int) -> Iterator[Line]:
    """The lines of the sheet `table` whose cells say `rows`."""
    for texts in rows:
        filled = [text.strip() for text in texts if text.strip()]
        if filled:
            yield Line(
                " | ".join(filled), tuple(GridCell(text.strip()) for text in texts), table, is_sheet=True
            )


def read_sheets(sheets: Mapping[str, Grid]) -> tuple[Reading, frozenset[str]]:
    """The report on the sheets of a workbook, by their titles, and which of them hold it.

    Sheets before the first heading of a section belong to it (a cover), others only with a heading of their
    own. A `SourceError` where there is no report.
    """
    kept: list[Line] = []
    titles: set[str] = set()
    begun = False
    for number, (title, grid) in enumerate(sheets.items(), start=1):
        lines = list(_lines(grid, number))
        headed = any(section_headed(known, line.text) for line in lines for known in forms())
        begun = begun or headed
        if headed or not begun:
            kept += lines
            titles.add(title)
    return report_in(Document(tuple(kept))), frozenset(titles)


def _lines(grid: Grid, table: int) -> Iterator[Line]:
    """The lines of a sheet; a merged cell counts once.

    A row with one text may be prose, or a row of a table that is blank but for its label; not if the text
    covers the row or has lines of its own.
    """
    seen: set[int] = set()
    for row in grid.rows:
        texts = {id(cell): cell.text.strip() for cell in row if cell is not None and cell.text.strip()}
        new = [text for key, text in texts.items() if key not in seen]
        seen |= texts.keys()
        is_row = len(texts) > 1 or (new and "\n" not in new[0] and len({*map(id, row)}) > 1)
        if is_row:
            yield Line(SEPARATOR.join(new), row, table, is_sheet=True)
        elif new:
            yield from (Line(text.strip()) for text in new[0].splitlines() if text.strip())
