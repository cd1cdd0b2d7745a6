"""``wb-tool compare``: units of one kind side by side, and against last year."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from workbook_tool.cli.options import (
    FOUND,
    Engine,
    Force,
    Lang,
    Language,
    Output,
    PasswordFile,
    counted,
    named,
    opening_of,
    see_to_output,
    see_to_suffix,
    warn,
    write_text,
)
from workbook_tool.errors import WorkbookToolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbook_tool.peers import Listed, Stand
    from workbook_tool.sources import Opening

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE...",
        help="各单位的报告，或装着它们的文件夹。 The units' reports, or folders of them.",
    ),
]
Prior = Annotated[
    list[str] | None,
    typer.Option(
        "--prior",
        metavar="LAST",
        help="上年的报告或文件夹，可给几次；按单位代码或名称对应。 Last year's reports; may be repeated.",
    ),
]
Roster = Annotated[
    Path | None,
    typer.Option(
        "--roster",
        callback=named,
        help="花名册(.xlsx 或 CSV):层级、缺谁。 The roster: levels, and who is missing.",
    ),
]
Failing = Annotated[
    bool,
    typer.Option("--include-failing", help="审核有错误的也计入。 Count units with errors too."),
]


def compare_command(
    sources: Sources,
    prior: Prior = None,
    roster: Roster = None,
    output: Output = "-",
    include_failing: Failing = False,
    password_file: PasswordFile = None,
    engine: Engine = "local",
    force: Force = False,
    lang: Lang = Language.ZH,
) -> None:
    """各单位并排比较，并与上年比，出一个网页。 Compare units with each other and last year, as a page."""
    from workbook_tool.batch import expand  # noqa: PLC0415
    from workbook_tool.peers import analyse, sort_out  # noqa: PLC0415
    from workbook_tool.peers.page import compare_page  # noqa: PLC0415

    files, before = expand(sources), expand(prior or [])
    if not files:
        message = f"没有可比较的文件 (nothing to compare in): {' '.join(sources)}"
        raise WorkbookToolError(message)
    if "-" in before:
        message = "--prior 应是文件或文件夹 (must be a file or a folder)"
        raise WorkbookToolError(message)
    see_to_suffix(output, ["html", "htm"])
    see_to_output(output, [*files, *before, roster, password_file], force=force)
    listed = _listed(roster)
    opening = opening_of(password_file)
    found, last = (_read(some, opening, lang, engine) for some in (files, before))
    analysis = analyse(sort_out(found, last, listed, include_failing=include_failing))
    page = compare_page(analysis, _links([*files, *before], output), lang.value, failing=include_failing)
    write_text(page, output, force=force)
    wrong = any(stand.status in ("fail", "unreadable") for stand in found)
    left_out = not all(unit.counted for unit in analysis.sorted.units)
    if wrong or left_out or "missing" in analysis.sorted.aside:
        warn(
            "有的单位读不出、有错误、没有计入或没有报告，见页首"
            " (unreadable, with errors, not counted or missing: see the page)"
        )
        raise typer.Exit(FOUND)


def _read(files: Sequence[str], opening: Opening, lang: Language, engine: str) -> list[Stand]:
    from workbook_tool.peers import stands  # noqa: PLC0415

    if not files:
        return []
    return list(counted(stands(files, opening, lang.value, engine), len(files), shown=True))


def _listed(roster: Path | None) -> list[Listed] | None:
    if roster is None:
        return None
    from workbook_tool.peers import Listed  # noqa: PLC0415
    from workbook_tool.round.roster import read_roster  # noqa: PLC0415

    return [Listed(unit.code, unit.agency, unit.level) for unit in read_roster(roster).units]


def _links(files: Iterable[str], output: str) -> dict[str, str]:
    """How the page at `output` leads to each of `files`: relative, so that both can be moved together."""
    folder = Path.cwd() if output == "-" else Path(output).resolve().parent
    links = {}
    for file in files:
        # What is inside an archive is reached through the archive.
        held_in = next((path for path in (Path(file), *Path(file).parents) if path.is_file()), None)
        if file != "-" and held_in:
            links[file] = _link(held_in.absolute(), folder)
    return links


def _link(file: Path, folder: Path) -> str:
    try:
        steps = Path(os.path.relpath(file, folder)).as_posix()
    except ValueError:  # another drive
        return file.as_uri()
    return "".join(
        character if character.isalpha() else quote(character, errors="surrogateescape")
        for character in f"./{steps}"
    )
