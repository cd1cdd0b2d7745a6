"""Headings, captions and labels that say of their figures another year, or another way to count them.

What the form's own headings say is compared where they are recognised; here is what stands around them:
the caption above a table, a heading over all of its columns, a label with a sign that is not compared.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook_tool.grids import GridCell, Recognition
    from workbook_tool.published.lines import Line

_COUNTED = re.compile(r"[%‰]|百分[比点率]|占比|比[例重]\)|增长率|增幅|[同环]比")
_UNIT = re.compile(
    r"单位:?\s*(?:人民币)?(?:[%‰]|(?:百万|千万|[百十千亿]|万(?!\s*元))[件条个项份次元]|(?:[百十千亿万]|美?元)(?!\s*\w))"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*(?:年|(?=\s*[)\]]|\s*$))")
_OF_A_LAW = re.compile(r"修[订正]|施行|公布|条例|第?\d+号")
_LAST_YEAR = re.compile(r"(?:^|[(\[〔【])\s*(?:上|去|前|往)一?年[度末底]?\s*(?:$|[)\]〕】])")
_SENTENCE = re.compile(r"[,,。;;]")
_LONGEST = 40
"""A longer paragraph is no caption."""


class _Mark(NamedTuple):
    """What says something else, and below which positions of its table; ``None`` for all."""

    text: str
    positions: frozenset[int] | None = None


def note_otherwise(recognition: Recognition, lines: Sequence[Line], year: int | None) -> None:
    """Leave out of `recognition` the figures of which something in `lines` says that they are others.

    `year` is the report's; ``None`` where it is not known, and then no year is another one.
    """
    owners = {id(found): cell for cell, found in recognition.cells.items()}
    marks: list[_Mark] = []
    below = False
    for line in lines:
        figures = {place: owners[id(each)] for place, each in enumerate(line.cells) if id(each) in owners}
        if not figures:
            marks = [*([] if below else marks), *_marks(line, year)]
            below = False
            continue
        below = True
        labels = (each for each in line.cells if each is not None and id(each) not in owners)
        own = [_Mark(each.text) for each in labels if says_otherwise(each.text, year)]
        for mark in (*marks, *own):
            lost = {c for place, c in figures.items() if mark.positions is None or place in mark.positions}
            recognition.ambiguous.update(lost)
            if lost and mark.text not in recognition.unplaced:
                recognition.unplaced.append(mark.text)


def _marks(line: Line, year: int | None) -> Iterator[_Mark]:
    """What a row of headings, or a caption, says that is not so in the form."""
    if not line.cells:
        if _is_caption(line.text) and says_otherwise(line.text, year):
            yield _Mark(line.text)
        return
    is_certain = bool(line.table) and not line.is_sheet
    for cell in _once(line.cells):
        if says_otherwise(cell.text, year):
            where = frozenset(place for place, other in enumerate(line.cells) if other is cell)
            yield _Mark(cell.text.strip(), where if is_certain else None)


def _once(cells: Iterable[GridCell | None]) -> Iterable[GridCell]:
    return {id(cell): cell for cell in cells if cell is not None}.values()


def _is_caption(text: str) -> bool:
    return len(text) <= _LONGEST and not _SENTENCE.search(unicodedata.normalize("NFKC", text))


def says_otherwise(text: str, year: int | None) -> bool:
    """Whether `text`, above or before figures, says that they are of another year, or otherwise counted."""
    plain = unicodedata.normalize("NFKC", text)
    if not any(map(str.isalpha, plain)) and not _COUNTED.search(plain):
        return False
    if _COUNTED.search(plain) or _UNIT.search(plain) or _LAST_YEAR.search(plain):
        return True
    years = {int(found) for found in _YEAR.findall(plain)}
    return year is not None and bool(years - {year}) and not _OF_A_LAW.search(plain)
