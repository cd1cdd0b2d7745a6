"""Which lines of the form the words before a figure name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbook_tool.narrative.vocabulary import Meaning, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook_tool.narrative.tokens import Token

REQUESTS = Meaning(
    "requests",
    (
        Reading("t3", "received", None),
        Reading("t3", "received+carried_in", None),
        Reading("t3", "outcome.total", None),
    ),
    weak=True,
)
"""What 申请 alone may be counted by: it says neither received nor closed."""

_TRANSPARENT = frozenset(
    (
        "filler",
        "sum",
        "each",
        "all",
        "respectively",
        "state",
        "disclosure",
        "within",
        "present",
        "fee",
        "none",
        "unit",
        "scope",
        "other",
        "court",
    )
)
"""Words that may stand between the members of an enumeration."""


NAMING = frozenset(("line", "requests", "application"))
"""The kinds of words that name a line."""


@dataclass(slots=True, eq=False)
class Lines:
    """Lines of one table: rows and columns, more than one where they are enumerated. Nothing changes them."""

    rows: tuple[Meaning, ...] = ()
    columns: tuple[Meaning, ...] = ()
    is_doubtful: bool = False
    """Whether words of two tables stand together."""
    table: str = field(init=False)
    """The table; empty where no line is named."""

    def __post_init__(self) -> None:
        """Looks the table up, which is asked for over and over."""
        named = self.rows or self.columns
        self.table = named[0].readings[0].table if named else ""

    @property
    def is_vague(self) -> bool:
        """Whether only 申请 says what is counted."""
        return bool(self.rows) and all(row.kind == "requests" for row in self.rows)

    @property
    def is_weak(self) -> bool:
        """Whether only verbs such as 收到 say what is counted."""
        return all(row.weak for row in self.rows)


NO_LINES = Lines()


def lines_in(tokens: Iterable[Token]) -> Lines:
    """The lines that `tokens` name. The more precise word counts, and else the later one."""
    rows: list[Meaning] = []
    columns: list[Meaning] = []
    is_joined = is_doubtful = and_others = False
    for token in tokens:
        kind = token.kind
        if kind == "join":
            is_joined = True
        elif kind == "etc":
            and_others = True
        elif kind in NAMING:
            meaning = token.meaning if kind == "line" else REQUESTS
            if any(reading.row for reading in meaning.readings):
                is_doubtful |= _disagree(rows, meaning, is_joined=is_joined)
                if and_others and rows and _is_below(rows[-1], meaning):
                    # 因不掌握等原因无法提供: that reason, or all of them.
                    rows[-1] = rows[-1]._replace(readings=rows[-1].readings + meaning.readings)
                _add(rows, meaning, is_joined=is_joined)
            else:
                _add(columns, meaning, is_joined=is_joined)
            is_joined = False
        elif is_joined and kind not in _TRANSPARENT and kind != "because":
            is_joined = False
    if rows and columns:
        table = rows[-1].readings[0].table
        fitting = [c for c in columns if any(reading.table == table for reading in c.readings)]
        if fitting or not all(row.weak for row in rows):
            columns = fitting
        else:
            rows = []  # 撤销我局答复1件: of a verdict, not of the replies
    return Lines(tuple(rows), tuple(columns), is_doubtful)


def _disagree(known: Sequence[Meaning], new: Meaning, *, is_joined: bool) -> bool:
    """Whether `new` is of another table than what was named before it, neither giving way."""
    if is_joined or new.weak:
        return False
    strong = [meaning for meaning in known if not meaning.weak]
    return bool(strong) and not _same_table(strong[-1], new)


def _add(known: list[Meaning], new: Meaning, *, is_joined: bool) -> None:
    last = known[-1] if known else None
    if last and last.readings == new.readings:
        return
    if last is None:
        known.append(new)
    elif is_joined and (not new.weak or last.weak or new.kind == "requests" or _same_table(last, new)):
        if last.kind == "requests" and new.kind == "line" and len(known) == 1 and _same_table(last, new):
            known.clear()
        known.append(new)
    elif _strength(new) < _strength(last) or _is_below(last, new):
        pass
    elif _strength(new) > _strength(last) or _is_below(new, last):
        known[-1] = new
    else:
        known[:] = [new]


def _strength(meaning: Meaning) -> int:
    return 0 if meaning.kind == "requests" else 1 if meaning.weak else 2


def _same_table(one: Meaning, other: Meaning) -> bool:
    return one.readings[0].table == other.readings[0].table


def _is_below(one: Meaning, other: Meaning) -> bool:
    """Whether `one` names a line of the group that `other` names."""
    (a, *_), (b, *_) = one.readings, other.readings
    above, below = b.row or b.column, a.row or a.column
    return a.table == b.table and bool(above and below and below.startswith(f"{above}."))


def one_by_one(lines: Lines) -> Iterator[Lines]:
    """Enumerated lines each by itself, for figures that follow in the same order."""
    for row in lines.rows or (None,):
        for column in lines.columns or (None,):
            yield Lines((row,) if row else (), (column,) if column else ())


def added_up(lines: Lines) -> Lines:
    """Several rows of a table as the sum of them."""
    firsts = [row.readings[0] for row in lines.rows]
    if len(firsts) < 2 or len({(first.table, first.column) for first in firsts}) > 1:  # noqa: PLR2004
        return lines
    together = Reading(firsts[0].table, "+".join(first.row or "" for first in firsts), firsts[0].column)
    return Lines((Meaning("line", (together,)),), lines.columns)
