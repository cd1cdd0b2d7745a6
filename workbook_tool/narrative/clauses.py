"""Tokens → clauses: what stands between two commas, in or out of brackets."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook_tool.narrative.tokens import tokens_of
from workbook_tool.narrative.vocabulary import ENDS, Meaning, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook_tool.narrative.tokens import Token

_LONGEST_LEAD = 40
"""How many tokens before a bracket may go on behind it."""
_CARRIED = "结转"
_IN = Meaning("line", (Reading("t3", "carried_in", None),))
_OUT = Meaning("line", (Reading("t3", "carried_out", None),))


class Clause:
    """The tokens of a clause and the mark that ends it, their kinds, and which of them are numbers."""

    __slots__ = ("end", "kinds", "numbers", "tokens")

    def __init__(self, tokens: Iterable[Token], end: str) -> None:
        """The clause of `tokens`."""
        self.tokens = tuple(tokens)
        self.end = end
        kinds = [token.kind for token in self.tokens]
        self.kinds = frozenset(kinds)
        is_counting = "number" in self.kinds
        self.numbers = tuple([n for n, kind in enumerate(kinds) if kind == "number"]) if is_counting else ()

    def has(self, *kinds: str) -> bool:
        """Whether a token of one of `kinds` is in it."""
        return not self.kinds.isdisjoint(kinds)

    def starts_with(self, text: str, words: tuple[str, ...]) -> bool:
        """Whether it begins with one of `words`."""
        return bool(self.tokens) and text.startswith(words, self.tokens[0].start)

    def has_word(self, text: str, words: tuple[str, ...]) -> bool:
        """Whether a token of it begins with one of `words`."""
        return any(text.startswith(words, token.start) for token in self.tokens)

    def names_table(self, table: str) -> bool:
        """Whether it names a line of `table`."""
        return "line" in self.kinds and any(
            token.kind == "line" and token.meaning.readings[0].table == table for token in self.tokens
        )

    def names_us(self, text: str) -> bool:
        """Whether it speaks of the agency itself: 我局, 本机关."""
        return any(token.kind == "filler" and text[token.start] in "我本" for token in self.tokens)


@lru_cache(maxsize=64)  # several rules ask, and many agencies write the same
def clauses_of(text: str, year: int | None) -> tuple[Clause, ...]:
    """The clauses of a compact text on `year`, what is carried over from or to another year understood."""
    return tuple(_clauses(text, year))


def _clauses(text: str, year: int | None) -> Iterator[Clause]:
    gathered: list[Token] = []
    held: list[list[Token]] = []
    for token in tokens_of(text):
        if token.kind in ENDS:
            clause = _clause(gathered, token.kind, text, year)
            yield clause
            gathered = []
            if token.kind == "open":
                held.append(_behind_numbers(clause))
            elif token.kind == "close" and held:
                # 行政处罚(含简易程序)12件: what stands before the bracket goes on behind it,
                # but not where the bracket holds the figure, as in 予以公开(12件).
                before = held.pop()
                is_figure = bool(clause.tokens) and clause.tokens[0].kind == "number"
                gathered = [] if is_figure or len(before) > _LONGEST_LEAD else before
        elif token.kind != "title":
            gathered.append(token)
    if gathered:
        yield _clause(gathered, "stop", text, year)


def _clause(tokens: Sequence[Token], end: str, text: str, year: int | None) -> Clause:
    clause = Clause(tokens, end)
    return Clause(_carried_over(tokens, text, year), end) if clause.has("past", "year") else clause


def _is_carried(meaning: Meaning, word: str) -> bool:
    return word.startswith(_CARRIED) or meaning.readings[0].row == "carried_out"


def _behind_numbers(clause: Clause) -> list[Token]:
    return list(clause.tokens[clause.numbers[-1] + 1 :] if clause.numbers else clause.tokens)


def _carried_over(tokens: Sequence[Token], text: str, year: int | None) -> list[Token]:
    """`tokens` with 结转 and a year as one word: 2023年结转 is last year's, 结转至2025年 next year's."""
    found = list(tokens)
    for number, token in enumerate(tokens):
        if token.kind == "past" or (token.kind == "year" and year is not None and token.value != year):
            for near in (number - 1, number + 1, number - 2, number + 2):
                word = found[near] if 0 <= near < len(found) else None
                if word and abs(near - number) > 1 and found[(near + number) // 2].kind == "text":
                    continue  # 2022年曾结转5件
                if word and word.kind == "line" and _is_carried(word.meaning, text[word.start : word.end]):
                    is_next = token.kind == "year" and year is not None and token.value > year
                    found[near] = replace(word, meaning=_OUT if is_next else _IN)
                    found[number] = replace(token, kind="filler")
                    break
    return found
