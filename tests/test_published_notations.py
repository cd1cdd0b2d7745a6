"""Notations in which reports circulate: what is read is right, what is not certain is left out and said."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import SHARED
from tests.editing import sample_report
from tests.notations import (
    as_copied_page,
    as_copied_sheet,
    as_csv,
    as_foreign_workbook,
    as_parts,
    as_run,
    as_stream,
)
from tests.strategies import stated_reports
from workbook_tool import render
from workbook_tool.sources import read_report

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from workbook_tool.report import Reading, Report

WHOLE: list[Callable[[Report], str]] = [
    as_copied_page,
    as_copied_sheet,
    as_csv,
    as_stream,
    partial(as_run, by=" "),
]
NAMES = ["page", "sheet", "csv", "stream", "spaces"]
TEXT = "正文。"


def _plain(report: Report) -> Report:
    """`report` with texts that look like nothing else."""
    return replace(report, narratives=dict.fromkeys(report.narratives, TEXT))


def _is_right_or_refused(reading: Reading, report: Report) -> None:
    assert reading.report is not None
    for cell, figure in reading.report.values.items():
        assert figure == report.values[cell], cell.id
        assert (figure is None) == (report.values[cell] is None), cell.id
    if reading.report.values.keys() != report.values.keys():
        assert any(finding.severity == "error" for finding in reading.findings)


@pytest.mark.parametrize("write", WHOLE, ids=NAMES)
@pytest.mark.parametrize("edition", ["2021", "2019"])
def test_the_sample_is_read_whole(write: Callable[[Report], str], edition: str) -> None:
    report = _plain(sample_report(edition, 2025 if edition == "2021" else 2020))

    reading = read_report(write(report).encode())

    assert reading.report is not None
    assert reading.report.values == report.values
    assert (reading.report.agency, reading.report.year) == (report.agency, report.year)
    assert reading.report.narratives == report.narratives
    assert reading.findings == ()


@given(st.sampled_from([*WHOLE, as_run]), stated_reports())
def test_no_figure_is_misread(write: Callable[[Report], str], report: Report) -> None:
    report = _plain(report)
    reading = read_report(write(report).encode())
    if reading.report is None:
        assert [finding.rule for finding in reading.findings] == ["W-01"]
    else:
        _is_right_or_refused(reading, report)


@settings(deadline=None)
@given(stated_reports())
def test_a_foreign_workbook_is_read_with_its_texts(report: Report) -> None:
    report = _plain(report)

    reading = read_report(as_foreign_workbook(report))

    assert reading.report is not None
    assert reading.report.values == report.values
    assert (reading.report.agency, reading.report.year) == (report.agency, report.year)
    assert (reading.report.opening, reading.report.narratives) == (report.opening, report.narratives)


@pytest.mark.parametrize(
    ("run", "figures"),
    [
        ("0000000", [0, 0, 0, 0, 0, 0, 0]),
        ("7000007", [7, 0, 0, 0, 0, 0, 7]),
        ("1020104", [1, 0, 2, 0, 1, 0, 4]),
        ("23 0 00 0 023", [23, 0, 0, 0, 0, 0, 23]),
        ("0 0 00 00 0", [0, 0, 0, 0, 0, 0, 0]),
        ("23 0 0 0 0 0 24", [23, 0, 0, 0, 0, 0, 24]),
        ("7000008", None),
        ("230 000023", None),
        ("2300000023", None),
        ("000000", None),
        ("00000000", None),
        ("23 0 00 0 024", None),
        ("7,000,007", None),
        ("80 0 0 0 0 / 12", None),
        ("00 0 0 0 0 0 12", None),
        ("7000007人", None),
    ],
)
def test_figures_run_together_are_divided_where_there_is_one_way(run: str, figures: list[int] | None) -> None:
    text = as_run(sample_report())
    start = text.index("(一)予以公开") + len("(一)予以公开")
    end = text.index("(二)部分公开")

    reading = read_report((text[:start] + run + text[end:]).encode())

    assert reading.report is not None
    row = [
        cell
        for cell in reading.report.form.section("t3").cells
        if cell.row and cell.row.id == "outcome.granted"
    ]
    if figures is None:
        assert not any(cell in reading.report.values for cell in row)
        assert any(run in f"{finding.details} {finding.found}" for finding in reading.findings)
    else:
        assert [reading.report.values[cell] for cell in row] == figures


def test_a_row_without_all_its_figures_is_refused_in_a_stream() -> None:
    report = sample_report()
    text = as_stream(report).replace("(一)予以公开\n", "(一)予以公开\n", 1)
    start = text.index("(一)予以公开\n") + len("(一)予以公开\n")
    end = text.index("\n", start) + 1

    reading = read_report((text[:start] + text[end:]).encode())

    assert reading.report is not None
    lost = set(report.values) - set(reading.report.values)
    assert {cell.row.id for cell in lost if cell.row} == {"outcome.granted"}
    assert "W-03" in [finding.rule for finding in reading.findings]


@pytest.mark.parametrize("broken", ["845 万", "845 (其中网上3件)", "845 845 余"])
def test_what_begins_with_a_figure_and_goes_on_in_words_is_none(broken: str) -> None:
    text = as_stream(sample_report()).replace("\n845\n", f"\n{broken}\n")
    assert broken in text

    reading = read_report(text.encode())

    assert reading.report is not None
    assert "t2.penalty.decisions" not in {cell.id for cell in reading.report.values}
    assert reading.findings


def test_labels_may_be_broken_over_lines() -> None:
    text = as_stream(sample_report())
    for label in ("商业企业", "科研机构", "行政规范性文件", "1.属于国家秘密"):
        text = text.replace(f"\n{label}\n", f"\n{label[:2]}\n{label[2:]}\n")

    reading = read_report(text.encode())

    assert reading.report is not None
    assert reading.report.values == sample_report().values


def test_two_reports_in_one_file_are_refused_in_every_notation() -> None:
    report = _plain(sample_report())
    for write in WHOLE:
        text = write(report)
        joined = f"{text}\n{text}" if "\n" in text else f"{text} {text}"
        assert [finding.case for finding in read_report(joined.encode()).findings] == ["several"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("| --- | ---: | ---: | ---: |", "|:---|:---:|---:|---|"),
        ("| 行政处罚 |", "| **行政处罚** |"),
        ("| 行政处罚 | 845 |", "| 行政处罚 | **845** |"),
        ("| 行政处罚 |", "| __行政处罚__ |"),
        ("| 行政处罚 |", "| 行政<br>处罚 |"),
        ("| 行政处罚 |", "| 行政&nbsp;处罚 |"),
        ("1.属于国家秘密", r"1\. 属于国家秘密"),
        ("# ", "```markdown\n# "),
        ("本年收费金额(单位:万元)", r"本年收费金额\(单位:万元\)"),
    ],
)
def test_marks_of_markdown_do_not_matter(old: str, new: str) -> None:
    report = sample_report()
    text = render(report, "md")
    assert old in text

    reading = read_report(text.replace(old, new, 1).encode())

    assert reading.report is not None
    assert reading.report.values == report.values
    assert reading.report.narratives == report.narratives


MARKED = [
    *("8<br>45", "__8__45", "~~8~~45", "845<sup>1</sup>", "845[^1]", "8&nbsp;45", "8&shy;45", "<s>845</s>"),
    *(r"8\|45", "`845`", "=845", "845%", "8,45", "8.4e2"),
]


@pytest.mark.parametrize("figure", MARKED)
def test_marks_in_a_cell_never_make_another_figure(figure: str) -> None:
    text = render(sample_report(), "md").replace("| 行政处罚 | 845 |", f"| 行政处罚 | {figure} |")

    reading = read_report(text.encode())

    assert reading.report is not None
    assert "t2.penalty.decisions" not in reading.report.values
    assert "V-01" in [finding.rule for finding in reading.findings]


def test_table_four_may_stand_in_three_parts_under_headings() -> None:
    report = sample_report()
    parts = ["## 四、政府信息公开行政复议、行政诉讼情况"]
    for heading, group in [
        ("行政复议", "reconsideration"),
        ("行政诉讼(未经复议直接起诉)", "litigation.direct"),
        ("行政诉讼(复议后起诉)", "litigation.after_reconsideration"),
    ]:
        figures = [
            report[f"t4.{group}.{name}"] for name in ("upheld", "corrected", "other", "pending", "total")
        ]
        parts += [
            f"### {heading}",
            "| 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 |",
            "|---|---|---|---|---|",
        ]
        parts += [f"| {' | '.join(map(str, figures))} |"]
    text = render(report, "md")
    start, end = text.index("## 四"), text.index("## 五")

    reading = read_report((text[:start] + "\n".join(parts) + "\n" + text[end:]).encode())

    assert reading.report is not None
    assert reading.report.values == report.values


@pytest.mark.shared
@pytest.mark.parametrize(
    ("stem", "right", "refused"),
    [("06-changtu-town-2023-excerpt", 24, 0), ("07-pingtan-2019-run-together", 172, 3)],
)
def test_real_reports_without_separators_are_read(stem: str, right: int, refused: int) -> None:
    report = read_report((SHARED / "reports" / f"{stem}.txt").read_bytes()).report
    truth = json.loads((SHARED / "reports" / "truth" / f"{stem}.json").read_text(encoding="utf-8"))

    assert report is not None
    assert (len(report.values), len(truth["cells"]) - right) == (right, refused)
    for cell, figure in report.values.items():
        true = truth["cells"][cell.id]
        assert figure == (Decimal(true) if isinstance(true, str) else true), cell.id


def test_a_figure_that_ran_into_its_label_is_no_misprint() -> None:
    report = sample_report()
    text = (
        render(report)
        .replace("规章 | 0 | 0 | 0", "规章 | 0 | 0 | 0 |")
        .replace("行政规范性文件 | 0 | 0 | 0", "行政规范性文件0 | 0 | 0 | ")
    )

    reading = read_report(text.encode())

    assert reading.report is not None
    assert not any(cell.startswith("t2.normative_documents") for cell in reading.report.values)


def test_headings_above_the_labels_of_a_sheet_are_not_in_line_with_it() -> None:
    text = as_copied_page(sample_report("2019", 2020))
    old = "信息内容\t采购项目数量\t采购总金额\n政府集中采购\t0\t0"
    assert old in text

    reading = read_report(text.replace(old, "采购项目数量\t采购总金额\n政府集中采购\t10").encode())

    assert reading.report is not None
    assert not any(cell.startswith("t2.procurement") for cell in reading.report.values)


@given(stated_reports(), st.randoms(use_true_random=False))
def test_separators_lost_here_and_there_never_make_another_figure(
    report: Report, chance: random.Random
) -> None:
    report = _plain(report)
    text = "".join(
        cell if cell != "\v" else chance.choice(["", " ", " | ", "\n", "\t"])
        for part in as_parts(report, "\v", "\n")
        for cell in re.split("(\v)", f"{part}\n")
    )

    reading = read_report(text.encode())

    if reading.report is not None:
        _is_right_or_refused(reading, report)


@given(stated_reports(), st.sampled_from([*WHOLE, as_run]), st.data())
def test_a_piece_lost_never_makes_another_figure(
    report: Report, write: Callable[[Report], str], data: st.DataObject
) -> None:
    report = _plain(report)
    text = write(report)
    start = text.index(report.form.tabled[0].heading)
    lines = text[start:].splitlines(keepends=True)
    lost = data.draw(st.sets(st.integers(0, len(lines) - 1), min_size=1, max_size=4))
    kept = "".join(line for number, line in enumerate(lines) if number not in lost)

    reading = read_report((text[:start] + kept).encode())

    if reading.report is not None:
        for cell, figure in reading.report.values.items():
            assert figure == report.values[cell], cell.id
