"""核实说明: a warning passes once it is explained, for as long as the figures stay."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import WbTool
from tests.editing import Step, edited, sample_report
from workbook_tool import check, open_report
from workbook_tool.excel.build import annotated_bytes
from workbook_tool.sources import read_report


def test_an_explanation_lapses_when_its_figures_change(wb_tool: WbTool, tmp_path: Path) -> None:
    steps: list[Step] = [
        {"type": 9, "into": "t2.normative_documents.issued"},
        {"explain": "T2-01", "place": "", "because": "清理时一并失效"},
    ]
    report = sample_report()
    (tmp_path / "first.xlsx").write_bytes(edited(report, steps))

    assert wb_tool("check", "first.xlsx", "--strict").returncode == 0
    assert wb_tool("repair", "first.xlsx", "-o", "stamped.xlsx").returncode == 0
    assert wb_tool("check", "stamped.xlsx", "--strict").returncode == 0
    stamped = open_report(tmp_path / "stamped.xlsx").report
    assert stamped is not None
    (explanation,) = stamped.explanations
    (tmp_path / "later.xlsx").write_bytes(
        edited(stamped, [{"type": 7, "into": "t2.normative_documents.issued"}])
    )
    later = wb_tool("check", "later.xlsx", "--strict")

    assert explanation.figures
    assert later.returncode == 1
    assert "清理时一并失效" in later.stdout
    assert "失效" in later.stdout


def test_an_address_that_two_sheets_have_explains_neither(wb_tool: WbTool, tmp_path: Path) -> None:
    warnings: list[Step] = [
        {"text": "12", "into": "t3.received.natural"},
        {"text": "0", "into": "t2.normative_documents.in_force"},
    ]
    reason: Step = {"explain": "V-05", "place": "D7", "because": "已核对"}
    (tmp_path / "one.xlsx").write_bytes(edited(sample_report(), [warnings[0], reason]))
    (tmp_path / "two.xlsx").write_bytes(edited(sample_report(), [*warnings, reason]))
    named: Step = {**reason, "place": "三 收到和处理申请!D7"}
    (tmp_path / "named.xlsx").write_bytes(edited(sample_report(), [*warnings, named]))

    assert wb_tool("check", "one.xlsx").stdout.count("已说明：") == 1
    assert wb_tool("check", "two.xlsx").stdout.count("已说明：") == 0
    assert wb_tool("check", "named.xlsx").stdout.count("已说明：") == 1


THREE = "依申请公开方面，全年新收政府信息公开申请13件，其中予以公开3件、部分公开2件。"
"""The tables have 12, 2 and 1."""


def _explained(text: str, *reasons: tuple[str, str]) -> dict[str, str | None]:
    """What explains each figure of `text`, for reasons by place."""
    steps: list[Step] = [{"text": text, "into": "s1__requests__1"}]
    steps += [{"explain": "N-02", "place": place, "because": why} for place, why in reasons]
    found = check(read_report(edited(sample_report(), steps)))
    return {f.found or "": f.explained for f in found if f.rule == "N-02"}


@pytest.mark.parametrize(
    "place",
    [
        "第一部分 “予以公开3件”",
        "第一部分 “其中予以公开3件”",
        "一 总体情况!B15 予以公开3件",
        "B15 “予以公开3件”",
        "予以公开",
        "3",
        "表三 · 三、本年度办理结果 · (一)予以公开 · 总计",
        "第一部分 (一)予以公开 · 总计",
    ],
)
def test_one_of_several_figures_of_a_paragraph_is_pointed_at(place: str) -> None:
    assert _explained(THREE, (place, "另一口径")) == {"13": None, "3": "另一口径", "2": None}


@pytest.mark.parametrize(
    "place", ["B15", "第一部分", "公开", "总计", "一 总体情况!B15", "B14", "予以公开4件", "件"]
)
def test_what_does_not_say_which_explains_none(place: str) -> None:
    assert _explained(THREE, (place, "另一口径")) == {"13": None, "3": None, "2": None}


def test_an_address_is_enough_where_one_figure_differs() -> None:
    assert _explained("依申请公开方面，予以公开3件。", ("B15", "另一口径")) == {"3": "另一口径"}


def test_no_place_stands_for_all_findings_of_the_rule() -> None:
    assert set(_explained(THREE, ("", "另一口径")).values()) == {"另一口径"}


def test_it_is_said_that_a_place_is_not_precise_enough() -> None:
    steps: list[Step] = [
        {"text": THREE, "into": "s1__requests__1"},
        {"explain": "N-02", "place": "B15", "because": "另一口径"},
    ]
    found = [f for f in check(read_report(edited(sample_report(), steps))) if f.rule == "N-02"]

    assert all("“B15”同时指几处" in finding.message() for finding in found)
    assert all("“B15”" in finding.message("en") for finding in found)


def test_figures_of_one_clause_are_told_apart_by_their_lines() -> None:
    text = "依申请公开方面，新收和办结均为13件。"
    found = [
        f
        for f in check(read_report(edited(sample_report(), [{"text": text, "into": "s1__requests__1"}])))
        if f.rule == "N-02"
    ]

    assert len({finding.place.words for finding in found}) == len(found)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_reason_beside_a_finding_is_for_that_finding_alone(language: str) -> None:
    data = edited(sample_report(), [{"text": THREE, "into": "s1__requests__1"}])
    marked = _annotated(data, language)
    book: Any = openpyxl.load_workbook(io.BytesIO(marked))
    (row,) = [row for row in book["检查结果"].iter_rows(min_row=5) if row[5].value == "1"]
    assert row[10].value == {"zh": "正文 2，表 1", "en": "text 2, table 1"}[language]
    row[9].value = "另一口径"
    for name, text in (("same", THREE), ("changed", THREE.replace("部分公开2件", "部分公开三件"))):
        (cell,) = [
            c for r in book["一 总体情况"].iter_rows() for c in r if str(c.value).startswith(THREE[:7])
        ]
        cell.value = text
        stream = io.BytesIO()
        book.save(stream)
        found = [f for f in check(read_report(stream.getvalue())) if f.rule == "N-02"]
        told = {f.expected: (f.explained, bool(f.lapsed)) for f in found}
        wanted = ("另一口径", False) if name == "same" else (None, True)
        assert told == {"12": (None, False), "2": (None, False), "1": wanted}


def _annotated(data: bytes, language: str) -> bytes:
    reading = read_report(data)
    assert reading.report is not None
    return annotated_bytes(reading.report, check(reading), language)
