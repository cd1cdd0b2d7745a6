"""Tokens → clauses: what stands between two commas, in or out of brackets."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.narrative.vocabulary import Meaning, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook_tool.narrative.tokens import Token

_ENDS = ("comma", "semicolon", "stop", "open", "close")
_CARRIED = "结转"
_IN = Meaning("line", (Reading("t3", "carried_in", None),))
_OUT = Meaning("line", (Reading("t3", "carried_out", None),))


class Clause(NamedTuple):
    """The tokens of a clause and the mark that ends it."""

    tokens: tuple[Token, ...]
    end: str

    def has(self, *kinds: str) -> bool:
        """Whether a token of one of `kinds` is in it."""
        return any(token.kind in kinds for token in self.tokens)


def clauses_of(tokens: Iterable[Token], text: str, year: int | None) -> Iterator[Clause]:
    """The clauses of a text on `year`, what is carried over from or to another year understood."""
    gathered: list[Token] = []
    for token in tokens:
        if token.kind in _ENDS:
            yield Clause(tuple(_carried_over(gathered, text, year)), token.kind)
            gathered = []
        else:
            gathered.append(token)
    if gathered:
        yield Clause(tuple(_carried_over(gathered, text, year)), "stop")


def _carried_over(tokens: Sequence[Token], text: str, year: int | None) -> list[Token]:
    """`tokens` with 结转 and a year as one word: 2023年结转 is last year's, 结转至2025年 next year's."""
    found = list(tokens)
    if year is None:
        return found
    years = [(number, token) for number, token in enumerate(found) if token.kind == "year"]
    for number, token in years:
        for near in (number - 1, number + 1, number - 2, number + 2):
            word = found[near] if 0 <= near < len(found) else None
            if word and text[word.start : word.end] == _CARRIED and token.value != year:
                meaning = _OUT if token.value > year else _IN
                found[near] = word._replace(meaning=meaning)
                found[number] = token._replace(kind="filler")
                break
    return found
