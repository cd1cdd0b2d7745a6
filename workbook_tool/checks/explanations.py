"""核实说明: a unit's reasons why warnings are in order, and how long they hold.

An explanation is tied to a rule, a place and the figures that it was given for; when those change,
it lapses. One that states no figures is about those of today.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from workbook_tool.checks.pointing import is_about, meant_by, told_apart
from workbook_tool.phrase import NOWHERE, Phrase
from workbook_tool.report import plain
from workbook_tool.rules import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook_tool.report import Report
    from workbook_tool.rules import Explanation, Finding

_SPELLED_OUT = 8


def with_explanations(findings: Sequence[Finding], report: Report) -> Iterator[Finding]:
    """`findings`, the warnings among them with their figures and with what the unit says to them.

    What points at several that differ, an address that two sheets have or a paragraph of several findings,
    explains none of them. A reason for other figures is told to have lapsed where it is sure whose it was.
    """
    told = [_with_figures(finding, report) for finding in told_apart(findings, report)]
    warnings = [finding for finding in told if finding.severity == "warning"]
    meant = [(explanation, meant_by(explanation, warnings)) for explanation in report.explanations]
    return (_with_explanation(finding, meant) for finding in told)


def _with_figures(finding: Finding, report: Report) -> Finding:
    return replace(finding, figures=_figures(finding, report)) if finding.severity == "warning" else finding


def _with_explanation(finding: Finding, meant: Sequence[tuple[Explanation, Sequence[Finding]]]) -> Finding:
    lapsed = unclear = None
    for explanation, several in meant:
        if not any(each is finding for each in several):
            continue
        fits = explanation.figures in ("", *finding.figures)
        if _are_told_apart(explanation, several):
            unclear = explanation.place
        elif fits:
            return replace(finding, explained=explanation.text)
        elif len(several) == 1:
            lapsed = explanation
    return replace(finding, lapsed=lapsed, unclear=unclear) if lapsed or unclear else finding


def _are_told_apart(explanation: Explanation, findings: Sequence[Finding]) -> bool:
    """Whether `explanation` names a place that does not say which of `findings` it is about."""
    if not explanation.place or explanation.figures:
        return False
    sheets = {finding.place.sheet for finding in findings}
    words = {(finding.place, finding.ids) for finding in findings if finding.passage}
    return len(sheets) > 1 or len(words) > 1


def stamped(explanations: Iterable[Explanation], findings: Sequence[Finding]) -> tuple[Explanation, ...]:
    """`explanations` tied to the figures of the findings that they explain, where there is just one."""
    return tuple(_stamped(explanation, findings) for explanation in explanations)


def _stamped(explanation: Explanation, findings: Sequence[Finding]) -> Explanation:
    explained = [f for f in findings if f.explained == explanation.text and is_about(explanation, f)]
    if explanation.figures or len(explained) != 1:
        return explanation
    # In words, since addresses differ from workbook to workbook.
    return explanation._replace(figures=explained[0].figures.zh, place=explained[0].place.words.zh)


def _figures(finding: Finding, report: Report) -> Phrase:
    """The figures that `finding` is about, in one short line; its quotation where it has none."""
    cells = [report.form.cells[cell_id] for cell_id in finding.ids if cell_id in report.form.cells]
    found = finding.found or ""
    if not cells:
        return Phrase(found, found)
    figures = " / ".join(plain(report.values.get(cell)) or "—" for cell in cells)
    if len(cells) > _SPELLED_OUT:
        figures = f"{len(cells)}#{hashlib.sha256(figures.encode()).hexdigest()[:6]}"
    if finding.passage and found:
        printed = finding.details.get("printed")
        added = printed if isinstance(printed, Phrase) else NOWHERE
        text = Phrase(found + added.zh, found + added.en)
        return in_words("compared", text=text, table=finding.expected or figures)
    return Phrase(figures, figures)
