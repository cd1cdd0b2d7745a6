"""``wb-tool import``: a published report into a fresh workbook of ours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from workbook_tool.cli.options import (
    FOUND,
    Force,
    Lang,
    Language,
    Password,
    PasswordFile,
    Source,
    Workbook,
    Year,
    one_line,
    opening_of,
    read_or_exit,
    say_findings,
    see_to_output,
    write_workbook,
)

if TYPE_CHECKING:
    from workbook_tool.rules import Finding


def import_command(
    source: Source,
    output: Workbook,
    agency: Annotated[
        str | None,
        typer.Option("--agency", help="单位全称，代替文中的。 The agency, instead of the text's."),
    ] = None,
    year: Year = None,
    password: Password = "",
    password_file: PasswordFile = None,
    force: Force = False,
    lang: Lang = Language.ZH,
) -> None:
    """把已发布的报告读进新的工作簿。 Read a published report into a fresh workbook."""
    from workbook_tool.checks.edition import check_edition  # noqa: PLC0415
    from workbook_tool.excel.build import workbook_bytes  # noqa: PLC0415
    from workbook_tool.report import Reading  # noqa: PLC0415

    see_to_output(output, [source, password_file], force=force, workbook=True)
    report, findings = read_or_exit(source, lang, opening_of(password_file))
    named = one_line("--agency", agency) if agency else ""
    # A new workbook, issued for whom it says.
    report = replace(report, agency=named or report.agency, year=year or report.year, issued={})
    asked = {name for name, given in (("agency", named), ("year", year)) if given}
    findings = tuple(finding for finding in findings if not _answered(finding, asked))
    if report.year:
        findings += tuple(check_edition(report))
    write_workbook(workbook_bytes(report, password=password), output, force=force)
    if findings:
        say_findings(source, Reading(report, findings), lang)
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(FOUND)


def _answered(finding: Finding, given: set[str]) -> bool:
    """Whether a finding asks for the agency or the year, and the command line gives it."""
    from workbook_tool.forms import cover_fields  # noqa: PLC0415

    wanted = {field.words: field.id for field in cover_fields()}
    return finding.rule == "W-10" and wanted.get(finding.place.words) in given
