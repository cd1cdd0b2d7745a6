"""Prose → facts: every figure in it that names a line of the form.

The text is read clause by clause. A figure gets its line from the words before it in the clause (or
behind it, where the figure comes first), and what those leave open from the clauses before. Anything that
speaks of another year, another thing or another agency takes its figures out of account: what is not
certain is no fact.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.narrative.clauses import Clause, clauses_of
from workbook_tool.narrative.context import completed, lines_here
from workbook_tool.narrative.doubts import Statement, is_ruled_out
from workbook_tool.narrative.lines import NO_LINES, Lines, added_up, lines_in, one_by_one
from workbook_tool.narrative.numbers import bare_after, names_lines, numbers_in
from workbook_tool.narrative.scene import Scene
from workbook_tool.narrative.targets import FEE, Target, in_unit_of, target
from workbook_tool.narrative.tokens import Token, compact
from workbook_tool.narrative.vocabulary import Meaning, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from workbook_tool.forms import Form

_LONGEST = 200
"""More tokens than this are no clause that anybody reads."""
_ALL_OF_A_KIND = frozenset(
    ("line", "filler", "state", "application", "requests", "disclosure", "from", "join", "other")
)
"""The kinds of words of a clause that says of what kind all were, and nothing else."""
_FAR = 12
"""How many clauses on a sentence is looked through."""
_WITHOUT = ("不含", "不包括", "不包含", "不计", "除")
_IN_TIME, _LATE = ("按期", "按时"), ("延期", "逾期", "超期", "提前")
_COLLECTED = Meaning("line", (Reading("fee", "collected", None),))
_IDLE = frozenset(("text", "filler", "idle", "join", "state", "not", "because"))
"""A clause of nothing but these leaves all as it is."""
_SUBJECT = ("公开", "申请", "答复", "办结", "结转", "新收", "复议", "诉", "不补正", "不掌握", "缴费")
"""Without one of these a text is not about the subject at all."""


class Fact(NamedTuple):
    """A figure in a text, where it stands, and what it is the figure of: one of `targets`."""

    start: int
    end: int
    words: str
    value: int | Decimal
    targets: tuple[Target, ...]
    is_absence: bool = False
    """Whether it is stated in words such as 未收到, which mean 0."""


def facts_in(text: str, form: Form, year: int | None, agency: str = "") -> tuple[Fact, ...]:
    """The facts of `text`, in order, as a report of `agency` in `form` on `year` states them."""
    plain, _ = compact(text)
    names_some = any(clause.has("agency", "scope") for clause in clauses_of(plain, year))
    return _facts_in(text, form, year, agency if names_some else "")


@lru_cache(maxsize=64)  # several rules ask, and many agencies write the same
def _facts_in(text: str, form: Form, year: int | None, agency: str) -> tuple[Fact, ...]:
    plain, places = compact(text)
    scene = Scene(agency, is_open=any(word in plain for word in _SUBJECT))
    reader = _Reader(text, places, plain, form, year, scene)
    clauses = clauses_of(plain, year)
    return tuple(
        fact
        for number, clause in enumerate(clauses)
        for fact in reader.read(clause, is_ours=not _is_narrowed(clauses, number, plain))
    )


def names_fee(text: str, year: int | None) -> bool:
    """Whether `text` speaks of the 信息处理费 at all."""
    plain, _ = compact(text)
    tokens = (token for clause in clauses_of(plain, year) for token in clause.tokens)
    return any(
        token.kind == "line" and not token.meaning.weak and token.meaning.readings[0].table == FEE
        for token in tokens
    )


def _is_narrowed(clauses: Sequence[Clause], number: int, text: str) -> bool:
    """Whether what follows a clause in its sentence says that its figures are not those of the form.

    A region of which the agency is a part (全市…, 其中我局…), reconsiderations of which few are on
    disclosure, replies in time beside those that were late, a whole without some of its parts (不含…).
    """
    clause = clauses[number]
    if clause.end == "stop" or not clause.numbers or number + 1 == len(clauses):
        return False
    if clause.end == "open" and clauses[number + 1].starts_with(text, _WITHOUT):
        return True
    is_general = clause.names_table("t4") and not clause.has("disclosure", "requests", "handling")
    is_wide = clause.has("scope")
    in_time = clause.has_word(text, _IN_TIME)
    if not (is_general or is_wide or in_time):
        return False
    for other in clauses[number + 1 : number + 1 + _FAR]:
        within = other.has("within")
        if (is_wide and within and other.names_us(text)) or (
            is_general and within and other.has("disclosure") and other.has("number")
        ):
            return True
        if in_time and other.has_word(text, _LATE):
            return True
        if other.end == "stop":
            break
    return False


@dataclass
class _Reader:
    """Reads clause after clause, keeping the scene."""

    written: str
    places: Sequence[int]
    """Where each character of `text` stands in what is written."""
    text: str
    """Compact."""
    form: Form
    year: int | None
    scene: Scene
    outside: list[Scene] = field(default_factory=list)

    def read(self, clause: Clause, *, is_ours: bool) -> Iterator[Fact]:
        """The facts of the next clause, if it is about the agency at all."""
        if clause.end == "comma" and clause.kinds <= _IDLE:
            return
        self.scene.begin(clause, self.text, self.year)
        told: Lines | None = None
        is_ours = is_ours and len(clause.tokens) <= _LONGEST
        is_told = is_ours and not (self.scene.is_past or self.scene.is_planned or clause.has("may"))
        if is_told:
            for fact, lines in self._stated(clause):
                told = lines
                if not lines.columns and not fact.is_absence:
                    self.scene.wholes = (*self.scene.wholes, fact.value)
                yield fact
        self.scene.end(clause, told)
        if clause.end == "open":
            self.outside.append(replace(self.scene))
        elif clause.end == "close" and self.outside:
            self.scene = self.outside.pop()

    def _stated(self, clause: Clause) -> Iterator[tuple[Fact, Lines]]:
        if clause.numbers:
            return self._figures(clause)
        if clause.has("none"):
            return self._absence(clause)
        return self._all_of_them(clause) if clause.has("each", "all") else iter(())

    def _all_of_them(self, clause: Clause) -> Iterator[tuple[Fact, Lines]]:
        """What a clause says of all that were told just before: 收到12件, 均由自然人提出.

        After two figures (复议7件, 诉讼9件, 均获维持) it is not certain of which.
        """
        scene = self.scene
        if len(scene.wholes) != 1 or scene.is_foreign or scene.is_within:
            return
        word = next(token for token in clause.tokens if token.kind in ("each", "all"))
        if lines_in([token for token in clause.tokens if token.start < word.start]).rows:
            return  # 复议3件, 被诉1件; 复议结果均为维持
        words = [token for token in clause.tokens if token.start >= word.end]
        columns = lines_in(words).columns
        if len(columns) == 1 and {token.kind for token in words} <= _ALL_OF_A_KIND:
            whole = replace(scene.lines, columns=columns)
            if whole.table == columns[0].readings[0].table:
                yield from self._facts(replace(word, value=scene.wholes[0], unit="count"), whole)

    def _figures(self, clause: Clause) -> Iterator[tuple[Fact, Lines]]:
        """The facts that the numbers of a clause state, each with its lines."""
        pending: list[Lines] = []
        previous = NO_LINES
        for number, words in numbers_in(clause):
            lines = lines_here(words, self.text, self.scene, previous)
            if not lines.rows and not lines.columns and pending:
                yield from self._facts(number, pending.pop(0))
                continue
            pending = []
            full = completed(lines, words, self.scene, previous)
            if not full.rows or is_ruled_out(Statement(number, words, lines, clause, self.scene, previous)):
                previous = NO_LINES
                continue
            lines = previous = full
            if any(token.kind == "respectively" for token in words):
                pending = list(one_by_one(lines))
                if len(pending) != 1 + bare_after(clause, number):
                    pending, previous = [], NO_LINES
                    continue
                lines = pending.pop(0)
            elif number.value and (any(t.kind == "sum" for t in words) or not _each(words, lines)):
                lines = added_up(lines)
            yield from self._facts(number, lines)

    def _facts(self, number: Token, lines: Lines) -> Iterator[tuple[Fact, Lines]]:
        for row in lines.rows:
            for column in lines.columns or (None,):
                targets = tuple(self._targets(row, column))
                value = in_unit_of(targets, number)
                if targets and value is not None:
                    start, end = self.places[number.start], self.places[number.end - 1] + 1
                    yield Fact(start, end, self.written[start:end], value, targets), lines

    def _targets(self, row: Meaning, column: Meaning | None) -> Iterator[Target]:
        for reading in row.readings:
            for other in column.readings if column else (None,):
                if (other and other.table != reading.table) or not reading.row:
                    continue
                default = "total" if reading.table in ("t3", "t4") else None
                for said in (other.column if other else None, reading.column or default):
                    known = target(self.form, reading.table, reading.row, said)
                    if known:
                        yield known
                        break

    def _absence(self, clause: Clause) -> Iterator[tuple[Fact, Lines]]:
        """The lines of which a clause says that there is nothing."""
        if clause.end == "open":
            return
        at = next(number for number, token in enumerate(clause.tokens) if token.kind == "none")
        word, words = clause.tokens[at], clause.tokens[at + 1 :]
        if not names_lines(words) and any(token.kind == "fee" for token in words):
            yield from self._facts(replace(word, value=0, unit=""), Lines((_COLLECTED,)))
            return
        if not names_lines(words):
            words = clause.tokens[:at] if at == len(clause.tokens) - 1 else ()  # 行政诉讼没有发生
        lines = lines_in(words)
        if is_ruled_out(Statement(word, words, lines, clause, self.scene, NO_LINES)):
            return
        if lines.columns and not lines.rows:
            before = lines_in(clause.tokens[:at])
            lines = Lines(before.rows or self.scene.lines.rows, lines.columns)
        end = words[0].end if words and words[0].kind == "line" and words[0].meaning.weak else word.end
        nothing = replace(word, end=end, value=0, unit="")
        for fact, told in self._facts(nothing, lines):
            yield fact._replace(is_absence=True, targets=fact.targets[:1]), told


def _each(words: Sequence[Token], lines: Lines) -> bool:
    return any(token.kind == "each" for token in words) or all(
        row.readings[0].table == "t3" and not (row.readings[0].row or "").startswith("outcome.")
        for row in lines.rows
    )
