"""What words mean where they stand: the lines of a figure that its own words leave open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbook_tool.narrative.lines import NO_LINES, REQUESTS, Lines, lines_in
from workbook_tool.narrative.targets import FEE
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
_ISSUED = (Meaning("line", (Reading("t2", None, "issued"), Reading("t2", None, "made"))),)
"""规范性文件新增3件, where 新增 is not of requests."""
_ASIDE = ("within", "join", "unit", "sum", "state", "filler", "other")
_ASIDES = ("carried_in", "carried_out", "outcome.total")
"""Lines after which applicants may be told of all requests again."""


def lines_here(words: Sequence[Token], text: str, scene: Scene, previous: Lines) -> Lines:
    """The lines that `words` name where they stand: 公开 among outcomes, 其他 among applicants."""
    lines = lines_in(words)
    table = lines.table
    if table == "t2" and not lines.columns:
        return replace(lines, columns=_columns_in(words, text))
    if table == "t3" and scene.about == "t4" and not scene.is_used and lines.is_weak:
        # 行政复议、行政诉讼案件的应诉工作, 共办理12件
        return lines if _has(words, "requests", "application") else scene.lines
    if table == FEE and lines.is_weak and scene.is_of_charges:
        return scene.lines  # 行政事业性收费项目3项, 收费金额12万元
    if lines.rows or lines.columns:
        is_group = [row.readings[0].row for row in lines.rows] == ["outcome.other"]
        return Lines((_OTHER_REASONS,)) if is_group and _has(words, "other") else lines
    known = previous if previous.table else scene.lines
    is_list = known.table == "t3" and (previous.table or scene.is_used)
    return _in_a_list(words, text, known) if is_list else lines


def _columns_in(words: Sequence[Token], text: str) -> tuple[Meaning, ...]:
    """What verbs of other lines mean beside documents: 主动公开规章3件, 规范性文件新增3件."""
    if any(text.startswith("新增", token.start) for token in words):
        return _ISSUED
    return _DISCLOSED if _has(words, "disclosed") else ()


def _has(words: Sequence[Token], *kinds: str) -> bool:
    return any(token.kind in kinds for token in words)


def _in_a_list(words: Sequence[Token], text: str, known: Lines) -> Lines:
    """What a word means that names a line only beside others: those of `known`."""
    said = {text[token.start : token.end] for token in words if token.kind not in _ASIDE}
    if said == {"公开"}:
        return Lines((_GRANTED,))
    if said or not known.rows or not _has(words, "other"):
        return NO_LINES
    if (known.rows[-1].readings[0].row or "").startswith("outcome.other"):
        return Lines((_OTHER_REASONS,))
    return Lines((), (_OTHER_APPLICANTS,)) if known.columns else NO_LINES


def completed(lines: Lines, words: Sequence[Token], scene: Scene, previous: Lines) -> Lines:
    """`lines` with what they leave open taken from the clause, whose `previous` lines are, or from before."""
    if lines.rows:
        columns = () if lines.columns else _columns(lines, scene, previous)
        return replace(lines, columns=columns) if columns else lines
    if lines.columns:
        known = previous if previous.rows else scene.lines
        rows = known.rows if known.table == lines.table else ()
        if lines.table == "t3":
            rows = rows if _are_parts_of(rows, words, scene, previous) else (_of_all(rows),)
        return Lines(rows, lines.columns)
    if not scene.is_used:
        return Lines(scene.lines.rows, scene.lines.columns)
    if scene.lines.table == "t3" and _has(words, "sum"):
        return Lines((_ALTOGETHER,))
    return NO_LINES


def _are_parts_of(rows: Sequence[Meaning], words: Sequence[Token], scene: Scene, previous: Lines) -> bool:
    """Whether applicants are those of the line told last, and not of all requests again."""
    if not rows or not (scene.is_told_here or previous.rows):
        return False
    told_aside = any(reading.row in _ASIDES for row in rows for reading in row.readings)
    return not told_aside or _has(words, "within")


def _of_all(rows: Sequence[Meaning]) -> Meaning:
    """Requests by applicants where it is not certain of which line: what was told last, or all of them."""
    told = tuple(reading for row in rows for reading in row.readings)
    return REQUESTS._replace(readings=tuple(dict.fromkeys((*told, *REQUESTS.readings))))


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
