"""What words mean where they stand: the lines of a figure that its own words leave open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.narrative.lines import REQUESTS, Lines, lines_in
from workbook_tool.narrative.vocabulary import Meaning, Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook_tool.narrative.scene import Scene
    from workbook_tool.narrative.tokens import Token

_GRANTED = Meaning("line", (Reading("t3", "outcome.granted", None),))
_OTHER_APPLICANTS = Meaning("line", (Reading("t3", None, "legal.other"),))
_OTHER_REASONS = Meaning("line", (Reading("t3", "outcome.other.other", None),))
_ALTOGETHER = Meaning(
    "line",
    (
        Reading("t3", "received+carried_in", None),
        Reading("t3", "outcome.total", None),
        Reading("t3", "received", None),
    ),
)
_DISCLOSED = (Meaning("line", (Reading("t2", None, "disclosed"),)),)
"""主动公开规章12件: a line of the form of 2019 only."""
_OTHERS = frozenset(("其他", "其它", "其他主体", "其他类", "其他申请人", "其他情形"))
_ASIDE = ("within", "join", "unit", "sum", "state", "filler")


def lines_here(words: Sequence[Token], text: str, scene: Scene, previous: Lines) -> Lines:
    """The lines that `words` name where they stand: 公开 among outcomes, 其他 among applicants."""
    lines = lines_in(words)
    kinds = {token.kind for token in words}
    if lines.table == "t2" and not lines.columns and "disclosed" in kinds:
        return lines._replace(columns=_DISCLOSED)
    if lines.is_weak and lines.table == "t3" and scene.about == "t4" and not scene.is_used:
        # 行政复议、行政诉讼案件的应诉工作, 共办理12件
        return lines if kinds & {"requests", "application"} else scene.lines
    if lines.rows or lines.columns:
        is_group = [row.readings[0].row for row in lines.rows] == ["outcome.other"]
        return Lines((_OTHER_REASONS,)) if is_group and _names_the_rest(words, text) else lines
    known = previous if previous.table else scene.lines
    if known.table == "t3" and (previous.table or scene.is_used):
        return _in_a_list(words, text, known)
    return lines


def _in_a_list(words: Sequence[Token], text: str, known: Lines) -> Lines:
    """What a word means that names a line only beside others: those of `known`."""
    said = {text[token.start : token.end] for token in words if token.kind not in _ASIDE}
    if said == {"公开"}:
        return Lines((_GRANTED,))
    if said or not known.rows or not _names_the_rest(words, text):
        return Lines()
    if (known.rows[-1].readings[0].row or "").startswith("outcome.other"):
        return Lines((_OTHER_REASONS,))
    return Lines((), (_OTHER_APPLICANTS,)) if known.columns else Lines()


def _names_the_rest(words: Sequence[Token], text: str) -> bool:
    return not _OTHERS.isdisjoint(text[token.start : token.end] for token in words)


def completed(lines: Lines, words: Sequence[Token], scene: Scene, previous: Lines) -> Lines:
    """`lines` with what they leave open taken from the clause, whose `previous` lines are, or from before."""
    if lines.rows:
        return lines if lines.columns else lines._replace(columns=_columns(lines, scene, previous))
    if lines.columns:
        known = previous if previous.rows else scene.lines
        rows = known.rows if known.table == lines.table else ()
        return Lines(rows or ((REQUESTS,) if lines.table == "t3" else ()), lines.columns)
    if not scene.is_used:
        return Lines(scene.lines.rows, scene.lines.columns)
    if scene.lines.table == "t3" and any(token.kind == "sum" for token in words):
        return Lines((_ALTOGETHER,))
    return Lines()


def _columns(lines: Lines, scene: Scene, previous: Lines) -> tuple[Meaning, ...]:
    """The columns that hold for rows which name none."""
    table = lines.table
    if lines.rows[0].readings[0].column:
        return ()
    if previous.table == table:
        return previous.columns
    if table == "t2" and scene.lines.table == table:
        return scene.lines.columns
    return (scene.topic,) if scene.topic and scene.topic.readings[0].table == table else ()
