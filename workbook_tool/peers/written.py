"""Indicators as people write them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from workbook_tool.peers.indicators import words
from workbook_tool.report import plain

if TYPE_CHECKING:
    from workbook_tool.peers.analysis import Outlier, Pair
    from workbook_tool.peers.indicators import Indicator
    from workbook_tool.rules import Place


def number(indicator: Indicator, value: Fraction | float | None, language: str) -> str:
    """The indicator itself: a share per cent, a number plain."""
    if value is None:
        return words(language)["none"]
    return percent(value) if indicator.is_share else _plain(value)


def percent(value: Fraction | float, sign: str = "") -> str:
    """A share with one decimal, after its sign if `sign` is ``+``."""
    text = f"{_rounded(Fraction(value) * 100, 1):{sign}f}"
    return "0.0%" if not text.strip("+-0.") else f"{text}%"


def change(indicator: Indicator, pair: Pair, language: str, *, short: bool = False) -> str:
    """The change from last year: of a number per cent, of a share in points, which `short` leaves unsaid."""
    none = words(language)["none"]
    if pair.change is None:
        return none
    if indicator.is_share:
        return percent(pair.change, "+").removesuffix("%") if short else _points(pair.change, language, "+")
    return percent(pair.change / abs(pair.before), "+") if pair.before else none


def outlier_number(outlier: Outlier, value: Fraction, language: str) -> str:
    """The number that stands out, or the median that it is held against."""
    if not outlier.of_change:
        return number(outlier.indicator, value, language)
    return _points(value, language, "+") if outlier.indicator.is_share else percent(value, "+")


def outlier_words(outlier: Outlier, language: str) -> str:
    """How a unit stands out, in words."""
    said, apart = words(language), abs(outlier.number - outlier.median)
    is_count = not outlier.indicator.is_share and not outlier.of_change
    text = said["higher" if outlier.score > 0 else "lower"].format(
        peers=outlier.peers,
        median=outlier_number(outlier, outlier.median, language),
        apart=_plain(apart) if is_count else _points(apart, language),
    )
    if is_count and outlier.score > 0 and outlier.median > 0:
        text += said["times"].format(times=f"{_rounded(outlier.number / outlier.median, 1):f}")
    return text


def place_words(place: Place, sheet: str | None, language: str) -> str:
    """Where a figure stands: its cell (and sheet, if not on `sheet`), or its page and row in a document.

    Empty where a source has nothing of the kind, such as a text, and its line is all that can be said.
    """
    if place.sheet and place.cell:
        return place.cell if place.sheet == sheet else f"{place.sheet}!{place.cell}"
    return place.source.say(language)


def _points(value: Fraction, language: str, sign: str = "") -> str:
    return words(language)["points"].format(number=percent(value, sign).removesuffix("%"))


def _plain(value: Fraction | float) -> str:
    return plain(_rounded(Fraction(value), 4))


def _rounded(value: Fraction, places: int) -> Decimal:
    """`value` with so many decimals, half of the last up; exact, however large it is."""
    scaled = abs(value) * 10**places
    whole = (scaled.numerator * 2 + scaled.denominator) // (2 * scaled.denominator)
    return Decimal((value < 0, tuple(map(int, str(whole))), -places))
