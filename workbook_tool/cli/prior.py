"""``--prior``, ``--profile`` and ``--lexicon``: what reports are held against besides themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbook_tool.cli.options import Language, counted, named, warn
from workbook_tool.errors import WorkbookToolError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook_tool.batch import Against
    from workbook_tool.last_year import LastYear, Match
    from workbook_tool.sources import Opening

Prior = Annotated[
    str | None,
    typer.Option(
        "--prior",
        metavar="LAST",
        callback=named,
        help="上年报告；给文件夹的，按单位代码或名称对应。 Last year's report, or a folder of them.",
    ),
]
Profile = Annotated[
    Path | None,
    typer.Option("--profile", help="本地的界限(TOML),代替工具自带的。 Limits of one's own, as TOML."),
]
Lexicon = Annotated[
    Path | None,
    typer.Option("--lexicon", help="本地的错别字表(TOML),加在自带的上面。 More slips of the pen, as TOML."),
]
_MOST_NAMES = 10


def files_beside(prior: str | None, profile: Path | None, lexicon: Path | None) -> list[str | Path | None]:
    """All files that these options name, those in a folder of last year's reports one by one."""
    from workbook_tool.batch import expand  # noqa: PLC0415

    return [profile, lexicon, *(expand([prior]) if prior else ())]


def against_of(
    prior: str | None, profile: Path | None, lexicon: Path | None, files: Sequence[str], opening: Opening
) -> Against:
    """What `files` are held against, as the options say."""
    from workbook_tool.batch import Against  # noqa: PLC0415
    from workbook_tool.checks.basis import read_limits  # noqa: PLC0415
    from workbook_tool.checks.lexicon import read_lexicon  # noqa: PLC0415
    from workbook_tool.files import ordinary  # noqa: PLC0415

    limits = read_limits(ordinary(profile)) if profile else {}
    slips = read_lexicon(ordinary(lexicon)) if lexicon else ()
    return Against(limits, _last_year(prior, files, opening) if prior else None, slips)


def _last_year(prior: str, files: Sequence[str], opening: Opening) -> LastYear:
    from workbook_tool.batch import expand, identify_all  # noqa: PLC0415
    from workbook_tool.files import ordinary  # noqa: PLC0415
    from workbook_tool.last_year import LastYear, held_against  # noqa: PLC0415

    if prior == "-":
        message = "--prior 应是文件或文件夹 (must be a file or a folder)"
        raise WorkbookToolError(message)
    found = expand([prior])
    ordinary(Path(prior))
    if found == [prior]:
        if Path(prior).resolve() in {Path(file).resolve() for file in files if file != "-"}:
            message = f"--prior 是被审核的文件本身 (is a file to be checked): {prior}"
            raise WorkbookToolError(message)
        return held_against(prior, opening)
    known = list(counted(identify_all(found, opening), len(found), shown=True))
    unknown = [Path(file).name for file, one in zip(found, known, strict=True) if one is None]
    if len(unknown) == len(found):
        message = f"文件夹里没有读得出的上年报告 (no report of last year in this folder): {prior}"
        raise WorkbookToolError(message)
    if unknown:
        warn(f"上年报告里有 {len(unknown)} 个读不出 (of last year's, not readable): {_names(unknown)}")
    return LastYear(opening, known=tuple(one for one in known if one))


def say_unmatched(matches: Mapping[Match, Sequence[str]], language: Language) -> None:
    """Say on standard error whose reports were not held against last year's, and why."""
    from workbook_tool.last_year import Match  # noqa: PLC0415

    english = language is Language.EN
    for match, why in (
        (Match.NONE, "no report of last year" if english else "没有找到上年报告，未与上年比对"),
        (
            Match.SEVERAL,
            "several reports of last year" if english else "上年报告不止一份且内容不同，未与上年比对",
        ),
    ):
        names = matches.get(match, ())
        if names:
            count = f"{why}: {len(names)}: " if english else f"{why}的 {len(names)} 个："
            typer.echo(count + _names(names), err=True)


def _names(names: Sequence[str]) -> str:
    return "、".join(names[:_MOST_NAMES]) + ("…" if len(names) > _MOST_NAMES else "")
