"""``wb-tool diff``: what changed from one report to another."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from workbook_tool.cli.options import (
    BY_SUFFIX,
    Force,
    Lang,
    Language,
    Output,
    Source,
    format_for,
    read_or_exit,
    see_to_output,
    write_text,
    write_workbook,
)
from workbook_tool.errors import WorkbookToolError


class DiffFormat(StrEnum):
    """How the comparison is written."""

    TEXT = "text"
    HTML = "html"
    XLSX = "xlsx"


def diff_command(
    before: Source,
    after: Source,
    as_format: Annotated[
        DiffFormat | None,
        typer.Option("-f", "--format", help=" | ".join(DiffFormat) + BY_SUFFIX),
    ] = None,
    output: Output = "-",
    every_line: Annotated[
        bool,
        typer.Option("--all", help="每一项都列出，不只是不同的。 Every line, not just those that differ."),
    ] = False,
    force: Force = False,
    lang: Lang = Language.ZH,
) -> None:
    """逐项对比两份报告，如上年和本年。 Compare two reports, such as last year's and this year's."""
    from workbook_tool.year_on_year import side_by_side  # noqa: PLC0415

    if before == after == "-":
        message = "标准输入只能读一次 (standard input can be read only once)"
        raise WorkbookToolError(message)
    as_format = format_for(output, as_format, DiffFormat)
    if as_format is DiffFormat.XLSX and output == "-":
        message = "工作簿要写到文件，请加 -o (a workbook goes into a file: give -o)"
        raise WorkbookToolError(message)
    see_to_output(output, [before, after], force=force, workbook=as_format is DiffFormat.XLSX)
    old, new = read_or_exit(before, lang)[0], read_or_exit(after, lang)[0]
    comparison = side_by_side(old, new, every_line=every_line)
    if as_format is DiffFormat.XLSX:
        from workbook_tool.excel.comparison_book import comparison_book  # noqa: PLC0415

        write_workbook(comparison_book(comparison, lang.value), Path(output), force=force)
    elif as_format is DiffFormat.HTML:
        from workbook_tool.reporters.comparison_page import comparison_page  # noqa: PLC0415

        write_text(comparison_page(comparison, lang.value), output, force=force)
    else:
        from workbook_tool.reporters.comparison_text import comparison_text  # noqa: PLC0415

        write_text("\n".join(comparison_text(comparison, lang.value)) + "\n", output, force=force)
