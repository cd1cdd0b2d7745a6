"""Prose → tokens: words of the vocabulary, figures with their units, years, punctuation, and the rest."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.narrative.numerals import Numeral, numerals_in
from workbook_tool.narrative.vocabulary import Meaning, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

_PUNCTUATION = {"，": "comma", ",": "comma", "；": "semicolon", ";": "semicolon"} | dict.fromkeys(
    "。！？!?\n", "stop"
)
_BRACKETS = {"(": "open", "[": "open", ")": "close", "]": "close"}
_TITLES = {"《": "》", "〈": "〉", "【": "】"}
"""Titles of documents, and fields, whose figures are the tables' own."""
_FINANCIAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_LONGEST_TITLE = 60
_YEARS = range(1990, 2100)
_AFTER_MONTH = frozenset("0123456789一二三十底末至-—止")
_DECEMBER = 12


class Token(NamedTuple):
    """A piece of a text: its kind, where it stands, and what it means."""

    kind: str
    start: int
    end: int
    meaning: Meaning = Meaning("text")
    value: int | Decimal = 0
    """Of a ``number`` or a ``year``; money is in yuan."""
    unit: str = ""
    """``count``, ``money``, or empty where a number has none."""


def tokens_of(text: str) -> Iterator[Token]:
    """The tokens of `text`; spaces count for nothing, and titles of documents are left out."""
    compact, places = _compact(text)
    for token in _tokens(compact):
        yield token._replace(start=places[token.start], end=places[token.end - 1] + 1)


def _compact(text: str) -> tuple[str, list[int]]:
    """`text` without spaces and in plain characters, and where each character stood."""
    characters, places = [], []
    for place, character in enumerate(text):
        plain = _plain(character)
        if plain:
            characters.append(plain)
            places.append(place)
    return "".join(characters), places


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


def _tokens(text: str) -> Iterator[Token]:
    numerals = {numeral.start: numeral for numeral in numerals_in(text)}
    words = vocabulary()
    position = rest = 0
    while position < len(text):
        token = _title(text, position) or _token(text, position, numerals.get(position))
        if token is None and (found := words.word_at(text, position)):
            word, meaning = found
            token = Token(meaning.kind, position, position + len(word), meaning)
        if token is None:
            position += 1
            continue
        if rest < position:
            yield Token("text", rest, position)
        if token.kind != "title":
            yield token
        position = rest = token.end
        if token.unit:
            position = rest = token.end + len(_unit(text, token.end))
            yield Token("unit", token.end, position)
    if rest < len(text):
        yield Token("text", rest, len(text))


def _unit(text: str, start: int) -> str:
    units = (*vocabulary().money, *vocabulary().counting)
    return next((unit for unit in units if text.startswith(unit, start)), "")


def _title(text: str, start: int) -> Token | None:
    closing = _TITLES.get(text[start])
    end = text.find(closing, start, start + _LONGEST_TITLE) if closing else -1
    return Token("title", start, end + 1) if end > 0 else None


def _token(text: str, start: int, numeral: Numeral | None) -> Token | None:
    """A figure with its unit, a year, or a punctuation mark."""
    if numeral:
        longer = vocabulary().word_at(text, start)
        if longer and len(longer[0]) > numeral.end - numeral.start:
            return None
        return _figure(text, numeral)
    character = text[start]
    kind = _PUNCTUATION.get(character) or _BRACKETS.get(character)
    return Token(kind, start, start + 1) if kind else None


def _figure(text: str, numeral: Numeral) -> Token:
    start, end, value = numeral.start, numeral.end, numeral.value
    following = text[end : end + 2]
    if following.startswith("年") and value in _YEARS:
        return Token("year", start, end + (2 if following == "年度" else 1), value=value)
    if following.startswith("月"):
        # At the beginning and the end of the year it is no part of it.
        near = text[end + 1 : end + 2], text[start - 1 : start]
        is_whole = value in (1, _DECEMBER) and (near[0] in _AFTER_MONTH or near[1] in ("至", "-"))
        return Token("other_number" if is_whole else "month", start, end + 1, value=value)
    if following.startswith(("日", "%", "年", "号", "时")) or text[start - 1 : start] in ("第", "〔", "["):
        return Token("other_number", start, end + 1)
    if any(text.startswith(unit, end) for unit in vocabulary().part_units):
        return Token("part", start, end)
    if any(text.startswith(unit, end) for unit in vocabulary().other_units):
        return Token("other_number", start, end)
    for unit, factor in vocabulary().money.items():
        if text.startswith(unit, end):
            return Token("number", start, end, value=value * factor, unit="money")
    counted = any(text.startswith(unit, end) for unit in vocabulary().counting)
    if numeral.spelled and value and not counted and not following.startswith("、"):
        return Token("other_number", start, end)  # 前三, 一是
    meaning = Meaning("spelled" if numeral.spelled else "digits")
    return Token("number", start, end, meaning, value, "count" if counted else "")
