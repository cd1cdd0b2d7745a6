"""The part of a page that is the report: what stands in the same element as its headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.forms import forms
from workbook_tool.published.headings import headings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook_tool.published.lines import Document, Line


def article_in(document: Document) -> tuple[Sequence[Line], Sequence[Line]]:
    """What stands above the report in `document`, and the lines of the report.

    They are those of the smallest block that holds all the headings of its sections; menus and the footer of
    a page stand outside of it. A `SourceError` where there are two reports.
    """
    lines = document.lines
    if not document.blocks:
        return (), lines
    found = max(([heading.line for heading in headings(known, lines)] for known in forms()), key=len)
    if len(found) < 2:  # noqa: PLR2004  # one line is not the report
        return (), lines
    holding = [block for block in document.blocks if found[0] in block and found[-1] in block]
    article = min(holding, key=len, default=range(len(lines)))
    return lines[: article.start], lines[article.start : article.stop]
