"""``wb-tool check``: every finding."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from workbook_tool.cli.options import (
    FOUND,
    Force,
    Lang,
    Language,
    Output,
    PasswordFile,
    make_folder,
    opening_of,
    progress,
    write_text,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from workbook_tool.batch import Judged


class CheckFormat(StrEnum):
    """How findings are shown."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


def check_command(
    sources: Annotated[
        list[str], typer.Argument(help="文件或文件夹,可以多个。 Files or folders.", metavar="SOURCE...")
    ],
    as_format: Annotated[
        CheckFormat, typer.Option("--format", help="text | json | html.")
    ] = CheckFormat.TEXT,
    output: Output = "-",
    annotate: Annotated[
        Path | None,
        typer.Option(
            "--annotate",
            metavar="DIR",
            help="把带批注的工作簿写到这个文件夹。 Write workbooks with findings marked here.",
        ),
    ] = None,
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
    from workbook_tool.batch import Errand, annotated_paths, expand, judge  # noqa: PLC0415
    from workbook_tool.errors import WorkbookToolError  # noqa: PLC0415

    files = expand(sources)
    if not files:
        message = f"文件夹里没有可审核的文件 (nothing to check in): {' '.join(sources)}"
        raise WorkbookToolError(message)
    opening = opening_of(password_file, isolate=isolate)
    copies = annotated_paths(files, annotate, force=force) if annotate else {}
    if annotate:
        make_folder(annotate)
    drawn = None if as_format is not CheckFormat.HTML else "all" if len(files) == 1 else "faulty"
    errand = Errand(copies, drawn, lang.value, force) if copies or drawn else None
    statuses: set[str] = set()

    def judged() -> Iterator[Judged]:
        with progress(len(files), shown=output != "-" or not sys.stdout.isatty()) as step:
            for one in judge(files, opening, errand):
                statuses.add(one.verdict.status)
                step()
                yield one

    _write(judged(), as_format, output, lang, force=force)
    if annotate:
        _say_copies(annotate, copies.values(), lang)
    failing = {"fail", "unreadable"} | ({"warn"} if strict else set())
    if failing.intersection(statuses):
        raise typer.Exit(FOUND)


def _write(
    judged: Iterator[Judged], as_format: CheckFormat, output: str, lang: Language, *, force: bool
) -> None:
    """Write the findings as asked; as text to a screen, each file's as soon as it is known."""
    if as_format is CheckFormat.HTML:
        from workbook_tool.reporters.page import report_page  # noqa: PLC0415

        write_text(report_page(judged, lang.value), output, force=force)
        return
    verdicts = (one.verdict for one in judged)
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


def _say_copies(folder: Path, copies: Collection[Path], lang: Language) -> None:
    """How many annotated workbooks there are now, on standard error; an unreadable file has none."""
    written = sum(path.exists() for path in copies)
    if lang is Language.EN:
        left = f", {len(copies) - written} unreadable" if written < len(copies) else ""
        typer.echo(f"annotated workbooks: {written} in {folder}{left}", err=True)
    else:
        left = f"，{len(copies) - written} 个文件读不出，没有批注" if written < len(copies) else ""
        typer.echo(f"带批注的工作簿：{written} 个，在 {folder}{left}", err=True)
