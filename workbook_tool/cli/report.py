"""``wb-tool report``: the report as published."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from workbook_tool.cli.options import (
    FOUND,
    Force,
    Lang,
    Language,
    Output,
    PasswordFile,
    Source,
    opening_of,
    read_or_exit,
    say_findings,
    see_to_output,
    warn,
    write_result,
)

if TYPE_CHECKING:
    from workbook_tool.report import Report

_SHOWN = 8


class ReportFormat(StrEnum):
    """The formats that a report is published in."""

    TXT = "txt"
    MD = "md"
    DOCX = "docx"
    PDF = "pdf"


def report_command(
    source: Source,
    as_format: Annotated[
        ReportFormat, typer.Option("-f", "--format", help=" | ".join(ReportFormat) + ".")
    ] = ReportFormat.TXT,
    output: Output = "-",
    draft: Annotated[
        bool,
        typer.Option("--draft", help="有错误也生成,每页注明草稿。 A draft, with errors too, marked as one."),
    ] = False,
    password_file: PasswordFile = None,
    force: Force = False,
    lang: Lang = Language.ZH,
) -> None:
    """生成报告全文；有错误的不生成，除非是草稿。 Write the report; with errors only as a draft."""
    from workbook_tool.checks import check  # noqa: PLC0415
    from workbook_tool.renderers import render  # noqa: PLC0415
    from workbook_tool.report import Reading  # noqa: PLC0415

    see_to_output(output, [source, password_file], force=force)
    report, findings = read_or_exit(source, lang, opening_of(password_file))
    found = tuple(check(Reading(report, findings)))
    errors = sum(finding.severity == "error" for finding in found)
    if errors and not draft:
        say_findings(source, Reading(report, found), lang)
        warn(
            f"这份报告还有 {errors} 处错误，没有生成；草稿请加 --draft"
            f" ({errors} errors in the data, nothing is written; for a draft use --draft): {source}"
        )
        raise typer.Exit(FOUND)
    write_result(render(report, as_format.value, draft=draft), output, force=force)
    unfilled = list(_unfilled(report))
    if unfilled:
        warn(
            f"有 {len(unfilled)} 个数据字段没有换成数，照原样印在报告里 (fields without a figure,"
            f" printed as they are): {'、'.join(unfilled[:_SHOWN])}"
        )
    if errors:
        warn(
            f"这份报告还有 {errors} 处错误,请先用 wb-tool check 核对 ({errors} errors in the data): {source}"
        )


def _unfilled(report: Report) -> dict[str, None]:
    """What stands in the printed texts where figures were meant, each once."""
    from workbook_tool.narrative.brackets import fields_meant  # noqa: PLC0415
    from workbook_tool.narrative.fields import printed_texts  # noqa: PLC0415

    texts = [known.text for known in printed_texts(report).values()]
    return {text[f.start : f.end]: None for text in texts for f in fields_meant(report.form, text)}
