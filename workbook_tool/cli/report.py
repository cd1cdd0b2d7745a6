"""``wb-tool report``: the report as published."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from workbook_tool.cli.options import (
    BY_SUFFIX,
    FOUND,
    Force,
    Lang,
    Language,
    Output,
    PasswordFile,
    Source,
    format_for,
    opening_of,
    read_or_exit,
    say_findings,
    see_to_output,
    warn,
    write_result,
)
from workbook_tool.cli.prior import Prior, against_of, files_beside, say_unmatched
from workbook_tool.errors import WorkbookToolError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook_tool.renderers.charts import Chart
    from workbook_tool.report import Report
    from workbook_tool.sources import Opening

_SHOWN = 8


class ReportFormat(StrEnum):
    """The formats that a report is published in."""

    TXT = "txt"
    MD = "md"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"


_WITH_PICTURES = (ReportFormat.HTML, ReportFormat.DOCX, ReportFormat.PDF)


def report_command(
    source: Source,
    as_format: Annotated[
        ReportFormat | None, typer.Option("-f", "--format", help=" | ".join(ReportFormat) + BY_SUFFIX)
    ] = None,
    output: Output = "-",
    draft: Annotated[
        bool,
        typer.Option("--draft", help="有错误也生成，每页注明草稿。 A draft, with errors too, marked as one."),
    ] = False,
    fragment: Annotated[
        bool,
        typer.Option("--fragment", help="html 只要正文，贴进网站后台。 HTML to paste into a page."),
    ] = False,
    charts: Annotated[
        bool,
        typer.Option("--charts", help="附图，给上年报告的与上年比。 With charts, against --prior if given."),
    ] = False,
    prior: Prior = None,
    password_file: PasswordFile = None,
    force: Force = False,
    lang: Lang = Language.ZH,
) -> None:
    """生成报告全文；有错误的不生成，除非是草稿。 Write the report; with errors only as a draft."""
    from workbook_tool.checks import check  # noqa: PLC0415
    from workbook_tool.renderers import render  # noqa: PLC0415
    from workbook_tool.report import Reading  # noqa: PLC0415

    as_format = format_for(output, as_format, ReportFormat)
    _see_to_options(as_format, fragment=fragment, charts=charts, prior=prior)
    see_to_output(output, [source, password_file, *files_beside(prior, None, None)], force=force)
    opening = opening_of(password_file)
    report, findings = read_or_exit(source, lang, opening)
    found = tuple(check(Reading(report, findings)))
    errors = sum(finding.severity == "error" for finding in found)
    if errors and not draft:
        say_findings(source, Reading(report, found), lang)
        warn(
            f"这份报告还有 {errors} 处错误，没有生成；草稿请加 --draft"
            f" (errors in the data: {errors}; nothing is written, for a draft use --draft): {source}"
        )
        raise typer.Exit(FOUND)
    drawn = _charts(report, source, prior, opening, lang) if charts else ()
    content = render(report, as_format.value, draft=draft, fragment=fragment, charts=drawn)
    write_result(content, output, force=force)
    unfilled = list(_unfilled(report))
    if unfilled:
        warn(
            f"有 {len(unfilled)} 个数据字段没有换成数，照原样印在报告里 (fields without a figure,"
            f" printed as they are): {'、'.join(unfilled[:_SHOWN])}"
        )
    if errors:
        warn(
            f"这份报告还有 {errors} 处错误，请先用 wb-tool check 核对"
            f" (errors in the data: {errors}): {source}"
        )


def _see_to_options(as_format: ReportFormat, *, fragment: bool, charts: bool, prior: str | None) -> None:
    """That the options go together."""
    if fragment and as_format is not ReportFormat.HTML:
        message = "--fragment 只用于 -f html (is for HTML only)"
    elif charts and as_format not in _WITH_PICTURES:
        message = f"--charts 只用于 (is only for): -f {' | '.join(_WITH_PICTURES)}"
    elif prior and not charts:
        message = (
            "--prior 只在 --charts 时用；与上年核对请用 wb-tool check (is for charts; to check, use check)"
        )
    else:
        return
    raise WorkbookToolError(message)


def _charts(
    report: Report, source: str, prior: str | None, opening: Opening, lang: Language
) -> Sequence[Chart]:
    """The charts of `report`, against last year's if that is given and found."""
    from workbook_tool.checks.history import is_of_one_agency  # noqa: PLC0415
    from workbook_tool.renderers.charts import charts  # noqa: PLC0415

    last_year = against_of(prior, None, None, [source], opening).last_year
    if last_year is None:
        return charts(report)
    before, match = last_year.of(report)
    say_unmatched({match: [source]}, lang)
    if before and not is_of_one_agency(before, report):
        warn(
            "上年报告的单位与本报告不同，请核对图中的上年数"
            f" (last year's report is another agency's): {before.agency}"
        )
    return charts(report, before)


def _unfilled(report: Report) -> dict[str, None]:
    """What stands in the printed texts where figures were meant, each once."""
    from workbook_tool.narrative.brackets import fields_meant  # noqa: PLC0415
    from workbook_tool.narrative.fields import printed_texts  # noqa: PLC0415

    texts = [known.text for known in printed_texts(report).values()]
    return {text[f.start : f.end]: None for text in texts for f in fields_meant(report.form, text)}
