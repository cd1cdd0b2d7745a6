"""``wb-tool report``: the report as published."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from workbook_tool.cli.options import Force, Lang, Language, Output, Source, read_or_exit, write_text


class ReportFormat(StrEnum):
    """The formats that a report is published in."""

    TXT = "txt"
    MD = "md"


def report_command(
    source: Source,
    as_format: Annotated[ReportFormat, typer.Option("-f", "--format", help="txt | md.")] = ReportFormat.TXT,
    output: Output = "-",
    force: Force = False,
    lang: Lang = Language.ZH,
) -> None:
    """生成报告全文。 Write the report."""
    from workbook_tool.renderers import render  # noqa: PLC0415

    write_text(render(read_or_exit(source, lang), as_format.value), output, force=force)
