"""``wb-tool report``: the report as published."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from workbook_tool.cli.options import (
    Force,
    Lang,
    Language,
    Output,
    PasswordFile,
    Source,
    opening_of,
    read_or_exit,
    warn,
    write_text,
)


class ReportFormat(StrEnum):
    """The formats that a report is published in."""

    TXT = "txt"
    MD = "md"


def report_command(
    source: Source,
    as_format: Annotated[ReportFormat, typer.Option("-f", "--format", help="txt | md.")] = ReportFormat.TXT,
    output: Output = "-",
    password_file: PasswordFile = None,
    force: Force = False,
    lang: Lang = Language.ZH,
) -> None:
    """生成报告全文。 Write the report."""
    from workbook_tool.checks import check  # noqa: PLC0415
    from workbook_tool.renderers import render  # noqa: PLC0415
    from workbook_tool.report import Reading  # noqa: PLC0415

    report, findings = read_or_exit(source, lang, opening_of(password_file))
    write_text(render(report, as_format.value), output, force=force)
    errors = sum(finding.severity == "error" for finding in check(Reading(report, findings)))
    if errors:
        warn(
            f"这份报告还有 {errors} 处错误,请先用 wb-tool check 核对 ({errors} errors in the data): {source}"
        )
