"""Reading a PDF: taken apart in a child process with limits, the report found in what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.children import Children
from workbook_tool.errors import SourceError
from workbook_tool.published.assemble import report_in
from workbook_tool.report import Reading
from workbook_tool.rules import Finding

if TYPE_CHECKING:
    from workbook_tool.published.pdf.source import Contents

_LARGEST = 64 << 20
"""Bytes; a scan of thirty pages takes as much, one with text the fiftieth part."""

_PATIENCE = 3.3
"""Seconds for one document, the start of the child included, so that a command ends within five."""

_CHILDREN = Children("workbook_tool.published.pdf.child")


def read_pdf(data: bytes, passwords: tuple[str, ...] = ()) -> Reading:
    """The report in `data`; a `SourceError` where there is none.

    Only tables with rules are read: without them it is not certain which figure is whose.
    """
    if len(data) > _LARGEST:
        raise SourceError("unsafe", {"problem": f"> {_LARGEST >> 20} MiB"})
    contents: Contents = _CHILDREN.open((data, passwords), _PATIENCE)
    try:
        reading = report_in(contents.document)
    except SourceError as error:
        if error.case in {"no_report", "picture_tables"} and not any(
            line.cells for line in contents.document.lines
        ):
            raise SourceError("unruled") from error
        raise
    if not contents.pictures:
        return reading
    pages = ", ".join(map(str, contents.pictures))
    finding = Finding("W-08", case="pictures", details={"pages": pages})
    return Reading(reading.report, (*reading.findings, finding))
