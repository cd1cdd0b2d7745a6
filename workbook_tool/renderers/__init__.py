"""The report as it is published, and its figures for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from workbook_tool.narrative.fields import fill

if TYPE_CHECKING:
    from workbook_tool.report import Report

Format = Literal["txt", "md"]


def render(report: Report, form: Format = "txt") -> str:
    """The report as text or Markdown, its fields filled in; reading the text back gives the same report."""
    report = fill(report)
    # Each format is loaded only when it is asked for.
    if form == "md":
        from workbook_tool.renderers.markdown import render_markdown  # noqa: PLC0415

        return render_markdown(report)
    from workbook_tool.renderers.text import render_text  # noqa: PLC0415

    return render_text(report)


def title(report: Report) -> str:
    """The report's title."""
    if report.year is None:
        return report.form.title.format(agency=report.agency, year="").replace("年政府", "政府")
    return report.form.title.format(agency=report.agency, year=report.year)
