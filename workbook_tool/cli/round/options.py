"""What the commands of a round share."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from workbook_tool.cli.options import EARLIEST, LATEST
from workbook_tool.errors import WorkbookToolError

Folder = Annotated[
    Path,
    typer.Option(
        "-r", "--round", envvar="WB_TOOL_ROUND", metavar="DIR", help="收表的文件夹。 The folder of the round."
    ),
]
By = Annotated[str, typer.Option("--by", help="经办人，记入台账；默认为登录名。 Who does it.")]
On = Annotated[
    datetime | None,
    typer.Option(
        "--on",
        formats=["%Y-%m-%d"],
        help="按这一天算逾期，用来预看；默认今天，台账仍记实际时间。 The day to reckon by.",
    ),
]
UnitName = Annotated[str, typer.Argument(help="单位代码或名称。 A unit's code or name.", metavar="UNIT")]
CaFile = Annotated[
    Path | None,
    typer.Option("--cafile", exists=True, dir_okay=False, help="单位自建证书的根证书。 A private authority."),
]
PasswordStdin = Annotated[
    bool,
    typer.Option("--password-stdin", help="从标准输入读授权码。 Read the password from standard input."),
]

_VARIABLE = "WB_TOOL_MAIL_PASSWORD"
_SERVICE = "wb-tool"


def day(on: datetime | None) -> date:
    """The day that is meant: today, unless another is named."""
    chosen = on.date() if on else datetime.now().astimezone().date()
    if not EARLIEST <= chosen.year <= LATEST:
        message = f"--on: 应在 {EARLIEST} 到 {LATEST} 年之间 (out of range): {chosen}"
        raise WorkbookToolError(message)
    return chosen


def mail_password(user: str, *, from_stdin: bool) -> str:
    """The password (授权码) of `user`: standard input, environment, keyring, or asked for; never a file."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n") if sys.stdin else ""
    found = os.environ.get(_VARIABLE) or _from_keyring(user)
    if found:
        return found
    if sys.stdin is None or not sys.stdin.isatty():
        message = (
            f"没有授权码：用环境变量 {_VARIABLE}、--password-stdin 或 keyring 给出 (no password for {user})"
        )
        raise WorkbookToolError(message)
    return str(typer.prompt(f"{user} 的授权码 (password)", hide_input=True, err=True))


def _from_keyring(user: str) -> str:
    """What the system keeps for `user` under the service wb-tool; empty where it keeps nothing."""
    try:
        import keyring  # noqa: PLC0415  # an extra
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError:
        return ""
    try:
        return keyring.get_password(_SERVICE, user) or ""
    except (KeyringError, RuntimeError):
        return ""
