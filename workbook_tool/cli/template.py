"""``wb-tool template``: a blank workbook."""

from __future__ import annotations

from typing import Annotated

import typer

from workbook_tool.cli.options import Force, Lang, Language, Password, Workbook, read_or_exit
from workbook_tool.errors import WorkbookToolError

_LONGEST_NAME = 100


def template_command(
    output: Workbook,
    year: Annotated[int, typer.Option("--year", help="报告年度,如 2025。 The report year.")],
    agency: Annotated[str, typer.Option("--agency", help="单位全称。 The agency's full name.")],
    agency_code: Annotated[str, typer.Option("--agency-code", help="单位代码。 The agency's code.")] = "",
    edition: Annotated[
        str | None,
        typer.Option(
            "--edition", help="格式版本,默认按年度。 The edition; by the year if not given."
        ),  # typer reads it at run time
    ] = None,
    prior: Annotated[
        str | None,
        typer.Option("--prior", help="上年报告,其数字作为批注供对照。 Last year's report, shown as notes."),
    ] = None,
    password: Password = "",
    random_id: Annotated[
        bool, typer.Option("--random-id", help="模板编号用随机数。 Draw the template id at random.")
    ] = False,
    force: Force = False,
    lang: Lang = Language.ZH,
) -> None:
    """生成空白工作簿。 Make a blank workbook."""
    from workbook_tool.excel.build import build_workbook  # noqa: PLC0415
    from workbook_tool.forms import edition_for, form  # noqa: PLC0415
    from workbook_tool.report import blank_report  # noqa: PLC0415

    chosen = form(edition) if edition else edition_for(year)
    if not chosen.covers(year):
        message = f"{chosen.name.zh}不适用于 {year} 年度 (edition {chosen.edition} is not for {year})"
        raise WorkbookToolError(message)
    last_year = read_or_exit(prior, lang) if prior else None
    blank = blank_report(
        chosen, _one_line("--agency", agency, required=True), year, _one_line("--agency-code", agency_code)
    )
    build_workbook(blank, output, prior=last_year, password=password, random_id=random_id, force=force)
    typer.echo(str(output))


def _one_line(option: str, text: str, *, required: bool = False) -> str:
    """`text` without outer spaces; refused where a cover has no room for it."""
    text = text.strip()
    if required and not text:
        message = f"{option}: 不能为空 (must not be empty)"
        raise WorkbookToolError(message)
    if len(text) > _LONGEST_NAME or not text.isprintable():
        message = (
            f"{option}: 应为一行、不超过 {_LONGEST_NAME} 字 (one line of at most {_LONGEST_NAME} characters)"
        )
        raise WorkbookToolError(message)
    return text
