"""Prose → facts: every figure in it that names a line of the form.

The text is read clause by clause. A figure gets its line from the words before it in the clause (or
behind it, where the figure comes first), and what those leave open from the clauses before. Anything that
speaks of another year, another thing or another agency takes its figures out of account: what is not
certain is no fact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.narrative.clauses import Clause, clauses_of
from workbook_tool.narrative.doubts import Statement, is_ruled_out
from workbook_tool.narrative.lines import REQUESTS, Lines, lines_in
from workbook_tool.narrative.scene import Scene, scene_after
from workbook_tool.narrative.targets import FEE, Target, target
from workbook_tool.narrative.tokens import Token, compact
from workbook_tool.narrative.vocabulary import Meaning, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook_tool.forms import Form

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
_MYRIAD = 10_000
_IDLE = frozenset(("text", "filler", "idle", "join", "state", "not", "because"))
"""A clause of nothing but these leaves all as it is."""
_SUBJECT = (
    "公开",
    "申请",
    "答复",
    "办结",
    "结转",
    "新收",
    "复议",
    "诉讼",
    "起诉",
    "不补正",
    "不掌握",
    "缴费",
)
"""Without one of these a text is not about the subject at all."""
_OTHERS = frozenset(("其他", "其它", "其他主体", "其他类", "其他申请人", "其他情形"))
_ASIDE = ("within", "join", "unit", "sum", "state", "filler")


class Fact(NamedTuple):
    """A figure in a text, where it stands, and what it is the figure of: one of `targets`."""

    start: int
    end: int
    words: str
    value: int | Decimal
    targets: tuple[Target, ...]
    is_absence: bool = False
    """Whether it is stated in words such as 未收到, which mean 0."""


@lru_cache(maxsize=64)  # several rules ask
def facts_in(text: str, form: Form, year: int | None, agency: str = "") -> tuple[Fact, ...]:
    """The facts of `text`, in order, as a report of `agency` in `form` on `year` states them."""
    plain, places = compact(text)
    reader = _Reader(plain, form, year, Scene(agency, is_open=any(word in plain for word in _SUBJECT)))
    clauses = clauses_of(plain, year)
    found = (
        fact
        for number, clause in enumerate(clauses)
        if not _is_wider(clauses, number, plain)
        for fact in reader.read(clause)
    )
    spans = ((fact, places[fact.start], places[fact.end - 1] + 1) for fact in found)
    return tuple(fact._replace(start=start, end=end, words=text[start:end]) for fact, start, end in spans)


def _is_wider(clauses: Sequence[Clause], number: int, text: str) -> bool:
    """Whether a clause is about a region of which the agency is a part: 全市收到…, 其中我局收到…."""
    if not clauses[number].has("scope"):
        return False
    for clause in clauses[number:]:
        if clause.has("within") and clause.names_us(text):
            return True
        if clause.end == "stop":
            break
    return False


@dataclass
class _Reader:
    """Reads clause after clause, keeping the scene."""

    text: str
    """Compact."""
    form: Form
    year: int | None
    scene: Scene
    outside: list[Scene] = field(default_factory=list)

    def read(self, clause: Clause) -> Iterator[Fact]:
        """The facts of the next clause."""
        if clause.end == "comma" and clause.kinds <= _IDLE:
            return
        self.scene = self.scene.at(clause, self.text, self.year)
        told: Lines | None = None
        if not self.scene.is_past and not self.scene.is_planned and not clause.has("may"):
            for fact, lines in self._figures(clause) if clause.has("number") else self._absence(clause):
                told = lines
                yield fact
        self.scene = scene_after(self.scene, clause, told)
        if clause.end == "open":
            self.outside.append(self.scene)
        elif clause.end == "close" and self.outside:
            self.scene = self.outside.pop()

    def _figures(self, clause: Clause) -> Iterator[tuple[Fact, Lines]]:
        """The facts that the numbers of a clause state, each with its lines."""
        pending: list[Lines] = []
        previous = Lines()
        for number, words in _with_words(clause):
            lines = self._lines(words, previous)
            if not lines.rows and not lines.columns and pending:
                yield from self._facts(number, pending.pop(0))
                continue
            pending = []
            if is_ruled_out(Statement(number, words, lines, clause, self.scene, previous)):
                previous = Lines()
                continue
            lines = self._completed(lines, words, previous)
            previous = lines
            if any(token.kind == "respectively" for token in words):
                pending = list(_one_by_one(lines))
                if len(pending) != 1 + _bare_after(clause, number):
                    pending, previous = [], Lines()
                    continue
                lines = pending.pop(0)
            elif number.value and (any(t.kind == "sum" for t in words) or not _each(words, lines)):
                lines = _added_up(lines)
            yield from self._facts(number, lines)

    def _lines(self, words: Sequence[Token], previous: Lines) -> Lines:
        """The lines that `words` name, in this scene."""
        lines = lines_in(words)
        scene = self.scene
        if lines.table == "t2" and not lines.columns and any(token.kind == "disclosed" for token in words):
            return lines._replace(columns=_DISCLOSED)
        if lines.is_weak and lines.table == "t3" and scene.about == "t4" and not scene.is_used:
            named = any(token.kind in ("requests", "application") for token in words)
            return lines if named else scene.lines  # 行政复议、行政诉讼案件的应诉工作, 共办理12件
        known = previous if previous.table else scene.lines
        rest = _OTHERS.intersection(self.text[token.start : token.end] for token in words)
        if rest and [row.readings[0].row for row in lines.rows] == ["outcome.other"]:
            return Lines((_OTHER_REASONS,))
        if lines.rows or lines.columns or known.table != "t3" or not (previous.table or scene.is_used):
            return lines
        said = {self.text[token.start : token.end] for token in words if token.kind not in _ASIDE}
        if rest and not said and known.rows:
            row = known.rows[-1].readings[0].row or ""
            if row.startswith("outcome.other"):
                return Lines((_OTHER_REASONS,))
            return Lines((), (_OTHER_APPLICANTS,)) if known.columns else lines
        return Lines((_GRANTED,)) if said == {"公开"} else lines

    def _completed(self, lines: Lines, words: Sequence[Token], previous: Lines) -> Lines:
        """`lines` with what they leave open taken from this clause or from those before."""
        scene = self.scene
        rows, columns = lines.rows, lines.columns
        if not rows and columns:
            known = previous if previous.rows else scene.lines
            rows = known.rows if known.table == lines.table else ()
            if lines.table == "t3" and not rows:
                rows = (REQUESTS,)
        elif not rows and not columns:
            altogether = any(token.kind == "sum" for token in words) and scene.lines.table == "t3"
            rows = (
                (_ALTOGETHER,) if altogether and scene.is_used else () if scene.is_used else scene.lines.rows
            )
            columns = () if altogether else scene.lines.columns
        elif rows and not columns and not rows[0].readings[0].column:
            table = lines.table
            if previous.table == table:
                columns = previous.columns
            elif table == "t2" and scene.lines.table == table:
                columns = scene.lines.columns
            elif scene.topic and table == scene.topic.readings[0].table:
                columns = (scene.topic,)
        return Lines(rows, columns)

    def _facts(self, number: Token, lines: Lines) -> Iterator[tuple[Fact, Lines]]:
        for row in lines.rows:
            for column in lines.columns or (None,):
                targets = tuple(self._targets(row, column))
                value = _in_unit_of(targets, number)
                if targets and value is not None:
                    words = self.text[number.start : number.end]
                    yield Fact(number.start, number.end, words, value, targets), lines

    def _targets(self, row: Meaning, column: Meaning | None) -> Iterator[Target]:
        for reading in row.readings:
            for other in column.readings if column else (None,):
                if (other and other.table != reading.table) or not reading.row:
                    continue
                default = "total" if reading.table in ("t3", "t4") else None
                said = (other.column if other else None, reading.column or default)
                found = (target(self.form, reading.table, reading.row, column) for column in said)
                yield from [known for known in found if known][:1]

    def _absence(self, clause: Clause) -> Iterator[tuple[Fact, Lines]]:
        """The lines of which a clause says that there is nothing."""
        at = next((number for number, token in enumerate(clause.tokens) if token.kind == "none"), None)
        if at is None or clause.end == "open":
            return
        word, words = clause.tokens[at], clause.tokens[at + 1 :]
        if not _names(words):
            words = clause.tokens[:at] if at == len(clause.tokens) - 1 else ()  # 行政诉讼没有发生
        lines = lines_in(words)
        if is_ruled_out(Statement(word, words, lines, clause, self.scene, Lines())):
            return
        if lines.columns and not lines.rows:
            before = lines_in(clause.tokens[:at])
            lines = Lines(before.rows or self.scene.lines.rows, lines.columns)
        end = words[0].end if words and words[0].kind == "line" and words[0].meaning.weak else word.end
        nothing = word._replace(end=end, value=0, unit="")
        for fact, told in self._facts(nothing, lines):
            yield fact._replace(is_absence=True, targets=fact.targets[:1]), told


def _with_words(clause: Clause) -> Iterator[tuple[Token, tuple[Token, ...]]]:
    """Each number of a clause and the words that say what it counts: before it, or else behind it."""
    at = [number for number, token in enumerate(clause.tokens) if token.kind == "number"]
    before = [clause.tokens[start:end] for start, end in zip([0, *(n + 1 for n in at)], at, strict=False)]
    after = [clause.tokens[n + 1 : end] for n, end in zip(at, [*at[1:], len(clause.tokens)], strict=True)]
    for number, words in enumerate(before[1:], start=1):
        if words and words[0].kind in ("unit", "reaches") and any(t.kind == "reaches" for t in words):
            before[number] = before[number - 1] + words  # 由310件升至352件
    comes_first = not _names(before[0]) and _names(after[-1])
    for number, ahead, behind in zip(at, before, after, strict=True):
        if comes_first:
            lead = tuple(
                token for token in before[0] if token.kind in ("within", "agency", "part", "channel")
            )
            yield clause.tokens[number], lead + behind
        else:
            yield clause.tokens[number], ahead + (_applicants(behind) if number == at[-1] else ())


def _bare_after(clause: Clause, number: Token) -> int:
    """How many numbers follow in the clause with no line of their own: the others of 分别为."""
    after = [words for each, words in _with_words(clause) if each.start > number.start]
    return sum(not _names(words) for words in after)


def _names(words: Sequence[Token]) -> bool:
    lines = lines_in(words)
    return bool(lines.rows or lines.columns)


def _applicants(words: Sequence[Token]) -> tuple[Token, ...]:
    """The column that is named right behind a figure, as in 12件自然人申请."""
    first = next((token for token in words if token.kind not in ("filler", "unit")), None)
    if first and (first.kind in ("requests", "application") or _is_column(first)):
        return (first,)
    return ()


def _is_column(token: Token) -> bool:
    return token.kind == "line" and not token.meaning.readings[0].row


def _each(words: Sequence[Token], lines: Lines) -> bool:
    return any(token.kind == "each" for token in words) or all(
        row.readings[0].table == "t3" and not (row.readings[0].row or "").startswith("outcome.")
        for row in lines.rows
    )


def _one_by_one(lines: Lines) -> Iterator[Lines]:
    for row in lines.rows or (None,):
        for column in lines.columns or (None,):
            yield Lines((row,) if row else (), (column,) if column else ())


def _added_up(lines: Lines) -> Lines:
    """Several rows of a table as the sum of them."""
    firsts = [row.readings[0] for row in lines.rows]
    if len(firsts) < 2 or len({(first.table, first.column) for first in firsts}) > 1:  # noqa: PLR2004
        return lines
    together = Reading(firsts[0].table, "+".join(first.row or "" for first in firsts), firsts[0].column)
    return Lines((Meaning("line", (together,)),), lines.columns)


def _in_unit_of(targets: Sequence[Target], number: Token) -> int | Decimal | None:
    """The value of `number` in the unit of its target; ``None`` where its unit is not of that kind."""
    if not targets:
        return None
    name, cells, _ = targets[0]
    is_money = (name.startswith(FEE) and not name.endswith("notices")) or any(
        c.kind == "money" for c in cells
    )
    if number.value and (number.unit == "money") != is_money:
        return None
    if number.value and number.unit == "items" and name.endswith(".decisions"):
        return None  # 行政许可 23 项 are kinds of licences, not decisions
    if not is_money or not cells:
        return number.value
    tens = Decimal(number.value) / _MYRIAD
    return int(tens) if tens == tens.to_integral_value() else tens
