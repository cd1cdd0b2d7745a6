"""The report as it is published, and its figures for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from workbook_tool.narrative.fields import fill

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook_tool.renderers.charts import Chart
    from workbook_tool.report import Report

TextFormat = Literal["txt", "md", "html"]
FileFormat = Literal["docx", "pdf"]
Format = Literal[TextFormat, FileFormat]

DRAFT = "草稿（未定稿，不得发布）"
"""What stands on every page of a draft, and above one without pages."""

CHARTED = "t3"
"""The section that charts are of, and stand in."""


@overload
def render(
    report: Report,
    form: TextFormat = "txt",
    *,
    draft: bool = False,
    fragment: bool = False,
    charts: Sequence[Chart] = (),
) -> str: ...
@overload
def render(
    report: Report,
    form: FileFormat,
    *,
    draft: bool = False,
    fragment: bool = False,
    charts: Sequence[Chart] = (),
) -> bytes: ...
@overload
def render(
    report: Report, form: Format, *, draft: bool = False, fragment: bool = False, charts: Sequence[Chart] = ()
) -> str | bytes: ...
def render(
    report: Report,
    form: Format = "txt",
    *,
    draft: bool = False,
    fragment: bool = False,
    charts: Sequence[Chart] = (),
) -> str | bytes:
    """The report as it is published, its fields filled in; what reads documents reads the same from it.

    Text, Markdown or HTML as a string; a Word document or a PDF as bytes, the same whenever they are made
    from the same report (a PDF but for what LibreOffice notes of itself). A `draft` says so on every page.
    HTML is a page, or a `fragment` to paste into one. The `charts` (see `renderers.charts`) follow table 三
    where there can be pictures. A `WorkbookToolError` for a PDF where LibreOffice is not installed or does
    not do it, and for pictures in Word and PDF where no font has Chinese.
    """
    report = fill(report)
    note = DRAFT if draft else ""
    # Each format is loaded only when it is asked for.
    if form in {"docx", "pdf"}:
        from workbook_tool.renderers.word import render_word  # noqa: PLC0415

        document = render_word(report, draft=draft, charts=charts)
        if form == "docx":
            return document
        from workbook_tool.renderers.pdf import as_pdf  # noqa: PLC0415

        return as_pdf(document)
    if form == "html":
        from workbook_tool.renderers.html import render_html  # noqa: PLC0415

        return render_html(report, fragment=fragment, draft=note, charts=charts)
    if form == "md":
        from workbook_tool.renderers.markdown import render_markdown  # noqa: PLC0415

        text = render_markdown(report)
        return f"{note}\n\n{text}" if note else text
    from workbook_tool.renderers.text import render_text  # noqa: PLC0415

    text = render_text(report)
    return f"{note}\n{text}" if note else text


def title(report: Report) -> str:
    """The report's title."""
    if report.year is None:
        return report.form.title.format(agency=report.agency, year="").replace("年政府", "政府")
    return report.form.title.format(agency=report.agency, year=report.year)
