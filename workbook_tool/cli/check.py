"""``wb-tool check``: every finding."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from workbook_tool.cli.options import (
    FOUND,
    Force,
    Lang,
    Language,
    Output,
    PasswordFile,
    opening_of,
    progress,
    write_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.checks.verdict import Verdict


class CheckFormat(StrEnum):
    """How findings are shown."""

    TEXT = "text"
    JSON = "json"


def check_command(
    sources: Annotated[
        list[str], typer.Argument(help="文件或文件夹,可以多个。 Files or folders.", metavar="SOURCE...")
    ],
    as_format: Annotated[CheckFormat, typer.Option("--format", help="text | json.")] = CheckFormat.TEXT,
    output: Output = "-",
    strict: Annotated[
        bool, typer.Option("--strict", help="未说明的警告也算不通过。 Unexplained warnings fail as well.")
    ] = False,
    isolate: Annotated[
        bool,
        typer.Option(
            "--isolate", help="每个文件在单独的进程里打开。 Open each file in a process of its own."
        ),
    ] = False,
    password_file: PasswordFile = None,
    force: Force = False,
    lang: Lang = Language.ZH,
) -> None:
    """审核工作簿或报告。 Check workbooks or reports."""
    from workbook_tool.batch import expand, judge  # noqa: PLC0415
    from workbook_tool.errors import WorkbookToolError  # noqa: PLC0415

    files = expand(sources)
    if not files:
        message = f"文件夹里没有可审核的文件 (nothing to check in): {' '.join(sources)}"
        raise WorkbookToolError(message)
    opening = opening_of(password_file, isolate=isolate)
    statuses: set[str] = set()

    def judged() -> Iterator[Verdict]:
        with progress(len(files), shown=output != "-" or not sys.stdout.isatty()) as step:
            for verdict in judge(files, opening):
                statuses.add(verdict.status)
                step()
                yield verdict

    _write(judged(), as_format, output, lang, force=force)
    failing = {"fail", "unreadable"} | ({"warn"} if strict else set())
    if failing.intersection(statuses):
        raise typer.Exit(FOUND)


def _write(
    verdicts: Iterator[Verdict], as_format: CheckFormat, output: str, lang: Language, *, force: bool
) -> None:
    """Write the verdicts as asked; as text to a screen, each as soon as it is known."""
    if as_format is CheckFormat.JSON:
        from workbook_tool.reporters.as_json import report_json  # noqa: PLC0415

        write_text(report_json(verdicts, lang.value), output, force=force)
        return
    from workbook_tool.reporters.terminal import report_terminal  # noqa: PLC0415

    lines = report_terminal(verdicts, lang.value)
    if output == "-":
        for line in lines:
            typer.echo(line)
    else:
        write_text("\n".join(lines) + "\n", output, force=force)
