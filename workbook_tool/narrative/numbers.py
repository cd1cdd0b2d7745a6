"""The numbers of a clause, each with the words that say what it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.narrative.lines import NAMING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook_tool.narrative.clauses import Clause
    from workbook_tool.narrative.tokens import Token

_LEAD = 20
"""How many words before a figure are taken over by the one that it rose to."""


def numbers_in(clause: Clause) -> list[tuple[Token, tuple[Token, ...]]]:
    """Each number of a clause and the words that say what it counts: before it, or else behind it."""
    tokens, at = clause.tokens, clause.numbers
    words_of = [tokens[start:end] for start, end in zip([0, *[n + 1 for n in at]], at, strict=False)]
    behind = tokens[at[-1] + 1 :]
    if clause.has("reaches"):
        for number, words in enumerate(words_of[1:], start=1):
            if words and words[0].kind in ("unit", "reaches") and any(t.kind == "reaches" for t in words):
                words_of[number] = words_of[number - 1][:_LEAD] + words  # 由310件升至352件
    if names_lines(behind) and not names_lines(words_of[0]):
        lead = [token for token in words_of[0] if token.kind in ("within", "agency", "part", "channel")]
        ends = [*at[1:], len(tokens)]
        words_of = [(*lead, *tokens[n + 1 : end]) for n, end in zip(at, ends, strict=True)]
    else:
        words_of[-1] += _behind(words_of[-1], behind)
    return [(tokens[n], words) for n, words in zip(at, words_of, strict=True)]


def bare_after(clause: Clause, number: Token) -> int:
    """How many numbers follow in the clause with no line of their own: the others of 分别为."""
    after = [words for each, words in numbers_in(clause) if each.start > number.start]
    return sum(not names_lines(words) for words in after)


def names_lines(words: Sequence[Token]) -> bool:
    """Whether `words` name a line of the form."""
    return not NAMING.isdisjoint([token.kind for token in words])


def _behind(before: Sequence[Token], words: Sequence[Token]) -> tuple[Token, ...]:
    """What is named right behind a figure: 12件自然人申请, or 制定3件规范性文件."""
    first = next((token for token in words if token.kind not in ("filler", "unit")), None)
    if first is None or first.kind not in NAMING:
        return ()
    is_row_missing = all(_is_column(token) for token in before if token.kind == "line")
    return (first,) if first.kind != "line" or _is_column(first) or is_row_missing else ()


def _is_column(token: Token) -> bool:
    return token.kind == "line" and not token.meaning.readings[0].row
