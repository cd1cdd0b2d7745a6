"""核实说明: a unit's reasons why warnings are in order, and how long they hold.

An explanation is tied to a rule, a place and the figures that it was given for; when those change,
it lapses. One that states no figures is about those of today.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from workbook_tool.report import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook_tool.report import Report
    from workbook_tool.rules import Explanation, Finding

_SPELLED_OUT = 8


def with_explanations(findings: Sequence[Finding], report: Report) -> Iterator[Finding]:
    """`findings`, the warnings among them with their figures and with what the unit says to them.

    An address that several sheets have, with a warning of the rule on each, says nothing.
    """
    clear = [e for e in report.explanations if len(_sheets_meant(e, findings)) <= 1]
    return (_with_explanation(finding, report, clear) for finding in findings)


def _sheets_meant(explanation: Explanation, findings: Sequence[Finding]) -> set[str | None]:
    address = _bare(explanation.place)
    return {
        finding.place.sheet
        for finding in findings
        if finding.rule == explanation.rule and address and address == finding.place.cell
    }


def _with_explanation(finding: Finding, report: Report, explanations: Sequence[Explanation]) -> Finding:
    if finding.severity != "warning":
        return finding
    finding = replace(finding, figures=_figures(finding, report))
    given = [explanation for explanation in explanations if is_about(explanation, finding)]
    for explanation in given:
        if explanation.figures in ("", finding.figures):
            return replace(finding, explained=explanation.text)
    return replace(finding, lapsed=given[-1]) if given else finding


def stamped(explanations: Iterable[Explanation], findings: Sequence[Finding]) -> tuple[Explanation, ...]:
    """`explanations` tied to the figures of the findings that they explain, where there is just one."""
    return tuple(_stamped(explanation, findings) for explanation in explanations)


def _stamped(explanation: Explanation, findings: Sequence[Finding]) -> Explanation:
    explained = [finding for finding in findings if finding.explained and is_about(explanation, finding)]
    if explanation.figures or len(explained) != 1:
        return explanation
    # In words, since addresses differ from workbook to workbook.
    return explanation._replace(figures=explained[0].figures, place=explained[0].place.words.zh)


def _figures(finding: Finding, report: Report) -> str:
    """The figures that `finding` is about, in one short line; its quotation where it has none."""
    cells = [report.form.cells[cell_id] for cell_id in finding.ids if cell_id in report.form.cells]
    if not cells:
        return finding.found or ""
    figures = [plain(report.values.get(cell)) or "—" for cell in cells]
    if finding.passage and finding.found:
        figures.insert(0, finding.found)
    if len(figures) <= _SPELLED_OUT:
        return " / ".join(figures)
    return f"{len(figures)}#{hashlib.sha256(' / '.join(figures).encode()).hexdigest()[:6]}"


def is_about(explanation: Explanation, finding: Finding) -> bool:
    """Whether `explanation` speaks of `finding`, whatever the figures were."""
    return explanation.rule == finding.rule and _bare(explanation.place) in _names_of(finding)


def _names_of(finding: Finding) -> set[str]:
    """What a unit may write to point at a finding; nothing means every finding of the rule."""
    place = finding.place
    address = place.cell or ""
    return {"", *map(_bare, (*place.words, address, f"{place.sheet}{address}"))}


def _bare(place: str) -> str:
    """A place without the marks that people write differently: case, spaces, ``$``, quotes, dots."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", place))).upper()
