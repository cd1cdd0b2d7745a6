"""What has been said so far, which later clauses take for granted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.narrative.agencies import names_another
from workbook_tool.narrative.lines import Lines, lines_in
from workbook_tool.narrative.targets import FEE

if TYPE_CHECKING:
    from decimal import Decimal

    from workbook_tool.narrative.clauses import Clause
    from workbook_tool.narrative.tokens import Token
    from workbook_tool.narrative.vocabulary import Meaning

FOREIGN = "foreign"
_NAMING = frozenset(("requests", "handling", "application", "fee", "line", "foreign", "disclosed", "number"))
"""The kinds of words that may change what the text is about."""
_SETTING = frozenset(
    [
        "year",
        "past",
        "present",
        "compare",
        "within",
        "plan",
        "agency",
        "scope",
        "disclosure",
        "requests",
        "handling",
    ]
)
"""The kinds of words that set the scene of their own clause."""


class Scene(NamedTuple):
    """What the text is about, and the line that figures without one of their own belong to."""

    agency: str = ""
    """Whose report it is; empty where that is not known."""
    is_another_agency: bool = False
    """Whether an agency that is not ours is spoken of."""
    about: str = ""
    """A table, ``fee``, or ``foreign``; empty at the beginning."""
    lines: Lines = Lines()
    wholes: tuple[int | Decimal, ...] = ()
    """The figures of whole lines that this sentence has told."""
    topic: Meaning | None = None
    """The column that a clause without figures named."""
    is_past: bool = False
    is_past_here: bool = False
    """Whether only a word such as 去年 says so, which holds for its clause and those that go with it."""
    was_past: bool = False
    """Whether the clause before was, to which a comparison returns."""
    is_planned: bool = False
    """Whether this sentence is about what is to be done."""
    is_foreign: bool = False
    """Whether this sentence has spoken of another thing."""
    is_within: bool = False
    """Whether figures are parts of one before (其中)."""
    is_used: bool = False
    """Whether a figure of the line has been told."""
    is_told_here: bool = False
    """Whether a figure has been told in this sentence."""
    is_open: bool = False
    """Whether the text has spoken of 信息公开, so that 行政复议 is that on it."""
    is_open_here: bool = False
    """Whether this sentence has."""
    has_told: bool = False
    """Whether figures of the requests have been told."""

    @property
    def is_of_charges(self) -> bool:
        """Whether the line is 行政事业性收费, of which 金额 may be told later."""
        return _are_charges(self.lines)

    def at(self, clause: Clause, text: str, year: int | None) -> Scene:
        """The scene at the beginning of `clause`: its time, and whether its figures are parts."""
        if clause.kinds.isdisjoint(_SETTING) and not self.is_another_agency:
            return self
        is_past, here = _time(self, clause, year)
        is_another = self.is_another_agency and not clause.names_us(text)
        if self.agency and clause.has("agency", "scope"):
            is_another = is_another or names_another(clause.tokens, text, self.agency)
        return self._replace(
            is_another_agency=is_another,
            is_past=is_past,
            is_past_here=here,
            was_past=self.is_past,
            is_planned=self.is_planned or clause.has("plan"),
            is_within=self.is_within or clause.has("within"),
            is_open_here=self.is_open_here or clause.has("disclosure", "requests", "handling"),
            is_open=self.is_open or clause.has("disclosure", "requests", "handling"),
        )


def _time(scene: Scene, clause: Clause, year: int | None) -> tuple[bool, bool]:
    """Whether `clause` is about another year, and whether that holds for it and those with it only."""
    years = {token.value for token in clause.tokens if token.kind == "year"}
    if years:
        # With 比2023年 only this clause is about another year.
        is_past = year is not None and years != {year}
        return is_past, clause.has("compare") or len(years) > 1
    for token in reversed(clause.tokens):
        if token.kind in ("past", "present"):
            return token.kind == "past", token.kind == "past"
    return scene.is_past, scene.is_past_here


def scene_after(scene: Scene, clause: Clause, told: Lines | None) -> Scene:
    """The scene after `clause`, of whose figures the last told was one of `told`."""
    if told:
        lines = told if told.table != "t2" or told.columns else told._replace(columns=scene.lines.columns)
        is_request = told.table == "t3"
        scene = scene._replace(
            about=told.table,
            lines=lines,
            is_used=True,
            is_told_here=True,
            is_foreign=False,
            has_told=scene.has_told or is_request,
            is_open=scene.is_open or is_request,
        )
    elif not clause.kinds.isdisjoint(_NAMING):
        scene = _named(scene, clause)
    if clause.has("compare"):
        scene = scene._replace(is_past=scene.was_past)
    if clause.end == "semicolon":
        scene = scene._replace(topic=None, is_within=False, is_foreign=False, is_another_agency=False)
        if scene.is_past_here:
            scene = scene._replace(is_past=False, is_past_here=False)
    elif clause.end == "stop":
        scene = scene._replace(
            topic=None,
            is_within=False,
            is_foreign=False,
            is_past=False,
            is_past_here=False,
            is_planned=False,
            is_used=True,
            is_told_here=False,
            wholes=(),
            is_open_here=False,
            is_another_agency=False,
        )
    return scene


def _named(scene: Scene, clause: Clause) -> Scene:
    """The scene after a clause that told no figure but may have named things."""
    has_number = clause.has("number")
    about = next((table for token in reversed(clause.tokens) if (table := _about(token, has_number))), "")
    if scene.about == FOREIGN and has_number:
        if not scene.is_foreign and clause.has("requests", "fee"):
            return scene._replace(about=about or scene.about)
        return scene._replace(is_foreign=True)
    if about == FOREIGN or (about == "public" and scene.about != "t3"):
        return scene._replace(about=FOREIGN, is_foreign=True, topic=None)
    if not about or about == "public":
        # Applications of whatever kind were counted: what follows goes with them.
        is_other = not scene.about and has_number and clause.has("application")
        return scene._replace(about=FOREIGN) if is_other else scene
    scene = scene._replace(about=about)
    named = scene if has_number else _with_lines(scene, clause)
    charges = lines_in(clause.tokens)
    return named._replace(lines=charges) if has_number and _are_charges(charges) else named


def _are_charges(lines: Lines) -> bool:
    return bool(lines.rows) and lines.rows[-1].readings[0].row == "fees"


def _with_lines(scene: Scene, clause: Clause) -> Scene:
    """The scene with the lines that a clause without figures names for those to come."""
    lines = lines_in(clause.tokens)
    if lines.is_doubtful or clause.has("percent"):
        return scene
    if lines.rows and not lines.is_vague:
        return scene._replace(lines=lines, is_used=False)
    if len(lines.columns) != 1 or clause.has("each", "all", "state"):
        return scene
    return scene._replace(topic=lines.columns[-1])


def _about(token: Token, has_number: bool) -> str:  # noqa: FBT001  # whether a figure was ruled out
    if token.kind in ("requests", "handling") or (token.kind == "application" and not has_number):
        return "t3"
    if token.kind == "fee":
        return FEE
    if token.kind == "line" and not token.meaning.weak:
        return token.meaning.readings[0].table
    return {"foreign": FOREIGN, "disclosed": "public"}.get(token.kind, "")
