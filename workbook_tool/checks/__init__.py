"""The judgement: every rule that a report can break, and the explanations that a unit gave.

Each check is a plain generator ``(report) -> Iterator[Finding]``; `check` runs them all.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbook_tool.checks.blanks import check_blanks
from workbook_tool.checks.edition import check_edition
from workbook_tool.checks.explanations import with_explanation
from workbook_tool.checks.footing import check_footing
from workbook_tool.checks.gather import gather
from workbook_tool.checks.shift import without_shifted
from workbook_tool.checks.signs import check_signs
from workbook_tool.checks.size import check_level, check_powers, check_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from workbook_tool.phrase import Phrase
    from workbook_tool.report import Reading, Report
    from workbook_tool.rules import Finding

__all__ = ["check"]

_CHECKS: tuple[Callable[[Report], Iterator[Finding]], ...] = (
    check_edition,
    check_blanks,
    check_signs,
    check_footing,
    check_level,
    check_powers,
    check_size,
)


def check(reading: Reading) -> Iterator[Finding]:
    """Every finding of `reading`: those of reading the source and those of the rules.

    A typed total that also fails to add up is told once, by the identity. A warning that the
    unit explained carries the explanation.
    """
    report = reading.report
    if report is None:
        yield from reading.findings
        return
    read = [f for f in reading.findings if f.rule != "W-06" or not _is_off(report, f)]
    formulas = {f.ids[0]: f.details for f in reading.findings if f.rule == "W-06" and f not in read}
    judged = (_with_formula(finding, formulas) for each in _CHECKS for finding in each(report))
    sheets = [None, *(section.tab for section in report.form.sections)]
    found = list(gather(without_shifted(report, [*read, *judged])))
    found.sort(key=lambda f: sheets.index(f.place.sheet) if f.place.sheet in sheets else 0)
    for finding in found:
        yield with_explanation(finding, report)


def _with_formula(finding: Finding, formulas: Mapping[str, Mapping[str, str | Phrase]]) -> Finding:
    """`finding`, if it is about a total that was typed over, with the formula that belongs there."""
    told = next((i for i in finding.ids if i in formulas), None) if finding.rule.startswith("T") else None
    return replace(finding, details={**finding.details, **formulas[told]}) if told else finding


def _is_off(report: Report, finding: Finding) -> bool:
    """Whether the total that `finding` is about does not add up either."""
    sums = (report.form.sums[report.form.cells[cell_id]] for cell_id in finding.ids)
    return any(report.holds(identity) is False for identity in sums)
