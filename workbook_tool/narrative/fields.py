"""Fields: ``【三.新收.总计】`` in a text, where the report prints the table's figure.

A figure that is never typed cannot disagree with its table. Totals are those that the parts give.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.narrative.names import resolve, segments
from workbook_tool.narrative.recall import recalled
from workbook_tool.report import OPENING, add_up, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from decimal import Decimal

    from workbook_tool.forms import Cell
    from workbook_tool.report import Report

    Figures = Callable[[str], int | Decimal | None]

_BRACKETS = re.compile(r"【([^【】\n]{3,80})】")
_SEGMENT = re.compile(r"[\w“”]+")


class Field(NamedTuple):
    """A field in a text: where it begins and ends, brackets included, and the name in it."""

    start: int
    end: int
    name: str


class Span(NamedTuple):
    """From where to where."""

    start: int
    end: int


class Printed(NamedTuple):
    """A text as it is printed, and where the figures of its fields stand: in it, and as written."""

    text: str
    figures: tuple[Span, ...] = ()
    fields: tuple[Span, ...] = ()

    def written(self, start: int, end: int) -> Span:
        """Where the words from `start` to `end` stand in the text as written; a field is there as a whole."""
        if not self.fields:
            return Span(start, end)
        return Span(self._moved(start, is_end=False), self._moved(end, is_end=True))

    def _moved(self, at: int, *, is_end: bool) -> int:
        after = bisect_right(self.figures, at, key=lambda figure: figure.end)
        if after < len(self.figures) and self.figures[after].start < at:
            return self.fields[after].end if is_end else self.fields[after].start
        return at if after == 0 else self.fields[after - 1].end + at - self.figures[after - 1].end


@lru_cache(maxsize=64)  # several rules ask
def fields_in(text: str) -> tuple[Field, ...]:
    """The fields in `text`, known or not: words in 【】 joined by dots. A date is none, nor a heading."""
    return tuple(_fields_in(text))


def _fields_in(text: str) -> Iterator[Field]:
    for found in _BRACKETS.finditer(text):
        if _may_name(found[1]):
            yield Field(found.start(), found.end(), found[1].strip())


@lru_cache(maxsize=1024)
def _may_name(said: str) -> bool:
    """Whether words in brackets are joined by dots as the names of figures are."""
    parts = segments(said)
    worded = all(map(_SEGMENT.fullmatch, parts)) and not all(map(str.isdecimal, parts))
    return len(parts) > 1 and worded


def figure(report: Report, name: str) -> int | Decimal | None:
    """The figure that the field `name` prints; ``None`` where there is none to print.

    It has none where nothing goes by that name and where the table's cell is blank or undecided.
    """
    return figures(report)(name)


def fill(report: Report) -> Report:
    """`report` with the table's figures in place of the fields of its texts.

    A field without a figure stays as it is.
    """
    texts = {text_id: known.text for text_id, known in printed_texts(report).items()}
    opening = texts.pop(OPENING)
    return replace(report, opening=opening, narratives=texts)


@recalled
def printed_texts(report: Report) -> Mapping[str, Printed]:
    """The texts of `report` as they are printed, by what they go by."""
    if not any("【" in text for text in report.texts.values()):
        return {text_id: Printed(text) for text_id, text in report.texts.items()}
    look_up = figures(report)
    return {text_id: printed(text, look_up) for text_id, text in report.texts.items()}


def filled(text: str, look_up: Figures) -> str:
    """`text` with figures in place of its fields, as far as `look_up` has them."""
    return printed(text, look_up).text


def printed(text: str, look_up: Figures) -> Printed:
    """`text` as it is printed, with figures in place of its fields as far as `look_up` has them."""
    pieces: list[str] = []
    places: list[Span] = []
    fields: list[Span] = []
    rest = length = 0
    for field in fields_in(text):
        figure = look_up(field.name)
        if figure is None:
            continue
        pieces += [text[rest : field.start], plain(figure)]
        start = length + field.start - rest
        length, rest = start + len(pieces[-1]), field.end
        places.append(Span(start, length))
        fields.append(Span(field.start, field.end))
    return Printed("".join((*pieces, text[rest:])), tuple(places), tuple(fields))


def figures(report: Report) -> Figures:
    """What gives the `figure` of a name; for many names, since the totals are added up anew only once."""
    values = report.added_up

    def look_up(name: str) -> int | Decimal | None:
        cells: tuple[Cell, ...] | None = resolve(report.form, name)
        if cells is None or any(cell not in values for cell in cells):
            return None
        return add_up(values[cell] for cell in cells)

    return look_up
