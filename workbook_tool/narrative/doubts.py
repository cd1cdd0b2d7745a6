"""What takes a figure out of account: other times, other things, others' figures, parts without a line."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from workbook_tool.narrative.lines import NAMING as _OWN
from workbook_tool.narrative.scene import FOREIGN
from workbook_tool.narrative.targets import FEE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook_tool.narrative.clauses import Clause
    from workbook_tool.narrative.lines import Lines
    from workbook_tool.narrative.scene import Scene
    from workbook_tool.narrative.tokens import Token

_LONGEST_ASIDE, _SHORT = 6, 4
_CAME_IN = frozenset(("received", "carried_in"))
_BARE_BEHIND = ("state", "line", "sum", "each", "join", "filler", "respectively")


@dataclass(slots=True, eq=False)
class Statement:
    """A number (or a word of absence), the words that say what it counts, and their lines."""

    number: Token
    words: tuple[Token, ...]
    lines: Lines
    clause: Clause
    scene: Scene
    previous: Lines
    """The lines of the number before it in the clause."""
    kinds: frozenset[str] = field(init=False)
    """The kinds of the words."""

    def __post_init__(self) -> None:
        """Gathers the kinds, which several doubts ask for."""
        self.kinds = frozenset([token.kind for token in self.words])

    def has(self, *kinds: str) -> bool:
        """Whether one of the words is of one of `kinds`."""
        return not self.kinds.isdisjoint(kinds)

    def last(self, *kinds: str) -> int:
        """Where the last of the words of one of `kinds` stands; -1 where there is none."""
        if self.kinds.isdisjoint(kinds):
            return -1
        return max(n for n, token in enumerate(self.words) if token.kind in kinds)

    @property
    def comes_first(self) -> bool:
        """Whether the figure stands before all of its words."""
        return bool(self.words) and self.words[0].start >= self.number.end

    @property
    def is_absence(self) -> bool:
        """Whether it states that there is nothing."""
        return self.number.kind == "none"


def is_ruled_out(said: Statement) -> bool:
    """Whether the figure of `said` is not to be taken for a fact."""
    if said.lines.is_doubtful:
        return True
    for doubt in _DOUBTS:  # noqa: SIM110  # asked of every figure; a generator would cost as much again
        if doubt(said):
            return True
    return False


def _is_compared(said: Statement) -> bool:
    """Compared with another, changed by, or not exact."""
    if not said.clause.has("compare", "change", "about", "from"):
        return False
    number, tokens = said.number, said.clause.tokens
    before = [token for token in tokens if token.end <= number.start]
    behind = next((t for t in tokens if t.start >= number.end and t.kind != "unit"), None)
    if before and before[-1].kind == "reaches":
        return False
    if any(token.kind in ("compare", "change") for token in before):
        return True
    if before and before[-1].kind in ("about", "from"):
        return True
    return bool(behind and behind.kind == "about" and behind.start <= number.end + 1)


def _is_part(said: Statement) -> bool:
    """A part by channel, matter or time, which has no line of its own."""
    if not said.clause.has("elsewhere", "part", "month", "channel"):
        return False
    number = said.number
    kinds = [token.kind for token in said.clause.tokens if token.end <= number.start]
    kinds += [token.kind for token in said.words if token.start >= number.end]
    if said.lines.is_vague:
        kinds = [token.kind for token in said.clause.tokens]
    if said.clause.has("elsewhere"):
        return True
    return "part" in kinds or "month" in kinds or ("channel" in kinds and "any_channel" not in kinds)


def _is_another_fee(said: Statement) -> bool:
    """Money that is not said to be the 信息处理费."""
    if said.lines.table != FEE or not said.lines.is_weak or said.scene.about == FEE or said.is_absence:
        return False
    return not said.clause.has("fee", "disclosure", "requests")


def _is_another_thing(said: Statement) -> bool:
    """Letters, documents or something else that the form does not count."""
    lines = said.lines
    return (
        (said.has("foreign") and _is_of_what_is_foreign(said))
        or (said.has("not") and any(token.kind == "not" for token in said.words[: said.last(*_OWN) + 1]))
        or (said.has("none") and not said.is_absence)
        or (lines.is_vague and said.has("other"))
        or (said.has("court") and not lines.rows and _is_of_reconsideration(said.scene.lines))
        or (lines.table == "t2" and said.has("disclosed") and not lines.columns)
    )


def _is_of_what_is_foreign(said: Statement) -> bool:
    """Whether a foreign thing stands last, or with a line that it may qualify."""
    lines = said.lines
    return (
        said.last("foreign") > said.last(*_OWN)
        or lines.is_weak
        or lines.table == "t2"
        or (lines.table == "t4" and not said.has("disclosure"))
        or _is_group(lines)
    )


def _is_of_reconsideration(lines: Lines) -> bool:
    return any(reading.row == "reconsideration" for row in lines.rows for reading in row.readings)


def _is_another_application(said: Statement) -> bool:
    """申请 with unknown words before it and none of disclosure: 低保申请."""
    if said.has("requests", "disclosure") or not said.has("application"):
        return False
    # Once the whole is told, 律师代理的申请4件 are a part of it.
    aside = ("filler", "unit") if said.scene.has_told else ()
    telling = [token for token in said.words if token.kind not in aside]
    return any(
        token.kind == "application" and (before.kind in ("text", "foreign", "idle") or _is_of(before, "t2"))
        for before, token in pairwise(telling)
    )


def _is_of(token: Token, table: str) -> bool:
    return token.kind == "line" and token.meaning.readings[0].table == table


def _is_out_of_place(said: Statement) -> bool:
    """In a passage about something else, without a word that comes back to the subject."""
    scene, lines = said.scene, said.lines
    if _is_of_a_group_told(lines, scene):
        return True
    if lines.table == "t3" and not said.has("requests", "application"):
        if not scene.is_open or (scene.about == "t2" and not lines.is_weak):
            return True  # 规范性文件5件, 其中3件已公开
        if scene.about == "t4":
            return any(row.weak or (row.readings[0].row or "").startswith("carried") for row in lines.rows)
    return scene.about == FOREIGN and lines.table != FEE and not _comes_back(said)


def _comes_back(said: Statement) -> bool:
    """Whether a passage about other things turns to the requests, or to documents named before."""
    scene, lines = said.scene, said.lines
    if scene.is_foreign and (scene.is_within or lines.is_vague):
        return said.has("requests") and lines.is_weak and not lines.is_vague
    if said.has("requests"):
        return True
    if scene.is_foreign:
        return bool(lines.rows) and not lines.is_weak and lines.table != "t3"
    if said.has("application") or lines.table == scene.lines.table == "t2":
        return True
    return bool(lines.rows) and not lines.is_weak and (lines.table != "t3" or scene.has_told)


def _is_of_a_group_told(lines: Lines, scene: Scene) -> bool:
    """Whether lines cross: 已办结的申请中, 当年收到的44件."""
    if scene.is_used:
        return False
    told = {reading.row for row in scene.lines.rows for reading in row.readings}
    named = {reading.row for row in lines.rows for reading in row.readings}
    return told == {"outcome.total"} and bool(named & _CAME_IN)


def _is_of_another_agency(said: Statement) -> bool:
    scene = said.scene
    if said.has("agency") and said.last("agency") > said.last(*_OWN) >= 0:
        return True
    if scene.agency:
        return scene.is_another_agency
    return said.has("agency") and (scene.is_within or (scene.is_used and scene.about == "t3"))


def _is_unclear(said: Statement) -> bool:
    """Unknown words stand where the line is not certain without them."""
    lines, own = said.lines, said.last(*_OWN)
    unknown = _length(said.words, "text", "idle", "disclosed")
    if said.is_absence:
        longest = 0 if lines.is_weak and lines.table == "t3" else _LONGEST_ASIDE
        named = lines.rows or lines.columns
        return not named or (unknown > longest and lines.table != FEE) or _says_little(said)
    if (not said.number.unit and not _is_bare(said)) or (own >= 0 and _is_followed(said, own)):
        return True
    if not lines.rows:
        return unknown > 0 or (not lines.columns and _length(said.clause.tokens, "text", "idle") > 0)
    if lines.table == "t2":
        is_decision = lines.rows[0].readings[0].column is not None
        return _is_qualified(said) if is_decision else unknown > 0 and not lines.columns
    if lines.is_weak and lines.table == "t3":
        return _is_hardly_named(said, unknown)
    return unknown > 0 and said.has("because") and _is_group(lines)


def _is_qualified(said: Statement) -> bool:
    """Whether unknown words stand right before a line: 食品安全行政处罚."""
    return any(before.kind == "text" and _is_of(token, "t2") for before, token in pairwise(said.words))


def _is_followed(said: Statement, own: int) -> bool:
    """Whether unknown words stand between the line and the figure, or many behind them both."""
    between = [token for token in said.words[own + 1 :] if token.end <= said.number.start]
    if _length(between, "text", "idle") > 0:
        return True
    return said.comes_first and _length(said.words[own + 1 :], "text") > _SHORT


def _is_hardly_named(said: Statement, unknown: int) -> bool:
    """Only a verb such as 收到 says what is counted, and not even that it is of requests, or of all."""
    named = said.has("requests", "application") or bool(said.lines.columns)
    if not named and said.scene.about != "t3" and said.previous.table != "t3":
        closed = all(row.readings[0].row == "outcome.total" for row in said.lines.rows)
        return bool(said.scene.about or unknown) or not closed  # 全年答复12件, before anything else is named
    return unknown > 0 and (not named or said.scene.is_within or said.lines.is_vague or said.comes_first)


def _length(tokens: Iterable[Token], *kinds: str) -> int:
    return sum(token.end - token.start for token in tokens if token.kind in kinds)


def _is_group(lines: Lines) -> bool:
    """Whether the line is a whole group, of which a reason that is not understood is only a part."""
    return lines.table == "t3" and any((row.readings[0].row or "").count(".") == 1 for row in lines.rows)


def _says_little(said: Statement) -> bool:
    """Whether an absence is of a verb alone: 没有答复 says nothing of how many."""
    if not said.lines.is_weak or said.lines.table != "t3":
        return False
    received = all(row.readings[0].row == "received" for row in said.lines.rows)
    return not received or not said.has("requests", "application")


def _is_bare(said: Statement) -> bool:
    """Whether a figure without a unit stands right behind what it counts, and nothing stands behind it."""
    before = [token for token in said.words if token.end <= said.number.start]
    behind = next((token for token in said.clause.tokens if token.start >= said.number.end), None)
    if behind and behind.kind != "join":
        return not said.number.value and behind.kind in _OWN  # 零申请
    return not before or before[-1].kind in _BARE_BEHIND


def _is_not_about_disclosure(said: Statement) -> bool:
    """Reconsideration and litigation in general: what a legal office does all year."""
    if said.lines.table != "t4" or said.is_absence or said.has("disclosure", "requests", "handling"):
        return False
    before = (token for token in said.clause.tokens if token.end <= said.number.start)
    busy = any(token.kind == "line" and token.meaning.weak for token in before)
    near = said.scene.is_open_here or said.scene.about in ("t3", "t4", FEE)
    return not near if busy else not said.scene.is_open


_DOUBTS = (
    _is_compared,
    _is_part,
    _is_another_fee,
    _is_another_thing,
    _is_another_application,
    _is_out_of_place,
    _is_of_another_agency,
    _is_unclear,
    _is_not_about_disclosure,
)
