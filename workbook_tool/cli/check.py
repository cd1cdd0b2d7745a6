"""``wb-tool check``: every finding."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path  # typer reads the annotations
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from workbook_tool.cli.options import (
    BY_SUFFIX,
    CANNOT,
    FOUND,
    NO_COPY,
    Engine,
    Force,
    Lang,
    Language,
    Output,
    PasswordFile,
    Progress,
    counted,
    format_for,
    opening_of,
    see_to_output,
    write_text,
)
from workbook_tool.cli.prior import Lexicon, Prior, Profile, against_of, files_beside, say_unmatched
from workbook_tool.places.addresses import is_remote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from workbook_tool.batch import Judged
    from workbook_tool.checks.verdict import Verdict
    from workbook_tool.last_year import Match


class CheckFormat(StrEnum):
    """How findings are shown."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    HTML = "html"


def check_command(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="文件、文件夹、压缩包、通配符、@清单、网址，可以多个。"
            " Files, folders, archives, patterns, @lists, addresses.",
            metavar="SOURCE...",
        ),
    ],
    as_format: Annotated[
        CheckFormat | None, typer.Option("--format", help=" | ".join(CheckFormat) + BY_SUFFIX)
    ] = None,
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
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="接着上次做：没有变的不再审核(jsonl)。 Go on: what is done and unchanged is not done again.",
        ),
    ] = False,
    engine: Engine = "local",
    progress: Progress = None,
    password_file: PasswordFile = None,
    force: Force = False,
    lang: Lang = Language.ZH,
) -> None:
    """审核工作簿或报告。 Check workbooks or reports."""
    from workbook_tool.batch import Errand, annotated_paths, expand, judge, run_of  # noqa: PLC0415
    from workbook_tool.errors import OutputError, WorkbookToolError  # noqa: PLC0415
    from workbook_tool.files import identities  # noqa: PLC0415

    files = expand(sources)
    if not files:
        message = f"文件夹里没有可审核的文件 (nothing to check in): {' '.join(sources)}"
        raise WorkbookToolError(message)
    as_format = format_for(output, as_format, CheckFormat)
    _see_to_resume(as_format, output, resume=resume, annotate=annotate, engine=engine)
    opening = opening_of(password_file, isolate=isolate)
    beside = [password_file, *files_beside(prior, profile, lexicon)]
    copies = annotated_paths(files, annotate, beside, force=force) if annotate else {}
    see_to_output(output, [*files, *beside], force=force or resume, made=annotate)
    if identities([output]) & identities(copies.values()):
        raise OutputError(output, "带批注的工作簿要写在这里 (is where an annotated workbook goes)")
    against = against_of(prior, profile, lexicon, files, opening)
    if annotate:
        annotate.mkdir(parents=True, exist_ok=True)
    drawn = None if as_format is not CheckFormat.HTML else "all" if len(files) == 1 else "faulty"
    stamped = as_format is CheckFormat.JSONL
    errand = Errand(copies, drawn, lang.value, force, matched, stamped)
    shown = output != "-" or not sys.stdout.isatty()
    tally = _Tally()

    def judged(files: Sequence[str]) -> Iterator[Judged]:
        found = judge(files, opening, errand, against, engine)
        for one in counted(found, len(files), shown=shown, wanted=progress):
            tally.take(one, annotated=annotate is not None)
            yield one

    if stamped:
        run = run_of(against, lang.value, matched)
        _write_lines(judged, files, output, run, tally, lang, resume=resume)
    else:
        _write(judged(files), as_format, output, lang, force=force)
    if output != "-":
        typer.echo(f"written: {output}" if lang is Language.EN else f"已写入：{output}", err=True)
    say_unmatched(tally.unmatched, lang)
    if annotate and not _say_copies(annotate, tally.fates, lang):
        raise typer.Exit(CANNOT)
    failing = {"fail", "unreadable"} | ({"warn"} if strict else set())
    if any(tally.statuses[status] for status in failing):
        raise typer.Exit(FOUND)


class _Fate(NamedTuple):
    """What became of an annotated workbook."""

    file: str
    copy: Path | None
    problem: str


class _Tally:
    """What is kept of every file when it is done: little, for there may be very many."""

    def __init__(self) -> None:
        self.statuses: dict[str, int] = dict.fromkeys(("pass", "warn", "fail", "unreadable"), 0)
        self.unmatched: dict[Match, list[str]] = {}
        self.fates: list[_Fate] = []

    def take(self, one: Judged, *, annotated: bool) -> None:
        """Take note of one file."""
        self.statuses[one.verdict.status] += 1
        if one.match.value != "found":
            self.unmatched.setdefault(one.match, []).append(_name(one.verdict))
        if annotated:
            self.fates.append(_Fate(one.verdict.file, one.copy, one.problem))


def _see_to_resume(
    as_format: CheckFormat, output: str, *, resume: bool, annotate: Path | None, engine: str
) -> None:
    """Refuse what cannot be gone on with, or be done elsewhere."""
    from workbook_tool.errors import WorkbookToolError  # noqa: PLC0415

    lines = as_format is CheckFormat.JSONL
    if resume and (not lines or output == "-" or is_remote(output) or annotate):
        message = (
            "--resume 要与 --format jsonl -o 文件 一起用，不能与 --annotate 一起用 "
            "(needs --format jsonl and -o FILE, excludes --annotate)"
        )
        raise WorkbookToolError(message)
    if annotate and engine != "local":
        message = "--annotate 只能在本机做 (only on this machine)"
        raise WorkbookToolError(message)


def _write_lines(
    judged: Callable[[Sequence[str]], Iterator[Judged]],
    files: Sequence[str],
    output: str,
    run: str,
    tally: _Tally,
    lang: Language,
    *,
    resume: bool,
) -> None:
    """Write a line for each file as soon as it is known; into a file, with what was done before."""
    from workbook_tool.batch import Results  # noqa: PLC0415
    from workbook_tool.reporters.as_json import report_line  # noqa: PLC0415
    from workbook_tool.reporters.words import summary  # noqa: PLC0415

    def lines(files: Sequence[str]) -> Iterator[str]:
        return (report_line(one.verdict, lang.value, stamp=one.stamp, run=run) for one in judged(files))

    if output == "-" or is_remote(output):
        write_text(lines(files), output, force=True)
        return
    results = Results(Path(output), files, run, resume=resume)
    kept = 0
    for status in results.kept:
        tally.statuses[status] += 1
        kept += 1
    if kept:
        said = "done before" if lang is Language.EN else "已做过的不再做"
        typer.echo(f"{said}: {kept}/{len(files)}", err=True)
    try:
        with results:
            for line in lines(results.remaining):
                results.add(line)
    except KeyboardInterrupt:
        said = "go on with --resume" if lang is Language.EN else "可用 --resume 接着做"
        typer.echo(f"\n{said}: {results.part}", err=True)
        raise
    typer.echo(summary(tally.statuses, lang.value), err=True)


def _write(
    judged: Iterator[Judged], as_format: CheckFormat, output: str, lang: Language, *, force: bool
) -> None:
    """Write the findings as asked, each file's as soon as they are known, but for a page."""
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
        write_text((f"{line}\n" for line in lines), output, force=force)


def _name(verdict: Verdict) -> str:
    """What to call a source where many are named: its agency, or else the file."""
    return (verdict.subject and verdict.subject.agency) or Path(verdict.file).name


def _say_copies(folder: Path, fates: Iterable[_Fate], lang: Language) -> bool:
    """Say on standard error what became of the annotated workbooks; whether nothing hindered the writing.

    An unreadable file has none, nor has one in which something would be lost.
    """
    english, written, fine = lang is Language.EN, 0, True
    for one in fates:
        file = one.file
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
