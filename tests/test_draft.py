"""Drafts: what is proposed from the tables, in which words, and where it goes."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.conftest import WbTool
from tests.editing import Step, edited, sample_report
from tests.strategies import reports, stated_reports
from workbook_tool import blank_report, build_workbook, check, editions, form, open_report
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.narrative.draft import draft, placed
from workbook_tool.narrative.fields import fields_in, figures, filled
from workbook_tool.narrative.names import resolve
from workbook_tool.report import Report, with_totals
from workbook_tool.resources import resource
from workbook_tool.sources import read_report

ABOUT_FIGURES = {"N-02", "N-03", "N-04", "N-07", "N-13"}
DATA = tomllib.loads(resource("templates/draft.toml").read_text(encoding="utf-8"))


def _all_text(data: Any) -> str:
    if isinstance(data, dict):
        return " ".join(f"【{value}】" if key == "field" else _all_text(value) for key, value in data.items())
    return " ".join(map(_all_text, data)) if isinstance(data, list) else str(data)


def _report(
    figures: dict[str, int | Decimal | None], agency: str = "某市某局", edition: str = "2021"
) -> Report:
    """A report of which everything is 0 but `figures`."""
    known = form(edition)
    values = {
        **dict.fromkeys(known.cells.values(), 0),
        **{known.cells[name]: n for name, n in figures.items()},
    }
    report = blank_report(known, agency, known.last_year or 2025)
    return replace(report, values=with_totals(known, values, known.sums))


def _said(report: Report, block: str) -> str:
    look_up = figures(report)
    return "\n".join(filled(d.text, look_up) for d in draft(report) if d.block == block)


def test_every_name_and_place_in_the_data_is_one() -> None:
    names = {field.name for field in fields_in(_all_text(DATA))}

    assert len(names) > 50
    for name in names:
        assert any(resolve(form(edition), name) for edition in editions()), name
    for entry in DATA["paragraph"]:
        sections = [form(edition).section(entry["section"]) for edition in editions()]
        assert any(block.id == entry["block"] for section in sections for block in section.blocks)


@given(reports())
def test_every_field_of_a_draft_prints_a_figure(report: Report) -> None:
    look_up = figures(report)
    for proposed in draft(report):
        assert all(look_up(field.name) for field in fields_in(proposed.text)), "a zero is said in words"
        text = filled(proposed.text, look_up)
        assert not re.search(r"[【】{}]|[，；、][，；、。]|。。|件件", text), text
        assert text.endswith("。")
        assert filled(text, look_up) == text


@given(reports())
def test_what_is_listed_adds_up(report: Report) -> None:
    text = _said(report, "requests")

    closed = re.search(r"全年共办结(\d+)件，其中([^。]*)。", text)
    if closed:
        assert (
            sum(map(int, re.findall(r"\d+", closed[2]))) == int(closed[1]) == report["t3.outcome.total.total"]
        )
    for total, parts in re.findall(r"的(\d+)件中，([^；。]*)", text):
        assert sum(map(int, re.findall(r"\d+(?=件)", parts))) == int(total)


@given(stated_reports())
def test_nothing_is_said_of_what_is_blank(report: Report) -> None:
    for proposed in draft(report):
        for field in fields_in(proposed.text):
            for cell in resolve(report.form, field.name) or ():
                assert cell.is_total or report.values[cell] is not None


def test_a_blank_report_gives_no_draft() -> None:
    for edition in editions():
        assert not list(draft(blank_report(form(edition), "某局", 2025)))


def test_the_sample_in_full() -> None:
    assert _said(sample_report(), "requests") == (
        "依申请公开方面，2025年，我街道新收政府信息公开申请12件，均由自然人提出；没有上年结转的申请。"
        "全年共办结12件，其中予以公开2件、部分公开1件、无法提供9件。"
        "无法提供的9件均因本机关不掌握相关政府信息。没有结转下年度继续办理的申请。\n"
        "2025年，我街道没有发生因政府信息公开引起的行政复议、行政诉讼。"
    )


@pytest.mark.parametrize(
    ("figures", "block", "words"),
    [
        ({}, "requests", "我局未收到政府信息公开申请，也没有上年结转的申请。\n"),
        ({"t3.received.natural": 1, "t3.outcome.granted.natural": 1}, "requests", "申请1件，由自然人提出；"),
        ({"t3.received.natural": 1, "t3.outcome.granted.natural": 1}, "requests", "共办结1件，予以公开。"),
        ({"t3.received.natural": 2, "t3.outcome.partial.natural": 2}, "requests", "2件，均予以部分公开。"),
        (
            {"t3.received.natural": 3, "t3.received.legal.other": 1, "t3.carried_out.natural": 3},
            "requests",
            "新收政府信息公开申请4件，其中自然人3件、其他组织1件；",
        ),
        (
            {"t3.received.natural": 3, "t3.carried_out.natural": 3},
            "requests",
            "全年没有办结的申请。结转下年度继续办理3件。",
        ),
        ({"t3.carried_in.natural": 2}, "requests", "未收到政府信息公开申请；上年结转政府信息公开申请2件。"),
        ({"t3.outcome.refused.inquiry.natural": 1}, "requests", "不予公开的1件属于行政查询事项。"),
        ({"t3.outcome.refused.third_party.natural": 2}, "requests", "不予公开的2件均因保护第三方合法权益。"),
        (
            {"t4.reconsideration.upheld": 1},
            "requests",
            "被申请行政复议1件，结果为维持；没有发生因政府信息公开引起的行政诉讼。",
        ),
        (
            {"t4.litigation.direct.upheld": 1, "t4.litigation.direct.pending": 1},
            "requests",
            "行政诉讼2件，均为未经复议直接起诉，其中结果维持1件、尚未审结1件。",
        ),
        ({"t2.fees.amount": Decimal("36.50")}, "disclosure", "全年收取行政事业性收费36.5万元。"),
        (
            {"t2.normative_documents.in_force": 4},
            "disclosure",
            "我局未制发、废止行政规范性文件，现行有效行政规范性文件4件。",
        ),
        ({"t2.penalty.decisions": 5}, "disclosure", "全年作出行政处罚决定5件。"),
        ({}, "fees", "我局发出信息处理费收费通知0件，收费通知总金额0元，实际收取信息处理费总金额0元。"),
    ],
)
def test_zeros_are_folded_and_one_is_no_crowd(
    figures: dict[str, int | Decimal | None], block: str, words: str
) -> None:
    assert words in _said(_report(figures), block) + "\n"


def test_what_is_blank_is_left_out_and_the_rest_is_said() -> None:
    text = _said(_report({"t3.received.natural": None, "t3.carried_out.natural": 2}), "requests")

    assert "新收" not in text
    assert "结转下年度继续办理2件" in text
    assert not _said(_report({"t3.outcome.other.fee_unpaid.natural": 1}), "fees"), "the tables do not have it"


@pytest.mark.parametrize(
    ("agency", "words"),
    [
        ("某县某镇人民政府", "我镇"),
        ("某市交通运输局", "我局"),
        ("某区柳湾街道办事处", "我街道"),
        ("某学校", "本机关"),
    ],
)
def test_an_agency_speaks_of_itself(agency: str, words: str) -> None:
    assert f"2025年，{words}未收到" in _said(_report({}, agency), "requests")


def test_the_trial_edition_has_its_own_words() -> None:
    text = _said(_report({"t2.normative_documents.made": 2}, edition="2019"), "disclosure")

    assert "2020年，我局新制作规范性文件2件。" in text


def _in_a_workbook(report: Report) -> Report:
    read = read_report(workbook_bytes(report)).report
    assert read
    return read


def test_drafts_go_into_empty_blocks_and_nothing_is_overwritten() -> None:
    report = _in_a_workbook(
        replace(sample_report(), narratives={"s1": "主动公开方面，已写好。", "s5": "", "s6": ""})
    )

    with_drafts, left = placed(report, list(draft(report)))
    again, all_left = placed(_in_a_workbook(with_drafts), list(draft(report)))

    assert [proposed.block for proposed in left] == ["disclosure"]
    first, *rest = with_drafts.narratives["s1"].split("\n")
    assert first == "主动公开方面，已写好。"
    assert [text[:6] for text in rest] == ["依申请公开方", "2025年，"]
    assert with_drafts.narratives["s6"].startswith("2025年，我街道发出信息处理费")
    assert _in_a_workbook(with_drafts).paragraphs["s1"][1].block == "requests"
    assert len(all_left) == len(list(draft(report)))
    assert again.narratives == with_drafts.narratives


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(reports())
def test_the_check_agrees_with_a_draft(report: Report) -> None:
    empty = _in_a_workbook(replace(report, narratives=dict.fromkeys(report.narratives, "")))
    with_drafts, _ = placed(empty, list(draft(empty)))

    findings = list(check(read_report(workbook_bytes(with_drafts))))
    assert not [(f.rule, f.message(), f.found) for f in findings if f.rule in ABOUT_FIGURES]


def test_the_command_writes_text_or_a_workbook(wb_tool: WbTool, tmp_path: Path) -> None:
    build_workbook(
        replace(sample_report(), narratives={"s1": "概述。", "s5": "", "s6": ""}), tmp_path / "a.xlsx"
    )

    fields, plain = wb_tool("draft", "a.xlsx"), wb_tool("draft", "a.xlsx", "--plain", "-o", "a.txt")
    written = wb_tool("draft", "a.xlsx", "-o", "b.xlsx")

    assert (fields.returncode, plain.returncode, written.returncode) == (0, 0, 0)
    assert (
        "# 一、总体情况 · 依申请公开\n依申请公开方面，2025年，我街道新收政府信息公开申请【三.新收.总计】件"
        in fields.stdout
    )
    assert "新收政府信息公开申请12件" in (tmp_path / "a.txt").read_text(encoding="utf-8")
    assert "信息处理费" in written.stderr
    report = open_report(tmp_path / "b.xlsx").report
    assert report
    assert "【三.新收.总计】" in report.narratives["s1"]
    assert "新收政府信息公开申请12件" in wb_tool("report", "b.xlsx").stdout
    assert wb_tool("draft", "a.xlsx", "-o", "b.xlsx").returncode == 2, "nothing is written over"


def test_no_workbook_is_written_in_which_something_would_be_lost(wb_tool: WbTool, tmp_path: Path) -> None:
    steps: list[Step] = [{"copy_sheet": "一 总体情况", "with": "另一段", "at": "B8"}]
    (tmp_path / "lost.xlsx").write_bytes(edited(sample_report(), steps))

    done = wb_tool("draft", "lost.xlsx", "-o", "out.xlsx")

    assert (done.returncode, done.stdout) == (1, "")
    assert "W-04" in done.stderr
    assert "out.xlsx: 没有做" in done.stderr
    assert not (tmp_path / "out.xlsx").exists()
    assert wb_tool("draft", "lost.xlsx").returncode == 0, "text is no copy"


def test_what_reading_found_is_said_where_a_workbook_is_written(wb_tool: WbTool, tmp_path: Path) -> None:
    steps: list[Step] = [{"type": "2025年1月", "into": "t2.penalty.decisions"}]
    (tmp_path / "a.xlsx").write_bytes(edited(sample_report(), steps))
    stray: list[Step] = [{"add_sheet": "附件"}]
    (tmp_path / "b.xlsx").write_bytes(edited(sample_report(), stray))

    refused, left = (wb_tool("draft", f"{name}.xlsx", "-o", f"{name}-out.xlsx") for name in "ab")

    assert (refused.returncode, refused.stdout) == (1, "a-out.xlsx\n")
    assert "2025年1月" in refused.stderr
    assert (left.returncode, "附件" in left.stderr) == (0, True)


def test_the_command_says_what_it_leaves_alone(wb_tool: WbTool, tmp_path: Path) -> None:
    shared = (Path(__file__).parent.parent / "samples" / "report.txt").read_text(encoding="utf-8")
    (tmp_path / "a.txt").write_text(shared, encoding="utf-8")
    done = wb_tool("draft", "a.txt", "-o", "b.xlsx", "--lang", "en")

    assert done.returncode == 0
    assert "依申请公开" in done.stderr
    read = open_report(tmp_path / "b.xlsx").report
    assert read
    assert read.narratives["s1"] == sample_report().narratives["s1"]


def test_the_fee_is_offered_where_section_six_does_not_state_it(wb_tool: WbTool, tmp_path: Path) -> None:
    sentence = "2025年，我街道发出信息处理费收费通知0件"
    told = {}
    for text in ("本年度工作要点已全部落实。", "本年度未收取信息处理费。"):
        empty = replace(sample_report(), narratives={"s1": "概述。", "s5": "", "s6": ""})
        (tmp_path / "a.xlsx").write_bytes(edited(empty, [{"text": text, "into": "s6__fees__1"}]))
        told[text] = wb_tool("draft", "a.xlsx", "-o", "b.xlsx", "--force").stderr
        report = open_report(tmp_path / "b.xlsx").report
        assert report
        assert report.narratives["s6"] == text, "nothing is added to what stands there"

    assert [sentence in said for said in told.values()] == [True, False]


def test_a_blank_workbook_has_nothing_to_propose(wb_tool: WbTool, tmp_path: Path) -> None:
    build_workbook(form("2021"), tmp_path / "a.xlsx")
    done = wb_tool("draft", "a.xlsx")

    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing to propose" in done.stderr
