"""What is written is read back the same, through every form that the tool writes and reads."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import LEVEL, reports, stated_reports
from tests.texts import WITHOUT_FIGURES, with_texts
from workbook_tool import Report, check, render
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.renderers import TextFormat
from workbook_tool.report import Reading
from workbook_tool.sources import read_report

MANY = settings(max_examples=60, deadline=None)


@MANY
@given(stated_reports())
def test_a_workbook_gives_its_report_back(report: Report) -> None:
    assert read_report(workbook_bytes(report)).report == report


@MANY
@given(reports(), st.sampled_from(["txt", "md"]))
def test_a_printed_report_gives_itself_back(report: Report, as_format: TextFormat) -> None:
    printed = render(report, as_format)

    assert read_report(printed.encode()).report == report


@MANY
@given(reports(cover=LEVEL))
def test_a_balanced_report_gives_no_finding(report: Report) -> None:
    assert list(check(Reading(with_texts(report, **WITHOUT_FIGURES)))) == []


@settings(max_examples=15, deadline=None)
@given(reports(cover=LEVEL))
def test_a_balanced_workbook_gives_no_finding(report: Report) -> None:
    assert list(check(read_report(workbook_bytes(with_texts(report, **WITHOUT_FIGURES))))) == []


@MANY
@given(reports(), st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
def test_text_is_read_in_the_encodings_that_offices_use(report: Report, encoding: str) -> None:
    assert read_report(render(report).encode(encoding)).report == report
