"""The likely slip: named where the identities or the figures show it, and silence where they do not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.editing import edited, sample_report
from tests.strategies import LEVEL, reports
from tests.texts import WITHOUT_FIGURES, with_texts
from workbook_tool import Finding, Report, check
from workbook_tool.report import Reading, with_totals
from workbook_tool.sources import read_report

RECEIVED, CARRIED_IN = "t3.received.natural", "t3.carried_in.natural"
GRANTED, PARTIAL = "t3.outcome.granted.natural", "t3.outcome.partial.natural"
UPHELD, TOTAL = "t4.reconsideration.upheld", "t4.reconsideration.total"


def _report(**figures: int) -> Report:
    """The sample with other figures in the column 自然人 and in table 4, everything balanced."""
    report = with_texts(sample_report(), **WITHOUT_FIGURES)
    cells = report.form.cells
    values = {**report.values, **{cells[name.replace("__", ".")]: figure for name, figure in figures.items()}}
    summed = with_totals(report.form, values, report.form.sums)
    closed = summed[cells["t3.outcome.total.natural"]] or 0
    values[cells[RECEIVED]] = closed - (values[cells[CARRIED_IN]] or 0)
    return replace(report, values=with_totals(report.form, values, report.form.sums))


def _with(report: Report, changes: dict[str, int | None]) -> Report:
    return replace(
        report,
        values={**report.values, **{report.form.cells[name]: figure for name, figure in changes.items()}},
    )


def _suggested(findings: list[Finding]) -> list[tuple[dict[str, str], str]]:
    return [
        ({change.id: change.expected for change in suggestion.changes}, suggestion.why.en)
        for finding in findings
        for suggestion in finding.suggestions
    ]


@pytest.mark.parametrize(
    ("true", "wrong", "words"),
    [
        (112, 121, "two digits exchanged"),
        (112, 142, "one digit wrong"),
        (112, 12, "one digit left out"),
        (112, 1122, "one digit typed twice"),
        (112, 1512, "one digit too many"),
        (112, 1120, "ten times too much or too little (a zero)"),
        (112, -112, "the sign is the opposite"),
        (112, 0, "entered as 0; the difference is just this figure"),
        (0, 37, "the figure beside it entered once more"),
        (112, 9_999, "with this the sums balance, the other figures as they are"),
    ],
)
def test_a_slip_in_one_cell_among_typed_totals_is_named(true: int, wrong: int, words: str) -> None:
    report = _report(t3__outcome__granted__natural=true, t3__outcome__partial__natural=37)

    (finding,) = check(Reading(_with(report, {GRANTED: wrong})))

    assert _suggested([finding]) == [({GRANTED: str(true)}, words)]


@pytest.mark.parametrize(
    ("granted", "partial", "words"),
    [(58, 31, "two figures exchanged"), (58, 0, "entered in the cell beside it")],
)
def test_a_slip_that_concerns_two_cells_is_named_once(granted: int, partial: int, words: str) -> None:
    report = _report(t3__outcome__granted__natural=granted, t3__outcome__partial__natural=partial)

    findings = list(check(Reading(_with(report, {GRANTED: partial, PARTIAL: granted}))))

    first = _suggested(findings)[0]
    assert first == ({GRANTED: str(granted), PARTIAL: str(partial)}, words)
    assert sum(bool(finding.suggestions) for finding in findings) == 1


def test_a_total_without_one_of_its_parts() -> None:
    report = _report(t3__outcome__granted__natural=58, t3__outcome__partial__natural=31)
    total = "t3.outcome.total.natural"
    stated = report[total]
    assert isinstance(stated, int)

    suggested = _suggested(list(check(Reading(_with(report, {total: stated - 31})))))

    assert ({total: str(stated)}, "a total without one of its parts") in suggested


def test_where_totals_are_formulas_the_figures_alone_tell() -> None:
    steps = [{"type": 21, "into": RECEIVED}]

    (finding,) = check(read_report(edited(with_texts(sample_report(), **WITHOUT_FIGURES), steps)))

    assert finding.rule == "T3-01"
    assert _suggested([finding])[0] == ({RECEIVED: "12"}, "two digits exchanged")
    assert len(finding.suggestions) <= 3


def test_a_blank_of_which_the_sums_tell_the_figure() -> None:
    report = _report(t4__reconsideration__upheld=7)

    findings = list(check(Reading(_with(report, {UPHELD: None}))))

    assert ({UPHELD: "7"}, "left out; the difference is just this figure") in _suggested(findings)


def test_nothing_is_said_where_anything_could_have_happened() -> None:
    steps = [{"type": 13, "into": RECEIVED}]

    (finding,) = check(read_report(edited(with_texts(sample_report(), **WITHOUT_FIGURES), steps)))

    assert finding.suggestions == ()


@settings(max_examples=60, deadline=None)
@given(reports(cover=LEVEL), st.data())
def test_whatever_is_suggested_makes_everything_balance(report: Report, data: st.DataObject) -> None:
    cells = [cell for cell in report.values if cell.section in ("t3", "t4")]
    wrong = data.draw(st.dictionaries(st.sampled_from(cells), st.integers(0, 10**6), min_size=1, max_size=2))
    slipped = replace(report, values={**report.values, **wrong})

    for changes, _ in _suggested(list(check(Reading(slipped)))):
        mended = {slipped.form.cells[name]: Decimal(figure) for name, figure in changes.items()}
        left = replace(slipped, values={**slipped.values, **mended})
        failing = {i for i in slipped.form.identities if slipped.holds(i) is False}
        still = {i for i in left.form.identities if left.holds(i) is False}
        assert still < failing, "fewer fail, and none that held"
