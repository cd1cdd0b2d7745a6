"""``wb-tool import``: a published report into a fresh workbook of ours."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Optional

import typer

from workbook_tool.cli.options import (
    FOUND,
    Force,
    Lang,
    Language,
    Password,
    Source,
    Workbook,
    read,
    say_findings,
)


def import_command(
    source: Source,
    output: Workbook,
    agency: Annotated[
        str | None,
        typer.Option("--agency", help="单位全称,代替文中的。 The agency, instead of the text's."),
    ] = None,
    year: Annotated[
        Optional[int], typer.Option("--year", help="报告年度,代替文中的。 The year, instead of the text's.")  # noqa: UP045
    ] = None,
    password: Password = "",
    force: Force = False,
    lang: Lang = Language.ZH,
) -> None:
    """把已发布的报告读进新的工作簿。 Read a published report into a fresh workbook."""
    from workbook_tool.excel.build import build_workbook  # noqa: PLC0415

    reading = read(source)
    if reading.report is None:
        say_findings(source, reading, lang)
        raise typer.Exit(FOUND)
    report = replace(reading.report, agency=agency or reading.report.agency, year=year or reading.report.year)
    build_workbook(report, output, password=password, force=force)
    typer.echo(str(output))
    if reading.findings:
        say_findings(source, reading, lang)
    if any(finding.severity == "error" for finding in reading.findings):
        raise typer.Exit(FOUND)
