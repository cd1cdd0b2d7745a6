"""``wb-tool round status`` and ``history``: how things stand, and how they came to."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from workbook_tool.cli.options import (
    BY_SUFFIX,
    Force,
    Lang,
    Language,
    Output,
    format_for,
    see_to_output,
    write_text,
    write_workbook,
)
from workbook_tool.cli.round.options import Folder, On, day


class BoardFormat(StrEnum):
    """How the board is shown."""

    TEXT = "text"
    JSON = "json"
    XLSX = "xlsx"
    HTML = "html"


class HistoryFormat(StrEnum):
    """How the history is shown."""

    TEXT = "text"
    JSON = "json"


def status_command(
    folder: Folder = Path(),
    as_format: Annotated[
        BoardFormat | None, typer.Option("--format", help=" | ".join(BoardFormat) + BY_SUFFIX)
    ] = None,
    output: Output = "-",
    aside_too: Annotated[
        bool, typer.Option("--aside", help="放下的也逐件列出。 List what was set aside as well.")
    ] = False,
    on: On = None,
    force: Force = False,
    lang: Lang = Language.ZH,
) -> None:
    """各单位的进度：谁报了，谁没报，逾期几天，哪些要人工处理。 How every unit stands."""
    from workbook_tool.round.board import items, standings  # noqa: PLC0415
    from workbook_tool.round.folder import open_round, own_files  # noqa: PLC0415
    from workbook_tool.round.show import board_json, board_text, board_workbook  # noqa: PLC0415

    as_format = format_for(output, as_format, BoardFormat)
    see_to_output(output, own_files(folder), force=force, workbook=as_format is BoardFormat.XLSX)
    today = day(on)
    with open_round(folder) as place:
        board, aside = standings(place, today), items(place)
        if as_format is BoardFormat.XLSX:
            write_workbook(board_workbook(board, place, today, lang.value), Path(output), force=force)
            return
        if as_format is BoardFormat.JSON:
            text = board_json(board, aside, place, today)
        elif as_format is BoardFormat.HTML:
            from workbook_tool.round.page import board_page  # noqa: PLC0415

            text = board_page(board, aside, place, today, lang.value)
        else:
            text = "\n".join(board_text(board, aside, place, today, lang.value, whole=aside_too)) + "\n"
    write_text(text, output, force=force)
    if output != "-":
        typer.echo(output)


def history_command(
    unit: Annotated[
        str, typer.Argument(help="单位代码或名称；不写则全部。 A unit; all if left out.", metavar="[UNIT]")
    ] = "",
    folder: Folder = Path(),
    as_format: Annotated[HistoryFormat, typer.Option("--format", help="text | json.")] = HistoryFormat.TEXT,
    output: Output = "-",
    force: Force = False,
) -> None:
    """一个单位(或整轮)的来件和经过：何时、何人、何事。 What came in and what was done, when, by whom."""
    from workbook_tool.round.decide import find_unit  # noqa: PLC0415
    from workbook_tool.round.folder import open_round, own_files  # noqa: PLC0415
    from workbook_tool.round.history import events, history_text, intake  # noqa: PLC0415

    see_to_output(output, own_files(folder), force=force)
    with open_round(folder) as place:
        code = find_unit(place, unit).code if unit else None
        came, happened = intake(place, code), events(place, code)
    if as_format is HistoryFormat.JSON:
        content: dict[str, Any] = {"schema": "wb-tool/round-history/1", "intake": came, "events": happened}
        write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", output, force=force)
    else:
        write_text("\n".join(history_text(came, happened)) + "\n", output, force=force)
