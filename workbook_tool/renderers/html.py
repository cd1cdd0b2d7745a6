"""The report as a web page, or as a piece of one: tables as the form has them, looks on each element.

Content systems keep elements, attributes and inline styles, and strip classes, style elements and
scripts; so the piece needs none of these, and the page adds but what only a style element can say
(printing). Nothing comes from outside and nothing runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from workbook_tool.forms import lay_out
from workbook_tool.renderers import CHARTED, title
from workbook_tool.renderers.figures import printed
from workbook_tool.renderers.subheadings import is_subheading
from workbook_tool.resources import page_template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook_tool.forms import Box, Layout, Section
    from workbook_tool.renderers.charts import Chart
    from workbook_tool.report import Report

_SCOPES = {"banner": "colgroup", "corner": "col", "heading": "colgroup", "column": "col", "row": "row"}
_LABELS: dict[int, list[float]] = {0: [], 1: [28], 3: [8, 10, 30]}
_LABEL_SHARE = 45
"""Per cent of a table's width for the columns of row labels, by how many there are; and for any number."""

_PAGE, _PIECE = "report.html.j2", "report-piece.html.j2"


def render_html(
    report: Report, *, fragment: bool = False, draft: str = "", charts: Sequence[Chart] = ()
) -> str:
    """The report as a page in HTML, or as a fragment to paste, its fields being filled in already.

    The words of `draft` stand above it and on every printed page. The `charts` follow table 三.
    """
    prefix = f"report-{report.year}" if report.year else "report"
    sections = [
        {
            "heading": section.heading,
            "table": _table(report, section, prefix) if section.tables else None,
            "paragraphs": _paragraphs(report.narratives.get(section.id, "")),
            # Drawn by us: matplotlib escapes what it writes.
            "charts": [Markup(chart.svg) for chart in charts] if section.id == CHARTED else [],  # noqa: S704
        }
        for section in report.form.sections
    ]
    return (
        page_template(_PIECE if fragment else _PAGE).render(
            title=title(report),
            draft=draft,
            opening=_paragraphs(report.opening),
            sections=sections,
            # Below the heading that a content system makes of the title.
            levels=("h2", "h3", "h4") if fragment else ("h1", "h2", "h3"),
        )
        + "\n"
    )


def _paragraphs(text: str) -> list[tuple[str, bool]]:
    """The paragraphs of a text, each with whether it is a heading of what follows."""
    return [(words, is_subheading(words)) for words in text.split("\n")] if text else []


def _table(report: Report, section: Section, prefix: str) -> dict[str, Any]:
    """The tables of a section as one: rows of cells, in the groups that stay together."""
    layout = lay_out(section)
    starts = {table: min(box.row for box in layout.boxes if box.table is table) for table in section.tables}
    rows = [[_cell(report, box, layout.boxes, prefix) for box in row] for row in layout.rows()]
    # Only one table's headings can be repeated on each page.
    head = layout.header_height if len(section.tables) == 1 else 0
    ends = [*sorted(starts.values()), len(rows)][1:]
    bodies = [rows[max(start, head) : end] for start, end in zip(sorted(starts.values()), ends, strict=True)]
    return {
        "caption": section.title,
        "columns": _columns(layout),
        "head": rows[:head],
        "bodies": bodies,
    }


def _columns(layout: Layout) -> list[float]:
    """The width of each column in per cent: long labels have room, and figures columns of one width."""
    count = layout.label_width
    labels = _LABELS[count] if count in _LABELS else [_LABEL_SHARE / count] * count
    figures = layout.width - count
    return [*labels, *[round((100 - sum(labels)) / figures, 2)] * figures]


def _cell(report: Report, box: Box, boxes: Sequence[Box], prefix: str) -> dict[str, Any]:
    drawn: dict[str, Any] = {"height": box.height, "width": box.width, "text": box.label}
    if box.cell is None:
        is_group = box.role == "row" and box.height > 1
        return {
            **drawn,
            "id": _id(box, prefix),
            "scope": "rowgroup" if is_group else "colgroup" if _is_wide(box) else _SCOPES[box.role],
            "left": box.role == "row" and not is_group,
            "balanced": box.role != "row",
        }
    headers = " ".join(_id(other, prefix) for other in boxes if _is_header_of(other, box))
    return drawn | {
        "text": printed(report, box.cell),
        "headers": headers,
        "total": box.cell.is_total,
    }


def _is_wide(box: Box) -> bool:
    """Whether a heading is that of several columns."""
    return box.role == "column" and box.line is not None and box.table.columns.is_group(box.line)


def _is_header_of(label: Box, figure: Box) -> bool:
    """Whether `label` stands above or to the left of `figure` in the same table, and says what it is."""
    if label.cell is not None or label.table is not figure.table or label.role == "corner":
        return False
    if label.role == "row":
        return label.row <= figure.row < label.row + label.height
    return label.column < figure.column + figure.width and figure.column < label.column + label.width


def _id(box: Box, prefix: str) -> str:
    """What a label goes by on the page."""
    line = f"-{box.line.id.replace('.', '-')}" if box.line else ""
    return f"{prefix}-{box.table.id.replace('.', '-')}-{box.role}{line}"
