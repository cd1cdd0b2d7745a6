"""Prose → tokens: words of the vocabulary, figures with their units, years, punctuation, and the rest."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from workbook_tool.narrative.numerals import Numeral, numerals_in
from workbook_tool.narrative.vocabulary import Meaning, vocabulary, word_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

_PUNCTUATION = {
    "，": "comma",
    ",": "comma",
    "；": "semicolon",
    ";": "semicolon",
    "(": "open",
    "[": "open",
    ")": "close",
    "]": "close",
    **dict.fromkeys("。！？!?\n", "stop"),
}
_TITLES = {"《": "》", "〈": "〉", "【": "】"}
"""Titles of documents, and fields, whose figures are the tables' own."""
_MARKS = frozenset((*_PUNCTUATION, *_TITLES))
_FINANCIAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_LONGEST_TITLE = 60
_YEARS = range(1990, 2100)
_AFTER_MONTH = frozenset("0123456789一二三十底末至-—止")
_DECEMBER = 12
_ITEMS = "项"
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


@lru_cache(maxsize=16)
def compact(text: str) -> tuple[str, Sequence[int]]:
    """`text` without spaces and in plain characters, and where each character stood."""
    plain = {ord(character): _plain(character) for character in set(text)}
    places: Sequence[int] = range(len(text))
    if "" in plain.values():
        places = tuple(place for place, character in enumerate(text) if plain[ord(character)])
    return text.translate(plain), places


@cache
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
    """The tokens of a compact text; titles of documents are left out."""
    numerals = {numeral.start: numeral for numeral in numerals_in(text)}
    words = vocabulary().words
    position, rest, length = 0, 0, len(text)
    while position < length:
        character, token = text[position], None
        if character in _MARKS or position in numerals:
            token = _marked(text, position, numerals.get(position))
        if token is None:
            end, meaning = word_from(words, text, position)
            if meaning is None:
                position += 1
                continue
            token = Token(meaning.kind, position, end, meaning)
        if rest < position:
            yield Token("text", rest, position)
        if token.kind != "title":
            yield token
        position = rest = token.end
        if token.unit:
            position = rest = token.end + len(_unit(text, token.end))
            yield Token("unit", token.end, position)
    if rest < length:
        yield Token("text", rest, length)


def _unit(text: str, start: int) -> str:
    words = vocabulary()
    return next((unit for unit in (*words.money, *words.counting) if text.startswith(unit, start)), "")


def _title(text: str, start: int) -> Token | None:
    closing = _TITLES.get(text[start])
    end = text.find(closing, start, start + _LONGEST_TITLE) if closing else -1
    return Token("title", start, end + 1) if end > 0 else None


def _marked(text: str, start: int, numeral: Numeral | None) -> Token | None:
    """A figure, a year, a punctuation mark or a title."""
    if numeral:
        end, _ = word_from(vocabulary().words, text, start)
        return None if end > numeral.end else _figure(text, numeral)
    character = text[start]
    if character in _PUNCTUATION:
        return Token(_PUNCTUATION[character], start, start + 1)
    return _title(text, start)


def _figure(text: str, numeral: Numeral) -> Token:
    """A numeral by what stands behind it: a time, a number of what is counted, or of something else."""
    start, end, value = numeral.start, numeral.end, numeral.value
    following, before = text[end : end + 2], text[start - 1 : start]
    if following.startswith("年") and value in _YEARS:
        return Token("year", start, end + (2 if following == "年度" else 1), value=value)
    if following.startswith("月"):
        # At the beginning and the end of the year it is no part of it.
        is_whole = value in (1, _DECEMBER) and (
            text[end + 1 : end + 2] in _AFTER_MONTH or before in ("至", "-")
        )
        return Token("other_number" if is_whole else "month", start, end + 1, value=value)
    if following.startswith("%"):
        return Token("percent", start, end + 1)
    if following.startswith(_NOT_COUNTED) or before in _BEFORE_ORDINALS:
        return Token("other_number", start, end + 1)
    return _counted(text, numeral)


def _counted(text: str, numeral: Numeral) -> Token:
    start, end, value = numeral.start, numeral.end, numeral.value
    words = vocabulary()
    if text.startswith(words.part_units, end):
        return Token("part", start, end)
    if text.startswith(words.other_units, end):
        return Token("other_number", start, end)
    money = next((unit for unit in words.money if text.startswith(unit, end)), None)
    if money:
        return Token("number", start, end, value=value * words.money[money], unit="money")
    if text.startswith(_ITEMS, end):
        return Token("number", start, end, value=value, unit="items")
    counted = text.startswith(words.counting, end)
    if numeral.spelled and value and not counted and not text.startswith("、", end):
        return Token("other_number", start, end)  # 前三, 一是
    return Token("number", start, end, value=value, unit="count" if counted else "")
