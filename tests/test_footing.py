"""What must balance: any single wrong figure is found, and a root cause is told once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.editing import edited, sample_report
from tests.strategies import LEVEL, reports
from tests.texts import WITHOUT_FIGURES, with_texts
from workbook_tool import Report, check
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.forms import editions, form
from workbook_tool.report import Reading
from workbook_tool.sources import read_report

FOOTED = [
    pytest.param(edition, cell.id, id=f"{edition} {cell.id}")
    for edition in editions()
    for cell in form(edition).cells.values()
    if cell.section in ("t3", "t4")
]


def silent(edition: str | None, cover: Any) -> st.SearchStrategy[Report]:
    """Balanced reports whose texts say nothing of figures."""
    return reports(edition, cover).map(
        lambda report: with_texts(report, report.form.opening, **WITHOUT_FIGURES)
    )


def test_there_are_190_figures_to_try() -> None:
    assert sum(edition == "2021" for edition, *_ in (param.values for param in FOOTED)) == 190


@pytest.mark.parametrize(("edition", "cell_id"), FOOTED)
@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_any_single_wrong_figure_is_found(edition: str, cell_id: str, data: st.DataObject) -> None:
    report = data.draw(silent(edition, LEVEL))
    wrong = _with(report, cell_id, data.draw(st.integers(0, 999).filter(lambda n: n != report[cell_id])))

    findings = list(check(Reading(wrong)))

    assert findings
    assert all(finding.severity == "error" and finding.rule[0] == "T" for finding in findings)
    assert any(cell_id in finding.ids for finding in findings)


@settings(max_examples=40, deadline=None)
@given(silent(None, LEVEL), st.data())
def test_any_single_wrong_figure_in_a_workbook_with_typed_totals_is_found(
    report: Report, data: st.DataObject
) -> None:
    cell = data.draw(st.sampled_from([c for c in report.values if c.section in ("t3", "t4")]))
    figure = data.draw(st.integers(0, 999).filter(lambda n: n != report.values[cell]))

    reading = read_report(workbook_bytes(_with(report, cell.id, figure)))

    assert reading.report is not None
    assert reading.report.values[cell] == figure
    assert any(f.rule[0] == "T" and f.severity == "error" and cell.id in f.ids for f in check(reading))


@settings(max_examples=60, deadline=None)
@given(silent("2021", LEVEL), st.data())
def test_one_wrong_part_among_typed_totals_is_one_finding_at_its_own_cell(
    report: Report, data: st.DataObject
) -> None:
    parts = [c for c in report.values if c.section == "t3" and not c.is_total]
    cell = data.draw(st.sampled_from(parts))
    right = report[cell.id]
    wrong = data.draw(st.integers(0, 999).filter(lambda n: n != right))

    (finding,) = check(Reading(_with(report, cell.id, wrong)))

    assert finding.ids == (cell.id,)
    assert finding.place.words == cell.where
    assert (finding.expected, finding.found) == (str(right), str(wrong))


def test_two_independent_slips_are_two_findings() -> None:
    report = _with(sample_report(), "t3.outcome.granted.natural", 5)
    report = _with(report, "t3.received.legal.business", 7)

    assert sorted(finding.ids for finding in check(Reading(report))) == [
        ("t3.outcome.granted.natural",),
        ("t3.received.legal.business",),
    ]


def test_a_total_that_is_left_to_its_formula_follows_and_is_not_blamed() -> None:
    steps = [{"type": 13, "into": "t3.received.natural"}, {"type": 1, "into": "t3.carried_in.legal.other"}]

    findings = list(check(read_report(edited(with_texts(sample_report(), **WITHOUT_FIGURES), steps))))

    assert [(finding.rule, finding.place.cell) for finding in findings] == [("T3-01", "D7"), ("T3-01", "I7")]


def test_a_blank_total_is_one_finding_and_takes_part_in_no_sum() -> None:
    report = sample_report()
    blank = {cell: None for cell in report.values if cell.section == "t3" and cell.column.id == "total"}

    (finding,) = check(Reading(replace(report, values={**report.values, **blank})))

    assert finding.rule == "V-04"
    assert set(finding.ids) == {cell.id for cell in blank}


def test_an_undecided_part_leaves_its_sums_undecided() -> None:
    report = sample_report()
    cell = report.form.cells["t3.received.natural"]
    values = {other: figure for other, figure in report.values.items() if other != cell}

    assert list(check(Reading(replace(report, values=values)))) == []


def _with(report: Report, cell_id: str, figure: int) -> Report:
    return replace(report, values={**report.values, report.form.cells[cell_id]: figure})
