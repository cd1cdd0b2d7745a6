"""The report as plain text: a table row a line, its cells joined by `` | ``, a merged cell once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.forms import lay_out
from workbook_tool.renderers import title
from workbook_tool.renderers.figures import printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.forms import Section
    from workbook_tool.report import Report


def render_text(report: Report) -> str:
    """Title, opening sentence, then the six sections."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield title(report)
    if report.opening:
        yield report.opening
    for section in report.form.sections:
        yield section.heading
        if section.tables:
            yield from _table_lines(report, section)
        elif report.narratives.get(section.id):
            yield report.narratives[section.id]


def _table_lines(report: Report, section: Section) -> Iterator[str]:
    for row in lay_out(section).rows():
        texts = [printed(report, box.cell) if box.cell else box.label for box in row]
        # A row of one cell needs the separator to be known as a row.
        yield " | ".join(texts) if len(texts) > 1 else f"{texts[0]} |"
