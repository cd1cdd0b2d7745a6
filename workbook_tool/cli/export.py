"""``wb-tool export``: the figures and texts, for machines."""

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
    see_to_output,
    warn,
    write_text,
)


class ExportFormat(StrEnum):
    """The formats for machines."""

    JSON = "json"
    CSV = "csv"


def export_command(
    source: Source,
    as_format: Annotated[
        ExportFormat, typer.Option("-f", "--format", help="json | csv.")
    ] = ExportFormat.JSON,
    output: Output = "-",
    password_file: PasswordFile = None,
    force: Force = False,
    lang: Lang = Language.ZH,
) -> None:
    """导出数据。 Export the figures and texts."""
    from workbook_tool.renderers.data import export_csv, export_json  # noqa: PLC0415

    see_to_output(output, [source, password_file], force=force)
    report, _ = read_or_exit(source, lang, opening_of(password_file))
    left_out = len(report.form.cells) - len(report.values)
    if left_out:
        warn(
            f"有 {left_out} 格的数读不出或不能确定，没有导出，请用 wb-tool check 核对"
            f" ({left_out} figures are left out): {source}"
        )
    text = export_json(report) if as_format is ExportFormat.JSON else export_csv(report, lang.value)
    write_text(text, output, force=force)
