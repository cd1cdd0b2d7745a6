"""Fields: ``【三.新收.总计】`` in a text, where the report prints the table's figure.

A figure that is never typed cannot disagree with its table. Totals are those that the parts give.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.narrative.names import resolve, segments
from workbook_tool.report import OPENING, add_up, plain, with_totals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from workbook_tool.forms import Cell
    from workbook_tool.report import Report

_BRACKETS = re.compile(r"【([^【】\n]{3,80})】")
_SEGMENT = re.compile(r"[\w“”]+")


class Field(NamedTuple):
    """A field in a text: where it begins and ends, brackets included, and the name in it."""

    start: int
    end: int
    name: str


def fields_in(text: str) -> Iterator[Field]:
    """The fields in `text`, known or not: words in 【】 joined by dots. A date is none, nor a heading."""
    for found in _BRACKETS.finditer(text):
        parts = segments(found[1])
        worded = all(map(_SEGMENT.fullmatch, parts)) and not all(map(str.isdecimal, parts))
        if len(parts) > 1 and worded:
            yield Field(found.start(), found.end(), found[1].strip())


def figure(report: Report, name: str) -> int | Decimal | None:
    """The figure that the field `name` prints; ``None`` where there is none to print.

    It has none where nothing goes by that name and where the table's cell is blank or undecided.
    """
    return figures(report)(name)


def fill(report: Report) -> Report:
    """`report` with the table's figures in place of the fields of its texts.

    A field without a figure stays as it is.
    """
    if not any("【" in text for text in report.texts.values()):
        return report
    look_up = figures(report)
    texts = {text_id: filled(text, look_up) for text_id, text in report.texts.items()}
    opening = texts.pop(OPENING)
    return replace(report, opening=opening, narratives=texts)


def filled(text: str, look_up: Callable[[str], int | Decimal | None]) -> str:
    """`text` with figures in place of its fields, as far as `look_up` has them."""
    for found in reversed(list(fields_in(text))):
        stands_for = look_up(found.name)
        if stands_for is not None:
            text = f"{text[: found.start]}{plain(stands_for)}{text[found.end :]}"
    return text


def figures(report: Report) -> Callable[[str], int | Decimal | None]:
    """What gives the `figure` of a name; for many names, since the totals are added up anew only once."""
    values = with_totals(report.form, report.values, report.form.sums)

    def look_up(name: str) -> int | Decimal | None:
        cells: tuple[Cell, ...] | None = resolve(report.form, name)
        if cells is None or any(cell not in values for cell in cells):
            return None
        return add_up(values[cell] for cell in cells)

    return look_up
