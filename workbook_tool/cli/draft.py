"""``wb-tool draft``: paragraphs proposed for the texts, the facts of the tables in good official Chinese."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbook_tool.cli.options import (
    FOUND,
    NO_COPY,
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
    see_to_suffix,
    warn,
    write_text,
    write_workbook,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbook_tool.narrative.draft import Draft
    from workbook_tool.report import Report


def draft_command(
    source: Source,
    output: Output = "-",
    plain: Annotated[
        bool, typer.Option("--plain", help="写数字，不写数据字段。 Figures instead of fields.")
    ] = False,
    password_file: PasswordFile = None,
    force: Force = False,
    lang: Lang = Language.ZH,
) -> None:
    """按表中的数拟出文字草稿；输出 .xlsx 时填入空白处。 Propose paragraphs from the tables' figures."""
    from workbook_tool.excel.marks import cannot_be_copied  # noqa: PLC0415
    from workbook_tool.narrative.draft import draft  # noqa: PLC0415
    from workbook_tool.narrative.fields import figures, filled  # noqa: PLC0415
    from workbook_tool.report import Reading  # noqa: PLC0415

    into_workbook = Path(output).suffix.lower() == ".xlsx"
    see_to_suffix(output, ["txt", "xlsx"])
    see_to_output(output, [source, password_file], force=force)
    report, findings = read_or_exit(source, lang, opening_of(password_file))
    if into_workbook and findings:
        say_findings(source, Reading(report, findings), lang)
        if any(map(cannot_be_copied, findings)):
            typer.echo(f"{output}: {NO_COPY.say(lang.value)}", err=True)
            raise typer.Exit(FOUND)
    drafts = list(draft(report))
    if plain:
        look_up = figures(report)
        drafts = [proposed._replace(text=filled(proposed.text, look_up)) for proposed in drafts]
    if not drafts:
        warn(f"表中没有可用的数，没有拟出文字 (nothing to propose: the tables are blank): {source}")
    if into_workbook:
        drafts = _into_workbook(report, drafts, Path(output), force=force)
    else:
        write_text("\n".join(_lines(report, drafts)), output, force=force)
    for remark in dict.fromkeys(proposed.remark for proposed in drafts if proposed.remark):
        warn(remark.say(lang.value))
    if into_workbook and any(finding.severity == "error" for finding in findings):
        raise typer.Exit(FOUND)


def _lines(report: Report, drafts: Iterable[Draft]) -> Iterable[str]:
    """The paragraphs, each place named once above those that belong there."""
    above = ""
    for proposed in drafts:
        place = _place(report, proposed)
        if place != above:
            yield f"{chr(10) if above else ''}# {place}"
            above = place
        yield proposed.text
    yield ""


def _into_workbook(report: Report, drafts: Sequence[Draft], output: Path, *, force: bool) -> list[Draft]:
    """Write a copy of the workbook with the paragraphs in its empty blocks; gives those that went in."""
    from workbook_tool.excel.build import workbook_bytes  # noqa: PLC0415
    from workbook_tool.narrative.draft import FEES, placed, states_fee  # noqa: PLC0415
    from workbook_tool.sources import read_report  # noqa: PLC0415

    if not report.paragraphs:
        # A published text has no blocks; it gets them in a workbook.
        report = read_report(workbook_bytes(report)).report or report
    if states_fee(report):
        drafts = [proposed for proposed in drafts if proposed.block != FEES]
    report, left = placed(report, drafts)
    write_workbook(workbook_bytes(report), output, force=force)
    for place in dict.fromkeys(_place(report, proposed) for proposed in left):
        warn(f"已有文字，没有填入 (has text already, left alone): {place}")
    for proposed in left:
        if proposed.block == FEES:
            warn(f"文字里没有写信息处理费，可以补上 (the fee is not stated; may be added): {proposed.text}")
    return [proposed for proposed in drafts if proposed not in left]


def _place(report: Report, proposed: Draft) -> str:
    section = report.form.section(proposed.section)
    block = next(block for block in section.blocks if block.id == proposed.block)
    return f"{section.heading} · {block.label}"
