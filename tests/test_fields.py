"""Fields: a text names a figure of the tables, and the report prints it."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import WbTool
from tests.editing import edited, sample_report
from tests.office import work
from tests.strategies import reports
from workbook_tool import (
    blank_report,
    build_workbook,
    check,
    compare,
    digest,
    editions,
    form,
    open_report,
    render,
)
from workbook_tool.checks.quotation import MOST
from workbook_tool.checks.verdict import agreed_in
from workbook_tool.excel.build import annotated_bytes, workbook_bytes
from workbook_tool.excel.layout import table_sheet
from workbook_tool.narrative.brackets import fields_meant
from workbook_tool.narrative.fields import fields_in, figure, figures, fill, filled, printed
from workbook_tool.narrative.meant import meant
from workbook_tool.narrative.names import field_name, field_names, readings, resolve
from workbook_tool.report import Reading, Report
from workbook_tool.rules import Finding
from workbook_tool.sources import read_report

TEXT = "新收【三.新收.总计】件，办结【t3.outcome.total.total】件，其中无法提供【三.无法提供】件。"
FILLED = "新收12件，办结12件，其中无法提供9件。"


def _with(text: str, report: Report | None = None) -> Report:
    report = report or sample_report()
    return replace(report, narratives={**report.narratives, "s6": text})


@pytest.mark.parametrize("edition", editions())
def test_every_figure_has_one_name_and_goes_by_it_and_by_its_id(edition: str) -> None:
    known = form(edition)
    names = field_names(known)

    assert len(set(names.values())) == len(names)
    assert {cell for (cell, *more) in names if not more} == set(known.cells.values())
    for cells, name in names.items():
        assert resolve(known, name) == cells
        assert len(name) <= 24, "short enough to be read in a sentence"
    for cell in known.cells.values():
        assert resolve(known, cell.id) == resolve(known, cell.id.upper()) == (cell,)
        assert list(fields_in(f"共【{field_name(known, cell)}】件"))


@pytest.mark.parametrize(
    ("name", "cell_id"),
    [
        ("三.新收", "t3.received.total"),
        ("三．新收．自然人", "t3.received.natural"),
        ("表三 · 上年结转 · 总计", "t3.carried_in.total"),
        ("三。本年新收。其他", "t3.received.legal.other"),
        ("三.不予公开.国家秘密.总计", "t3.outcome.refused.state_secret.total"),
        ("三.危及“三安全一稳定”.自然人", "t3.outcome.refused.security_stability.natural"),
        ("三.本年度办理结果.总计", "t3.outcome.total.total"),
        ("二.行政许可", "t2.licensing.decisions"),
        ("二.规范性文件.制发", "t2.normative_documents.issued"),
        ("四.行政诉讼.复议后起诉.结果维持", "t4.litigation.after_reconsideration.upheld"),
        ("四.行政复议", "t4.reconsideration.total"),
    ],
)
def test_names_are_read_as_people_write_them(name: str, cell_id: str) -> None:
    assert resolve(form("2021"), name) == (cell_id,)


@pytest.mark.parametrize(
    ("name", "by_id", "count"),
    [
        ("三.不予公开.总计", "t3.outcome.refused.total", 8),
        ("三.新收.法人", "t3.received.legal", 5),
        ("三.不予公开.法人", "t3.outcome.refused.legal", 40),
        ("三.其他处理", "t3.outcome.other.total", 3),
        ("四.行政诉讼.总计", "t4.litigation.total", 2),
        ("四.行政诉讼.维持", "t4.litigation.upheld", 2),
    ],
)
def test_a_group_stands_for_its_sum(name: str, by_id: str, count: int) -> None:
    known = form("2021")
    cells = resolve(known, name)

    assert cells
    assert len(cells) == count
    assert resolve(known, by_id) == cells


def test_what_may_be_two_figures_is_neither() -> None:
    known = form("2021")

    for name in ("四.维持", "三.其他处理.其他"):
        assert resolve(known, name) is None
        assert len(readings(known, name)) > 1


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("三.新受.总计", "三.新收.总计"),
        ("四.复议.总计", "四.行政复议.总计"),
        ("四.复议", "四.行政复议.总计"),
        ("四.诉讼", "四.行政诉讼.总计"),
        ("四.诉讼.维持", "四.行政诉讼.维持"),
        ("二.规范文件.制发", "二.行政规范性文件.制发"),
        ("二.规范性文件", "二.行政规范性文件.制发 二.行政规范性文件.废止 二.行政规范性文件.现行有效"),
        ("二.处罚", "二.行政处罚.处理决定"),
        ("三.新收.个人", "三.新收.自然人"),
        ("三.新收.公民", "三.新收.自然人"),
        ("三、新收、自然人", "三.新收.自然人"),
        ("三新收", "三.新收.总计"),
        ("三.新收.件数", "三.新收.总计"),
        ("新收", "三.新收.总计"),
        ("二.新收", "三.新收.总计"),
        ("三.答复", "三.办结.总计"),
        ("结转下年", "三.结转下年度.总计"),
        ("三.结转", "三.上年结转.总计 三.结转下年度.总计"),
        ("四.败诉", "四.行政复议.纠正 四.行政诉讼.纠正"),
        ("t3.recieved.total", "三.新收.总计"),
        ("三.已予公开", ""),
        ("三.下年结转", ""),
        ("三.掌握", ""),
        ("三.办结率", ""),
        ("三.自然人", ""),
        ("二.罚款", ""),
        ("二.行政处罚.废止", ""),
        ("五.问题", ""),
        ("九.风马牛.不相及", ""),
        ("、", ""),
    ],
)
def test_a_wrong_name_is_understood_by_its_words(name: str, names: str) -> None:
    known = form("2021")

    assert [field_name(known, *cells) for cells in meant(known, name)] == names.split()


@pytest.mark.parametrize("edition", editions())
def test_what_a_name_is_meant_for_has_a_name_itself(edition: str) -> None:
    known = form(edition)

    for cells, name in field_names(known).items():
        assert cells in meant(known, name)
        assert resolve(known, name.replace(".", "、", 1)) == cells


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "新收【三、新收】件，办结【三.答复】件，结转【结转下年】件",
            "【三、新收】 【三.答复】 【结转下年】",
        ),
        ("公开率【三.公开率】，收到【三.收到】件", "【三.公开率】 【三.收到】"),
        ("罚款【二.罚款】元，发现【五.问题】个", "【二.罚款】 【五.问题】"),
        ("新收【新收】，办结【三-新收】。", "【新收】 【三-新收】"),
        ("新收[三.新收]件，〔三.新收〕，{三.新收}", "[三.新收] 〔三.新收〕 {三.新收}"),
        ("公开【信息】条，【12】件，【新收.总计】", "【信息】 【12】 【新收.总计】"),
        ("【三.新收】【t3.received.total】【四.维持】", "【三.新收】 【t3.received.total】 【四.维持】"),
        ("【政策解读】栏目，开设【行政许可】【行政处罚】专栏、【行政许可·双公示】专栏", ""),
        ("【三.强化监督】加强培训。【四、平台建设】升级网站。\n【一 主动公开】稳步推进", ""),
        ("设【一.主动公开】【三.强化监督】两个专栏，自【2025.1.1】起，从【政策解读】起", ""),
        (
            "见【三、收到和处理政府信息公开申请情况】，[2025]3号，〔略〕，{a.b}，【公示】件数，【公告】条目",
            "",
        ),
    ],
)
def test_brackets_meant_as_fields_are_told_from_headings(text: str, told: str) -> None:
    found = [text[field.start : field.end] for field in fields_meant(form("2021"), text)]

    assert found == re.findall(r"[【\[〔{].*?[】\]〕}]", told)


def test_what_is_a_field_and_what_only_looks_like_one() -> None:
    text = "【政策解读】【2025.1.1】【三.新收】【三.新收\n】【.】【 T4.litigation.total 】【三.新收，件】"

    assert [field.name for field in fields_in(text)] == ["三.新收", "T4.litigation.total"]
    assert next(text[field.start : field.end] for field in fields_in(text)) == "【三.新收】"


def test_the_report_prints_figures_in_every_format() -> None:
    report = _with(TEXT)

    for form_ in ("txt", "md"):
        assert FILLED in render(report, form_)
    assert report.narratives["s6"] == TEXT
    assert digest(report) == digest(_with(FILLED))
    assert not list(compare(report, _with(FILLED)))


@given(st.data(), reports())
def test_what_is_printed_is_found_where_it_was_written(data: st.DataObject, report: Report) -> None:
    words = st.lists(st.one_of(_field(report), st.sampled_from(["共", "件，", "【政策解读】"])), max_size=9)
    pieces = data.draw(words)
    text = "".join(pieces)
    known = printed(text, figures(report))

    at = shown = 0
    for piece in pieces:
        length = len(filled(piece, figures(report)))
        whole = known.written(shown, shown + length)
        assert text[whole.start : whole.end] == piece
        if length > 1 and piece not in known.text:
            assert known.written(shown + 1, shown + length) == known.written(shown, shown + 1) == whole
        at, shown = at + len(piece), shown + length
    assert shown == len(known.text)
    assert at == len(text)


def _found(report: Report) -> list[tuple[str, str | None, str]]:
    return [(f.rule, f.found, f.message()) for f in check(Reading(report)) if f.rule in ("N-02", "N-04")]


def test_a_field_in_the_wrong_place_disagrees_as_its_figure_would() -> None:
    carried = "新收政府信息公开申请【三.上年结转】件，无法提供【三.新收】件。"
    clause = "新收政府信息公开申请【三.上年结转】件"

    first, second = _found(_with(carried))
    assert first[:2] == ("N-02", "【三.上年结转】")
    assert f"“{clause}”(【三.上年结转】，印出来是 0)" in first[2]
    assert second[:2] == ("N-02", "【三.新收】")
    (finding, _) = (f for f in check(Reading(_with(carried))) if f.rule == "N-02")
    assert finding.passage
    assert carried[finding.passage.start : finding.passage.end] == "【三.上年结转】"


def test_a_field_in_its_place_agrees_and_is_listed_as_it_was_written() -> None:
    report = _with(TEXT)

    assert _found(report) == []
    assert "办结【t3.outcome.total.total】件" in [found.clause for found in agreed_in(report)]


def test_a_field_agrees_with_its_line_whatever_total_was_typed() -> None:
    report = _with("新收政府信息公开申请【三.新收】件。")
    stale = replace(report, values={**report.values, report.form.cells["t3.received.total"]: 99})

    assert "【三.新收】" not in [found for _, found, _ in _found(stale)]


def test_parts_by_channel_are_added_up_with_fields() -> None:
    text = "共收到政府信息公开申请12件，其中网上申请【三.新收】件、信函申请1件。"

    (told,) = (said for said in _found(_with(text)) if said[0] == "N-04")
    assert told[1] == "13"
    assert "网上申请【三.新收】件" in told[2]


def test_the_length_is_that_of_what_is_printed() -> None:
    text = "主动公开、依申请公开、信息管理、平台建设、监督保障：" + "新收【三.新收.总计】件，" * 80
    report = replace(sample_report(), narratives={**sample_report().narratives, "s1": text})

    assert len(text) > 1000
    assert "N-12" not in {finding.rule for finding in check(Reading(report))}


def test_the_report_says_what_it_could_not_fill(wb_tool: WbTool, tmp_path: Path) -> None:
    report = _with("新收【三.新收】件，办结【三.答复】件，【政策解读】栏目；处罚【二.行政处罚】件。")
    penalty = report.form.cells["t2.penalty.decisions"]
    build_workbook(replace(report, values={**report.values, penalty: None}), tmp_path / "a.xlsx")

    done = wb_tool("report", "a.xlsx", "--draft")
    assert "新收12件，办结【三.答复】件" in done.stdout
    assert "【三.答复】、【二.行政处罚】" in done.stderr
    assert "【三.新收】" not in done.stderr
    assert "政策解读" not in done.stderr


def test_many_wrong_names_are_told_in_bounded_number() -> None:
    text = "".join(f"【三.月球{number}】件" for number in range(5000))

    assert len([f for f in check(Reading(_with(text))) if f.rule == "N-13"]) == MOST


def test_a_total_that_was_typed_is_not_what_a_field_prints() -> None:
    report = sample_report()
    stale = replace(report, values={**report.values, report.form.cells["t3.received.total"]: 99})

    assert figure(stale, "三.新收.总计") == 12
    assert fill(_with(TEXT, stale)).narratives["s6"] == FILLED


def test_without_a_figure_a_field_stays_as_it_is() -> None:
    report = sample_report()
    penalty = report.form.cells["t2.penalty.decisions"]
    text = "【二.行政处罚.处理决定】【三.新受.总计】【三.新收】"
    for values in (
        {**report.values, penalty: None},
        {cell: value for cell, value in report.values.items() if cell != penalty},
    ):
        filled = fill(_with(text, replace(report, values=values)))
        assert filled.narratives["s6"] == "【二.行政处罚.处理决定】【三.新受.总计】12"


def _field(report: Report) -> st.SearchStrategy[str]:
    return st.sampled_from(list(field_names(report.form).values())).map("【{}】".format)


@given(st.data(), reports())
def test_filling_twice_changes_nothing_and_leaves_no_field(data: st.DataObject, report: Report) -> None:
    words = st.lists(st.one_of(_field(report), st.sampled_from(["共", "件，", "【政策解读】"])), max_size=9)
    report = _with("".join(data.draw(words)), report)
    filled = fill(report)

    assert fill(filled) == filled
    assert not list(fields_in(filled.narratives["s6"]))


def _fields(report: Report) -> list[str]:
    return [found.name for text in report.texts.values() for found in fields_in(text)]


def test_fields_survive_a_workbook_its_repair_and_its_marks(wb_tool: WbTool, tmp_path: Path) -> None:
    report = _with(TEXT)
    build_workbook(report, tmp_path / "a.xlsx")
    (tmp_path / "marked.xlsx").write_bytes(annotated_bytes(report, [Finding("N-13", found="x")]))

    assert wb_tool("repair", "a.xlsx", "-o", "b.xlsx").returncode == 0
    for name in ("a.xlsx", "marked.xlsx", "b.xlsx"):
        read = open_report(tmp_path / name).report
        assert read
        assert read.narratives["s6"] == TEXT
    assert FILLED in wb_tool("report", "b.xlsx").stdout
    assert json.loads(wb_tool("export", "b.xlsx").stdout)["narratives"]["s6"] == FILLED


def test_a_text_with_fields_is_imported_with_them(wb_tool: WbTool, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(render(_with("MARK")).replace("MARK", TEXT), encoding="utf-8")

    assert wb_tool("import", "a.txt", "-o", "a.xlsx").returncode == 0
    read = open_report(tmp_path / "a.xlsx").report
    assert read
    assert _fields(read) == _fields(_with(TEXT))


def test_a_wrong_name_is_told_at_its_row_with_its_words() -> None:
    reading = read_report(
        edited(sample_report(), [{"text": "共【三.新受.总计】件。", "into": "s1__requests__2"}])
    )
    (finding,) = (finding for finding in check(reading) if finding.rule == "N-13")

    assert reading.report
    assert finding.passage
    assert (finding.place.sheet, finding.place.cell) == ("一 总体情况", "B16")
    text = reading.report.texts[finding.passage.text]
    assert text[finding.passage.start : finding.passage.end] == "【三.新受.总计】"


@pytest.mark.office
def test_an_office_program_shows_the_figures_and_keeps_the_fields(tmp_path: Path) -> None:
    report = _with(TEXT)
    path, again = tmp_path / "a.xlsx", tmp_path / "again.xlsx"
    build_workbook(report, path)
    spot = table_sheet(report.form, report.form.section("t3")).spots[report.form.cells["t3.received.natural"]]
    names = {cell.value: cell.row for cell in openpyxl.load_workbook(path)["数据字段"]["A"]}
    listed = {name: f"C{names[f'【{name}】']}" for name in ("三.新收.自然人", "三.新收.总计", "三.新收.法人")}

    shown = work(
        path,
        entries={"三 收到和处理申请": {spot.a1: 15}},
        save=again,
        read={"数据字段": list(listed.values())},
    )["数据字段"]

    assert [shown[address] for address in listed.values()] == ["15", "15", "0"]
    read = open_report(again).report
    assert read
    assert read.narratives["s6"] == TEXT
    assert "新收15件" in render(read)
    assert "W-08" not in {finding.rule for finding in check(open_report(again))}


@pytest.mark.parametrize("edition", editions())
def test_the_sheet_of_fields_lists_names_that_are_names(edition: str) -> None:
    known = form(edition)
    for report, blank in ((sample_report(edition), False), (blank_report(known), True)):
        data = io.BytesIO(workbook_bytes(report))
        sheet = openpyxl.load_workbook(data, data_only=True)["数据字段"]
        rows = [row for row in sheet.iter_rows(values_only=True) if str(row[0]).startswith("【")]

        assert len(rows) > 60
        for name, _, shown in rows:
            stated = figure(report, str(name).strip("【】"))
            assert shown == ("" if blank else stated) or (blank and shown is None)
        assert sheet.protection.sheet
        assert all(cell.protection.locked for row in sheet.iter_rows() for cell in row)
