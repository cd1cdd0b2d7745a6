"""The board as one self-contained page, with a bar of the statuses and a curve of what came in when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from workbook_tool.phrase import Phrase
from workbook_tool.resources import page_template
from workbook_tool.round.board import counts, status_words
from workbook_tool.round.ledger import moment_of
from workbook_tool.round.show import HEADINGS, item_line, rows, set_aside, summary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from workbook_tool.round.board import Item, Standing
    from workbook_tool.round.folder import Round

_WORDS = {
    "lang": Phrase("zh-CN", "en"),
    "skip": Phrase("跳到各单位", "Skip to the units"),
    "progress": Phrase("进度", "Progress"),
    "curve": Phrase("收到的单位数(累计)", "Units that are in, day by day"),
    "units": Phrase("各单位", "Units"),
    "people": Phrase("待人工处理", "For a person to decide"),
    "aside": Phrase("另外放下的", "Set aside"),
    "due": Phrase("截止", "due"),
    "first": Phrase("报过", "in"),
    "day": Phrase("日期", "day"),
}
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 960, 240, 44, 28, 16
_MOST_DAYS = 400
_LABELS = 6


def board_page(
    board: Sequence[Standing], aside: Sequence[Item], place: Round, today: date, language: str
) -> str:
    """The page."""
    title, remark = summary(board, place, today, language)
    names = [heading.say(language) for heading, _ in HEADINGS]
    table = [
        {"status": standing.status, "cells": row}
        for standing, row in zip(board, rows(board, place, language), strict=True)
    ]
    return (
        page_template("board.html.j2").render(
            words={name: phrase.say(language) for name, phrase in _WORDS.items()},
            title=title,
            remark=remark,
            bar=_bar(board, language),
            curve=_curve(board, place, today),
            headings=names,
            rows=table,
            people=[item_line(item, language) for item in aside if item.is_for_a_person],
            aside=set_aside(aside, language),
        )
        + "\n"
    )


def _bar(board: Sequence[Standing], language: str) -> list[dict[str, Any]]:
    """The statuses side by side, each as wide as its share."""
    bar, left = [], 0.0
    for status, number in counts(board).items():
        if number:
            width = _WIDTH * number / len(board)
            bar.append(
                {
                    "status": status,
                    "label": status_words(status).say(language),
                    "number": number,
                    "x": round(left, 1),
                    "width": round(width, 1),
                    "roomy": width > 30,  # noqa: PLR2004  # room for a number of three digits
                }
            )
            left += width
    return bar


def _curve(board: Sequence[Standing], place: Round, today: date) -> dict[str, Any] | None:
    """How many units were in on each day, from the first to the last or to the due date."""
    firsts = sorted(
        moment_of(standing.deliveries[0].received).astimezone().date()
        for standing in board
        if standing.deliveries
    )
    if not firsts:
        return None
    due = place.settings.due
    start, end = min(firsts[0], today, due) - timedelta(days=1), max(firsts[-1], today, due)
    days = min(_MOST_DAYS, max(1, (end - start).days))
    plot_width, plot_height = _WIDTH - _LEFT - 16, _HEIGHT - _BOTTOM - _TOP

    def x(day: date) -> float:
        return round(_LEFT + plot_width * min(days, (day - start).days) / days, 1)

    def y(number: int) -> float:
        return round(_TOP + plot_height * (1 - number / len(board)), 1)

    shown = [start + timedelta(days=number) for number in range(days + 1)]
    points = [
        (day, sum(first <= day for first in firsts)) for day in shown if day <= today or day <= firsts[-1]
    ]
    line = " ".join(f"{x(day)},{y(number)}" for day, number in points)
    step = max(1, days // _LABELS)
    return {
        "line": line,
        "due": x(due),
        "labels": [{"x": x(day), "text": f"{day.month}-{day.day:02d}"} for day in shown[::step]],
        "levels": [{"y": y(number), "text": number} for number in sorted({0, len(board) // 2, len(board)})],
        "last": {"x": x(points[-1][0]), "y": y(points[-1][1]), "text": points[-1][1]},
    }
