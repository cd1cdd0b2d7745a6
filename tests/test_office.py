"""Our workbook in a real office program: LibreOffice recalculates, edits, resaves and prints it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests import office
from tests.editing import sample_report
from tests.texts import WITHOUT_FIGURES, with_texts
from workbook_tool import Report, check
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.excel.layout import table_sheet
from workbook_tool.forms import editions, form
from workbook_tool.report import blank_report
from workbook_tool.sources import read_report

pytestmark = pytest.mark.office

TABLE_3 = "三 收到和处理申请"
RED = (255, 199, 206)


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    path = tmp_path / "filled.xlsx"
    path.write_bytes(workbook_bytes(with_texts(sample_report(), **WITHOUT_FIGURES)))
    return path


def _formulas(data: bytes) -> dict[str, dict[str, str]]:
    """Every formula's cached value, by sheet and address."""
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return {
        sheet.title: {
            cell.coordinate: _shown(values[sheet.title][cell.coordinate].value)
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        }
        for sheet in formulas.worksheets
    }


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


@pytest.mark.parametrize("edition", editions())
@pytest.mark.parametrize("is_blank", [True, False], ids=["blank", "filled"])
def test_recalculated_totals_and_checks_equal_ours(edition: str, is_blank: bool, tmp_path: Path) -> None:
    year = form(edition).first_year
    report: Report = blank_report(form(edition), "某局", year) if is_blank else sample_report(edition, year)
    path = tmp_path / "ours.xlsx"
    path.write_bytes(workbook_bytes(report))
    ours = _formulas(path.read_bytes())

    theirs = office.work(path, read={title: list(cells) for title, cells in ours.items()})

    assert sum(map(len, ours.values())) > 60
    assert theirs == ours


@pytest.mark.parametrize("edition", editions())
def test_a_resaved_workbook_says_the_same(edition: str, tmp_path: Path) -> None:
    report = sample_report(edition, form(edition).first_year)
    path, again = tmp_path / "ours.xlsx", tmp_path / "again.xlsx"
    path.write_bytes(workbook_bytes(report))

    office.work(path, save=again)
    reading = read_report(again.read_bytes())

    assert reading.report == report
    assert list(check(reading)) == []


@pytest.mark.parametrize(
    ("address", "value", "off", "finding"),
    [
        ("D7", 13, {"D33": "差 1", "J33": "差 1"}, ("T3-01", "D7")),
        ("F10", 2, {"F33": "差 2", "J33": "差 2"}, ("T3-01", "F7")),
        ("J9", 5, {"K9": "差 3", "J32": "差 3"}, ("T3-02", "J9")),
        ("D30", 11, {"D32": "差 1", "D33": "差 1", "J32": "差 1", "J33": "差 1"}, ("T3-03", "D30")),
    ],
)
def test_a_changed_figure_turns_just_its_row_and_column_red(
    filled: Path, tmp_path: Path, address: str, value: int, off: dict[str, str], finding: tuple[str, str]
) -> None:
    edited = tmp_path / "edited.xlsx"
    plan = table_sheet(form("2021"), form("2021").section("t3"))
    checks = [made.spot.a1 for made in plan.checks]

    shown = office.work(filled, entries={TABLE_3: {address: value}}, save=edited, read={TABLE_3: checks})

    assert {spot: text for spot, text in shown[TABLE_3].items() if text != "平"} == off
    reddened = _reddened(edited, off)
    columns = {spot[0] for spot in off if spot[0] != "K"}
    rows = {spot[1:] for spot in off if spot[0] == "K"}
    figures = {spot.a1 for spot in plan.spots.values()}
    assert reddened & figures == {spot for spot in figures if spot[0] in columns or spot[1:] in rows}
    assert [(f.rule, f.place.cell) for f in check(read_report(edited.read_bytes()))] == [finding]


def _reddened(path: Path, off: dict[str, str]) -> set[str]:
    """The cells whose conditional format hangs on one of the checks that are `off`."""
    sheet = openpyxl.load_workbook(path)[TABLE_3]
    hit = set()
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            (formula,) = rule.formula
            if formula.replace("$", "").split("(")[1].split(",")[0] in off:
                hit |= {
                    cell.coordinate
                    for cells in area.cells.ranges
                    for row in _rows(sheet, cells)
                    for cell in row
                }
    return hit


def _rows(sheet: Any, area: Any) -> Any:
    return sheet[area.coord] if area.size["rows"] * area.size["columns"] > 1 else ((sheet[area.coord],),)


def test_red_is_seen_on_the_printed_page(filled: Path, tmp_path: Path) -> None:
    changes: dict[str, dict[str, dict[str, int]]] = {"right": {}, "wrong": {TABLE_3: {"D7": 13}}}
    for name, entries in changes.items():
        pdf = tmp_path / f"{name}.pdf"
        office.work(filled, entries=entries, save=pdf)
        red = sum(_count_red(page) for page in office.to_pictures(pdf, tmp_path))
        assert (red > 500) == (name == "wrong")


def _count_red(picture: Path) -> int:
    data = picture.read_bytes()
    body = data.split(b"\n", 3)[3]
    return sum(1 for i in range(0, len(body) - 2, 3) if all(abs(body[i + k] - RED[k]) < 6 for k in range(3)))


def test_what_is_typed_into_texts_and_cover_is_read(filled: Path, tmp_path: Path) -> None:
    edited = tmp_path / "edited.xlsx"
    entries = {"六 其他事项": {"B4": "发出收费通知3件。", "B11": "=1+1"}, "封面": {"C10": "市级政府部门"}}

    office.work(filled, entries=entries, save=edited)
    reading = read_report(edited.read_bytes())

    assert reading.report is not None
    assert reading.report.narratives["s6"].startswith("发出收费通知3件。")
    assert reading.report.cover["level"] == "市级政府部门"
    assert [(finding.rule, finding.place.cell) for finding in reading.findings] == [("W-07", "B11")]


READ_RIGHT: dict[str, list[list[object]]] = {
    "insert a row above the table": [["insert row", TABLE_3, 2]],
    "insert a row inside the table": [["insert row", TABLE_3, 12]],
    "insert a column before the figures": [["insert column", TABLE_3, 0]],
    "insert a column among the figures": [["insert column", TABLE_3, 5]],
    "rename and move sheets": [["rename", TABLE_3, "我的表"], ["move sheet", "四 复议和诉讼", 0]],
    "take protection off": [["unprotect", TABLE_3]],
    "paste values over the table": [["values only", TABLE_3, "D7:J31"]],
    "delete a row above the table": [["delete row", TABLE_3, 2]],
}
EXTRA: dict[str, tuple[list[list[object]], str]] = {
    "a row of their own in the table": (
        [
            ["insert row", TABLE_3, 12],
            ["type", TABLE_3, "B13", "转其他机关"],
            ["type", TABLE_3, "D13", "3"],
            ["type", TABLE_3, "J13", "3"],
        ],
        "转其他机关 | 3 | 3",
    ),
    "a column of their own in the table": (
        [["insert column", TABLE_3, 4], ["type", TABLE_3, "E6", "外国人"], ["type", TABLE_3, "E7", "7"]],
        "外国人 | 7",
    ),
}
REFUSED: dict[str, tuple[list[list[object]], str, list[str]]] = {
    "delete a row of the table": ([["delete row", TABLE_3, 8]], "W-03", ["t3.outcome.granted.natural"]),
    "delete a column of the table": ([["delete column", TABLE_3, 4]], "W-03", ["t3.received.legal.business"]),
    "cut a figure and paste it elsewhere": (
        [["cut", TABLE_3, "D7", "D8"]],
        "W-04",
        ["t3.received.natural", "t3.carried_in.natural"],
    ),
    "a sheet copied into a new book": ([["copy sheet", TABLE_3]], "W-03", []),
    "type text over a number": ([["type", TABLE_3, "D7", "约3件"]], "V-01", ["t3.received.natural"]),
    "type a number with its unit": ([["type", TABLE_3, "D7", "12件"]], "V-06", ["t3.received.natural"]),
    "type a formula into an input cell": ([["type", TABLE_3, "D7", "=5+7"]], "W-07", ["t3.received.natural"]),
    "type over a total as it adds up": ([["type", TABLE_3, "J7", "12"]], "W-06", []),
}


@pytest.mark.parametrize("name", READ_RIGHT)
def test_edits_that_are_read_right(name: str, tmp_path: Path) -> None:
    report = sample_report()
    path, edited = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    path.write_bytes(workbook_bytes(report))

    office.work(path, edits=READ_RIGHT[name], save=edited)
    reading = read_report(edited.read_bytes())

    assert reading.report == report
    errors = {finding.rule for finding in check(reading) if finding.severity == "error"}
    assert errors <= {"W-06"}, "formulas pasted over are said"


@pytest.mark.parametrize("name", EXTRA)
def test_figures_that_are_not_of_the_form_are_told(name: str, tmp_path: Path) -> None:
    edits, found = EXTRA[name]
    report = sample_report()
    path, edited = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    path.write_bytes(workbook_bytes(report))

    office.work(path, edits=edits, save=edited)
    reading = read_report(edited.read_bytes())

    assert reading.report == report
    extra = [finding for finding in reading.findings if finding.rule == "W-05"]
    assert [(finding.case, finding.found) for finding in extra] == [("extra", found)]


@pytest.mark.parametrize("name", REFUSED)
def test_edits_that_are_refused_where_they_touch(name: str, tmp_path: Path) -> None:
    edits, rule, lost = REFUSED[name]
    report = sample_report()
    path, edited = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    path.write_bytes(workbook_bytes(report))

    office.work(path, edits=edits, save=edited)
    reading = read_report(edited.read_bytes())

    assert reading.report is not None
    read = {cell.id for cell in reading.report.values}
    assert read.isdisjoint(lost)
    assert all(reading.report.values[cell] == report.values[cell] for cell in reading.report.values)
    assert rule in {finding.rule for finding in check(reading) if finding.severity == "error"}


@pytest.mark.parametrize("edition", editions())
@pytest.mark.parametrize("ending", [".xls", ".ods"])
def test_other_formats_directly_and_back(edition: str, ending: str, tmp_path: Path) -> None:
    report = sample_report(edition, form(edition).first_year)
    path, other, again = tmp_path / "a.xlsx", tmp_path / f"b{ending}", tmp_path / "c.xlsx"
    path.write_bytes(workbook_bytes(report))

    office.work(path, save=other)
    office.work(other, save=again)
    direct, back = read_report(other.read_bytes()), read_report(again.read_bytes())

    assert direct.report == report
    assert [(finding.rule, finding.case) for finding in check(direct)] == [("W-04", "values_only")]
    assert back.report == report
    assert not [finding for finding in check(back) if finding.severity == "error"]
