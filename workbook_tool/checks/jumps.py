"""H-03: lines that have jumped or dropped since last year."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.checks.history import last_year_of
from workbook_tool.phrase import Phrase, listed
from workbook_tool.report import add_up, plain
from workbook_tool.rules import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from workbook_tool.checks.basis import Basis
    from workbook_tool.forms import Cell
    from workbook_tool.report import Report

_TIMES = Phrase(
    "{line} {now}(上年 {then}，为其 {times} 倍)", "{line} {now} (last year {then}: {times} times as many)"
)
_PART = Phrase(
    "{line} {now}(上年 {then}，为其 {percent}%)", "{line} {now} (last year {then}: {percent}% of it)"
)
_WITH_NOTHING = Phrase("{line} {now}(上年 {then})", "{line} {now} (last year {then})")


class _Watched(NamedTuple):
    """A line, or several added up, in both years."""

    cells: tuple[Cell, ...]
    now: int | Decimal
    then: int | Decimal

    def is_jump(self, basis: Basis) -> bool:
        """Whether it has changed more than the limits allow."""
        jump, drop, least = (float(basis.limit("history", name)) for name in ("jump", "drop", "least"))
        now, then = float(self.now), float(self.then)
        return max(now, then) >= least and not drop * then <= now <= jump * then

    @property
    def line(self) -> Phrase:
        """What to call it: the words of its cell, or of the group of rows that is added up."""
        words = [text.split(" · ")[1:] for text in self.cells[0].where]
        return Phrase(*(" · ".join(part[:-2] if len(self.cells) > 1 else part) for part in words))

    def say(self) -> Phrase:
        """The line with both figures, and how the one is to the other."""
        now, then = plain(self.now), plain(self.then)
        template, times, percent = _WITH_NOTHING, "", ""
        if self.now and self.then:
            ratio = float(self.now) / float(self.then)
            template = _TIMES if ratio > 1 else _PART
            times, percent = f"{ratio:.1f}".removesuffix(".0"), f"{ratio:.1%}".removesuffix("%")
        said = (
            template.say(language).format(
                line=self.line.say(language), now=now, then=then, times=times, percent=percent
            )
            for language in ("zh", "en")
        )
        return Phrase(*said)


def check_jumps(report: Report, basis: Basis) -> Iterator[Finding]:
    """No watched line is far more than last year, or far less; lines of one group are told together."""
    prior = last_year_of(report, basis)
    if prior is None:
        return
    for group in basis.limit("history", "watched"):
        watched = (_watch(report, prior, pattern) for pattern in group)
        jumps = [line for line in watched if line and line.is_jump(basis)]
        if jumps:
            cells = [cell for jump in jumps for cell in _telling(report, jump)]
            yield Finding(
                "H-03",
                report.place(cells[0]),
                ids=tuple(cell.id for cell in cells),
                details={"lines": listed(jump.say() for jump in jumps), "year": str(prior.year)},
            )


def _watch(report: Report, prior: Report, pattern: str) -> _Watched | None:
    """The line in both years, if each states all of it."""
    here, before = (
        tuple(cell for cell in r.form.cells.values() if fnmatchcase(cell, pattern)) for r in (report, prior)
    )
    if any(r.values.get(cell) is None for r, cells in ((report, here), (prior, before)) for cell in cells):
        return None
    now, then = add_up(report.values[cell] for cell in here), add_up(prior.values[cell] for cell in before)
    return None if now is None or then is None else _Watched(here, now, then)


def _telling(report: Report, jump: _Watched) -> tuple[Cell, ...]:
    """The cells of a line that make it what it is."""
    return tuple(cell for cell in jump.cells if report.values[cell]) or jump.cells[:1]
