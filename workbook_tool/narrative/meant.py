"""What a wrong name of a field was meant to be, as far as its words are understood.

Words are the form's own, or those by which the prose names its lines (``templates/narrative.toml``).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.narrative.names import cells_at, items, plain_column, section_names
from workbook_tool.narrative.senses import TOTAL, senses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook_tool.forms import Cell, Form, Section
    from workbook_tool.narrative.names import Item
    from workbook_tool.narrative.senses import Sense

SEPARATORS = re.compile(r"[.。·•・‧∙、\-—–:,，/\s]+")
"""What people put between the parts of a name; only some of it is right."""

_MOST = 4
"""Where a name may mean more than this, it means nothing."""


class _Figure(NamedTuple):
    """A figure that can be named: where it stands, and its cells."""

    row: str
    column: str
    is_total: bool
    """Whether a name need not state its column, which is the total of all."""
    cells: tuple[Cell, ...]


def parts_of(form: Form, name: str) -> tuple[Section | None, tuple[str, ...]]:
    """The section that `name` begins with, if it does, and its other words."""
    plain = unicodedata.normalize("NFKC", name).lower().strip()
    parts = [part for part in SEPARATORS.split(plain) if part]
    for section in form.sections if parts else ():
        if parts[0] in section_names(section):
            return section, tuple(parts[1:])
        if parts[0].startswith(section.number) and is_understood(form, parts[0].removeprefix(section.number)):
            return section, (parts[0].removeprefix(section.number), *parts[1:])  # 三新收
    return None, tuple(parts)


@lru_cache(maxsize=1024)
def meant(form: Form, name: str) -> tuple[tuple[Cell, ...], ...]:
    """The figures that `name` was probably meant for, each as its cells; none where that is a guess.

    All words of the name are understood and are of these figures. What they leave open is the total.
    """
    named, words = parts_of(form, name)
    if named in form.tabled:
        found = _fitting(form, named, words, guess=True)
        if found:
            return found if len(found) <= _MOST else ()
    elsewhere = [cells for section in form.tabled for cells in _fitting(form, section, words, guess=False)]
    return tuple(elsewhere) if len(elsewhere) <= _MOST else ()


def is_understood(form: Form, word: str) -> bool:
    """Whether `word` names lines of the form, or columns, just so."""
    return any(senses(section, word, guess=False) for section in form.tabled)


def _fitting(
    form: Form, section: Section, words: Sequence[str], *, guess: bool
) -> tuple[tuple[Cell, ...], ...]:
    """The figures of `section` that fit all of `words` and leave the least open."""
    said: list[Sequence[Sense]] = []
    for word in words:
        understood = senses(section, word, guess=guess)
        if understood is None:
            return ()
        said += understood
    fitting = [
        (left, figure) for figure in _figures(form, section) if (left := _left_open(figure, said)) is not None
    ]
    least = min((left for left, _ in fitting), default=0)
    if not said or least > 1:
        return ()
    best = [figure for left, figure in fitting if left == least]
    return tuple(dict.fromkeys(f.cells for f in best if not any(_is_below(f, other) for other in best)))


@cache
def _figures(form: Form, section: Section) -> tuple[_Figure, ...]:
    found = []
    for table in section.tables:
        total = plain_column(table)
        rows: tuple[Item | None, ...] = items(table.rows) or (None,)
        for row in rows:
            for column in items(table.columns):
                is_sum = all(line.sum for line in column.lines)
                is_total = is_sum if total is None else column.id == total.id
                cells = cells_at(form, section, row, column)
                found.append(_Figure(row.id if row else "", column.id, is_total, cells))
    return tuple(found)


def _left_open(figure: _Figure, said: Iterable[Sequence[Sense]]) -> int | None:
    """How many of row and column the words of `said` leave open; ``None`` where a word is not of `figure`."""
    rows, columns = {""}, {figure.column} if figure.is_total and figure.row else set()
    for word in said:
        fit = [sense for sense in word if _fits(sense, figure)]
        if not fit:
            return None
        rows |= {sense.row for sense in fit}
        columns |= {figure.column if sense.column == TOTAL else sense.column for sense in fit}
    return (figure.row not in rows) + (figure.column not in columns)


def _fits(sense: Sense, figure: _Figure) -> bool:
    if sense.row and sense.row not in _path(figure.row):
        return False
    if sense.column == TOTAL:
        return figure.is_total
    return not sense.column or sense.column in _path(figure.column)


def _is_below(figure: _Figure, other: _Figure) -> bool:
    """Whether `figure` is part of `other`, the sum over a group: 直接起诉.维持 of 行政诉讼.维持."""
    lines = ((figure.row, other.row), (figure.column, other.column))
    ends_alike = all(one.rpartition(".")[2] == two.rpartition(".")[2] for one, two in lines)
    above = [(set(_path(one)[1:]), set(_path(two)[1:])) for one, two in lines]
    return ends_alike and all(two <= one for one, two in above) and any(two < one for one, two in above)


@cache
def _path(line: str) -> tuple[str, ...]:
    """The ids of a line and of the groups above it."""
    return tuple(_up(line))


def _up(line: str) -> Iterator[str]:
    while line:
        yield line
        line = line.rpartition(".")[0]
