"""The roll-up itself: from the records of many sources to one report and all that is to be said of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.excel.rollup_layout import Appendix, Listed, UnitLine, words
from workbook_tool.forms import edition_for, form
from workbook_tool.narrative.draft import draft, placed
from workbook_tool.phrase import Phrase
from workbook_tool.report import Report
from workbook_tool.rollup.choosing import Named, Roster, choose, year_of
from workbook_tool.rollup.findings import check_roster, check_same, check_stated, some
from workbook_tool.rollup.summing import sum_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbook_tool.forms import Form
    from workbook_tool.rollup.choosing import Chosen, Excluded
    from workbook_tool.rollup.summing import Aside, Sums
    from workbook_tool.rollup.units import Unit
    from workbook_tool.rules import Finding

__all__ = ["Named", "Plan", "RollUp", "roll_up"]

_CELLS_SHOWN = 6


class Plan(NamedTuple):
    """What is rolled up for whom."""

    agency: str
    code: str = ""
    level: str = ""
    year: int | None = None
    """The year; that of most sources if none is given."""
    edition: str = ""
    """The edition of the sum; that of most sources if none is given."""
    roster: tuple[Named, ...] | None = None
    stated: Report | None = None
    """The district's own report on all, to be held against the sum."""
    include_failing: bool = False


class RollUp(NamedTuple):
    """The sum as a report, and who and what is in it and is not."""

    report: Report
    counted: tuple[Unit, ...]
    excluded: tuple[Excluded, ...]
    missing: tuple[Named, ...] | None
    sums: Sums
    remarks: tuple[Phrase, ...]
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Whether there is no error in it, and nobody left out who should be in."""
        wrong = any(finding.severity == "error" for finding in self.findings)
        return not wrong and not any(one.is_fault for one in self.excluded)

    @property
    def appendix(self) -> Appendix:
        """What stands in its workbook beside the tables."""
        missing = None
        if self.missing is not None:
            missing = tuple(Listed(named.agency, named.code, "", Phrase("", "")) for named in self.missing)
        lines = tuple(
            UnitLine(u.agency, u.code, u.source, u.status, u.counts, u.rules, figures, u.is_own)
            for u, figures in zip(self.counted, self.sums.figures, strict=True)
        )
        excluded = tuple(
            Listed(u.agency, u.code, u.source, why, u.counts, u.status, u.rules)
            for u, why, _ in self.excluded
        )
        return Appendix(lines, missing, excluded, self.remarks, self.findings)


def roll_up(units: Sequence[Unit], plan: Plan) -> RollUp:
    """The sum of `units` and what is to be said of it; without any that counts it is blank.

    The order of `units` decides the order in which they are listed, and nothing else.
    """
    roster = Roster(plan.roster) if plan.roster is not None else None
    year = plan.year or year_of(unit for unit in units if unit.counts_by_itself) or year_of(units)
    chosen = choose(units, year, roster, include_failing=plan.include_failing)
    known = _form_of(chosen.counted, plan.edition, year)
    sums = sum_units(chosen.counted, known)
    missing, findings = check_roster(*chosen, roster) if roster else (None, [])
    findings += check_same(chosen.counted)
    if plan.stated:
        findings += check_stated(sums.values, known, plan.stated)
    remarks = tuple(_remarks(chosen, missing, sums, known))
    return RollUp(_report(plan, year, known, sums), *chosen, missing, sums, remarks, tuple(findings))


def _form_of(units: Iterable[Unit], edition: str, year: int | None) -> Form:
    """The form that is asked for, else that of most units, the newest of several."""
    if edition:
        return form(edition)
    counts = Counter(unit.form for unit in units if unit.form)
    fallback = edition_for(year or 0)
    return max(counts, key=lambda known: (counts[known], known.edition, not known.varied), default=fallback)


def _report(plan: Plan, year: int | None, known: Form, sums: Sums) -> Report:
    cover = {"agency_code": plan.code, "level": plan.level}
    bare = Report(
        form=known,
        agency=plan.agency,
        year=year,
        values=sums.values,
        narratives=dict.fromkeys((section.id for section in known.narratives), ""),
        opening=known.opening,
        cover={name: text for name, text in cover.items() if text},
    )
    return placed(bare, draft(bare))[0]


def _remarks(chosen: Chosen, missing: Sequence[Named] | None, sums: Sums, known: Form) -> Iterable[Phrase]:
    counts = {"counted": len(chosen.counted), "excluded": len(chosen.excluded)}
    if missing is None:
        yield words("words", "counts_no_roster", **counts)
    else:
        yield words("words", "counts", **counts, missing=len(missing))
    failing = [unit for unit in chosen.counted if not unit.counts_by_itself]
    if failing:
        yield words("words", "failing_included", count=len(failing), units=some(_names(failing)))
    for name, asides in (("left_out", sums.left_out), ("lacking", sums.lacking)):
        for aside in asides:
            yield words("words", name, edition=known.edition, **_said(aside))


def _said(aside: Aside) -> dict[str, Phrase]:
    cells = [cell.where for cell in aside.cells]
    return {"units": some(_names(aside.units)), "cells": some(cells, _CELLS_SHOWN)}


def _names(units: Iterable[Unit]) -> list[Phrase]:
    return [Phrase(unit.name, unit.name) for unit in units]
