"""The figures of the prose beside those of the tables: which agree and which differ."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.narrative.stated import facts_of
from workbook_tool.report import add_up, with_totals
from workbook_tool.rules import Passage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from workbook_tool.forms import Cell
    from workbook_tool.narrative.facts import Fact
    from workbook_tool.narrative.targets import Target
    from workbook_tool.phrase import Phrase
    from workbook_tool.report import Report

_STOPS = re.compile(r"[，。；！？,;!?\n（）()]")
_STOPS_OF_ITEMS = re.compile(rf"{_STOPS.pattern[:-1]}、]")
_LONGEST_CLAUSE = 40
_TELLING = 3
"""With fewer characters beside the figure an item of an enumeration says too little."""


class Line(NamedTuple):
    """One line that a figure of the prose may be of: its cells, what it is called, and the tables' figure."""

    cells: tuple[Cell, ...]
    words: Phrase
    figure: int | Decimal


class Agreement(NamedTuple):
    """A figure of the prose, the words around it, and the lines it may be of; it agrees if it fits one."""

    fact: Fact
    passage: Passage
    clause: str
    lines: tuple[Line, ...]
    printed: str = ""
    """The figure, where the text has a field for it."""

    @property
    def line(self) -> Line:
        """The line that it fits, or else the likeliest."""
        return next((line for line in self.lines if line.figure == self.fact.value), self.lines[0])

    @property
    def holds(self) -> bool:
        """Whether text and table agree."""
        return self.line.figure == self.fact.value


def agreements(report: Report) -> Iterator[Agreement]:
    """Every figure of the prose whose line has a figure in the tables, in the order of the texts."""
    figures = _figures(report)
    printed = report.added_up
    for text_id, fact, figure in facts_of(report):
        known = printed if figure else figures  # a field prints what the parts give
        lines = tuple(line for target in fact.targets if (line := _line(target, known)))
        if lines and len(lines) == sum(bool(target.cells) for target in fact.targets):
            clause = _clause(report.texts[text_id], fact)
            yield Agreement(fact, Passage(text_id, fact.start, fact.end), clause, lines, figure)


def _figures(report: Report) -> Mapping[Cell, int | Decimal | None]:
    """The figures as stated, totals that are blank or undecided as their parts give them."""
    stated = report.values
    unknown = [total for total in report.form.sums if stated.get(total) is None]
    return with_totals(report.form, stated, unknown) if unknown else stated


def _line(target: Target, figures: Mapping[Cell, int | Decimal | None]) -> Line | None:
    """The line of `target`, if its figure is known: nothing of it undecided, and not all blank."""
    if not target.cells or any(cell not in figures for cell in target.cells):
        return None
    figure = add_up(figures[cell] for cell in target.cells)
    return None if figure is None else Line(target.cells, target.words, figure)


def _clause(text: str, fact: Fact) -> str:
    """The clause that a figure stands in, shortened to what is near it."""
    first, last = max(0, fact.start - _LONGEST_CLAUSE), min(len(text), fact.end + _LONGEST_CLAUSE)
    for stops in (_STOPS_OF_ITEMS, _STOPS):
        start = fact.start - len(stops.split(text[first : fact.start])[-1])
        stop = stops.search(text, fact.end, last)
        clause = text[start : stop.start() if stop else last].strip()
        if len(clause) - len(fact.words) > _TELLING:
            break
    return clause
