"""What takes a figure out of account: other times, other things, others' figures, and parts without a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.narrative.scene import FOREIGN
from workbook_tool.narrative.targets import FEE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook_tool.narrative.clauses import Clause
    from workbook_tool.narrative.lines import Lines
    from workbook_tool.narrative.scene import Scene
    from workbook_tool.narrative.tokens import Token

_LONGEST_ASIDE = 6
_BY_SIZE = frozenset("近约")


def is_ruled_out(
    clause: Clause, number: Token, words: Sequence[Token], lines: Lines, scene: Scene
) -> bool:
    """Whether `number`, which `words` and their `lines` say what it counts, is not to be taken for a fact."""
    return (
        lines.is_doubtful
        or _is_compared(clause, number)
        or _is_part(clause, number, words)
        or _is_of_another_thing(words, lines, scene)
        or _is_of_another_agency(words, scene)
        or _is_unclear(number, words, lines, scene)
        or _is_not_about_disclosure(words, lines, scene)
    )


def _is_compared(clause: Clause, number: Token) -> bool:
    """Compared with another, changed by, or not exact."""
    before = [token for token in clause.tokens if token.end <= number.start]
    behind = next((token for token in clause.tokens if token.start >= number.end), None)
    if any(token.kind in ("compare", "change") for token in before):
        return True
    if before and before[-1].kind == "about":
        return True
    return bool(behind and behind.kind == "about" and behind.start == number.end)


def _is_part(clause: Clause, number: Token, words: Sequence[Token]) -> bool:
    """A part by channel, matter or time, which has no line of its own."""
    kinds = [token.kind for token in clause.tokens if token.end <= number.start]
    kinds += [token.kind for token in words if token.start >= number.end]
    if "month" in kinds:
        return any(token.value not in (1, 12) for token in clause.tokens if token.kind == "month")
    return "part" in kinds or ("channel" in kinds and "any_channel" not in kinds)


def _is_of_another_thing(words: Sequence[Token], lines: Lines, scene: Scene) -> bool:
    """Of letters, documents or something else that the form does not count."""
    own = max((n for n, token in enumerate(words) if token.kind in ("line", "requests")), default=-1)
    other = max((n for n, token in enumerate(words) if token.kind == "foreign"), default=-1)
    if other > own or (other >= 0 and lines.is_weak):
        return True
    if any(token.kind == "not" for token in words[: own + 1]):
        return True
    kinds = {token.kind for token in words}
    if lines.table == FEE and scene.about != FEE and "fee" not in kinds and lines.is_weak:
        return True
    if lines.table == "t2" and "disclosed" in kinds and not lines.columns:
        return True
    if scene.about != FOREIGN:
        return False
    if scene.is_foreign and scene.is_within:
        return not ("requests" in kinds and lines.is_weak and not lines.is_vague)
    return not ("requests" in kinds or (lines.rows and not lines.is_weak and lines.table != "t3"))


def _is_of_another_agency(words: Sequence[Token], scene: Scene) -> bool:
    named = any(token.kind == "agency" for token in words)
    return named and (scene.is_within or (scene.is_used and scene.about == "t3"))


def _is_unclear(number: Token, words: Sequence[Token], lines: Lines, scene: Scene) -> bool:
    """Whether unknown words stand where the line is not certain without them."""
    unknown = sum(token.end - token.start for token in words if token.kind in ("text", "idle", "disclosed"))
    if number.kind == "none":
        return unknown > _LONGEST_ASIDE or not (lines.rows or lines.columns) or _says_little(words, lines)
    if not number.unit and not _is_bare(number, words):
        return True
    if not lines.rows:
        return unknown > 0
    if lines.is_weak and lines.table == "t3":
        known = any(token.kind == "requests" for token in words) or scene.about == "t3"
        return not known or (unknown > 0 and (scene.is_within or lines.is_vague))
    return lines.table == "t2" and _tail(words) > 0


def _says_little(words: Sequence[Token], lines: Lines) -> bool:
    """Whether an absence is of a verb alone: 没有答复 says nothing of how many."""
    if not lines.is_weak or lines.table != "t3":
        return False
    received = all(row.readings[0].row == "received" for row in lines.rows)
    return not received or not any(token.kind == "requests" for token in words)


def _tail(words: Sequence[Token]) -> int:
    """How much unknown text stands between the last line and the figure."""
    last = max((n for n, token in enumerate(words) if token.kind == "line"), default=-1)
    return sum(token.end - token.start for token in words[last + 1 :] if token.kind in ("text", "idle"))


def _is_bare(number: Token, words: Sequence[Token]) -> bool:
    """Whether a figure without a unit stands right behind what it is the figure of."""
    before = [token for token in words if token.end <= number.start]
    return not before or before[-1].kind in ("state", "line", "sum", "each", "join", "filler", "respectively")


def _is_not_about_disclosure(words: Sequence[Token], lines: Lines, scene: Scene) -> bool:
    """Reconsideration and litigation in general: what a legal office does all year."""
    if lines.table != "t4" or any(token.kind in ("disclosure", "requests") for token in words):
        return False
    busy = any(token.kind == "line" and token.meaning.weak for token in words)
    return not scene.is_open or (busy and scene.about not in ("t3", "t4"))
