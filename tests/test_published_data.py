"""Reading our own JSON back, and refusing what it must not say."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from tests.editing import sample_report
from tests.strategies import stated_reports
from workbook_tool.forms import form
from workbook_tool.renderers.data import export_json
from workbook_tool.sources import read_report

if TYPE_CHECKING:
    from workbook_tool.report import Reading, Report


def _read(content: object) -> Reading:
    return read_report(json.dumps(content, ensure_ascii=False).encode())


def _content(**changes: Any) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(export_json(sample_report()))
    del content["digest"]
    return {**content, **changes}


@given(stated_reports())
def test_what_export_writes_is_read_back(report: Report) -> None:
    reading = read_report(export_json(report).encode())

    assert reading.report == replace(report, cover={}, explanations=())
    assert reading.findings == ()


def test_a_cell_that_was_left_out_stays_out_and_is_said() -> None:
    content = _content()
    del content["cells"]["t2.penalty.decisions"]

    reading = _read(content)

    assert reading.report is not None
    assert "t2.penalty.decisions" not in reading.report.values
    assert [(finding.rule, finding.ids) for finding in reading.findings] == [
        ("W-03", ("t2.penalty.decisions",))
    ]


@pytest.mark.parametrize("raw", ["12", 1.5, True, [12], {"value": 12}, "", 2**60, "１２"])
def test_a_count_is_a_whole_number(raw: object) -> None:
    content = _content()
    content["cells"]["t3.received.natural"] = raw

    reading = _read(content)

    assert reading.report is not None
    assert "t3.received.natural" not in reading.report.values
    assert [finding.ids for finding in reading.findings] == [("t3.received.natural",)]
    assert reading.findings[0].severity == "error"


@pytest.mark.parametrize("raw", [12, 1.5, "约12", "12元", " "])
def test_money_is_a_text(raw: object) -> None:
    content = _content()
    content["cells"]["t2.fees.amount"] = raw

    reading = _read(content)

    assert reading.report is not None
    assert "t2.fees.amount" not in reading.report.values
    assert [finding.ids for finding in reading.findings] == [("t2.fees.amount",)]


@pytest.mark.parametrize(
    "changes",
    [{"remark": "x"}, {"cells": {**_content()["cells"], "t3.received.foreign": 3}}],
    ids=["a key", "a cell"],
)
def test_ids_that_are_not_of_the_form_are_told(changes: dict[str, Any]) -> None:
    reading = _read(_content(**changes))

    assert reading.report is not None
    (finding,) = reading.findings
    assert (finding.rule, finding.case, finding.severity) == ("W-05", "unknown", "error")
    assert finding.found in {"remark", "t3.received.foreign"}


@pytest.mark.parametrize(
    "changes",
    [
        {"edition": "2020"},
        {"edition": None},
        {"year": "2021"},
        {"year": True},
        {"year": 20210},
        {"agency": 3},
        {"cells": []},
        {"narratives": {"s1": 1}},
        {"opening": None},
    ],
    ids=str,
)
def test_what_is_not_as_the_schema_says_is_refused(changes: dict[str, Any]) -> None:
    reading = _read(_content(**changes))

    assert reading.report is None
    assert [(finding.rule, finding.case) for finding in reading.findings] == [("W-01", "json")]


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ('{"schema": "wb-tool/report/2"}', "schema"),
        ('{"schema": "wb-tool/check/1", "files": []}', "schema"),
        ("[]", "schema"),
        ('[{"a": 1}]', "schema"),
        ("{}", "schema"),
        ('{"schema": "wb-tool/report/1"', "json"),
        ('{"schema": "wb-tool/report/1", "schema": "wb-tool/report/1"}', "json"),
        ('{"schema": "wb-tool/report/1", "year": NaN}', "json"),
        (f'{{"a": {"9" * 5000}}}', "json"),
        ('{"a":' * 100_000, "json"),
        ("[" * 100_000, "json"),
    ],
    ids=lambda text: text[:30],
)
def test_other_data_is_refused_in_words(text: str, case: str) -> None:
    reading = read_report(text.encode())

    assert reading.report is None
    assert [(finding.rule, finding.case) for finding in reading.findings] == [("W-01", case)]
    assert all(finding.message(language) for finding in reading.findings for language in ("zh", "en"))


def test_figures_changed_after_the_export_are_told() -> None:
    content = json.loads(export_json(sample_report()))
    content["cells"]["t3.received.natural"] += 1

    assert [(finding.rule, finding.case) for finding in _read(content).findings] == [("W-08", "digest")]


def test_a_section_printed_as_in_the_other_edition_is_read() -> None:
    content = _content()
    other = form("2019").section("t3")
    content["cells"] = {
        name: figure for name, figure in content["cells"].items() if not name.startswith("t3.")
    } | dict.fromkeys((cell.id for cell in other.cells), 0)

    reading = _read(content)

    assert reading.report is not None
    assert reading.report["t3.outcome.other.natural"] == 0
    assert reading.report.form.edition == "2021"
