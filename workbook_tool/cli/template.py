"""``wb-tool template``: a blank workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbook_tool.cli.options import (
    EARLIEST,
    LATEST,
    Force,
    Lang,
    Language,
    Password,
    Workbook,
    named,
    one_line,
    read_or_exit,
    see_to_output,
    warn,
    write_workbook,
)
from workbook_tool.errors import WorkbookToolError

if TYPE_CHECKING:
    from workbook_tool.report import Report


def template_command(
    output: Workbook,
    year: Annotated[
        int, typer.Option("--year", min=EARLIEST, max=LATEST, help="报告年度，如 2025。 The report year.")
    ],
    agency: Annotated[str, typer.Option("--agency", help="单位全称。 The agency's full name.")],
    agency_code: Annotated[str, typer.Option("--agency-code", help="单位代码。 The agency's code.")] = "",
    edition: Annotated[
        str | None,
        typer.Option("--edition", help="格式版本，默认按年度。 The edition; by the year if not given."),
    ] = None,
    prior: Annotated[
        str | None,
        typer.Option(
            "--prior",
            callback=named,
            help="上年报告，其数字作为批注供对照。 Last year's report, shown as notes.",
        ),
    ] = None,
    password: Password = "",
    random_id: Annotated[
        bool, typer.Option("--random-id", help="模板编号用随机数。 Draw the template id at random.")
    ] = False,
    force: Force = False,
    lang: Lang = Language.ZH,
) -> None:
    """生成空白工作簿。 Make a blank workbook."""
    from workbook_tool.excel.build import workbook_bytes  # noqa: PLC0415
    from workbook_tool.files import ordinary  # noqa: PLC0415
    from workbook_tool.forms import edition_for, form  # noqa: PLC0415
    from workbook_tool.report import blank_report  # noqa: PLC0415

    see_to_output(output, [prior], force=force, workbook=True)
    chosen = form(edition) if edition else edition_for(year)
    if not chosen.covers(year):
        message = f"{chosen.name.zh}不适用于 {year} 年度 (edition {chosen.edition} is not for {year})"
        raise WorkbookToolError(message)
    last_year = read_or_exit(str(ordinary(Path(prior))), lang)[0] if prior else None
    blank = blank_report(
        chosen, one_line("--agency", agency, required=True), year, one_line("--agency-code", agency_code)
    )
    if last_year:
        _compare_subjects(blank, last_year)
    data = workbook_bytes(blank, prior=last_year, password=password, random_id=random_id)
    write_workbook(data, output, force=force)


def _compare_subjects(blank: Report, last_year: Report) -> None:
    """Say so when `--prior` is another agency's report or another year's."""
    if blank.year and last_year.year != blank.year - 1:
        warn(f"--prior 是 {last_year.year} 年度的报告，不是上一年的 (not last year's report)")
    if last_year.agency != blank.agency:
        warn(f"--prior 是另一个单位的报告 (another agency's report): {last_year.agency}")
