"""``wb-tool round collect`` and ``fetch``: what came back is taken in."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbook_tool.cli.options import PasswordFile, counted, opening_of, warn
from workbook_tool.cli.round.options import By, CaFile, Folder, PasswordStdin, mail_password

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook_tool.round.arrivals import Arrival
    from workbook_tool.round.folder import Round

_WORTH_TWO = 8
"""Fewer messages than this are taken in sooner by one process than others start."""


def collect_command(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="文件夹、.eml、.mbox、Maildir、.zip 或工作簿。 Folders, mail, archives, workbooks.",
            metavar="PATH...",
        ),
    ],
    folder: Folder = Path(),
    password_file: PasswordFile = None,
    by: By = "",
) -> None:
    """收进报送来的邮件和文件，审核其中的工作簿。 Take in mail and files, and check the workbooks in them."""
    from workbook_tool.round.arrivals import arrivals  # noqa: PLC0415
    from workbook_tool.round.folder import open_round  # noqa: PLC0415

    with open_round(folder, by) as place:
        found = arrivals(paths, place.folder)
        for path in found.passed_over:
            warn(f"不是能读的文件，跳过 (no readable file, passed over): {path}")
        _take_in(place, found.arrivals, opening_of(password_file).passwords)


def fetch_command(
    folder: Folder = Path(),
    mailbox: Annotated[
        str, typer.Option("--folder", help="邮箱里的文件夹；默认按 round.toml。 The mailbox folder.")
    ] = "",
    cafile: CaFile = None,
    password_stdin: PasswordStdin = False,
    password_file: PasswordFile = None,
    by: By = "",
) -> None:
    """从邮箱收新邮件(只读),并收进台账。 Fetch new mail, only reading, and take it in."""
    from workbook_tool.round.folder import open_round  # noqa: PLC0415
    from workbook_tool.round.mailbox import Mailbox, fetched  # noqa: PLC0415

    passwords = opening_of(password_file).passwords
    with open_round(folder, by) as place:
        user = place.settings.imap.user or place.settings.mail.address
        password = mail_password(user, from_stdin=password_stdin)
        with Mailbox(place, password, cafile, mailbox) as box:
            uids = box.new()
            got = sum(1 for _ in counted(box.fetch(uids), len(uids), shown=True))
        typer.echo(f"新邮件 {got} 封 (new messages)")
        _take_in(place, fetched(place), passwords)


def _take_in(place: Round, found: Sequence[Arrival], passwords: tuple[str, ...]) -> None:
    """Take in what was found, with a bar where it takes long, and say what came of it."""
    from workbook_tool.round.board import items  # noqa: PLC0415
    from workbook_tool.round.collect import collect  # noqa: PLC0415
    from workbook_tool.round.reasons import reasons  # noqa: PLC0415

    workers = (os.cpu_count() or 1) if len(found) >= _WORTH_TWO else 1
    totals: Counter[str] = Counter()
    why: Counter[str] = Counter()
    outcomes = collect(place, found, passwords, workers)
    for outcome in counted(outcomes, len(found), shown=True):
        totals["new"] += outcome.is_new
        totals["known"] += not outcome.is_new
        totals["submissions"] += outcome.submissions
        if outcome.reason:
            why[outcome.reason] += 1
    typer.echo(f"新收 {totals['new']} 件，已收过 {totals['known']} 件；工作簿 {totals['submissions']} 份")
    typer.echo(f"(new: {totals['new']}, known: {totals['known']}, workbooks: {totals['submissions']})")
    people = sum(item.is_for_a_person for item in items(place))
    if people:
        typer.echo(f"待人工处理的共 {people} 件，见 wb-tool round status (for a person to decide)")
    for reason, number in sorted(why.items()):
        words = reasons()[reason].words
        typer.echo(f"  {words.zh} {number} ({words.en})")
