"""What has been said so far, which later clauses take for granted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbook_tool.narrative.agencies import names_another
from workbook_tool.narrative.lines import NO_LINES, Lines, lines_in
from workbook_tool.narrative.targets import FEE

if TYPE_CHECKING:
    from decimal import Decimal

    from workbook_tool.narrative.clauses import Clause
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
_SUBJECTS = {
    "requests": "t3",
    "handling": "t3",
    "application": "t3",
    "fee": FEE,
    "foreign": FOREIGN,
    "disclosed": "public",
}
"""What the text is about where it has such a word."""


@dataclass(slots=True)
class Scene:
    """What the text is about, and the line that figures without one of their own belong to.

    It changes from clause to clause.
    """

    agency: str = ""
    """Whose report it is; empty where that is not known."""
    is_another_agency: bool = False
    """Whether an agency that is not ours is spoken of."""
    about: str = ""
    """A table, ``fee``, or ``foreign``; empty at the beginning."""
    lines: Lines = NO_LINES
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

    def begin(self, clause: Clause, text: str, year: int | None) -> None:
        """Sets the scene of `clause`: its time, and whether its figures are parts."""
        if clause.kinds.isdisjoint(_SETTING) and not self.is_another_agency:
            return
        self.is_another_agency = self.is_another_agency and not clause.names_us(text)
        if self.agency and clause.has("agency", "scope") and not self.is_another_agency:
            self.is_another_agency = names_another(clause.tokens, text, self.agency)
        self.was_past = self.is_past
        self.is_past, self.is_past_here = self._time(clause, year)
        self.is_planned = self.is_planned or "plan" in clause.kinds
        self.is_within = self.is_within or "within" in clause.kinds
        if clause.has("disclosure", "requests", "handling"):
            self.is_open = self.is_open_here = True

    def _time(self, clause: Clause, year: int | None) -> tuple[bool, bool]:
        """Whether `clause` is about another year, and whether that holds for it and those with it only."""
        if "year" in clause.kinds:
            # With 比2023年 only this clause is about another year.
            years = {token.value for token in clause.tokens if token.kind == "year"}
            is_past = year is not None and years != {year}
            return is_past, clause.has("compare") or len(years) > 1
        if clause.has("past", "present"):
            kinds = (token.kind for token in reversed(clause.tokens))
            is_past = next(kind for kind in kinds if kind in ("past", "present")) == "past"
            return is_past, is_past
        return self.is_past, self.is_past_here

    def end(self, clause: Clause, told: Lines | None) -> None:
        """Keeps what `clause`, of whose figures the last told was one of `told`, says of those to come."""
        if told:
            self._tell(told)
        elif not clause.kinds.isdisjoint(_NAMING):
            self._name(clause)
        if "compare" in clause.kinds:
            self.is_past = self.was_past
        if clause.end not in ("semicolon", "stop"):
            return
        self.topic = None
        self.is_within = self.is_foreign = self.is_another_agency = False
        if clause.end == "stop":
            self.is_past = self.is_past_here = False
            self.is_planned = self.is_told_here = self.is_open_here = False
            self.is_used = True
            self.wholes = ()
        elif self.is_past_here:
            self.is_past = self.is_past_here = False

    def _tell(self, told: Lines) -> None:
        """Goes on from a figure of the lines `told`."""
        self.about = told.table
        self.lines = told if told.table != "t2" or told.columns else replace(told, columns=self.lines.columns)
        self.is_used = self.is_told_here = True
        self.is_foreign = False
        if told.table == "t3":
            self.has_told = self.is_open = True

    def _name(self, clause: Clause) -> None:
        """Goes on from a clause that told no figure but may have named things."""
        has_number, about = bool(clause.numbers), _about(clause)
        if self.about == FOREIGN and has_number:
            if self.is_foreign or not clause.has("requests", "fee"):
                self.is_foreign = True
            else:
                self.about = about or self.about
        elif about == FOREIGN or (about == "public" and self.about != "t3"):
            self.about, self.is_foreign, self.topic = FOREIGN, True, None
        elif not about or about == "public":
            if not self.about and has_number and clause.has("application"):
                # Applications of whatever kind were counted: what follows goes with them.
                self.about = FOREIGN
        else:
            self.about = about
            self._take_up(lines_in(clause.tokens), clause)

    def _take_up(self, lines: Lines, clause: Clause) -> None:
        """Keeps the `lines` that a clause names for the figures to come."""
        if clause.numbers:
            if _are_charges(lines):
                self.lines = lines
        elif lines.is_doubtful or clause.has("percent"):
            pass
        elif lines.rows and not lines.is_vague:
            self.lines, self.is_used = lines, False
        elif len(lines.columns) == 1 and not clause.has("each", "all", "state"):
            self.topic = lines.columns[-1]


def _are_charges(lines: Lines) -> bool:
    return bool(lines.rows) and lines.rows[-1].readings[0].row == "fees"


def _about(clause: Clause) -> str:
    """What the last word of `clause` that tells says that it is about; empty where none does."""
    for token in reversed(clause.tokens):
        kind = token.kind
        if kind == "line":
            if not token.meaning.weak:
                return token.meaning.readings[0].table
        elif kind in _SUBJECTS and not (kind == "application" and clause.numbers):
            return _SUBJECTS[kind]
    return ""
