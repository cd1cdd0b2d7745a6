"""``wb-tool round reply``, ``remind``, ``send`` and ``mark``: letters are drafted and go out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbook_tool.cli.options import CANNOT, PasswordFile, opening_of, warn
from workbook_tool.cli.round.options import (
    By,
    CaFile,
    Folder,
    On,
    PasswordStdin,
    day,
    mail_password,
)
from workbook_tool.errors import WorkbookToolError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from sqlite3 import Row

    from workbook_tool.round.folder import Round

_KINDS = {
    "passed": "通过",
    "returned": "退回修改",
    "unmarked": "退回修改",
    "rejected": "人工退回",
    "unreadable": "读不出",
}


def reply_command(
    folder: Folder = Path(), password_file: PasswordFile = None, on: On = None, by: By = ""
) -> None:
    """为审核过的报送拟答复：通过，或写明问题并附上标好问题的工作簿。 Draft an answer to what was judged."""
    from workbook_tool.round.answer import answer  # noqa: PLC0415
    from workbook_tool.round.folder import open_round  # noqa: PLC0415

    with open_round(folder, by) as place:
        drafted = 0
        for one in answer(place, day(on), opening_of(password_file).passwords):
            drafted += 1
            typer.echo(f"  {one.file}  {one.unit.agency}  {_KINDS[one.kind]}")
        typer.echo(f"草稿 {drafted} 封，在 {place.outbox} (drafts: {drafted})")
        silent = [unit.agency for unit in place.ledger.units().values() if not unit.addresses]
    if silent:
        warn(f"没有邮箱的单位没有答复，请自行告知 (no address, not answered): {'、'.join(silent)}")


def remind_command(folder: Folder = Path(), on: On = None, by: By = "") -> None:
    """为快到期和逾期未报的单位拟催报信。 Draft reminders to those who are late or nearly."""
    from workbook_tool.round.folder import open_round  # noqa: PLC0415
    from workbook_tool.round.remind import remind, used_up  # noqa: PLC0415

    with open_round(folder, by) as place:
        drafted = 0
        for one in remind(place, day(on)):
            drafted += 1
            typer.echo(f"  {one.file}  {one.unit.agency}")
        typer.echo(f"草稿 {drafted} 封，在 {place.outbox} (drafts: {drafted})")
        spent = used_up(place, day(on))
    if spent:
        names = "、".join(unit.agency for unit in spent)
        warn(f"已催满 round.toml 规定的次数，没有再催 (reminded as often as allowed): {names}")


def send_command(
    folder: Folder = Path(),
    really: Annotated[
        bool, typer.Option("--send", help="真的发出；不加只列出。 Really send; without it, only list.")
    ] = False,
    yes: Annotated[
        int | None,
        typer.Option(
            "--yes", min=0, metavar="N", help="确认要发的封数，不再询问。 The count, instead of asking."
        ),
    ] = None,
    cafile: CaFile = None,
    password_stdin: PasswordStdin = False,
    by: By = "",
) -> None:
    """发出 outbox 里的信；默认只列出。 Send what is in the outbox; a dry run unless --send."""
    from workbook_tool.round.folder import open_round  # noqa: PLC0415
    from workbook_tool.round.post import allowance, pending  # noqa: PLC0415
    from workbook_tool.round.remind import withdraw_needless  # noqa: PLC0415

    with open_round(folder, by) as place:
        withdrawn = withdraw_needless(place, day(None))
        if withdrawn:
            typer.echo(f"不用再催的 {withdrawn} 封已撤回 (reminders taken back)")
        waiting = pending(place)
        some = waiting[: allowance(place)]
        _list(place, waiting, some)
        if not really or not some:
            if waiting and not really:
                typer.echo("只是列出；真的发出请加 --send (a dry run; --send sends them)")
            return
        counted = yes if yes is not None else _asked(len(some))
        if counted != len(some):
            message = f"要发 {len(some)} 封，确认的是 {counted} 封，没有发 (counts differ, nothing was sent)"
            raise WorkbookToolError(message)
        user = place.settings.smtp.user or place.settings.mail.address
        _send(place, some, mail_password(user, from_stdin=password_stdin), cafile)


def mark_command(
    units: Annotated[
        list[str] | None, typer.Argument(help="单位代码或名称。 Codes or names.", metavar="UNIT...")
    ] = None,
    folder: Folder = Path(),
    everyone: Annotated[bool, typer.Option("--all", help="所有单位。 Every unit.")] = False,
    sent: Annotated[
        bool,
        typer.Option(
            "--sent/--unsent",
            help="已用邮件软件发出 | 存疑的其实没有发出，改为待发。 Sent by hand, or not after all.",
        ),
    ] = True,
    by: By = "",
) -> None:
    """说明信已经用邮件软件发出，或存疑的信没有发出。 Say that letters were sent by hand, or were not."""
    from workbook_tool.round.decide import find_unit, mark  # noqa: PLC0415
    from workbook_tool.round.folder import open_round  # noqa: PLC0415
    from workbook_tool.round.post import settle  # noqa: PLC0415

    if bool(units) == everyone:
        message = "请写单位，或者用 --all (name units, or --all)"
        raise WorkbookToolError(message)
    with open_round(folder, by) as place:
        found = (
            list(place.ledger.units().values()) if everyone else [find_unit(place, u) for u in units or ()]
        )
        number = sum(mark(place, unit, sent=sent) for unit in found)
        settle(place)
    typer.echo(f"{number} 封{'已发' if sent else '改为待发'} (letters {'sent' if sent else 'not sent'})")


def _list(place: Round, waiting: Sequence[Row], some: Sequence[Row]) -> None:
    units = place.ledger.units()
    for row in some:
        unit = units[row["unit"]]
        there = "" if (place.outbox / row["file"]).exists() else "  草稿不在了 (the draft is gone)"
        typer.echo(f"  {row['file']}  {unit.agency}  {', '.join(unit.addresses)}{there}")
    kinds = Counter(row["kind"] for row in waiting)
    listed = "、".join(f"{words} {kinds[kind]}" for kind, words in _LETTERS.items() if kinds[kind])
    typer.echo(f"待发 {len(waiting)} 封 (waiting){': ' if listed else ''}{listed}")
    if len(some) < len(waiting):
        warn(f"今天还能发 {len(some)} 封，见 round.toml 的 per_day (may still be sent today)")
    unknown = place.ledger.rows("SELECT file FROM letter WHERE status = 'unknown' ORDER BY id")
    if unknown:
        names = "、".join(row["file"] for row in unknown)
        warn(f"发出与否不明，不会自动重发；问清后用 wb-tool round mark 说明 (may have been sent): {names}")


def _asked(number: int) -> int:
    import sys  # noqa: PLC0415

    if sys.stdin is None or not sys.stdin.isatty():
        message = f"要发 {number} 封，请用 --yes {number} 确认 (confirm with --yes {number})"
        raise WorkbookToolError(message)
    return int(
        typer.prompt(f"要发 {number} 封，请输入封数确认 (type the count to confirm)", type=int, err=True)
    )


def _send(place: Round, some: list[Row], password: str, cafile: Path | None) -> None:
    from workbook_tool.round.post import StoppedError, connect, send  # noqa: PLC0415

    fates: Counter[str] = Counter()
    server = connect(place, password, cafile)
    try:
        for one in send(place, some, server):
            fates[one.status] += 1
            typer.echo(f"  {_FATES[one.status]}  {one.file}  {one.words}".rstrip())
    except StoppedError as error:
        typer.echo(f"wb-tool: {error}", err=True)
        raise typer.Exit(CANNOT) from error
    finally:
        server.close()
        typer.echo("、".join(f"{_FATES[fate]} {number}" for fate, number in fates.items()))


_LETTERS = {"issue": "发表 (issue)", "reply": "答复 (reply)", "remind": "催报 (remind)"}
_FATES = {"sent": "已发 (sent)", "refused": "被拒 (refused)", "drafted": "暂缓 (put off)"}
