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
    assert [finding.case for finding in reading.findings] == ["from_text", "from_text"], "it has no title"
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
    ("printed", "others"),
    [
        ("三、本年度办理结果(截至12月31日) | (一)予以公开", "(一)予以公开"),
        ("7.属于行政执法案卷(其中:网上)", "7.属于行政执法案卷"),
    ],
)
def test_a_row_that_may_be_a_line_of_the_form_makes_its_double_uncertain(printed: str, others: str) -> None:
    text = render(sample_report())
    row = next(line for line in text.splitlines() if others in line)

    reading = read_text(text.replace(row, f"{printed} | 1 | 0 | 0 | 0 | 0 | 0 | 1\n{row}"))

    assert reading.report is not None
    lost = sample_report().values.keys() - reading.report.values.keys()
    assert {cell.row.label in others for cell in lost if cell.row} == {True}
    assert [finding.rule for finding in reading.findings] == ["W-03"]


@pytest.mark.parametrize("lost", ["行政处罚 |", "规章 |", "行政许可 |"])
def test_a_second_table_in_a_section_makes_both_uncertain(lost: str) -> None:
    text = render(sample_report())
    start, end = text.index("二、主动公开"), text.index("三、收到")
    table = text[start:end].split("\n", 1)[1]
    second = "".join(line + "\n" for line in table.splitlines() if not line.startswith(lost))

    reading = read_text(f"{text[:start]}{text[start:end]}上年数据如下:\n{second}{text[end:]}")

    assert reading.report is not None
    assert not any(cell.id.startswith("t2.") for cell in reading.report.values)
    assert "W-03" in [finding.rule for finding in reading.findings]


@pytest.mark.parametrize("label", ["其他", "三、本年度办理结果 | 其他", "合计处理"])
def test_a_label_is_no_line_for_what_stands_above_it(label: str) -> None:
    report = sample_report()
    text = render(report)
    row = next(line for line in text.splitlines() if "(七)总计 |" in line)

    reading = read_text(text.replace(row, f"{label} | 9 | 9 | 9 | 9 | 9 | 9 | 9\n{row}"))

    assert reading.report is not None
    assert all(report.values[cell] == figure for cell, figure in reading.report.values.items())
    assert [finding.rule for finding in reading.findings] in (["W-03"], ["W-05"])


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


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("收费金额(单位:万元)", "收费金额(单位:元)"),
        ("收费金额(单位:万元)", "收费金额/元"),
        ("行政事业性收费 |", "行政事业性收费(元) |"),
        ("自然人 | 法人", "自然人(上年) | 法人"),
        ("自然人 | 法人", "自然人(其 中:网上) | 法人"),
        ("自然人 | 法人", "自然人(区级) | 法人"),
        ("本年处理决定数量", "本年处理决定数量(同比增减)"),
        ("本年处理决定数量", "本年处理决定数量(万件)"),
        ("(一)予以公开 |", "2024年 | (一)予以公开 |"),
        ("(一)予以公开 |", "(一)予以公开(%) |"),
        ("(一)予以公开 |", "(一)予以公开(2024年) |"),
        ("自然人 | 法人", "自然人(%) | 法人"),
        ("本年制发件数 |", "本年制发件数% |"),
        ("| 申请人情况", "| 申请人情况(2024年)"),
        ("| 申请人情况", "| 申请人情况（上年）"),
        ("| 申请人情况", "| 申请人情况（‰）"),
        ("三、收到和处理政府信息公开申请情况\n", "三、收到和处理政府信息公开申请情况\n单位：%\n"),
        ("三、收到和处理政府信息公开申请情况\n", "三、收到和处理政府信息公开申请情况\n(单位:千件)\n"),
        ("三、收到和处理政府信息公开申请情况\n", "三、收到和处理政府信息公开申请情况\n2024年度申请情况表\n"),
        ("三、收到和处理政府信息公开申请情况\n", "三、收到和处理政府信息公开申请情况(%)\n"),
        ("三、收到和处理政府信息公开申请情况\n", "三、收到和处理政府信息公开申请情况(2024年)\n"),
    ],
)
def test_what_a_heading_says_besides_may_make_other_figures(old: str, new: str) -> None:
    report = sample_report()
    text = render(report, "txt")
    assert old in text

    reading = read_report(text.replace(old, new, 1).encode())

    assert reading.report is not None
    assert len(reading.report.values) < len(report.values)
    # A line between heading and table is told as well.
    assert "W-03" in {finding.rule for finding in reading.findings} <= {"W-03", "W-08", "S-01"}


@pytest.mark.parametrize(
    "caption",
    [
        "单位：件",
        "填报单位：百花县千山局",
        "单位：元氏县财政局",
        "(2025年度)",
        "根据《政府信息公开条例》(2019年修订)统计",
        "2024年，我局收到申请若干件，比上年多。",
        "单位：条/件/万元",
    ],
)
def test_what_a_caption_may_say(caption: str) -> None:
    title = "三、收到和处理政府信息公开申请情况\n"
    text = render(sample_report(), "txt").replace(title, f"{title}{caption}\n")

    report = read_report(text.encode()).report

    assert report is not None
    assert dict(report.values) == dict(sample_report().values)


@pytest.mark.parametrize("unit", ["", "(万元)", "(单位:人民币万元)", "(含受委托的)"])
def test_the_unit_that_a_heading_has_may_be_said_otherwise(unit: str) -> None:
    text = render(sample_report(), "txt").replace("(单位:万元)", unit)

    reading = read_report(text.encode())

    assert reading.report is not None
    assert dict(reading.report.values) == dict(sample_report().values)
    assert reading.findings == ()


def test_prose_without_tables_is_no_report() -> None:
    with pytest.raises(SourceError):
        read_text("一、总体情况\n我们做了很多工作。\n")


@pytest.mark.parametrize(
    "line",
    [
        "《示例县财政局2022年政府信息公开工作年度报告》",
        "标题:示例县财政局2022年政府信息公开工作年度报告",
        "首页 > 政务公开 > 示例县财政局2022年政府信息公开工作年度报告",
        "示例县财政局2022年政府信息公开工作年度报告",
        "示例县财政局2022年政府信息公开工作年度报告(公开版)",
    ],
)
def test_what_stands_around_a_title_is_not_the_agency(line: str) -> None:
    report = read_text(f"{line}\n{render(sample_report()).split(chr(10), 1)[1]}").report

    assert report is not None
    assert (report.agency, report.year) == ("示例县财政局", 2022)


def test_without_a_title_the_guess_is_said() -> None:
    reading = read_text(render(sample_report()).split("\n", 1)[1])

    assert reading.report is not None
    assert reading.report.year == 2025
    assert {finding.rule for finding in reading.findings} == {"W-10"}


def test_a_column_too_many_is_not_read_into_its_neighbour() -> None:
    text = render(sample_report())
    text = text.replace("信息内容 | 本年制发件数", "信息内容 | 上年件数 | 本年制发件数")
    text = text.replace("行政规范性文件 | 0 | 0 | 0", "行政规范性文件 | 9 | 3 | 1 | ")

    reading = read_text(text)

    assert reading.report is not None
    assert not [cell.id for cell in reading.report.values if cell.id.startswith("t2.normative")]
    assert [finding.rule for finding in reading.findings] == ["W-03"]


def test_another_label_that_ends_alike_is_another_line() -> None:
    reading = read_text(render(sample_report()).replace("行政许可 | 0", "非行政许可 | 6"))

    assert reading.report is not None
    assert "t2.licensing.decisions" not in {cell.id for cell in reading.report.values}


def test_a_second_row_of_figures_below_table_4_makes_both_uncertain() -> None:
    row = " | ".join("0" * 15)
    text = render(sample_report())
    assert row in text

    reading = read_text(text.replace(row, row + "\n" + " | ".join("1" * 15)))

    assert reading.report is not None
    assert not [cell.id for cell in reading.report.values if cell.section == "t4"]
    assert [finding.rule for finding in reading.findings] == ["W-03"]


@pytest.mark.parametrize(
    ("row", "first"),
    [
        (" | 1 | 0 | 0 | 1 |" + " 0 |" * 9 + " 0", None),
        ("| 1 | 0 | 0 | 0 | 1 |" + " 0 |" * 10, 1),
        ("1 | 0 | 0 | 0 | 1 |" + " 0 |" * 9 + " 0 |||", 1),
    ],
)
def test_where_a_row_without_labels_begins(row: str, first: int | None) -> None:
    reading = read_text(render(sample_report()).replace(" | ".join("0" * 15), row))

    assert reading.report is not None
    assert reading.report["t4.reconsideration.upheld"] == first
    assert reading.report["t4.litigation.after_reconsideration.total"] == 0


def test_two_reports_in_one_file_are_refused() -> None:
    text = render(sample_report())

    with pytest.raises(SourceError) as refused:
        read_text(text + text)
    assert refused.value.case == "several"


@pytest.mark.parametrize("number", ["{}、", "第{}部分 "])
def test_a_table_of_contents_is_not_the_report(number: str) -> None:
    report = sample_report()
    contents = "\n".join(section.heading for section in report.form.sections)
    title, rest = render(report).split("\n", 1)
    for section in report.form.sections:
        rest = rest.replace(section.heading, f"{number.format(section.number)}{section.title}")

    reading = read_text(f"{title}\n{contents}\n{rest}")

    assert reading.report is not None
    assert reading.report.values == report.values
    assert reading.report.narratives == report.narratives


def test_prose_among_the_tables_is_said() -> None:
    text = render(sample_report()).replace("行政强制 | 3", "行政强制 | 3\n注:行政强制含查封2件。")

    (finding,) = read_text(text).findings

    assert (finding.rule, finding.found) == ("W-08", "注:行政强制含查封2件。")
