"""The year-on-year table: what is compared with what, and how it is written in every format."""

from __future__ import annotations

import io
import re
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given

from tests.conftest import WbTool, fits_everybody
from tests.editing import Step, edited, prior_of, sample_report
from tests.strategies import stated_reports
from workbook_tool import compare
from workbook_tool.excel.comparison_book import comparison_book
from workbook_tool.report import Report
from workbook_tool.reporters.comparison_page import comparison_page
from workbook_tool.reporters.comparison_text import comparison_text
from workbook_tool.sources import read_report
from workbook_tool.year_on_year import Row, side_by_side

LAST: Step = {
    "prior": {
        "steps": [
            {"type": 84, "into": "t2.penalty.decisions"},
            {"type": 12.55, "into": "t2.fees.amount"},
            {"type": 0, "into": "t2.compulsion.decisions"},
            {"text": "约3件", "into": "t2.licensing.decisions"},
            {"type": 14, "into": "t3.received.natural"},
            {"clear": "t4.reconsideration.upheld"},
        ]
    }
}
THIS: list[Step] = [{"type": 2.5, "into": "t2.fees.amount"}, {"clear": "t4.litigation.direct.upheld"}]


@pytest.fixture
def last() -> Report:
    return _read(prior_of(LAST))


@pytest.fixture
def this() -> Report:
    return _read(edited(sample_report(), THIS))


def _read(data: bytes | None) -> Report:
    assert data is not None
    report = read_report(data).report
    assert report is not None
    return report


def _rows(last: Report, this: Report, *, every_line: bool = False) -> dict[str, Row]:
    parts = side_by_side(last, this, every_line=every_line).parts
    return {row.id: row for part in parts for row in part.rows}


def test_lines_that_differ_with_their_changes(last: Report, this: Report) -> None:
    written = {cell: row.written("zh") for cell, row in _rows(last, this).items()}

    assert written == {
        "t2.licensing.decisions": ("约3件", "0", "—", "—"),
        "t2.penalty.decisions": ("84", "845", "+761", "+906.0%"),
        "t2.compulsion.decisions": ("0", "3", "+3", "—"),
        "t2.fees.amount": ("12.55", "2.5", "-10.05", "-80.1%"),
        "t3.received.natural": ("14", "12", "-2", "-14.3%"),
        "t3.received.total": ("14", "12", "-2", "-14.3%"),
        "t4.reconsideration.upheld": ("(空白)", "0", "—", "—"),
        "t4.litigation.direct.upheld": ("0", "(空白)", "—", "—"),
    }


def test_every_line_where_asked(last: Report, this: Report) -> None:
    rows = _rows(last, this, every_line=True)

    assert list(rows) == list(this.form.cells)
    assert rows["t3.outcome.total.total"].written("en") == ("12", "12", "0", "0.0%")
    assert rows["t3.carried_in.natural"].written("en") == ("0", "0", "0", "—")


def test_two_editions_meet_where_they_mean_the_same() -> None:
    steps = [{"type": 7, "into": "t2.normative_documents.public_total"}, {"clear": "t2.procurement"}]
    last = _read(prior_of({"year": 2021, "prior": {"edition": "2019", "steps": steps}}))
    this = sample_report("2021", 2021)

    comparison = side_by_side(last, this)

    before, after = comparison.one_sided
    assert [(cell, side.stands) for cell, _, side in before.rows] == [
        ("t2.normative_documents.public_total", "7")
    ]
    assert (after.rows, after.rest) == ((), 28)
    whole = side_by_side(last, this, every_line=True)
    assert len(whole.one_sided[0].rows) == len(last.form.cells.keys() - this.form.cells.keys())
    shared = {row.id for part in whole.parts for row in part.rows}
    assert shared == last.form.cells.keys() & this.form.cells.keys()


def test_a_report_and_itself(this: Report) -> None:
    assert list(comparison_text(side_by_side(this, this), "zh"))[-1] == "没有不同。"


@given(stated_reports(), stated_reports())
def test_the_lines_are_those_of_the_comparison_cell_by_cell(last: Report, this: Report) -> None:
    shared = last.form.cells.keys() & this.form.cells.keys()

    assert set(_rows(last, this)) == {d.id for d in compare(last, this)} & shared


def test_text_is_in_columns_and_ends_with_the_ids(last: Report, this: Report) -> None:
    lines = list(comparison_text(side_by_side(last, this), "zh"))

    assert lines[0] == "示例市青河区柳湾街道办事处  2024年度 → 2025年度"
    assert "  - 2024年度,本机关发出收费通知0件,总金额0元,实际收取的总金额0元。" in lines
    table = [line for line in lines if re.search(r"  t2[.\w]+$", line)]
    narrow = str.maketrans("·—", ".-")
    assert len({line.translate(narrow).encode("gbk").rindex(b"  t2") for line in table}) == 1


def test_a_section_is_headed_once_and_ids_stand_last(this: Report) -> None:
    lines = "一是甲。\n二是乙。\n三是丙。"
    one, other = (
        replace(this, narratives={**this.narratives, "s5": text}) for text in (lines, "甲\n二是乙。\n丙")
    )
    old = replace(other, form=sample_report("2019", 2020).form)

    comparison = side_by_side(one, old)
    text = list(comparison_text(comparison, "zh"))
    page = comparison_page(comparison, "zh")

    assert "格式版本: 2021 → 2019  edition" in text
    assert [line for line in text if "第五部分" in line] == ["【第五部分】  s5"]
    assert [line for line in text if line.startswith("  ")] == [
        "  - 一是甲。",
        "  + 甲",
        "  - 三是丙。",
        "  + 丙",
    ]
    assert page.count("<h3>第五部分</h3>") == 1


MANY = "\n".join("甲乙" * 30_000)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (["甲", "乙", "丙"], ["甲", "丙", "丁"], [("乙", ""), ("", "丁")]),
        (["甲", "乙", "丙"], ["甲", "新", "丙"], [("乙", "新")]),
        (["甲", "甲", "甲"], ["甲", "甲"], [("甲", "")]),
        (["同"] * 10_000, ["同"] * 10_000, []),
        (["同"] * 10_000, [*["同"] * 5000, "新", *["同"] * 4000], [("\n".join("同" * 1000), "新")]),
        ([f"第{n}段" for n in range(10_000)], [f"第{n}段" for n in range(10_000) if n != 7], [("第7段", "")]),
        (MANY.split("\n"), MANY[::-1].split("\n"), [(MANY, MANY[::-1])]),
    ],
    ids=range(7),
)
def test_paragraphs_that_differ_are_told_however_long_the_texts(
    this: Report, before: list[str], after: list[str], told: list[tuple[str, str]]
) -> None:
    old, new = (replace(this, narratives={"s1": "\n".join(lines)}) for lines in (before, after))

    start = time.perf_counter()
    found = [(difference.before, difference.after) for difference in compare(old, new)]
    assert time.perf_counter() - start < 3, "far above what it takes, so that a slow machine does not matter"
    assert found == told


def test_the_page_marks_lines_for_scripts_and_escapes(last: Report, this: Report) -> None:
    hurt = replace(this, narratives={**this.narratives, "s1": "<script>window.hit = 1</script>"})
    page = comparison_page(side_by_side(last, hurt), "zh")

    assert '<tr id="t3.received.total" class="differs total"><th scope="row">一、本年新收 · 总计</th>' in page
    assert "<script>" not in page
    assert page.count("<caption>") == 3


def test_the_workbook_has_numbers(last: Report, this: Report) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(comparison_book(side_by_side(last, this), "zh")))

    lines: dict[Any, tuple[Any, ...]] = {
        row[5]: row for row in workbook["对比"].iter_rows(values_only=True) if row[5]
    }
    assert lines["t3.received.total"][1:4] == (14, 12, -2)
    assert lines["t3.received.total"][4] == pytest.approx(-1 / 7)
    assert lines["t2.fees.amount"][1:4] == (12.55, 2.5, -10.05)
    assert lines["t4.reconsideration.upheld"][1:5] == ("(空白)", 0, "—", "—")
    texts = list(workbook["文字"].iter_rows(min_row=5, values_only=True))
    assert texts[-1][0] == "第六部分"
    assert {sheet.print_title_rows for sheet in workbook.worksheets} == {"$4:$4"}


def test_a_figure_of_more_digits_than_a_spreadsheet_keeps_is_written_whole(this: Report) -> None:
    exact = Decimal("123456789.12345678")
    last = replace(this, year=2024, values={**this.values, this.form.cells["t2.fees.amount"]: exact})

    workbook = openpyxl.load_workbook(io.BytesIO(comparison_book(side_by_side(last, this), "zh")))

    assert any(str(exact) in row for row in workbook["对比"].iter_rows(values_only=True))


def test_the_command_writes_every_format(wb_tool: WbTool, tmp_path: Path, last: Report, this: Report) -> None:
    (tmp_path / "last.xlsx").write_bytes(prior_of(LAST) or b"")
    (tmp_path / "this.xlsx").write_bytes(edited(sample_report(), THIS))

    assert wb_tool("diff", "last.xlsx", "this.xlsx", "-o", "d.txt", "--lang", "en").returncode == 0
    assert "Differences: " in (tmp_path / "d.txt").read_text(encoding="utf-8")
    page = wb_tool("diff", "last.xlsx", "this.xlsx", "-f", "html")
    assert page.stdout.startswith("<!doctype html>")
    assert wb_tool("diff", "last.xlsx", "this.xlsx", "-f", "xlsx", "-o", "d.xlsx").stdout == "d.xlsx\n"
    again = wb_tool("diff", "last.xlsx", "this.xlsx", "-f", "xlsx", "-o", "d.xlsx")
    assert (again.returncode, "--force" in again.stderr) == (2, True)
    nowhere = wb_tool("diff", "last.xlsx", "this.xlsx", "-f", "xlsx")
    assert (nowhere.returncode, nowhere.stdout) == (2, "")


@pytest.mark.parametrize(
    ("arguments", "starts"),
    [
        (("-o", "d.xlsx"), b"PK"),
        (("-o", "D.XLSX"), b"PK"),
        (("-o", "d.html"), b"<!doctype html>"),
        (("-o", "d.txt"), "示例市".encode()),
        (("-o", "d"), "示例市".encode()),
        (("-f", "html", "-o", "d.txt"), b"<!doctype html>"),
        (("-f", "text", "-o", "d.html"), "示例市".encode()),
    ],
)
def test_the_format_is_that_of_the_name_unless_given(
    wb_tool: WbTool, tmp_path: Path, arguments: tuple[str, ...], starts: bytes
) -> None:
    (tmp_path / "this.xlsx").write_bytes(edited(sample_report(), []))

    assert wb_tool("diff", "this.xlsx", "this.xlsx", *arguments).returncode == 0
    assert (tmp_path / arguments[-1]).read_bytes().startswith(starts)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1200, 390])
def test_the_page_hinders_nobody(tab: Any, tmp_path: Path, last: Report, this: Report, width: int) -> None:
    hurt = replace(this, narratives={**this.narratives, "s1": "<script>window.hit = 1</script>" * 9})
    (tmp_path / "page.html").write_text(comparison_page(side_by_side(last, hurt), "zh"), encoding="utf-8")

    fits_everybody(tab, tmp_path / "page.html", width)
