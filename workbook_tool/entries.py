"""What somebody put into a cell → a figure, or the finding that says why not.

The one place where an entry becomes a number, for workbooks and printed tables alike.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from workbook_tool.phrase import Phrase
from workbook_tool.report import plain
from workbook_tool.rules import Change, Finding, Place, Suggestion

if TYPE_CHECKING:
    from workbook_tool.forms import Cell

_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_NUMBER_AND_MORE = re.compile(r"(-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*(?:[\u4e00-\u9fff(].*)")
_SPACED = re.compile(r"[+-]?\d{1,3}( \d{3})+(\.\d+)?")
_ODD_DIGITS = ("No", "Nl")
"""Superscripts, circled and Roman numbers: normalising would make plain digits of a footnote mark."""
_MINUS = str.maketrans("−–—", "---")
_RUN_TOGETHER = re.compile(r"[+-]?0\d")
"""How a printed number begins only if it is several: ``00``, ``012``."""

_EXACT = 2**53
_LONGEST_QUOTE = 40


class Entry(NamedTuple):
    """An entry understood: its figure if `decided` (``None`` for a blank), and what was wrong with it."""

    decided: bool
    figure: int | Decimal | None = None
    finding: Finding | None = None


def understand(
    cell: Cell, raw: object, place: Place, *, source: Literal["typed", "printed"] = "typed"
) -> Entry:
    """The figure that `raw` states for `cell`, never a guess.

    `raw` is what the file holds: ``None``, a number, a text. On a *printed* page every number
    is text, so digits need no remark there; *typed* into a workbook they do (V-05).
    """
    if isinstance(raw, str):
        return _from_text(cell, raw, place, source)
    if raw is None or (type(raw) is int and cell.kind != "money" and abs(raw) < _EXACT):
        return _as_it_stands(raw)  # nearly every cell
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        return _refuse("V-01", cell, place, str(raw).upper() if isinstance(raw, bool) else str(raw))
    return _accept(cell, Decimal(f"{raw:.15g}" if isinstance(raw, float) else raw), place)


@lru_cache(maxsize=4096)
def _as_it_stands(figure: int | None) -> Entry:
    return Entry(decided=True, figure=figure)


def _from_text(cell: Cell, raw: str, place: Place, source: str) -> Entry:
    text = unicodedata.normalize("NFKC", raw).strip().translate(_MINUS)
    is_odd = any(unicodedata.category(character) in _ODD_DIGITS for character in raw)
    if is_odd or (source == "printed" and _RUN_TOGETHER.match(text)):
        return _refuse("V-01", cell, place, _quote(raw))
    if not text:
        return Entry(decided=True)
    compact = text
    if _GROUPED.fullmatch(text) or (source == "typed" and _SPACED.fullmatch(text)):
        compact = text.replace(",", "").replace(" ", "")
    if _NUMBER.fullmatch(compact):
        entry = _accept(cell, Decimal(compact), place)
        if not entry.decided or (source == "printed" and entry.finding is None):
            return entry
        said = Finding("V-05", place, ids=(cell.id,), expected=plain(entry.figure), found=_quote(raw))
        return Entry(entry.decided, entry.figure, said)
    more = _NUMBER_AND_MORE.fullmatch(text)
    if more:
        return _with_remark(cell, raw, place, more.group(1).replace(",", ""))
    return _refuse("V-01", cell, place, _quote(raw))


def _accept(cell: Cell, number: Decimal, place: Place) -> Entry:
    if not number.is_finite():
        return _refuse("V-01", cell, place, str(number))
    if cell.kind == "money" and abs(number) < _EXACT:
        return Entry(decided=True, figure=number.normalize() if number else Decimal(0))
    if abs(number) >= _EXACT:
        finding = Finding("V-03", place, "huge", ids=(cell.id,), found=f"{number:.6g}")
        return Entry(decided=False, finding=finding)
    if number != number.to_integral_value():
        return _refuse("V-03", cell, place, plain(number))
    return Entry(decided=True, figure=int(number))


def _with_remark(cell: Cell, raw: str, place: Place, number: str) -> Entry:
    why = Phrase("去掉单位或说明，只留数字", "only the number, without unit or remark")
    finding = Finding(
        "V-06",
        place,
        ids=(cell.id,),
        expected=number,
        found=_quote(raw),
        suggestions=(Suggestion((Change(cell.id, raw.strip(), number, cell.where),), why),),
    )
    return Entry(decided=False, finding=finding)


def _refuse(rule: str, cell: Cell, place: Place, found: str) -> Entry:
    return Entry(decided=False, finding=Finding(rule, place, ids=(cell.id,), found=found))


def _quote(raw: str) -> str:
    text = raw.strip()
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"
