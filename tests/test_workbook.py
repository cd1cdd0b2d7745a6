"""The workbook as an independent reader (openpyxl) sees it."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from tests.editing import sample_report
from workbook_tool import Report, blank_report
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.excel.template_id import parse_template_id
from workbook_tool.forms import cover_fields, editions, form
from workbook_tool.report import with_totals
from workbook_tool.sources import read_report


def _open(data: bytes, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def _blank(edition: str = "2021", year: int = 2025) -> Report:
    return blank_report(form(edition), "示例市青河区柳湾街道办事处", year, "11330100MB0000001X")


def _named(workbook: Any, name: str) -> Any:
    title, address = next(iter(workbook.defined_names[name].destinations))
    return workbook[title][address.replace("$", "")]


def test_the_sheets_stand_in_order() -> None:
    assert _open(workbook_bytes(_blank())).sheetnames == [
        "封面",
        "填表说明",
        "一 总体情况",
        "二 主动公开",
        "三 收到和处理申请",
        "四 复议和诉讼",
        "五 问题和改进",
        "六 其他事项",
        "数据字段",
        "核实说明",
    ]


@pytest.mark.parametrize("edition", editions())
def test_only_inputs_are_unlocked_and_every_input_has_a_name(edition: str) -> None:
    known = form(edition)
    workbook = _open(workbook_bytes(_blank(edition, known.first_year)))

    named = {}
    for name in workbook.defined_names:
        found = _named(workbook, name)
        named[found.parent.title, found.coordinate] = name
    for cell in known.cells.values():
        assert _named(workbook, cell.name).protection.locked == cell.is_total
    for sheet in workbook.worksheets:
        assert sheet.protection.sheet
        for row in sheet.iter_rows():
            for found in row:
                covered = isinstance(found, openpyxl.cell.MergedCell)
                if not found.protection.locked and not covered and sheet.title != "核实说明":
                    assert (sheet.title, found.coordinate) in named
    assert workbook.security.lockStructure


@pytest.mark.parametrize("edition", editions())
def test_every_input_is_validated_in_chinese(edition: str) -> None:
    known = form(edition)
    workbook = _open(workbook_bytes(_blank(edition, known.first_year)))

    for cell in known.cells.values():
        found = _named(workbook, cell.name)
        rules = [
            rule
            for rule in found.parent.data_validations.dataValidation
            if any(_within(found, str(area)) for area in rule.sqref.ranges)
        ]
        if cell.is_total:
            assert not rules
            continue
        (rule,) = rules
        expected = {
            "count": ("whole", "greaterThanOrEqual"),
            "change": ("whole", None),
            "money": ("decimal", "greaterThanOrEqual"),
        }
        assert (rule.type, rule.operator) == expected[cell.kind] or (rule.type, cell.kind) == (
            "whole",
            "change",
        )
        assert "填" in rule.prompt
        assert "填" in rule.error


def _within(cell: Any, area: str) -> bool:
    left, top, right, bottom = range_boundaries(area)
    return bool(left <= cell.column <= right and top <= cell.row <= bottom)


def test_totals_are_formulas_with_their_true_values_cached() -> None:
    report = sample_report()
    data = workbook_bytes(report)
    formulas, values = _open(data), _open(data, values=True)

    for total in report.form.sums:
        assert str(_named(formulas, total.name).value).startswith("=IF(COUNT(")
        assert _named(values, total.name).value == report.values[total]


def test_live_checks_and_the_cover_say_what_is_off() -> None:
    report = sample_report()
    values = {**report.values, report.form.cells["t3.received.natural"]: 15}
    off = replace(report, values=with_totals(report.form, values, report.form.sums))

    for content, natural, status in (
        (report, "平", "全部平衡，各格已填齐"),
        (off, "差 3", "有 2 处不平，请看标“差”的格：表三 2 处 "),
        (_blank(), None, "尚有 166 格没有填数字"),
    ):
        workbook = _open(workbook_bytes(content), values=True)
        assert workbook["三 收到和处理申请"]["D33"].value == natural
        assert _named(workbook, "cover__status").value == status


def test_the_same_arguments_give_the_same_bytes_and_a_random_id_does_not() -> None:
    assert workbook_bytes(_blank()) == workbook_bytes(_blank())
    assert workbook_bytes(_blank(), random_id=True) != workbook_bytes(_blank(), random_id=True)


def test_properties_and_the_visible_id_say_whose_workbook_it_is() -> None:
    workbook = _open(workbook_bytes(_blank()))
    properties = {prop.name: prop.value for prop in workbook.custom_doc_props.props}
    template_id = parse_template_id(_named(workbook, "cover__template_id").value)

    assert template_id
    assert (template_id.form, template_id.edition, template_id.year) == ("giar", "2021", 2025)
    assert properties == {
        "wb_form": "giar",
        "wb_edition": "2021",
        "wb_year": "2025",
        "wb_agency": "示例市青河区柳湾街道办事处",
        "wb_agency_code": "11330100MB0000001X",
        "wb_template_version": "1",
    }


@pytest.mark.parametrize("position", range(27))
def test_no_single_wrong_character_passes_for_a_template_id(position: int) -> None:
    workbook = _open(workbook_bytes(_blank()))
    right = _named(workbook, "cover__template_id").value
    for character in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        wrong = right[:position] + character + right[position + 1 :]
        if wrong != right:
            parsed = parse_template_id(wrong)
            assert parsed is None


def test_last_year_stands_in_notes_and_not_in_cells() -> None:
    last_year = sample_report(year=2024)
    cells = last_year.form.cells
    values = {
        **last_year.values,
        cells["t3.carried_out.natural"]: 7,
        cells["t2.normative_documents.in_force"]: 31,
    }
    workbook = _open(workbook_bytes(_blank(), prior=replace(last_year, values=values)))

    carried_in = _named(workbook, "t3__carried_in__natural")
    in_force = _named(workbook, "t2__normative_documents__in_force")
    assert (carried_in.value, in_force.value) == (None, None)
    assert "2024年度" in carried_in.comment.text
    assert carried_in.comment.text.endswith("7")
    assert in_force.comment.text.endswith("31")
    assert _named(workbook, "t3__received__natural").comment is None


def test_last_year_on_the_other_edition_is_compared_only_where_it_means_the_same() -> None:
    workbook = _open(workbook_bytes(_blank(year=2021), prior=sample_report("2019", 2020)))

    assert _named(workbook, "t3__carried_in__natural").comment is not None
    assert _named(workbook, "t2__normative_documents__in_force").comment is None


def test_a_password_protects_sheets_and_structure() -> None:
    open_book, locked = _open(workbook_bytes(_blank())), _open(workbook_bytes(_blank(), password="秘密123"))

    assert open_book["封面"].protection.password is None
    assert locked["封面"].protection.password
    assert locked.security.workbookPassword


def test_text_that_looks_like_a_formula_stays_text() -> None:
    hostile = '=HYPERLINK("http://x")\n+1\n@SUM(A1)\n<b>&amp;</b>\n_x0041_'
    report = replace(sample_report(), narratives={"s1": hostile, "s5": "-", "s6": "'"}, agency="=A1&A2")
    workbook = _open(workbook_bytes(report))

    assert not any(found.data_type == "f" for row in workbook["一 总体情况"].iter_rows() for found in row)
    assert read_report(workbook_bytes(report)).report == report


def test_every_page_is_a4_fits_and_repeats_its_headings() -> None:
    workbook = _open(workbook_bytes(sample_report()))

    for sheet in workbook.worksheets:
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "第 &P 页" in sheet.oddFooter.center.text or "第 &[Page] 页" in str(
            sheet.oddFooter.center.text
        )
        assert "柳湾街道" in sheet.oddHeader.left.text
    assert workbook["三 收到和处理申请"].print_title_rows == "$4:$6"


def test_what_is_to_be_written_is_said_within_what_is_printed() -> None:
    workbook = _open(workbook_bytes(sample_report()))

    for name in ("一 总体情况", "五 问题和改进", "六 其他事项", "核实说明"):
        sheet = workbook[name]
        (area,) = [area for area in sheet.merged_cells.ranges if area.min_row == 2]
        printed = sheet.print_area.split("!")[1] if sheet.print_area else "A1:D1"
        assert area.max_col <= range_boundaries(printed)[2]
        # Otherwise an office program makes the row of merged cells one line high.
        assert sheet.row_dimensions[2].customHeight


def test_the_cover_has_its_fields() -> None:
    workbook = _open(workbook_bytes(_blank()), values=True)

    assert [_named(workbook, field.name).value for field in cover_fields()][:4] == [
        "示例市青河区柳湾街道办事处",
        "11330100MB0000001X",
        2025,
        "2025年1月1日至2025年12月31日",
    ]


def test_paragraphs_stand_in_the_blocks_that_they_speak_of() -> None:
    report = sample_report()
    workbook = _open(workbook_bytes(report))

    assert _named(workbook, "s1__overview__1").value.startswith("2025年,我街道围绕")
    assert _named(workbook, "s1__requests__1").value.startswith("依申请公开方面")
    assert _named(workbook, "s1__platform__1").value.startswith("平台建设方面")
    assert _named(workbook, "s5__improvements__1").value.startswith("改进情况")
    assert read_report(workbook_bytes(report)).report == report
