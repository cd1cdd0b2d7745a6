"""The part of a page that is the report: what stands in the same element as its tables and headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.forms import forms
from workbook_tool.published.headings import headings, section_headed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook_tool.published.lines import Document, Line


def article_in(document: Document) -> tuple[Sequence[Line], Sequence[Line]]:
    """What stands above the report in `document`, and the lines of the report.

    They are those of the block that holds the headings of the tables and of as many sections as any other,
    the smallest of them; menus and the footer of a page stand outside of it. A `SourceError` where there are
    two reports.
    """
    lines = document.lines
    if not document.blocks:
        return (), lines
    form, found = max(((form, headings(form, lines)) for form in forms()), key=lambda each: len(each[1]))
    tabled = [heading.line for heading in found if heading.section.tables]
    if not tabled:
        return (), lines
    headed = {number: section_headed(form, line.text) for number, line in enumerate(lines)}

    def worth(block: range) -> tuple[int, int]:
        return len({headed[number] for number in block} - {None}), -len(block)

    holding = [block for block in document.blocks if tabled[0] in block and tabled[-1] in block]
    article = max(holding, key=worth, default=range(len(lines)))
    if worth(article)[0] < 2:  # noqa: PLR2004  # one section is not the report
        return (), lines
    return lines[: article.start], lines[article.start : article.stop]
