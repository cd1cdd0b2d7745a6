"""Findings as they are marked in a workbook: which cell each is about, and what stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.checks.explanations import stamped
from workbook_tool.checks.pointing import is_about
from workbook_tool.checks.targets import targets_of
from workbook_tool.excel.layout import Spot
from workbook_tool.rules import SYMBOLS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook_tool.report import Report
    from workbook_tool.rules import Explanation, Finding, Severity

HEAD = Spot(0, 0)
"""Where what is about a whole sheet is marked: at its heading."""

_MENDED = ("W-04", "W-05", "W-06", "W-08", "W-09")
OF_ROLL_UPS = ("sum_typed", "sum_changed", "sum_cleared", "unit_row", "units", "units_gone")
"""The cases of W-06 that are about sums over units: a roll-up is made anew, not mended."""

_LEFT_BEHIND = {("W-08", "sheets"), ("W-08", "stray"), ("W-08", "prose"), ("W-05", "extra")}
_ONLY_THERE = {("W-04", "twice"), ("W-03", "narrative")}


class Target(NamedTuple):
    """A cell of our workbook."""

    sheet: str
    spot: Spot


def is_left_behind(finding: Finding) -> bool:
    """Whether `finding` is about content that is not of the form, which no workbook of ours has room for."""
    return (finding.rule, finding.case) in _LEFT_BEHIND


def cannot_be_copied(finding: Finding) -> bool:
    """Whether something that was refused would be lost in a copy: it has to be settled in the original."""
    return (finding.rule, finding.case) in _ONLY_THERE


def is_mended(finding: Finding, report: Report) -> bool:
    """Whether a fresh workbook puts right what was found: places, headings, formulas, protection.

    A total that does not add up stays as it was stated, and is not mended.
    """
    if finding.rule == "W-06":
        if finding.case in OF_ROLL_UPS:
            return False
        sums = (report.form.sums[report.form.cells[cell_id]] for cell_id in finding.ids)
        return all(report.holds(i) or report.values.get(i.right[0]) is None for i in sums)
    if finding.rule == "V-05":
        return report.form.cells[finding.ids[0]] in report.values
    return finding.rule in _MENDED and finding.severity != "error" and not is_left_behind(finding)


class Marks:
    """The findings on one report, ready to be marked in its workbook."""

    def __init__(self, report: Report, findings: Iterable[Finding], language: str) -> None:
        """Sort `findings` into those to be marked and those that a fresh workbook mends."""
        self.report = report
        self.language = language
        self.listed: list[Finding] = []
        self.mended: list[Finding] = []
        for finding in findings:
            (self.mended if is_mended(finding, report) else self.listed).append(finding)
        self.placed: dict[str, Target] = {}
        """Where what can be marked was written."""
        self._by_target: dict[str, list[Finding]] = {}
        for finding in self.listed:
            for target in targets_of(finding, report.form):
                self._by_target.setdefault(target, []).append(finding)

    def severity(self, target: str) -> Severity | None:
        """The gravest finding's about `target`: a cell's id, ``cover.<field>``, or a section's id."""
        found = {finding.severity for finding in self._by_target.get(target, ()) if not finding.explained}
        return next((severity for severity in SYMBOLS if severity in found), None)

    def words(self, target: str) -> str:
        """What is said of `target`, a paragraph a finding; empty where nothing is."""
        return "\n\n".join(self._say(finding, target) for finding in self._by_target.get(target, ()))

    def target(self, finding: Finding) -> Target | None:
        """The cell of the workbook that `finding` is marked at, once it is written."""
        names = targets_of(finding, self.report.form)
        return next((self.placed[name] for name in names if name in self.placed), None)

    def explanations(self) -> tuple[Explanation, ...]:
        """The unit's explanations that do not stand with a listed finding already."""
        explained = [finding for finding in self.listed if finding.explained]
        return tuple(
            explanation
            for explanation in stamped(self.report.explanations, self.mended)
            if not any(f.explained == explanation.text and is_about(explanation, f) for f in explained)
        )

    def _say(self, finding: Finding, target: str) -> str:
        head = f"{SYMBOLS[finding.severity]} {finding.rule} {finding.title(self.language)}"
        advice = f"→ {finding.fix(self.language)}"
        if finding.count > 1 and target != targets_of(finding, self.report.form)[0]:
            return f"{head}\n{advice}"  # the figures are those of the first cell
        said = [finding.message(self.language), *(s.say(self.language) for s in finding.suggestions)]
        return "\n".join([head, *said, finding.explained or advice])
