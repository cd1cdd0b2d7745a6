"""``wb-tool repair``: all that can be recovered, lifted into a fresh workbook."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

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
    opening_of,
    read_or_exit,
    see_to_output,
    write_workbook,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.forms import Cell
    from workbook_tool.report import Report
    from workbook_tool.rules import Finding

_TITLES = {
    "moved": ("已恢复(位置、表头、公式、保护)", "put right (places, headings, formulas, protection)"),
    "normalised": ("已规范(文本数字)", "normalised (numbers typed as text)"),
    "dropped": ("没有带过来(格式以外的内容)", "not taken over (not part of the form)"),
    "lost": ("没能恢复或有矛盾，请重新填写、核对", "lost or contradictory, to be entered again or checked"),
    "none": ("没有需要恢复的。", "There was nothing to put right."),
}


def repair_command(
    source: Source,
    output: Workbook,
    password: Password = "",
    password_file: PasswordFile = None,
    force: Force = False,
    lang: Lang = Language.ZH,
) -> None:
    """把损坏、改动过的工作簿恢复到新的工作簿里。 Lift all that can be recovered into a fresh workbook."""
    from workbook_tool.checks import check  # noqa: PLC0415
    from workbook_tool.checks.explanations import stamped  # noqa: PLC0415
    from workbook_tool.excel.build import workbook_bytes  # noqa: PLC0415
    from workbook_tool.excel.marks import is_left_behind, is_mended  # noqa: PLC0415
    from workbook_tool.forms import edition_for  # noqa: PLC0415
    from workbook_tool.report import Reading, in_edition  # noqa: PLC0415

    see_to_output(output, [source, password_file], force=force, workbook=True)
    report, findings = read_or_exit(source, lang, opening_of(password_file))
    wanted = edition_for(report.year) if report.year else report.form
    found = tuple(check(Reading(report, findings)))
    report = replace(report, explanations=stamped(report.explanations, found))
    fresh, dropped = in_edition(report, wanted)
    write_workbook(workbook_bytes(fresh, password=password), output, force=force)
    lost = [*_lost(report, findings, lang), *(_without_place(report, cell, lang) for cell in dropped)]
    said = {
        "moved": [_line(f, lang) for f in findings if f.rule != "V-05" and is_mended(f, fresh)],
        "normalised": [_line(f, lang) for f in findings if f.rule == "V-05"],
        "dropped": [_line(f, lang) for f in findings if is_left_behind(f)],
        "lost": lost,
    }
    for part, lines in said.items():
        if lines:
            typer.echo(f"{_TITLES[part][lang is Language.EN]}:", err=True)
            for line in lines:
                typer.echo(f"  {line}", err=True)
    if not any(said.values()):
        typer.echo(_TITLES["none"][lang is Language.EN], err=True)
    if lost:
        raise typer.Exit(FOUND)


def _lost(report: Report, findings: tuple[Finding, ...], lang: Language) -> Iterator[str]:
    """What could not be taken over or contradicts itself; blanks are content and for `check` to tell."""
    for finding in findings:
        missing = finding.rule == "W-10" and finding.case == "missing"
        if finding.severity == "error" and finding.rule != "W-06" and not missing:
            yield _line(finding, lang)
    told = {cell_id for finding in findings for cell_id in finding.ids}
    for cell in report.form.cells.values():
        if cell not in report.values and cell.id not in told and not cell.is_total:
            yield cell.where.say(lang.value)


def _without_place(report: Report, cell: Cell, lang: Language) -> str:
    from workbook_tool.report import plain  # noqa: PLC0415

    words = "not in this edition" if lang is Language.EN else "这一格式没有这一项"
    return f"{cell.where.say(lang.value)}: {plain(report.values.get(cell))} ({words})"


def _line(finding: Finding, lang: Language) -> str:
    place = finding.place
    where = "  ".join(part for part in (place.sheet, place.cell, place.words.say(lang.value)) if part)
    return f"{finding.rule}  {where}  {finding.message(lang.value)}"
