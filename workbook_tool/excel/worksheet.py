"""One worksheet part → `Sheet`: its outline, filled with its values."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from workbook_tool.excel import limits
from workbook_tool.excel.book import Disguised, Moment, Sheet, Stored
from workbook_tool.excel.notation import index_of, moment_of, number_of, unescaped
from workbook_tool.excel.outline import read_outline
from workbook_tool.excel.sheet_part import INLINE, TRUE, ambiguous
from workbook_tool.excel.styles import disguises

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook_tool.excel.layout import Spot
    from workbook_tool.excel.outline import Outline
    from workbook_tool.excel.sheet_part import Written
    from workbook_tool.excel.styles import Formats


class Shared(NamedTuple):
    """What the sheets of a workbook share."""

    strings: Sequence[str]
    formats: Formats
    tally: limits.Tally
    by_parser: bool = False
    """Whether nothing of a sheet is read by expressions (see `plain`)."""


def read_worksheet(title: str, data: bytes, shared: Shared, *, hidden: bool) -> Sheet:
    """The sheet in the part `data`; that of the workbook before, where nothing in it differs."""
    outline, values = read_outline(data, shared.tally.most_filled, by_parser=shared.by_parser)
    texts = _texts(outline, values, shared)
    shared.tally.add(outline.tally)
    last = _LAST.get(outline)
    if last and last.formats is shared.formats and last.rest == (texts, title, hidden):
        return last.sheet
    sheet = Sheet(
        title=title,
        cells=_cells(outline, texts, shared),
        merges=outline.merges,
        ruled=outline.ruled,
        protected=outline.protected,
        hidden=hidden,
        hidden_lines=outline.hidden_lines,
    )
    if outline.is_kept:
        _LAST[outline] = _Filled(shared.formats, (texts, title, hidden), sheet)
    return sheet


class _Filled(NamedTuple):
    """A sheet that was read, and what made it so beside its outline."""

    formats: Formats
    rest: tuple[Sequence[str], str, bool]
    sheet: Sheet


_LAST: WeakKeyDictionary[Outline, _Filled] = WeakKeyDictionary()
"""The last sheet of each outline that is remembered."""


def _texts(outline: Outline, values: Sequence[str], shared: Shared) -> Sequence[str]:
    """What is written in each cell, shared texts looked up; nothing where a formula stands."""
    strings = shared.strings
    texts = []
    for _, kind, _, value, formula in outline.cells:
        text = "" if formula is not None else value if isinstance(value, str) else values[value]
        texts.append(strings[index_of(text)] if kind == "s" and formula is None else text)
    shared.tally.characters += sum(map(len, texts))
    return texts


def _cells(outline: Outline, texts: Sequence[str], shared: Shared) -> dict[Spot, Stored]:
    unlocked, odd = shared.formats.unlocked, shared.formats.odd
    cells: dict[Spot, Stored] = {}
    stored: Stored | None
    for cell, text in zip(outline.cells, texts, strict=True):
        spot, kind, style, _, formula = cell
        if formula is not None:
            stored = _computed(formula, locked=style not in unlocked)
        elif kind == "s":
            stored = Stored(text) if text else None
        elif kind == "n" and style not in odd:
            stored = _plain_number(text)
        else:
            stored = _stored(cell, text, shared.formats)
        if stored is not None:
            cells[spot] = stored
    return cells


@lru_cache(maxsize=4096)
def _computed(formula: str, *, locked: bool) -> Stored:
    return Stored(formula=formula, locked=locked)


@lru_cache(maxsize=4096)
def _plain_number(text: str) -> Stored | None:
    """A number that is shown as it is."""
    return Stored(number_of(text.strip())) if text.strip() else None


def _stored(cell: Written, text: str, formats: Formats) -> Stored | None:
    """What `text` is in a cell of one of the rarer kinds."""
    kind = cell.kind
    if kind == "n":
        return _odd_number(text.strip(), cell.style, formats)
    if kind in ("str", INLINE):
        limits.TEXT.hold(len(text))
        said = unescaped(text)
        return Stored(said) if said else None
    if kind == "e":
        return Stored(text, error=True)
    if kind == "b":
        return Stored(text.strip() in TRUE)
    if kind == "d":
        return Stored(Moment(text.strip()))
    raise ambiguous(cell.spot.a1)


def _odd_number(text: str, style: int, formats: Formats) -> Stored | None:
    """A number whose format may show something else."""
    if not text:
        return None
    number = number_of(text)
    if style in formats.dates:
        return Stored(Moment(moment_of(number)))
    code = formats.unusual.get(style)
    return Stored(Disguised(text, code)) if code and disguises(code, number) else Stored(number)
