"""Text as lines: one table row a line, cells separated by ``|``.

The notation in which reports circulate and which `render` writes; Markdown tables are the
same but for rulings. Reading what `render` wrote gives the report back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbook_tool.errors import SourceError
from workbook_tool.grids import GridCell
from workbook_tool.published.assemble import report_in
from workbook_tool.published.lines import Document, Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook_tool.report import Reading

_MARKDOWN_HEADING = re.compile(r"^#{1,6}\s+")
_RULING = re.compile(r"^[\s|:-]+$")


def read_text(text: str) -> Reading:
    """The report in `text`; a `SourceError` where there is none."""
    lines = [_MARKDOWN_HEADING.sub("", line.strip()) for line in text.splitlines()]
    try:
        return report_in(Document(tuple(_line(line) for line in lines if line)))
    except SourceError as error:
        if error.case == "no_report" and "|" not in text and _is_separated(lines):
            raise SourceError("csv") from error
        raise


def _line(text: str) -> Line:
    """A line as a row of cells, or as prose where it is none or is only a ruling."""
    if "|" not in text or (_RULING.match(text) and "-" in text):
        return Line(text)
    return Line(text, tuple(GridCell(cell.strip()) for cell in text.split("|")))


def _is_separated(lines: Sequence[str]) -> bool:
    """Whether most lines are values between commas or tabs, as an office program exports a sheet."""
    filled = [line for line in lines if line]
    return 2 * sum(line.count(",") > 1 or "\t" in line for line in filled) > len(filled)
