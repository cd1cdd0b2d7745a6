"""Numerals as people write them in Chinese: 12, １２, 3,119, 1.2万, 十二, 两百零三, 零.

A numeral that can be read in two ways, such as 一万二, is none: a right value or nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1_000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_LONGEST, _YEAR = 24, 4
"""More characters make no number of anything; a year is spelled in four."""
_NUMERAL = re.compile(
    r"(?P<ascii>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?)(?P<myriads>[万亿]?)|(?P<chinese>[零〇一二两三四五六七八九十百千万亿]+)"
)


@dataclass(slots=True)
class Numeral:
    """A number in a text, from where to where; `spelled` if in Chinese characters."""

    start: int
    end: int
    value: int | Decimal
    spelled: bool


def numerals_in(text: str) -> Iterator[Numeral]:
    """Every numeral of `text`, whose full-width digits are ASCII ones already."""
    for found in _NUMERAL.finditer(text):
        start, end = found.span()
        if end - start > _LONGEST:
            continue
        figure, sign, word = found.groups()
        if figure:
            yield Numeral(start, end, _value(figure, sign), spelled=False)
        elif (spelled := _spelled(word)) is not None:
            yield Numeral(start, end, spelled, spelled=True)


def _value(figure: str, sign: str) -> int | Decimal:
    """The value of a figure with 万 or 亿 behind it, if that is its `sign`."""
    if figure.isdecimal():
        return int(figure) * _MYRIADS.get(sign, 1)
    value = Decimal(figure.replace(",", "")) * _MYRIADS.get(sign, 1)
    return int(value) if value == value.to_integral_value() else value


@lru_cache(maxsize=1024)
def _spelled(word: str) -> int | None:
    """The value of a numeral in characters, ``None`` where it is not well formed."""
    if all(character in _DIGITS for character in word):
        # Digit by digit, as years are; a single one is itself, 一二 is one or two.
        with_zero = _DIGITS[word[0]] and not set(word).isdisjoint("零〇")
        is_number = len(word) in (1, _YEAR) or with_zero
        return int("".join(str(_DIGITS[character]) for character in word)) if is_number else None
    for sign, factor in reversed(_MYRIADS.items()):
        if sign in word:
            high, _, low = word.partition(sign)
            above = _spelled(high) if high else None
            below = _below(low, factor) if low else 0
            return None if not above or below is None else above * factor + below
    return _below_myriad(word)


def _below(word: str, factor: int) -> int | None:
    """What follows 万 or 亿: a full group, or one that 零 begins."""
    value = _spelled(word.removeprefix("零")) if word != "零" else None
    if value is None or value >= factor or (word[0] != "零" and value * 10 < factor):
        return None
    return value


def _below_myriad(word: str) -> int | None:
    total, digit, last, gap = 0, None, 10_000, False
    for character in word:
        if character in _PLACES:
            place = _PLACES[character]
            if place >= last or (digit is None and (place != 10 or total)) or digit == 0:  # noqa: PLR2004
                return None
            total, digit, last, gap = total + (digit or 1) * place, None, place, False
        elif character in "零〇":
            if digit is not None or gap:
                return None
            gap = True
        elif digit is not None:
            return None
        else:
            digit = _DIGITS[character]
    if digit is None:
        return None if gap else total
    # 一百二 may be 120 and may be 102: neither.
    return total + digit if gap or last == 10 else None  # noqa: PLR2004
