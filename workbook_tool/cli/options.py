"""What the commands share: options, reading a source, writing a result."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from workbook_tool.report import Reading, Report

FOUND = 1
"""The exit code for errors in the data."""


class Language(StrEnum):
    """The languages that a clerk can read findings in."""

    ZH = "zh"
    EN = "en"


Lang = Annotated[
    Language, typer.Option("--lang", envvar="WB_TOOL_LANG", help="zh 中文 | en English.", show_default=True)
]
Source = Annotated[
    str, typer.Argument(help="工作簿或已发布的报告;- 为标准输入。 A workbook or a published report.")
]
Output = Annotated[
    str,
    typer.Option("-o", "--output", help="写到哪个文件;- 为标准输出。 Where to write; - is standard output."),
]
Workbook = Annotated[
    Path, typer.Option("-o", "--output", help="写到哪个 .xlsx 文件。 The workbook to write.")
]
Force = Annotated[bool, typer.Option("--force", help="覆盖已有的文件。 Overwrite an existing file.")]
Password = Annotated[
    str,
    typer.Option("--password", help="保护工作表的密码;不给则只防误改。 Protect the sheets with a password."),
]


def read(source: str) -> Reading:
    """Read `source`; a path that does not exist ends the command with exit code 2."""
    from workbook_tool.batch import expand, read_source  # noqa: PLC0415

    if Path(source).is_dir():
        from workbook_tool.errors import WorkbookToolError  # noqa: PLC0415

        message = f"这是一个文件夹,需要一个文件 (a folder, not a file): {source}"
        raise WorkbookToolError(message)
    return read_source(expand([source])[0])


def read_or_exit(source: str, language: Language) -> Report:
    """The report in `source`; where there is none, the finding that says why, and exit code 1."""
    reading = read(source)
    if reading.report is None:
        say_findings(source, reading, language)
        raise typer.Exit(FOUND)
    return reading.report


def say_findings(source: str, reading: Reading, language: Language) -> None:
    """What reading alone found, on standard error."""
    from workbook_tool.checks.verdict import Verdict  # noqa: PLC0415
    from workbook_tool.reporters.terminal import report_terminal  # noqa: PLC0415

    verdict = Verdict(source, reading.report, reading.findings)
    for line in report_terminal([verdict], language.value):
        typer.echo(line, err=True)


def write_text(text: str, output: str, *, force: bool) -> None:
    """Write a result to a file, whole or not at all, or to standard output."""
    if output == "-":
        sys.stdout.write(text)
        return
    from workbook_tool.files import write_whole  # noqa: PLC0415

    write_whole(Path(output), text.encode(), force=force)
