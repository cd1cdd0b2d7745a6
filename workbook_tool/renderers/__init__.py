"""The report as it is published, and its figures for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from workbook_tool.narrative.fields import fill

if TYPE_CHECKING:
    from workbook_tool.report import Report

TextFormat = Literal["txt", "md"]
FileFormat = Literal["docx", "pdf"]
Format = Literal[TextFormat, FileFormat]

DRAFT = "草稿（未定稿，不得发布）"
"""What stands on every page of a draft, and above one without pages."""


@overload
def render(report: Report, form: TextFormat = "txt", *, draft: bool = False) -> str: ...
@overload
def render(report: Report, form: FileFormat, *, draft: bool = False) -> bytes: ...
@overload
def render(report: Report, form: Format, *, draft: bool = False) -> str | bytes: ...
def render(report: Report, form: Format = "txt", *, draft: bool = False) -> str | bytes:
    """The report as it is published, its fields filled in; what reads documents reads the same from it.

    Text or Markdown as a string; a Word document or a PDF as bytes, the same whenever they are made from
    the same report (a PDF but for what LibreOffice notes of itself). A `draft` says so on every page.
    A `WorkbookToolError` for a PDF where LibreOffice is not installed or does not do it.
    """
    report = fill(report)
    # Each format is loaded only when it is asked for.
    if form in {"docx", "pdf"}:
        from workbook_tool.renderers.word import render_word  # noqa: PLC0415

        document = render_word(report, draft=draft)
        if form == "docx":
            return document
        from workbook_tool.renderers.pdf import as_pdf  # noqa: PLC0415

        return as_pdf(document)
    if form == "md":
        from workbook_tool.renderers.markdown import render_markdown  # noqa: PLC0415

        text = render_markdown(report)
        return f"{DRAFT}\n\n{text}" if draft else text
    from workbook_tool.renderers.text import render_text  # noqa: PLC0415

    text = render_text(report)
    return f"{DRAFT}\n{text}" if draft else text


def title(report: Report) -> str:
    """The report's title."""
    if report.year is None:
        return report.form.title.format(agency=report.agency, year="").replace("年政府", "政府")
    return report.form.title.format(agency=report.agency, year=report.year)
