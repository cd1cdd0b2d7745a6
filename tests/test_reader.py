"""Our reader against an independent one: the same cells, values and formulas, whoever wrote the file."""

from __future__ import annotations

import io
import json
import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.formula import ArrayFormula

from tests import office
from tests.conftest import SHARED
from workbook_tool.excel.book import Moment, Stored
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.excel.gate import open_book
from workbook_tool.forms import form
from workbook_tool.report import blank_report
from workbook_tool.sources import read_report

ROOT = Path(__file__).parent.parent
OURS = sorted([*(ROOT / "samples").rglob("*.xlsx"), *(ROOT / "templates").glob("*.xlsx")])

EACH = 170
"""Random workbooks from each of three writers, 510 in all."""

TEXTS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], codec="utf-8"), min_size=1, max_size=40)
VALUES = st.one_of(
    st.integers(-(10**12), 10**12),
    st.floats(-1e12, 1e12, allow_nan=False),
    st.booleans(),
    TEXTS,
    st.sampled_from(["=A1+1", "=SUM(A1:B2)", '=IF(A1="","x",B2)', "='二 表'!$A$1"]),
)
SHEETS = st.dictionaries(st.tuples(st.integers(0, 60), st.integers(0, 30)), VALUES, max_size=40)


def agrees(data: bytes) -> None:
    """Assert that both readers see the same book."""
    theirs = openpyxl.load_workbook(io.BytesIO(data))
    ours = open_book(data)

    assert [sheet.title for sheet in ours.sheets] == theirs.sheetnames
    for sheet in theirs.worksheets:
        mine = ours.sheet(sheet.title)
        assert mine is not None
        expected = {
            cell.coordinate: _comparable(cell)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }
        found = {spot.a1: _ours(stored) for spot, stored in mine.cells.items()}
        assert found == expected
        assert {f"{a.first.a1}:{a.last.a1}" for a in mine.merges} == {
            str(r) for r in sheet.merged_cells.ranges
        }


def _comparable(cell: Any) -> tuple[str, object]:  # noqa: PLR0911  # one return a kind
    value = cell.value
    if isinstance(value, ArrayFormula):
        return "formula", f"={str(value.text).removeprefix('=')}"
    if cell.data_type == "f":
        return "formula", value
    if cell.data_type == "e":
        return "error", value
    if isinstance(value, datetime | date | time | timedelta):
        return "date", None
    if isinstance(value, str):
        return "text", value.replace("\r\n", "\n")
    if isinstance(value, bool):
        return "truth", value
    return "number", float(value)


def _ours(stored: Stored) -> tuple[str, object]:  # one return a kind
    if stored.formula is not None:
        return "formula", stored.formula
    if stored.error:
        return "error", stored.value
    if isinstance(stored.value, Moment):
        return "date", None
    if isinstance(stored.value, str):
        return "text", stored.value
    if isinstance(stored.value, bool):
        return "truth", stored.value
    assert isinstance(stored.value, int | float)
    return "number", float(stored.value)


@pytest.mark.parametrize("path", OURS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_on_every_sample(path: Path) -> None:
    data = path.read_bytes()
    if path.stem == "W-01":
        pytest.skip("the sample that cannot be read")
    agrees(data)


@pytest.mark.shared
def test_on_workbooks_of_every_real_report() -> None:
    truths = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SHARED.glob("reports/truth/*"))]

    assert len(truths) >= 8
    for truth in truths:
        known = form(truth["edition"])
        stated = {
            known.cells[name]: Decimal(figure) if isinstance(figure, str) else figure
            for name, figure in truth["cells"].items()
            if name in known.cells
        }
        report = replace(
            blank_report(known, truth["agency"] or "某局", truth["year"]),
            values={**dict.fromkeys(known.cells.values()), **stated},
        )
        data = workbook_bytes(report)
        agrees(data)
        again = read_report(data).report
        assert again is not None
        assert {cell: again.values[cell] for cell in stated if stated[cell] is not None} == {
            cell: figure for cell, figure in stated.items() if figure is not None
        }


@settings(max_examples=EACH, deadline=None)
@given(SHEETS, SHEETS)
def test_on_what_xlsxwriter_writes(first: dict[Any, Any], second: dict[Any, Any]) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(
        stream, {"in_memory": True, "nan_inf_to_errors": True, "strings_to_urls": False}
    ) as book:
        rich = book.add_format({"bold": True})
        for title, content in (("一", first), ("二 表", second)):
            sheet = book.add_worksheet(title)
            for (row, column), value in content.items():
                sheet.write(row, column, value)
            sheet.write_rich_string(70, 0, "前", rich, "中", "后")
            sheet.write_datetime(
                71, 0, datetime(2025, 1, 31), book.add_format({"num_format": "yyyy年m月d日"})
            )
            sheet.merge_range(72, 0, 73, 4, "并", rich)
    agrees(stream.getvalue())


@settings(max_examples=EACH, deadline=None)
@given(SHEETS, SHEETS)
def test_on_what_openpyxl_writes(first: dict[Any, Any], second: dict[Any, Any]) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "一"
    book.create_sheet("二 表")
    for title, content in (("一", first), ("二 表", second)):
        for (row, column), value in content.items():
            book[title].cell(row + 1, column + 1).value = value
        book[title]["A70"] = ArrayFormula("A70:A71", "=SUM(A1:A2*B1:B2)")
    stream = io.BytesIO()
    book.save(stream)
    agrees(stream.getvalue())


@pytest.mark.office
@pytest.mark.parametrize("start", range(0, EACH, 17))
def test_on_what_libreoffice_writes(start: int, tmp_path: Path) -> None:
    path, again = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for seed in range(start, start + 17):
        _random_book(random.Random(seed)).save(path)
        office.work(path, save=again)
        agrees(again.read_bytes())


def _random_book(draw: random.Random) -> openpyxl.Workbook:
    """Two sheets of whatever people put into cells."""
    kinds: list[Any] = [
        lambda *_: draw.randrange(10**6),
        lambda *_: draw.random() * 1e6,
        lambda row, column: f"第{row}行 <&> “{column}” {chr(draw.randrange(0x4E00, 0x9FA5))}",
        lambda row, _: f"=SUM(A{row}:B{row})",
        lambda row, _: f'=IF(A{row}="","",1/0)',
        lambda *_: draw.random() < 0.5,
        lambda *_: datetime(2025, 1, 1) + timedelta(days=draw.randrange(400)),
        lambda *_: f"{draw.randrange(100)}",
        lambda *_: None,
    ]
    book = openpyxl.Workbook()
    book.worksheets[0].title = "一"
    for sheet in (book["一"], book.create_sheet("二 表")):
        for row in range(1, draw.randrange(2, 60)):
            for column in range(1, draw.randrange(2, 12)):
                sheet.cell(row, column).value = draw.choice(kinds)(row, column)
        sheet.merge_cells(start_row=70, start_column=1, end_row=71, end_column=draw.randrange(2, 5))
    return book


def test_shared_formulas_are_written_out_for_every_cell() -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c>'
        f'<c r="B{n}"><f t="shared"{extra} si="0">{text}</f><v>0</v></c></row>'
        for n, extra, text in ((1, ' ref="B1:B3"', 'SUM(A1:$A$9)&amp;"A1"'), (2, "", ""), (3, "", ""))
    )
    data = _book_with(f"<sheetData>{rows}</sheetData>")

    (sheet,) = open_book(data).sheets
    formulas = [stored.formula for stored in sheet.cells.values() if stored.formula]

    assert formulas == ['=SUM(A1:$A$9)&"A1"', '=SUM(A2:$A$9)&"A1"', '=SUM(A3:$A$9)&"A1"']
    agrees(data)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1" t="str"><v>12</v></c>', "12"),
        (
            (
                '<c r="A1" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r>'
                '<rPh sb="0" eb="1"><t>jia</t></rPh></is></c>'
            ),
            "甲乙",
        ),
        ("<c><v>7</v></c>", 7),
        ('<c r="A1"><v>1E3</v></c>', 1000.0),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="inlineStr"><is><t>a_x000D_b</t></is></c>', "a\rb"),
        ('<c r="A1" t="inlineStr"><is><t>_x005F_x000D_</t></is></c>', "_x000D_"),
    ],
)
def test_cells_as_other_programs_write_them(cell: str, value: object) -> None:
    (sheet,) = open_book(_book_with(f"<sheetData><row>{cell}</row></sheetData>")).sheets

    assert [stored.value for stored in sheet.cells.values()] == [value]


@pytest.mark.parametrize(
    "namespace",
    [
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    ],
    ids=["transitional", "strict"],
)
def test_prefixes_and_strict_namespaces_are_the_same_to_us(namespace: str) -> None:
    plain = _book_with('<sheetData><row r="1"><c r="A1"><v>5</v></c></row></sheetData>')
    sheet = (
        f'<x:worksheet xmlns:x="{namespace}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>5</x:v></x:c></x:row>'
        "</x:sheetData><x:mergeCells><x:mergeCell ref='B1:C1'/></x:mergeCells></x:worksheet>"
    )
    (found,) = open_book(_book_with("", sheet=sheet)).sheets
    (same,) = open_book(plain).sheets

    assert found.cells == same.cells
    assert len(found.merges) == 1


@pytest.mark.parametrize("rows", [1_000, 40_000])
def test_empty_styled_rows_far_down_are_no_reason_to_refuse(rows: int) -> None:
    styled = "".join(
        f'<row r="{n}" s="1"><c r="A{n}" s="1"/><c r="XFD{n}" s="1"/></row>' for n in range(2, rows)
    )
    data = _book_with(
        '<cols><col min="1" max="16384" style="1"/></cols>'
        f'<sheetData><row r="1"><c r="A1"><v>5</v></c></row>{styled}</sheetData>'
    )

    (sheet,) = open_book(data).sheets

    assert [stored.value for stored in sheet.cells.values()] == [5]


def _book_with(inside: str, *, sheet: str = "") -> bytes:
    """A least workbook of one sheet, its parts with absolute targets as some programs write them."""
    import zipfile

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office_relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package_relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    content_types = "http://schemas.openxmlformats.org/package/2006/content-types"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{content_types}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package_relations}"><Relationship Id="a" '
        f'Type="{office_relations}/officeDocument" Target="/xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office_relations}"><sheets>'
        '<sheet name="表" sheetId="1" r:id="b"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package_relations}"><Relationship Id="b" '
        f'Type="{office_relations}/worksheet" Target="/xl/worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet or f'<worksheet xmlns="{main}">{inside}</worksheet>',
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()
