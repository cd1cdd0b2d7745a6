"""``wb-tool round init``, ``enrol`` and ``issue``: a round is set up and its workbooks go out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbook_tool.cli.options import EARLIEST, LATEST, Password, counted, named, warn
from workbook_tool.cli.round.options import By, Folder, day

if TYPE_CHECKING:
    from workbook_tool.round.settings import Settings

_Roster = Annotated[
    Path,
    typer.Option(
        "--roster", exists=True, dir_okay=False, help="花名册:.xlsx 或 CSV。 The roster: .xlsx or CSV."
    ),
]
_FOUND_ODD = 20


def init_command(
    folder: Annotated[Path, typer.Argument(help="新的或空的文件夹。 A new or empty folder.", metavar="DIR")],
    year: Annotated[
        int, typer.Option("--year", min=EARLIEST, max=LATEST, help="报告年度，如 2025。 The report year.")
    ],
    roster: _Roster,
    by: By = "",
) -> None:
    """建立一轮收表。 Set up a round."""
    from workbook_tool.round.folder import create_round  # noqa: PLC0415
    from workbook_tool.round.roster import read_roster  # noqa: PLC0415

    listed = read_roster(roster)
    create_round(folder, year, listed.units, by)
    _say_doubts(listed.doubts)
    typer.echo(f"{folder}: {len(listed.units)} 个单位 (units)")
    typer.echo(f"请先编辑 {folder / 'round.toml'}:截止日期、发信人、落款 (edit it first)")


def enrol_command(roster: _Roster, folder: Folder = Path(), by: By = "") -> None:
    """更新花名册：新增单位，或更改邮箱、联系人、截止日期。 Add units or bring their entries up to date."""
    from workbook_tool.round.folder import enrol, open_round  # noqa: PLC0415
    from workbook_tool.round.roster import read_roster  # noqa: PLC0415

    listed = read_roster(roster)
    with open_round(folder, by) as place:
        before = set(place.ledger.units())
        enrol(place.ledger, listed.units)
        added = len(place.ledger.units()) - len(before)
        given = {unit.code.upper() for unit in listed.units}
        missing = [code for code in before if code.upper() not in given]
    _say_doubts(listed.doubts)
    typer.echo(f"新增 {added},更新 {len(listed.units) - added} (added, brought up to date)")
    if missing:
        names = "、".join(sorted(missing))
        warn(f"这些单位不在新花名册里，仍然保留 (kept, though not on the new roster): {names}")


def issue_command(
    units: Annotated[
        list[str] | None,
        typer.Argument(help="只发给这些单位；默认全部未发的。 Only these units.", metavar="UNIT..."),
    ] = None,
    folder: Folder = Path(),
    prior: Annotated[
        str | None,
        typer.Option(
            "--prior",
            metavar="DIR",
            callback=named,
            help="上年报告所在的文件夹。 A folder of last year's reports.",
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="已发过的也再发一份。 Once more, even where it was issued.")
    ] = False,
    password: Password = "",
    by: By = "",
) -> None:
    """给每个单位生成工作簿和邮件草稿。 Make each unit's workbook and the letter it goes with."""
    from workbook_tool.errors import WorkbookToolError  # noqa: PLC0415
    from workbook_tool.round.decide import find_unit  # noqa: PLC0415
    from workbook_tool.round.folder import open_round  # noqa: PLC0415
    from workbook_tool.round.issue import Prior, issue, to_issue  # noqa: PLC0415

    if again and not units:
        message = "--again 要指明单位 (name the units)"
        raise WorkbookToolError(message)
    with open_round(folder, by) as place:
        _say_what_is_not_set(place.settings)
        chosen = [find_unit(place, text).code for text in units or ()]
        wanted = to_issue(place, chosen, again=again)
        last_year = Prior(place.settings.year)
        if prior:
            last_year.read(Path(prior))
        for problem in last_year.problems:
            warn(problem)
        made = issue(place, wanted, last_year, day(None), password)
        issued = list(counted(made, len(wanted), shown=True))
        lettered = [one for one in issued if one.letter]
        typer.echo(
            f"工作簿 {len(issued)} 份，在 {place.workbooks}；草稿 {len(lettered)} 封，在 {place.outbox}"
        )
        typer.echo(f"(workbooks: {len(issued)}, drafts: {len(lettered)})")
        if prior:
            typer.echo(f"带上年数字的 {sum(one.has_prior for one in issued)} 份 (with last year's figures)")
    if not issued:
        warn("没有要发的单位；再发一份请加 --again 并指明单位 (nothing to issue)")


def _say_what_is_not_set(settings: Settings) -> None:
    """Say what letters will lack as the round file is."""
    mail = settings.mail
    missing = [words for words, text in (("from", mail.sender), ("signature", mail.signature)) if not text]
    if missing:
        warn(f"round.toml 里还没有写 {'、'.join(missing)},信里就没有 (not set, so the letters lack it)")
    if settings.due < day(None):
        warn(f"截止日期 {settings.due} 已经过了 (the due date is past)")


def _say_doubts(doubts: tuple[str, ...]) -> None:
    for doubt in doubts[:_FOUND_ODD]:
        warn(doubt)
    if len(doubts) > _FOUND_ODD:
        warn(f"……共 {len(doubts)} 处 (in all)")
