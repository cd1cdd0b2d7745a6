"""The judgement: every rule that a report can break, and the explanations that a unit gave.

Each check is a plain generator of findings, ``(report)`` or ``(report, basis)`` where it needs more than
the report itself; `check` runs them all.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbook_tool.checks.alike import check_alike
from workbook_tool.checks.authorship import check_author
from workbook_tool.checks.basis import Basis
from workbook_tool.checks.blanks import check_blanks
from workbook_tool.checks.edition import check_edition
from workbook_tool.checks.enumeration import check_enumerations
from workbook_tool.checks.explanations import with_explanations
from workbook_tool.checks.fields import check_fields
from workbook_tool.checks.footing import check_footing, is_doubted
from workbook_tool.checks.gaps import check_gaps
from workbook_tool.checks.gather import gather
from workbook_tool.checks.history import check_carried, check_in_force, check_prior
from workbook_tool.checks.jumps import check_jumps
from workbook_tool.checks.lexicon import check_slips
from workbook_tool.checks.narrative import check_fee, check_figures, check_sums
from workbook_tool.checks.period import check_period
from workbook_tool.checks.shift import without_shifted
from workbook_tool.checks.signs import check_signs
from workbook_tool.checks.size import check_level, check_powers, check_size
from workbook_tool.checks.substance import check_aspects, check_length, check_substance
from workbook_tool.checks.writing import check_writing
from workbook_tool.forms import cover_words
from workbook_tool.report import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from workbook_tool.phrase import Phrase
    from workbook_tool.report import Report
    from workbook_tool.rules import Finding, Place

__all__ = ["Basis", "check"]

_CHECKS: tuple[Callable[[Report], Iterator[Finding]], ...] = (
    check_edition,
    check_blanks,
    check_signs,
    check_footing,
    check_level,
    check_powers,
    check_size,
    check_fields,
    check_figures,
    check_sums,
    check_fee,
    check_period,
    check_author,
    check_gaps,
    check_enumerations,
    check_writing,
)
_AGAINST: tuple[Callable[[Report, Basis], Iterator[Finding]], ...] = (
    check_prior,
    check_carried,
    check_in_force,
    check_jumps,
    check_alike,
    check_substance,
    check_aspects,
    check_length,
    check_slips,
)


def check(
    reading: Reading, prior: Reading | Report | None = None, *, basis: Basis | None = None
) -> Iterator[Finding]:
    """Every finding of `reading`: those of reading the source and those of the rules.

    `prior` is last year's report, `basis` whatever else a report is held against.
    A typed total that also fails to add up is told once, by the identity, and what only follows from a
    finding of the source is not told again. A warning that the unit explained carries the explanation.
    """
    report = reading.report
    if report is None:
        yield from reading.findings
        return
    judged = [finding for each in _CHECKS for finding in each(report)]
    against = basis or Basis()
    if prior is not None:
        against = against._replace(prior=prior.report if isinstance(prior, Reading) else prior)
    judged += [finding for check_against in _AGAINST for finding in check_against(report, against)]
    read, judged = _once(report, reading.findings, judged)
    judged = [finding for finding in judged if not _only_follows(finding, read)]
    sheets = [None, *(section.tab for section in report.form.sections)]
    found = list(gather(without_shifted(report, [*read, *judged])))
    found.sort(key=lambda f: sheets.index(f.place.sheet) if f.place.sheet in sheets else 0)
    yield from with_explanations(found, report)


def _once(
    report: Report, read: Iterable[Finding], judged: Sequence[Finding]
) -> tuple[list[Finding], list[Finding]]:
    """`read` without the typed totals whose sums are judged, and `judged` with the formulas of theirs."""
    left: list[Finding] = []
    formulas: dict[Place, Mapping[str, str | Phrase]] = {}
    for finding in read:
        if finding.rule == "W-06" and _is_off(report, finding):
            formulas[finding.place] = finding.details
        else:
            left.append(finding)
    return left, [
        replace(finding, details={**finding.details, **formulas[finding.place]})
        if finding.rule.startswith("T") and finding.place in formulas
        else finding
        for finding in judged
    ]


def _only_follows(finding: Finding, read: Iterable[Finding]) -> bool:
    """Whether `finding` follows from `read`: a narrative that is not there at all, a cover that is wrong."""
    if finding.rule == "N-01":
        return any(each.rule == "W-03" and each.place.words == finding.place.words for each in read)
    field = {"N-05": "year", "N-09": "year", "N-06": "agency"}.get(finding.rule)
    return field is not None and any(
        each.rule == "W-10" and each.place.words == cover_words(field) for each in read
    )


def _is_off(report: Report, finding: Finding) -> bool:
    """Whether the total that `finding` is about does not add up either, which then is told."""
    cells = (report.form.cells[cell_id] for cell_id in finding.ids)
    sums = (report.form.sums[cell] for cell in cells if cell in report.form.sums)
    return any(
        report.holds(identity) is False and not any(is_doubted(report, cell) for cell in identity.cells)
        for identity in sums
    )
