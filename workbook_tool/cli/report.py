"""``wb-tool report``: the report as published."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

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
    read,
    say_findings,
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

    reading = read(source, opening_of(password_file))
    if reading.report is None:
        say_findings(source, reading, lang)
        raise typer.Exit(FOUND)
    write_text(render(reading.report, as_format.value), output, force=force)
    errors = sum(finding.severity == "error" for finding in check(reading))
    if errors:
        warn(
            f"这份报告还有 {errors} 处错误,请先用 wb-tool check 核对 ({errors} errors in the data): {source}"
        )
