"""The charts of the page, as positions per cent: they stretch with it, and their words stay readable."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from workbook_tool.peers.analysis import magnitude
from workbook_tool.peers.indicators import groups, words
from workbook_tool.peers.statistics import approximate
from workbook_tool.peers.written import number, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook_tool.peers.analysis import Analysis, Together

_CHARTED = ("outcomes", "grounds")
_LEFT, _WIDE = 1.0, 97.0
"""Where a strip begins and how wide it is, per cent."""


def strip(one: Together, language: str) -> dict[str, Any] | None:
    """The units as dots from nothing to the most, with the median; none where nobody states a number."""
    middle = one.middle
    if middle is None:
        return None
    places = [_scale(value, is_share=one.indicator.is_share) for value in (*one.numbers, middle.median)]
    most = max(*places, 1.0 if one.indicator.is_share else 0.0) or 1.0
    *dots, centre = [round(_LEFT + _WIDE * place / most, 1) for place in places]
    low, median, high = (
        number(one.indicator, value, language)
        for value in (min(one.numbers), middle.median, max(one.numbers))
    )
    said = words(language)["spread_said"].format(
        name=one.indicator.name.say(language), low=low, median=median, high=high
    )
    return {"said": said, "dots": sorted(set(dots)), "median": centre}


def _scale(value: float, *, is_share: bool) -> float:
    return max(value, 0.0) if is_share else magnitude(Fraction(value))


def bars(analysis: Analysis, language: str) -> Iterator[dict[str, Any]]:
    """Bars of the outcomes and of the grounds of refusal: of all units, or of those with both years."""
    for group in _CHARTED:
        rows = [one for one in analysis.together if one.indicator.group == group]
        now, before = _shares(rows, analysis, last=False), _shares(rows, analysis, last=True)
        most = max(filter(None, (*now, *before)), default=Fraction(1))
        yield {
            "title": groups()[group].say(language),
            "bars": [
                {
                    "name": one.indicator.name.say(language),
                    "number": _number(one, analysis, language),
                    "share": _written(share, language),
                    "last": _written(last, language),
                    "wide": _wide(share, most),
                    "wide_last": _wide(last, most),
                }
                for one, share, last in zip(rows, now, before, strict=True)
            ],
        }


def _shares(rows: Sequence[Together], analysis: Analysis, *, last: bool) -> list[Fraction | None]:
    """Each row's share: its own, or for numbers that in the sum of the rows."""
    found = [one.pair.last if last else one.pair.this if analysis.has_last else one.all for one in rows]
    total = sum((part.of for part in found if part), Fraction(0))
    return [
        None
        if part is None
        else part.number
        if one.indicator.is_share
        else (part.of / total if total else None)
        for one, part in zip(rows, found, strict=True)
    ]


def _number(one: Together, analysis: Analysis, language: str) -> str:
    part = one.pair.this if analysis.has_last else one.all
    return number(one.indicator._replace(kind="count"), part.of if part else None, language)


def _written(share: Fraction | None, language: str) -> str:
    return words(language)["none"] if share is None else percent(share)


def _wide(share: Fraction | None, most: Fraction) -> float:
    return round(max(0.0, approximate(share / most)) * 100, 1) if share is not None else 0.0
