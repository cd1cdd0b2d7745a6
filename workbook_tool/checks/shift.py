"""A whole table entered one row or one column away: told once, instead of all that it breaks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbook_tool.forms import lay_out
from workbook_tool.phrase import Phrase, listed
from workbook_tool.report import with_totals
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook_tool.forms import Section
    from workbook_tool.report import Report

_MANY = 6
"""Fewer failures than this are told one by one."""

_PROVEN = 4
"""So many sums that fail and would hold after moving back are no accident."""

_AWAY = {
    (0, 1): Phrase("向右错了一列", "one column to the right"),
    (0, -1): Phrase("向左错了一列", "one column to the left"),
    (1, 0): Phrase("向下错了一行", "one row down"),
    (-1, 0): Phrase("向上错了一行", "one row up"),
}
_SHOWN = 5


def without_shifted(report: Report, findings: Iterable[Finding]) -> Iterator[Finding]:
    """`findings`, with those on a table that only stands in the wrong place as one."""
    findings = list(findings)
    if not any(finding.rule.startswith("T") for finding in findings):
        yield from findings
        return
    shifted = {section.id: found for section in report.form.tabled if (found := _shift(report, section))}
    told: set[str] = set()
    for finding in findings:
        section = _section_of(report, finding)
        if section not in shifted:
            yield finding
        elif section not in told:
            told.add(section)
            yield shifted[section]


def _section_of(report: Report, finding: Finding) -> str:
    """The section whose figures `finding` is about, if a shift would explain it."""
    explained = finding.rule.startswith(("T", "V-04", "W-06")) and finding.rule not in ("T2-01", "T2-02")
    cell = report.form.cells.get(finding.ids[0]) if finding.ids and explained else None
    return cell.section if cell else ""


def _shift(report: Report, section: Section) -> Finding | None:
    own = [
        identity
        for identity in report.form.identities
        if identity.relation == "equal" and identity.right[0].section == section.id
    ]
    failing = [identity for identity in own if report.holds(identity) is False]
    if len(failing) < _MANY:
        return None
    for step, words in _AWAY.items():
        if not _is_vacated(report, section, step):
            continue
        back = _moved_back(report, section, step)
        mended = [back.holds(identity) for identity in failing].count(True)
        if mended >= max(_PROVEN, len(failing) / 2) and all(back.holds(i) is not False for i in own):
            first = report.place(failing[0].right[0])
            places = (report.place(identity.right[0]) for identity in failing[:_SHOWN])
            shown = listed(Phrase(p.cell, p.cell) if p.cell else p.words for p in places)
            return Finding(
                failing[0].rule,
                Place(section.name, first.sheet, first.cell),
                "shifted",
                ids=tuple(cell.id for cell in section.cells if cell in report.values),
                details={"section": section.name, "way": words, "count": str(len(failing)), "cells": shown},
            )
    return None


def _is_vacated(report: Report, section: Section, step: tuple[int, int]) -> bool:
    """Whether the line that a block leaves when it is moved by `step` holds nothing."""
    at = lay_out(section).figures()
    left = [cell for (row, column), cell in at.items() if (row - step[0], column - step[1]) not in at]
    return not any(report.values.get(cell) for cell in left)


def _moved_back(report: Report, section: Section, step: tuple[int, int]) -> Report:
    """`report` with each figure of `section` taken from where it would stand after the slip."""
    at = lay_out(section).figures()
    # What was pushed over the edge is not known any more.
    others = {cell: figure for cell, figure in report.values.items() if cell.section != section.id}
    moved = {
        cell: report.values.get(at[spot])
        for (row, column), cell in at.items()
        if (spot := (row + step[0], column + step[1])) in at
    }
    values = with_totals(report.form, {**others, **moved}, report.computed & moved.keys())
    return replace(report, values=values)
