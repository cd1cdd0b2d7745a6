"""Enumerated parts and the whole that they are parts of, where the prose says both.

Only parts by channel, of which a request has one: parts by matter overlap. 其中 may leave some out, so parts
are too many wherever they exceed the whole, and too few only where the words say that they are all.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook_tool.narrative.clauses import clauses_of
from workbook_tool.narrative.tokens import compact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook_tool.narrative.clauses import Clause
    from workbook_tool.narrative.tokens import Token

_ALL_OF_THEM = ("分别", "包括", "分为", "即", "为")


@lru_cache(maxsize=64)  # many agencies write the same
def sums_in(text: str, year: int | None) -> tuple[tuple[Token, list[Token]], ...]:
    """Wholes whose parts do not add up to them, and the parts; where they stand is where in `text`."""
    plain, places = compact(text)
    return tuple(
        (_moved(whole, places), [_moved(part, places) for part in parts])
        for whole, parts in _sums_in(plain, year)
    )


def _moved(token: Token, places: Sequence[int]) -> Token:
    return replace(token, start=places[token.start], end=places[token.end - 1] + 1)


def _sums_in(text: str, year: int | None) -> Iterator[tuple[Token, list[Token]]]:
    whole: Token | None = None
    parts: list[Token] = []
    is_complete, depth, level = False, 0, 0
    for clause in clauses_of(text, year):
        for number, words in _counted(clause):
            kinds = {token.kind for token in words}
            if whole is None and len(parts) > 1 and "sum" in kinds and "channel" not in kinds:
                yield from _off(number, parts, is_complete=True)  # 网上25件, 信函18件, 合计46件
                whole, parts = number, []
                continue
            if kinds & {"compare", "change", "past", "foreign", "plan"}:
                whole, parts = None, []
            elif "channel" in kinds and "any_channel" not in kinds:
                level = level if parts else depth
                if depth > level:
                    continue  # parts of a part, in brackets
                parts.append(number)
                is_complete |= any(text[t.start : t.end].startswith(_ALL_OF_THEM) for t in words)
            else:
                yield from _off(whole, parts, is_complete=is_complete)
                whole, parts, is_complete = number, [], False
        depth += {"open": 1, "close": -1}.get(clause.end, 0)
        if clause.end == "stop":
            yield from _off(whole, parts, is_complete=is_complete)
            whole, parts, is_complete = None, [], False
    yield from _off(whole, parts, is_complete=is_complete)


def _counted(clause: Clause) -> Iterator[tuple[Token, tuple[Token, ...]]]:
    """The counted numbers of a clause and the words before each."""
    start = 0
    for place in clause.numbers:
        number = clause.tokens[place]
        if number.unit in ("count", "items"):
            yield number, clause.tokens[start:place]
        start = place + 1


def _off(
    whole: Token | None, parts: list[Token], *, is_complete: bool
) -> Iterator[tuple[Token, list[Token]]]:
    together = sum(part.value for part in parts)
    if whole and len(parts) > 1 and (together > whole.value or (is_complete and together < whole.value)):
        yield whole, parts
