"""What the prose says besides figures: whose report it is, gaps, lists, and what is none of these."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.editing import findings_of, sample_report
from tests.texts import with_texts
from workbook_tool.checks import check
from workbook_tool.checks.authorship import check_author
from workbook_tool.checks.enumeration import check_enumerations
from workbook_tool.checks.gaps import check_gaps
from workbook_tool.checks.period import check_period
from workbook_tool.checks.writing import check_writing
from workbook_tool.report import Reading, blank_report

if TYPE_CHECKING:
    from workbook_tool import Finding, Report

PROSE = (check_author, check_enumerations, check_gaps, check_period, check_writing)
ASPECTS = "主动公开、依申请公开、政府信息管理、平台建设、监督保障各有专人。"


def _found(report: Report, rule: str) -> list[Finding]:
    return [finding for finding in check(Reading(report)) if finding.rule == rule]


@pytest.mark.parametrize(
    ("agency", "named", "is_other"),
    [
        ("北京市东城区人民政府东花市街道办事处", "东花市街道", False),
        ("沭阳县发展和改革局", "县发改局", False),
        ("上海市人民政府办公厅", "市政府办公厅", False),
        ("某市住房和城乡建设局", "市住建局", False),
        ("某区人力资源和社会保障局", "区人社局", False),
        ("昌图县七家子镇", "七家子镇人民政府", False),
        ("淮安市人民政府", "淮安市人民政府办公室", False),
        ("青河区柳湾街道办事处", "青河区人民政府", False),
        ("青河区柳湾街道办事处", "东桥街道", True),
        ("昌图县七家子镇", "昌图县八面城镇", True),
        ("青河区教育局", "青河区水务局", True),
    ],
)
def test_another_agency_is_told_from_a_short_name(agency: str, named: str, is_other: bool) -> None:
    report = replace(sample_report(), agency=agency)
    for texts in (
        {"opening": f"现将{named}2025年政府信息公开工作情况公布如下。"},
        {"s1": f"2025年，{named}认真做好{ASPECTS}"},
    ):
        found = _found(with_texts(report, **texts), "N-06")
        assert [(f.found, f.expected) for f in found] == ([(named, agency)] if is_other else [])


@pytest.mark.parametrize(
    "text",
    [
        "2024年，我单位印发工作要点；2025年逐项落实。",
        "2019年条例修订以来，我单位逐年完善制度。",
        "自2021年起，我单位每季度清理一次文件。",
        "2025年度，我单位收到申请12件。",
        "二〇二五年，我单位收到申请12件。2024年，我局印发要点。",
    ],
)
def test_history_may_be_told(text: str) -> None:
    assert _found(with_texts(sample_report(), s1=text + ASPECTS), "N-05") == []


@pytest.mark.parametrize(
    "text",
    [
        "办理信息公开申请件，答复信息公开申请。",
        "未收到申请件，无申请件结转。",
        "2025年收到依申请公开申请件三件，均已答复。",
        "发布信息条目清晰，公开条例解读。",
        "文件 a_b.xlsx 和 XML 接口照常。",
        "增长了10%，满意率98%。",
        "收到申请【三.新收.总计】件。",
        "印发《要点》（2025年版）。",
    ],
)
def test_what_is_no_gap(text: str) -> None:
    assert _found(with_texts(sample_report(), s1=text + ASPECTS), "N-07") == []


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("主动公开条。", "公开条"),
        ("全年收到申请件，均已答复。", "全年收到申请件"),
        ("予以公开、部分公开分别为件、件。", "分别为件"),
        ("受理政府信息公开申请  件。", "申请 件"),
        ("较上年增长%。", "增长%"),
        ("收到申请＊＊件。", "＊＊"),
        ("收到申请X件。", "X"),
        ("请在此处填写工作亮点。", "请在此处填写工作亮点"),
        ("成立【】。", "【】"),
        ("于年  月  日发布。", "年 月 日"),
    ],
)
def test_gaps(text: str, gap: str) -> None:
    assert [f.found for f in _found(with_texts(sample_report(), s1=text + ASPECTS), "N-07")] == [gap]


@pytest.mark.parametrize(
    "text",
    [
        "一是甲。二是乙。\n一是丙。二是丁。三是戊。",
        "第一，甲；第二，乙；第三，丙。",
        "十是甲的多数，统一是要求，之一是重点，唯一是责任。",
        "（一）甲。一是子；二是丑。（二）乙。一是子；二是丑；三是寅。（三）丙。",
        "主要问题一是甲，二是乙，三是丙。",
        "一是甲；二是乙，其中一是子，二是丑；三是丙。",
        "1.甲：（1）子；（2）丑。2.乙。3.丙。",
        "①甲；②乙；③丙。",
        "一要甲，二要乙。统一要求，二要素齐全。",
        "十一是乙。九是甲。",
        "〔略〕\n（二）乙。（四）丁。",
    ],
)
def test_lists_that_run_on(text: str) -> None:
    assert _found(with_texts(sample_report(), s1=text + ASPECTS), "N-10") == []


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("一要甲，二要乙，四要丁。", "四要", "三要"),
        ("①甲；②乙；④丁。", "④", "③"),
        ("九是甲。十是乙。", "", ""),
        ("一是甲；二是乙；二是丙。", "二是", "三是"),
        ("（1）甲；（3）丙。", "3", "2"),
    ],
)
def test_lists_that_break(text: str, found: str, expected: str) -> None:
    told = [(f.found, f.expected) for f in _found(with_texts(sample_report(), s1=text + ASPECTS), "N-10")]
    assert told == ([(found, expected)] if found else [])


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("落实“三审三校”制度（“三审”在前）。", ""),
        ("落实“三审三校“制度。", "quotes"),
        ("落实“放管服’改革。", "quotes"),
        ("依据《条例（以下称条例）规定。", "brackets"),
        ("依据条例》规定。", "brackets"),
        ("依据（2025]3号)文件。", "brackets"),
        ("“第一段。\n“第二段。”", ""),
        ("数字3。4，、5", "marks"),
        ("还有。。。", ""),
        ("一步一步推进，一项一项落实，研究研究再说。", ""),
        ("对标先进、对照清单、查找问题、限期改正等。", ""),
        ("对栏目、目录、指南、年报等进行更新。", ""),
    ],
)
def test_patterns_of_writing(text: str, case: str) -> None:
    told = [f.case for f in _found(with_texts(sample_report(), s1=ASPECTS + text), "N-11")]
    assert told == ([case] if case else [])


def test_a_workbook_that_nobody_filled_in_is_told_so_once() -> None:
    form = sample_report().form
    rules = {finding.rule for finding in check(Reading(blank_report(form, "柳湾街道", 2025)))}

    assert rules == {"V-04"}


def test_a_finding_about_words_follows_from_a_wrong_cover_and_is_not_told_again() -> None:
    found = findings_of({"steps": [{"type": 2024, "into": "cover__year"}]})

    assert {finding.rule for finding in found} == {"W-10"}


def test_a_section_that_is_missing_is_not_told_to_be_empty() -> None:
    found = findings_of({"steps": [{"drop_sheet": "五 问题和改进"}]})

    assert "N-01" not in {finding.rule for finding in found}


@pytest.mark.parametrize(
    "text", ["（", "“）", "一是。三是。", "一是二是", "\n", "全年收到", "（）", "布署", "2025年", "对甲乙、"]
)
def test_prose_made_to_hurt_takes_bounded_time_and_is_told_in_a_few_words(text: str) -> None:
    report = with_texts(sample_report(), s1=text * (100_000 // len(text)))
    start = time.perf_counter()
    found = [finding for check_ in PROSE for finding in check_(report)]

    assert time.perf_counter() - start < 5
    assert len(found) < 500
