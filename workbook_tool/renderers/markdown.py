"""The report as Markdown. Its tables have no merged cells, so each label says its whole path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.renderers import title
from workbook_tool.renderers.figures import printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.forms import Axis, Line, Table
    from workbook_tool.report import Report


def render_markdown(report: Report) -> str:
    """Title, opening sentence, then the six sections, in GitHub's Markdown."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield f"# {title(report)}\n"
    yield from _paragraphs(report.opening)
    for section in report.form.sections:
        yield f"## {section.heading}\n"
        for table in section.tables:
            yield from _table_lines(report, table)
        yield from _paragraphs(report.narratives.get(section.id, ""))


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n") if text else ():
        yield f"{paragraph}\n"


def _table_lines(report: Report, table: Table) -> Iterator[str]:
    if table.banner:
        yield f"**{table.banner}**\n"
    if table.corner and table.rows.depth > 1:
        yield f"{table.corner}\n"
    labelled = bool(table.rows.leaves)
    heads = [_path(table.columns, line) for line in table.columns.leaves]
    corner = [table.corner if table.rows.depth == 1 and table.corner else "项目"] if labelled else []
    yield _row([*corner, *heads])
    yield _row(["---"] * len(corner) + ["---:"] * len(heads))
    for row in table.rows.leaves or (None,):
        figures = [printed(report, cell) for cell in table.cells if cell.row is row]
        yield _row([*([_path(table.rows, row)] if row else []), *figures])
    yield ""


def _path(axis: Axis, line: Line) -> str:
    return " / ".join(step.label for step in axis.path(line))


def _row(texts: list[str]) -> str:
    return f"| {' | '.join(texts)} |"
