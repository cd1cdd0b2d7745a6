"""Prose → tokens: words of the vocabulary, figures with their units, years, punctuation, and the rest."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook_tool.narrative.numerals import Numeral, numerals_in
from workbook_tool.narrative.vocabulary import TITLE, TITLES, Meaning, vocabulary, words_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from workbook_tool.narrative.vocabulary import Tree

_FINANCIAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_LONGEST_TITLE = 60
_YEARS = range(1990, 2100)
_AFTER_MONTH = frozenset("0123456789一二三十底末至-—止")
_DECEMBER = 12
_NOT_COUNTED = ("日", "年", "号", "时")
_BEFORE_ORDINALS = ("第", "〔", "[")
_TEXT = Meaning("text")


@dataclass(slots=True)
class Token:
    """A piece of a text: its kind, where it stands, and what it means. Nothing changes it."""

    kind: str
    start: int
    end: int
    meaning: Meaning = _TEXT
    value: int | Decimal = 0
    """Of a ``number`` or a ``year``; money is in yuan."""
    unit: str = ""
    """``count``, ``items`` (项), ``money``, or empty where a number has none."""


class _Plain(dict[int, str]):
    """Characters as the vocabulary has them, each worked out once."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = _plain(chr(code))
        return plain


_PLAIN = _Plain()


@lru_cache(maxsize=64)
def compact(text: str) -> tuple[str, Sequence[int]]:
    """`text` without spaces and in plain characters, and where each character stood."""
    plain = text.translate(_PLAIN)
    if len(plain) == len(text):
        return plain, range(len(text))
    return plain, tuple(place for place, character in enumerate(text) if _PLAIN[ord(character)])


def _plain(character: str) -> str:
    """A character as the vocabulary has it: one or none."""
    if character == "\n":
        return character
    if unicodedata.category(character) == "No":
        return "，"  # ①予以公开3件②部分公开1件
    if character.isspace() or unicodedata.category(character) in ("Cf", "Cc"):
        return ""
    plain = unicodedata.normalize("NFKC", character)
    return (plain if len(plain) == 1 else character).translate(_FINANCIAL)


def tokens_of(text: str) -> Iterator[Token]:
    """The tokens of a compact text, which cover all of it."""
    known, position = vocabulary(), 0
    for numeral in (*numerals_in(text), Numeral(len(text), len(text), 0, spelled=False)):
        if numeral.start < position:
            continue
        for token in _tokens_before(numeral, known.words, text, position):
            yield token
            position = token.end
        if position <= numeral.start < len(text):
            token = _figure(text, numeral)
            yield token
            position = token.end
            if token.unit and (unit := known.unit_at(text, position)):
                position += len(unit.word)
                yield Token("unit", token.end, position)


def _tokens_before(numeral: Numeral, words: Tree, text: str, first: int) -> Iterator[Token]:
    """The tokens from `first` up to `numeral`, or over it where it is part of a longer word."""
    rest = first
    for start, end, meaning in words_in(words, text, first, numeral.start):
        if start < rest:
            continue  # in a title
        if start == numeral.start and end <= numeral.end:
            break
        stop = end if meaning is not TITLE else _end_of_title(text, start)
        if stop == start:
            continue  # a bracket that is never closed
        if rest < start:
            yield Token("text", rest, start)
        rest = stop
        yield Token(meaning.kind, start, rest, meaning)
    if rest < numeral.start:
        yield Token("text", rest, numeral.start)


def _end_of_title(text: str, start: int) -> int:
    """Where the title ends that a bracket opens; where it begins if it is never closed."""
    end = text.find(TITLES[text[start]], start, start + _LONGEST_TITLE)
    return start if end < 0 else end + 1


def _figure(text: str, numeral: Numeral) -> Token:
    """A numeral by what stands behind it: a time, a number of what is counted, or of something else."""
    start, end, value = numeral.start, numeral.end, numeral.value
    following, before = text[end : end + 1], text[start - 1 : start]
    if following == "年" and value in _YEARS:
        return Token("year", start, end + (2 if text.startswith("年度", end) else 1), value=value)
    if following == "月":
        # At the beginning and the end of the year it is no part of it.
        is_whole = value in (1, _DECEMBER) and (
            text[end + 1 : end + 2] in _AFTER_MONTH or before in ("至", "-")
        )
        return Token("other_number" if is_whole else "month", start, end + 1, value=value)
    if following == "%":
        return Token("percent", start, end + 1)
    if following in _NOT_COUNTED or before in _BEFORE_ORDINALS:
        return Token("other_number", start, end + 1)
    return _counted(text, numeral)


def _counted(text: str, numeral: Numeral) -> Token:
    start, end, value = numeral.start, numeral.end, numeral.value
    unit = vocabulary().unit_at(text, end)
    if unit is None:
        is_other = numeral.spelled and value and not text.startswith("、", end)  # 前三, 一是
        return Token("other_number" if is_other else "number", start, end, value=value)
    if unit.kind == "part":
        return Token("part", start, end)
    if unit.kind == "other":
        return Token("other_number", start, end)
    return Token("number", start, end, value=value * unit.factor, unit=unit.kind)
