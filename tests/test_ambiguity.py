"""What could be read in two ways is refused, and what is shown is what is read."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color

from tests.conftest import WbTool
from tests.editing import sample_report
from workbook_tool import check
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.sources import read_report

SHEET = "xl/worksheets/sheet4.xml"
CELL = re.compile(rb'<c r="B13" s="(\d+)"><v>845</v></c>')
PENALTY = "t2.penalty.decisions"


def _with(change: bytes, part: str = SHEET, old: re.Pattern[bytes] = CELL) -> bytes:
    """The sample workbook with the cell of 行政处罚 exchanged; ``CELL`` in `change` stands for it."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook_bytes(sample_report()))) as book,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in book.namelist():
            content = book.read(name)
            if name == part:
                found = old.search(content)
                assert found, name
                content = content.replace(found[0], change.replace(b"CELL", found[0]), 1)
            new.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        b'CELL<c r="B13"><v>99</v></c>',
        b'CELL</row><row r="13"><c r="B13"><v>99</v></c>',
        b'<c r="B13"><v>845</v><v>99</v></c>',
        b'<c r="B13" t="zzz"><v>99</v></c>',
        b'<c r="B13" t="inlineStr"><v>99</v></c>',
        b'<c r="B13"><v>8_4_5</v></c>',
        '<c r="B13"><v>８４５</v></c>'.encode(),
        b'<c r="B13" t="s"><v>-1</v></c>',
        b'<c r="B0"><v>845</v></c>',
    ],
)
def test_a_sheet_that_says_two_things_of_a_cell_is_refused(change: bytes) -> None:
    reading = read_report(_with(change))

    assert reading.report is None
    assert [(finding.rule, finding.case) for finding in reading.findings] == [("W-01", "truncated")]


@pytest.mark.parametrize(
    "change",
    [
        b'CELL<y:c xmlns:y="urn:foo" r="B13"><y:v>99</y:v></y:c>',
        b'<c r="B13"><v>845</v><extLst><ext><v>99</v></ext></extLst></c>',
        b'CELL<z><c r="B13"><v>99</v></c></z>',
    ],
)
def test_what_is_no_cell_of_the_sheet_is_not_read(change: bytes) -> None:
    report = read_report(_with(change)).report

    assert report is not None
    assert report[PENALTY] == 845


def test_cells_that_an_array_formula_fills_were_not_typed() -> None:
    reading = read_report(_with(b'<c r="B13"><f t="array" ref="B13:B14">A1:A2</f><v>4</v></c>'))

    refused = [finding for finding in reading.findings if finding.rule == "W-07"]
    assert {cell_id for finding in refused for cell_id in finding.ids} == {PENALTY, "t2.compulsion.decisions"}


@pytest.mark.parametrize(
    "code",
    [
        "0%",
        "0,",
        "0!.0,",
        ";;;",
        '0"百件"',
        '"21"',
        "0.0,,",
        '0"０"',
        '0"〇"',
        "-0",
        "(0)",
        "0E+0",
        "0.00E+00",
        "*90",
        "000-00",
        "01",
        '0"0"',
        "0\\5",
        '[>100]"5";0',
        "0!0",
    ],
)
def test_a_number_that_its_format_shows_as_another_is_refused(code: str) -> None:
    assert _formatted(code, 845) == ("V-01", "format")


@pytest.mark.parametrize(
    "code", ["yyyy/m/d", "[$-804]aaaa;@", "e", "[h]", "[mm]", "上午/下午h", 'yyyy"General"', "h:mm"]
)
def test_a_number_that_is_shown_as_a_date_is_refused(code: str) -> None:
    assert _formatted(code, 845) == ("V-01", "date")


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "0",
        "0_ ",
        "#,##0",
        "#,##0_);[Red]\\(#,##0\\)",
        "#,##0_);(#,##0)",
        '_-* #,##0_-;-* #,##0_-;_-* "-"_-',
        "# ?/?",
        "*-0",
        '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
        '0"件"',
        "@",
    ],
)
def test_a_number_shown_as_it_is_is_read(code: str) -> None:
    assert _formatted(code, 845) is None


@pytest.mark.parametrize(
    ("code", "refused"), [("0;-0;;@", False), ('0;-0;"无"', True), ('[=0]"-";0', False), ("0;-0;1", True)]
)
def test_a_zero_may_show_as_a_dash_or_as_nothing_but_not_as_a_word(code: str, refused: bool) -> None:
    assert bool(_formatted(code, 0)) == refused


@pytest.mark.parametrize(
    ("look", "refused"),
    [
        ({"font": Font(strike=True)}, True),
        ({"font": Font(vertAlign="superscript")}, True),
        ({"font": Font(sz=1)}, True),
        ({"font": Font(color="FFFFFFFF")}, True),
        ({"font": Font(color=Color(theme=0))}, True),
        ({"font": Font(color="FFFFFFFF"), "fill": PatternFill("solid", fgColor="FFFEFEFE")}, True),
        ({"font": Font(color="FFFFFFFF"), "fill": PatternFill("solid", fgColor="FF1F3864")}, False),
        ({"font": Font(bold=True, color="FFFF0000", strike=False)}, False),
    ],
)
def test_a_number_that_is_struck_through_or_not_to_be_seen_is_refused(
    look: dict[str, Font | PatternFill], refused: bool
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(sample_report())))
    for name, value in look.items():
        setattr(book["二 主动公开"]["B13"], name, value)
    stream = io.BytesIO()
    book.save(stream)

    reading = read_report(stream.getvalue())

    own = [(finding.rule, finding.case) for finding in reading.findings if PENALTY in finding.ids]
    assert own == ([("V-01", "format")] if refused else [])


@pytest.mark.parametrize("look", ["<strike/>", '<vertAlign val="superscript"/>'])
def test_digits_of_which_some_are_struck_through_or_raised_are_no_number(look: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(sample_report())))
    book["二 主动公开"]["B13"] = "MIXED"
    stream = io.BytesIO()
    book.save(stream)
    mixed = f"<si><r><t>84</t></r><r><rPr>{look}</rPr><t>5</t></r></si>".encode()
    new = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(new, "w") as changed:
        for name in old.namelist():
            changed.writestr(name, re.sub(rb"<si><t[^>]*>MIXED</t></si>", mixed, old.read(name)))

    reading = read_report(new.getvalue())

    assert [(f.rule, f.case) for f in reading.findings if PENALTY in f.ids] == [("V-01", "")]


def test_two_values_in_one_cell_and_an_element_within_a_number_are_refused() -> None:
    for change in (b'<c r="B13"><v>12</v><is><t>21</t></is></c>', b'<c r="B13"><v>1<x>9</x>2</v></c>'):
        assert read_report(_with(change)).report is None


def test_a_number_is_what_a_spreadsheet_shows_of_it() -> None:
    report = read_report(_with(b'<c r="B13"><v>845.00000000000011</v></c>')).report

    assert report is not None
    assert report[PENALTY] == 845


def _formatted(code: str, value: int) -> tuple[str, str] | None:
    """The finding on the penalties, entered with this number format; they are read where there is none."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(sample_report())))
    cell = book["二 主动公开"]["B13"]
    cell.value, cell.number_format = value, code
    stream = io.BytesIO()
    book.save(stream)
    reading = read_report(stream.getvalue())
    assert reading.report is not None
    own = [(finding.rule, finding.case) for finding in check(reading) if PENALTY in finding.ids]
    cells = reading.report.form.cells
    assert (cells[PENALTY] in reading.report.values) == (not own)
    return own[0] if own else None


def test_a_copy_of_a_narrative_with_other_words_leaves_it_open_which_counts() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(sample_report())))
    copied = book.copy_worksheet(book["一 总体情况"])
    book.move_sheet(copied, -9)
    copied["B8"] = "旧稿"
    stream = io.BytesIO()
    book.save(stream)

    reading = read_report(stream.getvalue())

    assert reading.report is not None
    assert reading.report.narratives["s1"] == ""
    assert ("W-04", "twice") in {(finding.rule, finding.case) for finding in reading.findings}


def test_input_cells_merged_are_refused_also_where_names_are_lost() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(sample_report())))
    for name in [name for name in book.defined_names if name.startswith("t3")]:
        del book.defined_names[name]
    book["三 收到和处理申请"].merge_cells("D7:D8")
    stream = io.BytesIO()
    book.save(stream)

    reading = read_report(stream.getvalue())

    assert reading.report is not None
    stated = {cell.id for cell in reading.report.values}
    assert stated.isdisjoint({"t3.received.natural", "t3.carried_in.natural"})
    assert ("W-04", "merged") in {(finding.rule, finding.case) for finding in reading.findings}


def test_modules_that_lie_among_the_files_are_not_run(wb_tool: WbTool, tmp_path: Path) -> None:
    (tmp_path / "pickle.py").write_text('open("ran", "w").write("x")\nraise SystemExit\n')
    (tmp_path / "a.xlsx").write_bytes(workbook_bytes(sample_report()))
    command = [str(Path(sys.executable).with_name("wb-tool")), "check", "--isolate", "a.xlsx"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "ran").exists()


def test_a_name_that_is_empty_and_a_loop_of_links_are_refused(wb_tool: WbTool, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook_bytes(sample_report()))
    (tmp_path / "loop").symlink_to("loop")

    assert wb_tool("check", "").returncode == 2
    assert wb_tool("export", "a.xlsx", "-o", "loop").returncode == 2


def test_a_dangling_link_in_a_folder_is_a_finding(wb_tool: WbTool, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.xlsx").write_bytes(workbook_bytes(sample_report()))
    (folder / "gone.xlsx").symlink_to("nowhere.xlsx")

    done = wb_tool("check", "in")

    assert done.returncode == 1
    assert "读不出 1" in done.stdout
