"""The numbers of a clause, each with the words that say what it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.narrative.lines import NAMING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook_tool.narrative.clauses import Clause
    from workbook_tool.narrative.tokens import Token

_LEAD = 20
"""How many words before a figure are taken over by the one that it rose to."""


def numbers_in(clause: Clause) -> Iterator[tuple[Token, tuple[Token, ...]]]:
    """Each number of a clause and the words that say what it counts: before it, or else behind it."""
    at = [number for number, token in enumerate(clause.tokens) if token.kind == "number"]
    before = [clause.tokens[start:end] for start, end in zip([0, *(n + 1 for n in at)], at, strict=False)]
    after = [clause.tokens[n + 1 : end] for n, end in zip(at, [*at[1:], len(clause.tokens)], strict=True)]
    for number, words in enumerate(before[1:], start=1):
        if words and words[0].kind in ("unit", "reaches") and any(t.kind == "reaches" for t in words):
            before[number] = before[number - 1][:_LEAD] + words  # 由310件升至352件
    comes_first = not names_lines(before[0]) and names_lines(after[-1])
    for number, ahead, behind in zip(at, before, after, strict=True):
        if comes_first:
            lead = tuple(
                token for token in before[0] if token.kind in ("within", "agency", "part", "channel")
            )
            yield clause.tokens[number], lead + behind
        else:
            yield clause.tokens[number], ahead + (_behind(ahead, behind) if number == at[-1] else ())


def bare_after(clause: Clause, number: Token) -> int:
    """How many numbers follow in the clause with no line of their own: the others of 分别为."""
    after = [words for each, words in numbers_in(clause) if each.start > number.start]
    return sum(not names_lines(words) for words in after)


def names_lines(words: Sequence[Token]) -> bool:
    """Whether `words` name a line of the form."""
    return any(token.kind in NAMING for token in words)


def _behind(before: Sequence[Token], words: Sequence[Token]) -> tuple[Token, ...]:
    """What is named right behind a figure: 12件自然人申请, or 制定3件规范性文件."""
    first = next((token for token in words if token.kind not in ("filler", "unit")), None)
    if first is None or first.kind not in NAMING:
        return ()
    is_row_missing = all(_is_column(token) for token in before if token.kind == "line")
    return (first,) if first.kind != "line" or _is_column(first) or is_row_missing else ()


def _is_column(token: Token) -> bool:
    return token.kind == "line" and not token.meaning.readings[0].row
