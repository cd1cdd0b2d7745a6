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
    from collections.abc import Mapping, Sequence

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
    """The sheet in the part `data`; that of the workbook before, as far as nothing in it differs."""
    outline, texts = read_outline(data, shared.tally.most_filled, by_parser=shared.by_parser)
    for number in outline.shared:
        texts[number] = shared.strings[index_of(texts[number])]
    shared.tally.characters += sum(map(len, texts))
    shared.tally.add(outline.tally)
    last = _LAST.get(outline)
    if last and last.formats is not shared.formats:
        last = None
    if last and (last.texts, last.sheet.title, last.sheet.hidden) == (texts, title, hidden):
        return last.sheet
    sheet = Sheet(
        title=title,
        cells=(last and _changed(last, outline, texts)) or _cells(outline, texts, shared.formats),
        merges=outline.merges,
        ruled=outline.ruled,
        protected=outline.protected,
        hidden=hidden,
        hidden_lines=outline.hidden_lines,
    )
    if outline.is_kept:
        _LAST[outline] = _Filled(shared.formats, texts, sheet)
    return sheet


class _Filled(NamedTuple):
    """A sheet that was read, and what made it so beside its outline."""

    formats: Formats
    texts: Sequence[str]
    sheet: Sheet


_LAST: WeakKeyDictionary[Outline, _Filled] = WeakKeyDictionary()
"""The last sheet of each outline that is remembered."""


def _cells(outline: Outline, texts: Sequence[str], formats: Formats) -> Mapping[Spot, Stored]:
    """What each cell holds that holds something."""
    cells: dict[Spot, Stored] = {}
    for cell, text in zip(outline.cells, texts, strict=True):
        stored = _stored(cell, text, formats)
        if stored is not None:
            cells[cell.spot] = stored
    return cells


def _changed(last: _Filled, outline: Outline, texts: Sequence[str]) -> Mapping[Spot, Stored] | None:
    """The same from the `last` sheet, if as many cells hold something as in that one."""
    before = last.sheet.cells
    changes: dict[Spot, Stored] = {}
    for cell, text, other in zip(outline.cells, texts, last.texts, strict=True):
        if text != other:
            stored = _stored(cell, text, last.formats)
            if stored is None or cell.spot not in before:
                return None
            changes[cell.spot] = stored
    return {**before, **changes}


def _stored(cell: Written, text: str, formats: Formats) -> Stored | None:
    """What `text` is in `cell`; nothing if that is empty."""
    if cell.formula is not None:
        return _computed(cell.formula, locked=cell.style not in formats.unlocked)
    if cell.kind == "s":
        return Stored(text) if text else None
    if cell.kind == "n" and cell.style not in formats.odd:
        return _plain_number(text)
    return _rarely_stored(cell, text, formats)


@lru_cache(maxsize=4096)
def _computed(formula: str, *, locked: bool) -> Stored:
    return Stored(formula=formula, locked=locked)


@lru_cache(maxsize=4096)
def _plain_number(text: str) -> Stored | None:
    """A number that is shown as it is."""
    return Stored(number_of(text.strip())) if text.strip() else None


def _rarely_stored(cell: Written, text: str, formats: Formats) -> Stored | None:
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
