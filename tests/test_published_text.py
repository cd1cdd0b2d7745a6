"""Reading a published report from text."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.conftest import SHARED
from tests.editing import sample_report
from workbook_tool import SourceError, render
from workbook_tool.published.text import read_text
from workbook_tool.sources import read_report

if TYPE_CHECKING:
    from pathlib import Path

SEED = SHARED / "design" / "seed-report.txt"
TEXTS = sorted((SHARED / "reports").glob("*.txt")) if SHARED.is_dir() else []


def _squeezed(text: str) -> list[str]:
    return ["".join(line.split()).rstrip("|") for line in text.splitlines() if "|" in line]


@pytest.mark.shared
def test_a_real_report_is_read_whole() -> None:
    text = SEED.read_text(encoding="utf-8")
    reading = read_text(text)
    report = reading.report

    assert report is not None
    assert reading.findings == ()
    assert (report.agency, report.year, report.form.edition) == ("东花市街道", 2021, "2021")
    assert len(report.values) == 200
    assert report["t3.received.natural"] == 12
    assert report["t3.outcome.unavailable.not_held.total"] == 9
    assert (report["t2.penalty.decisions"], report["t2.compulsion.decisions"]) == (845, 3)
    for section, following in (("一、总体情况", "二、"), ("五、存在的主要问题及改进情况", "六、")):
        start = text.index(section) + len(section)
        prose = text[start : text.index(f"\n{following}", start)].strip()
        assert prose in report.narratives.values()
    assert report.narratives["s6"].startswith("2021年,东花市街道发出收费通知")


@pytest.mark.shared
def test_a_real_report_prints_the_tables_that_it_had() -> None:
    text = SEED.read_text(encoding="utf-8")
    report = read_text(text).report

    assert report is not None
    assert _squeezed(render(report)) == _squeezed(text)


@pytest.mark.shared
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_no_real_report_is_misread(path: Path) -> None:
    truth = json.loads((SHARED / "reports" / "truth" / f"{path.stem}.json").read_text(encoding="utf-8"))
    reading = read_report(path.read_bytes())
    if reading.report is None:
        assert [finding.case for finding in reading.findings] == ["no_report"]
        return
    for cell, figure in reading.report.values.items():
        true = truth["cells"][cell.id]
        assert figure == (Decimal(true) if isinstance(true, str) else true), cell.id
    left_out = set(truth["cells"]) - {cell.id for cell in reading.report.values}
    assert not left_out or any(finding.severity == "error" for finding in reading.findings)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(一)予以公开", "(一)予以公开"),
        ("1.属于国家秘密", "1、 属于国家秘密"),
        ("商业企业", "商业 企业"),
        ("行政强制 | 3", "行政强制 | 3 | | |"),
        ("一、总体情况", "一、 总体情况"),
        ("(本列数据", "| (本列数据"),
        ("行政处罚 | 845", "行政处罚 | 845 "),
        ("本年收费金额(单位:万元)", "本年收费金额(单位:万元)"),
    ],
)
def test_punctuation_and_spaces_do_not_matter(old: str, new: str) -> None:
    report = sample_report()
    text = render(report)
    assert old in text

    reading = read_text(text.replace(old, new))

    assert reading.findings == ()
    assert reading.report is not None
    assert reading.report.values == report.values


@pytest.mark.parametrize(
    ("old", "new", "rule", "lost"),
    [
        ("行政处罚 | 845", "行政处罚 | 845件", "V-06", ["t2.penalty.decisions"]),
        ("行政处罚 | 845", "行政处罚 | 约800", "V-01", ["t2.penalty.decisions"]),
        ("行政处罚 | 845", "行政处罚 | 8 45", "V-01", ["t2.penalty.decisions"]),
        ("行政处罚 | 845", "行政处罚 | 845 | 3", "W-03", ["t2.penalty.decisions"]),
        ("行政处罚 | 845", "处罚类 | 845", "W-03", ["t2.penalty.decisions"]),
        ("规章 | 0 | 0 | 0", "规章 | 000", "W-03", ["t2.government_rules.issued"]),
        (
            "本年废止件数 | 现行有效件数",
            "现行有效件数 | 本年废止件数",
            "W-03",
            ["t2.normative_documents.in_force"],
        ),
    ],
)
def test_what_is_not_certain_is_left_out_and_said(old: str, new: str, rule: str, lost: list[str]) -> None:
    text = render(sample_report())
    assert old in text

    reading = read_text(text.replace(old, new))

    assert reading.report is not None
    assert rule in [finding.rule for finding in reading.findings]
    read = {cell.id for cell in reading.report.values}
    assert read.isdisjoint(lost)


def test_two_rows_that_could_be_the_same_one_are_both_left_out() -> None:
    text = render(sample_report()).replace("行政处罚 | 845", "行政处罚 | 845\n行政处罚 | 846")

    reading = read_text(text)

    assert reading.report is not None
    assert "t2.penalty.decisions" not in {cell.id for cell in reading.report.values}
    assert [finding.rule for finding in reading.findings] == ["W-03"]


@pytest.mark.parametrize(
    ("title", "agency", "year"),
    [
        ("示例县人民政府2023年政府信息公开工作年度报告", "示例县人民政府", 2023),
        ("2022年示例县财政局政府信息公开工作年度报告", "示例县财政局", 2022),
        ("示例县财政局2022年度政府信息公开年度报告", "示例县财政局", 2022),
    ],
)
def test_agency_and_year_come_from_the_title(title: str, agency: str, year: int) -> None:
    text = render(sample_report()).split("\n", 1)[1]

    report = read_text(f"{title}\n来源:示例县人民政府办公室\n发布日期:2024-01-31\n{text}").report

    assert report is not None
    assert (report.agency, report.year) == (agency, year)
    assert report.opening == sample_report().opening


def test_prose_without_tables_is_no_report() -> None:
    with pytest.raises(SourceError):
        read_text("一、总体情况\n我们做了很多工作。\n")
