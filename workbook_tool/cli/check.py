"""``wb-tool check``: every finding."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path  # typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from workbook_tool.cli.options import (
    CANNOT,
    FOUND,
    NO_COPY,
    Force,
    Lang,
    Language,
    Output,
    PasswordFile,
    counted,
    opening_of,
    see_to_output,
    write_text,
)
from workbook_tool.cli.prior import Lexicon, Prior, Profile, against_of, files_beside, say_unmatched

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook_tool.batch import Judged
    from workbook_tool.checks.verdict import Verdict
    from workbook_tool.last_year import Match


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
    prior: Prior = None,
    profile: Profile = None,
    lexicon: Lexicon = None,
    annotate: Annotated[
        Path | None,
        typer.Option(
            "--annotate",
            metavar="DIR",
            help="把带批注的工作簿写到这个文件夹。 Write workbooks with findings marked here.",
        ),
    ] = None,
    matched: Annotated[
        bool,
        typer.Option(
            "--matched",
            help="列出正文里与表格一致的数。 List the figures of the texts that agree with the tables.",
        ),
    ] = False,
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
    from workbook_tool.errors import OutputError, WorkbookToolError  # noqa: PLC0415
    from workbook_tool.files import identities  # noqa: PLC0415

    files = expand(sources)
    if not files:
        message = f"文件夹里没有可审核的文件 (nothing to check in): {' '.join(sources)}"
        raise WorkbookToolError(message)
    opening = opening_of(password_file, isolate=isolate)
    beside = [password_file, *files_beside(prior, profile, lexicon)]
    copies = annotated_paths(files, annotate, beside, force=force) if annotate else {}
    see_to_output(output, [*files, *beside], force=force, made=annotate)
    if identities([output]) & identities(copies.values()):
        raise OutputError(output, "带批注的工作簿要写在这里 (is where an annotated workbook goes)")
    against = against_of(prior, profile, lexicon, files, opening)
    if annotate:
        annotate.mkdir(parents=True, exist_ok=True)
    drawn = None if as_format is not CheckFormat.HTML else "all" if len(files) == 1 else "faulty"
    errand = Errand(copies, drawn, lang.value, force, matched) if copies or drawn or matched else None
    shown = output != "-" or not sys.stdout.isatty()
    statuses: set[str] = set()
    fates: list[Judged] = []
    unmatched: dict[Match, list[str]] = {}

    def judged() -> Iterator[Judged]:
        for one in counted(judge(files, opening, errand, against), len(files), shown=shown):
            statuses.add(one.verdict.status)
            unmatched.setdefault(one.match, []).append(_name(one.verdict))
            if annotate:
                fates.append(one._replace(drawing=""))
            yield one

    _write(judged(), as_format, output, lang, force=force)
    if output != "-":
        typer.echo(f"written: {output}" if lang is Language.EN else f"已写入：{output}", err=True)
    say_unmatched(unmatched, lang)
    if annotate and not _say_copies(annotate, fates, lang):
        raise typer.Exit(CANNOT)
    failing = {"fail", "unreadable"} | ({"warn"} if strict else set())
    if failing.intersection(statuses):
        raise typer.Exit(FOUND)


def _write(
    judged: Iterator[Judged], as_format: CheckFormat, output: str, lang: Language, *, force: bool
) -> None:
    """Write the findings as asked; as text to a screen, each file's as soon as it is known."""
    if as_format is CheckFormat.HTML:
        from workbook_tool.reporters.page import report_page  # noqa: PLC0415

        drawn = ((one.verdict, one.drawing) for one in judged)
        write_text(report_page(drawn, lang.value), output, force=force)
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


def _name(verdict: Verdict) -> str:
    """What to call a source where many are named: its agency, or else the file."""
    return (verdict.subject and verdict.subject.agency) or Path(verdict.file).name


def _say_copies(folder: Path, fates: Iterable[Judged], lang: Language) -> bool:
    """Say on standard error what became of the annotated workbooks; whether nothing hindered the writing.

    An unreadable file has none, nor has one in which something would be lost.
    """
    english, written, fine = lang is Language.EN, 0, True
    for one in fates:
        file = one.verdict.file
        if one.copy:
            written += 1
            if one.copy.stem != Path(file).stem:
                typer.echo(f"  {one.copy.name} ← {file}", err=True)
        elif one.problem:
            fine = False
            typer.echo(f"  {file}: {one.problem}", err=True)
        else:
            typer.echo(f"  {file}: {NO_COPY.say(lang.value)}", err=True)
    typer.echo(
        f"annotated workbooks: {written} in {folder}"
        if english
        else f"带批注的工作簿：{written} 个，在 {folder}",
        err=True,
    )
    return fine
