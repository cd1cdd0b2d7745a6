"""``wb-tool round accept``, ``reject``, ``assign``, ``dismiss``: what people decide."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbook_tool.cli.options import PasswordFile, opening_of
from workbook_tool.cli.round.options import By, Folder, On, UnitName, day
from workbook_tool.errors import WorkbookToolError

_Submission = Annotated[
    int | None,
    typer.Option(
        "--submission", min=1, help="报送号；默认最新的一份。 Which submission; the latest if left out."
    ),
]
_Item = Annotated[
    str, typer.Argument(help="status 列出的编号，如 P12。 A number listed by status.", metavar="ITEM")
]


def accept_command(
    units: Annotated[
        list[str] | None, typer.Argument(help="单位代码或名称。 Codes or names.", metavar="UNIT...")
    ] = None,
    folder: Folder = Path(),
    submission: _Submission = None,
    passed: Annotated[
        bool, typer.Option("--passed", help="所有审核通过、尚未接受的。 All that passed.")
    ] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="没有通过也接受。 Even if it did not pass.")
    ] = False,
    on: On = None,
    by: By = "",
) -> None:
    """接受报送；之后再来新件，也要再次接受才换。 Accept a submission; a later one takes its place only so."""
    from workbook_tool.round.decide import accept, accept_all_passed, find_unit  # noqa: PLC0415
    from workbook_tool.round.folder import open_round  # noqa: PLC0415

    if bool(units) == passed or (submission and len(units or ()) != 1):
        message = "请写单位，或者用 --passed；--submission 只能配一个单位 (name units, or --passed)"
        raise WorkbookToolError(message)
    with open_round(folder, by) as place:
        if passed:
            done = list(accept_all_passed(place, day(on)))
        else:
            found = [find_unit(place, text) for text in units or ()]
            done = [(unit, accept(place, unit, day(on), submission, anyway=anyway)) for unit in found]
    for unit, number in done:
        typer.echo(f"已接受 (accepted): {unit.code} {unit.agency} 第 {number} 号")
    if passed:
        typer.echo(f"共 {len(done)} 个单位 (units)")


def reject_command(
    unit: UnitName,
    reason: Annotated[
        str, typer.Option("--reason", help="退回的原因，写进答复。 Why; it goes into the reply.")
    ],
    folder: Folder = Path(),
    submission: _Submission = None,
    on: On = None,
    by: By = "",
) -> None:
    """退回报送，附上原因。 Send a submission back, with a reason."""
    from workbook_tool.round.decide import find_unit, reject  # noqa: PLC0415
    from workbook_tool.round.folder import open_round  # noqa: PLC0415

    if not reason.strip():
        message = "--reason: 不能为空 (must not be empty)"
        raise WorkbookToolError(message)
    with open_round(folder, by) as place:
        found = find_unit(place, unit)
        number = reject(place, found, day(on), reason.strip(), submission)
    typer.echo(f"已退回 (sent back): {found.code} {found.agency} 第 {number} 号")


def assign_command(
    item: _Item,
    unit: UnitName,
    folder: Folder = Path(),
    anyway: Annotated[
        bool, typer.Option("--anyway", help="即使像是别的单位的。 Even if it speaks for another unit.")
    ] = False,
    password_file: PasswordFile = None,
    by: By = "",
) -> None:
    """说明一份工作簿是哪个单位的。 Say whose a workbook is."""
    from workbook_tool.round.decide import assign, find_unit  # noqa: PLC0415
    from workbook_tool.round.folder import open_round  # noqa: PLC0415

    with open_round(folder, by) as place:
        found = find_unit(place, unit)
        number = assign(place, item, found, opening_of(password_file).passwords, anyway=anyway)
    typer.echo(f"{item} → {found.code} {found.agency} 第 {number} 号")


def dismiss_command(
    items: Annotated[list[str], typer.Argument(help="编号，如 M3、P12。 Numbers.", metavar="ITEM...")],
    folder: Folder = Path(),
    by: By = "",
) -> None:
    """放下不用再看的件。 Put aside what nobody needs to look at any more."""
    from workbook_tool.round.decide import dismiss  # noqa: PLC0415
    from workbook_tool.round.folder import open_round  # noqa: PLC0415

    with open_round(folder, by) as place:
        for item in items:
            dismiss(place, item)
            typer.echo(f"{item}: 已放下 (dismissed)")
