"""One worksheet part → `Sheet`: its outline, filled with its values."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.excel import limits
from workbook_tool.excel.book import Disguised, Moment, Sheet, Stored
from workbook_tool.excel.notation import index_of, moment_of, number_of, unescaped
from workbook_tool.excel.outline import INLINE, TRUE, ambiguous, read_outline
from workbook_tool.excel.styles import disguises

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workbook_tool.excel.layout import Spot
    from workbook_tool.excel.outline import Written
    from workbook_tool.excel.styles import Formats


class Shared(NamedTuple):
    """What the sheets of a workbook share."""

    strings: Sequence[str]
    formats: Formats
    tally: limits.Tally
    plainly: Callable[[bytes], str | bytes]
    """How a part is given to the reader (see `plain`)."""


def read_worksheet(title: str, data: bytes, shared: Shared, *, hidden: bool) -> Sheet:
    """The sheet in the part `data`."""
    outline, values = read_outline(shared.plainly(data), shared.tally.most_filled)
    shared.tally.add(outline.tally)
    strings, unlocked, odd = shared.strings, shared.formats.unlocked, shared.formats.odd
    cells: dict[Spot, Stored] = {}
    stored: Stored | None
    for cell in outline.cells:
        spot, kind, style, value, formula = cell
        if formula is not None:
            cells[spot] = _computed(formula, locked=style not in unlocked)
            continue
        text = value if isinstance(value, str) else values[value]
        if kind == "s":
            said = strings[index_of(text)]
            shared.tally.characters += len(said)
            stored = Stored(said) if said else None
        elif kind == "n" and style not in odd:
            stored = _plain_number(text)
        else:
            stored = _stored(cell, text, shared)
        if stored is not None:
            cells[spot] = stored
    limits.ALL_TEXT.hold(shared.tally.characters)
    return Sheet(
        title=title,
        cells=cells,
        merges=outline.merges,
        ruled=outline.ruled,
        protected=outline.protected,
        hidden=hidden,
        hidden_lines=outline.hidden_lines,
    )


@lru_cache(maxsize=4096)
def _computed(formula: str, *, locked: bool) -> Stored:
    return Stored(formula=formula, locked=locked)


@lru_cache(maxsize=4096)
def _plain_number(text: str) -> Stored | None:
    """A number that is shown as it is."""
    return Stored(number_of(text.strip())) if text.strip() else None


def _stored(cell: Written, text: str, shared: Shared) -> Stored | None:
    """What `text` is in a cell of one of the rarer kinds."""
    kind = cell.kind
    if kind == "n":
        return _odd_number(text.strip(), cell.style, shared.formats)
    if kind in ("str", INLINE):
        limits.TEXT.hold(len(text))
        said = unescaped(text)
        shared.tally.characters += len(said)
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
