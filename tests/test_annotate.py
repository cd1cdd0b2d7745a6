"""The annotated copy: findings marked in the unit's workbook, explained there, mended there, gone."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from tests import office
from tests.conftest import WbTool
from tests.editing import Step, edited, sample_report
from tests.texts import WITHOUT_FIGURES, with_texts
from workbook_tool import Finding, check, open_report
from workbook_tool.excel.build import annotated_bytes
from workbook_tool.sources import read_report

RESULTS = "检查结果"
TABLE_2, TABLE_3, TABLE_4 = "二 主动公开", "三 收到和处理申请", "四 复议和诉讼"
EIGHT: list[Step] = [
    {"type": 21, "into": "t3.received.natural"},
    {"type": "约3件", "into": "t2.licensing.decisions"},
    {"text": "251000元", "into": "t2.fees.amount"},
    {"type": 5, "into": "t2.normative_documents.issued"},
    {"type": -1, "into": "t2.penalty.decisions"},
    {"clear": "t4.litigation.direct"},
    {"type": 9, "into": "t4.reconsideration.total"},
    {"type": "=2+3", "into": "t3.outcome.partial.legal.business"},
    {"write": "=1+1", "at": "B11", "on": "六 其他事项"},
]
MENDED: dict[str, dict[str, object]] = {
    TABLE_2: {"B10": 3, "B17": 0, "D7": 5, "B13": 845},
    TABLE_3: {"D7": 12, "E10": 0},
    TABLE_4: {"F7": 0, "G7": 0, "H7": 0, "I7": 0, "E7": '=IF(COUNT(A7:D7)=0;"";SUM(A7:D7))'},
}


def _told(findings: list[Finding]) -> list[tuple[str, str, str | None, str | None]]:
    return [(f.rule, f.case, f.place.cell, f.found) for f in findings]


def _content(data: bytes) -> list[Finding]:
    """What is found in a workbook, but for formulas in texts, which no copy takes over."""
    return [finding for finding in check(read_report(data)) if finding.case != "text"]


def _annotated(data: bytes, language: str = "zh") -> bytes:
    reading = read_report(data)
    assert reading.report is not None
    return annotated_bytes(reading.report, check(reading), language)


def _open(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def _comments(book: openpyxl.Workbook) -> dict[tuple[str, str], str]:
    return {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


def test_each_finding_is_listed_linked_and_marked_at_its_cell() -> None:
    data = edited(with_texts(sample_report(), s1=WITHOUT_FIGURES["s1"]), EIGHT)
    findings = list(check(read_report(data)))

    book = _open(_annotated(data))

    sheet: Any = book[RESULTS]
    assert book.sheetnames[0] == RESULTS
    rules = [row[1].value for row in sheet.iter_rows(min_row=5) if row[1].value]
    assert sorted(rules) == sorted(finding.rule for finding in findings)
    links = {row[2].hyperlink.location for row in sheet.iter_rows(min_row=5) if row[2].hyperlink}
    comments = _comments(book)
    for finding in findings:
        where = (finding.place.sheet or "", finding.place.cell or "")
        assert f"'{where[0]}'!{where[1]}" in links
        assert finding.message() in comments[where]
        assert finding.fix() in comments[where]
        marked: Any = book[where[0]][where[1]]
        assert marked.number_format.startswith(('"× "', '"! "', '"· "'))
        assert marked.border.left.style in ("thick", "mediumDashed", "hair", "dotted")
    assert len(comments) == len(findings)


def test_the_list_of_findings_is_large_enough_on_paper() -> None:
    sheet: Any = _open(_annotated(edited(sample_report(), EIGHT)))[RESULTS]

    widths = [sheet.column_dimensions[get_column_letter(n)].width for n in range(1, 12)]
    assert sum(widths) < 150, "on a page across, 10 pt are not made smaller than 7"


def test_checking_it_again_finds_the_same_and_annotating_it_again_adds_nothing() -> None:
    data = edited(sample_report(), EIGHT)

    once = _annotated(data)
    twice = _annotated(once)

    assert _told(_content(once)) == _told(_content(data))
    assert _annotated(twice) == twice
    assert len(_comments(_open(twice))) == len(_comments(_open(once))) - 1, (
        "a formula among texts is text now"
    )
    report = read_report(once).report
    assert report is not None
    assert "=1+1" in report.narratives["s6"]


def test_inputs_stay_open_and_totals_that_do_not_add_up_too() -> None:
    book: Any = _open(_annotated(edited(sample_report(), EIGHT)))

    for title, address in ((TABLE_2, "B10"), (TABLE_3, "D7"), (TABLE_4, "E7")):
        assert not book[title][address].protection.locked
    assert book[TABLE_3]["J7"].protection.locked
    assert book[TABLE_4]["J7"].protection.locked
    assert str(book[TABLE_4]["J7"].value).startswith("=")
    assert book[TABLE_2]["B10"].value == "约3件"
    assert book[TABLE_3]["E10"].value == "=2+3"
    assert book[TABLE_3]["E10"].data_type == "f" or book[TABLE_3]["E10"].quotePrefix is not None


def test_the_words_follow_the_language() -> None:
    data = edited(sample_report(), EIGHT)

    chinese, english = _open(_annotated(data)), _open(_annotated(data, "en"))

    assert _comments(chinese).keys() == _comments(english).keys()
    assert any("digits" in text for text in _comments(english).values())
    reading = read_report(_annotated(data, "en"))
    assert _told(list(check(reading))) == _told(list(check(read_report(_annotated(data)))))


def test_a_reason_written_beside_a_warning_counts_and_lapses_with_its_figures(
    wb_tool: WbTool, tmp_path: Path
) -> None:
    steps: list[Step] = [{"type": 5, "into": "t2.normative_documents.issued"}]
    (tmp_path / "a.xlsx").write_bytes(edited(sample_report(), steps))
    assert wb_tool("check", "a.xlsx", "--annotate", "out", "--strict").returncode == 1
    book: Any = _open((tmp_path / "out" / "a.xlsx").read_bytes())
    (row,) = [row for row in book[RESULTS].iter_rows(min_row=5) if row[1].value == "T2-01"]
    assert not row[9].protection.locked
    row[9].value = "文件自带有效期,年内已失效"
    book.save(tmp_path / "b.xlsx")

    explained = wb_tool("check", "b.xlsx", "--annotate", "again", "--strict")

    assert explained.returncode == 0, explained.stdout
    assert "已说明：文件自带有效期" in explained.stdout
    again = open_report(tmp_path / "again" / "b.xlsx").report
    assert again is not None
    assert [(e.rule, e.text) for e in again.explanations] == [("T2-01", "文件自带有效期,年内已失效")]
    later = edited(again, [{"type": 4, "into": "t2.normative_documents.issued"}])
    (tmp_path / "c.xlsx").write_bytes(later)
    lapsed = wb_tool("check", "c.xlsx", "--strict")
    assert lapsed.returncode == 1
    assert "说明已失效" in lapsed.stdout


def test_whose_workbook_it_is_is_not_changed_by_annotating() -> None:
    steps: list[Step] = [{"type": "别的单位", "into": "cover__agency"}]
    data = edited(sample_report(), steps)

    findings = list(check(read_report(_annotated(data))))

    assert [(f.rule, f.found) for f in findings] == [("W-10", "别的单位")]
    comment = _comments(_open(_annotated(data)))["封面", "C6"]
    assert "别的单位" in comment


def test_copies_go_under_their_names_and_never_over_a_source(wb_tool: WbTool, tmp_path: Path) -> None:
    for folder in ("in/a", "in/b"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "x.xlsx").write_bytes(edited(sample_report(), EIGHT))
    (tmp_path / "in" / "junk.xlsx").write_bytes(b"junk")

    done = wb_tool("check", "in", "--annotate", "out", "--format", "json")

    assert done.returncode == 1
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["x-2.xlsx", "x.xlsx"]
    assert "2 个" in done.stderr
    assert "x-2.xlsx ← in/b/x.xlsx" in done.stderr
    assert wb_tool("check", "in/a/x.xlsx", "-o", "in/a/x.xlsx", "--force").returncode == 2
    assert wb_tool("check", "in/a/x.xlsx", "in/a/x.xlsx", "--annotate", "new").returncode == 1
    assert wb_tool("check", "in", "--annotate", "out").returncode == 2
    assert wb_tool("check", "in", "--annotate", "out", "--force").returncode == 1
    assert wb_tool("check", "in/a/x.xlsx", "--annotate", "in/a", "--force").returncode == 2
    assert wb_tool("check", "in", "--annotate", "in/junk.xlsx").returncode == 2


def test_what_has_no_cell_is_listed_with_its_words(wb_tool: WbTool, tmp_path: Path) -> None:
    steps: list[Step] = [
        {"drop_sheet": TABLE_4},
        {"add_sheet": "附件"},
        {"write": "其中重复两件", "at": "M7", "on": TABLE_3},
    ]
    (tmp_path / "a.xlsx").write_bytes(edited(sample_report(), steps))

    wb_tool("check", "a.xlsx", "--annotate", "out")

    sheet = _open((tmp_path / "out" / "a.xlsx").read_bytes())[RESULTS]
    words = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    for told in ("附件", "其中重复两件", "四、政府信息公开行政复议、行政诉讼情况"):
        assert told in words


@pytest.mark.parametrize(
    "steps",
    [
        [{"retitle": "正文(每段一行)", "to": "内容正文"}],
        [{"copy_sheet": TABLE_3, "with": 88, "at": "D7"}],
        [{"copy_sheet": "一 总体情况", "with": "另一段", "at": "B8"}],
    ],
)
def test_no_copy_is_made_in_which_something_would_be_lost(
    steps: list[Step], wb_tool: WbTool, tmp_path: Path
) -> None:
    (tmp_path / "a.xlsx").write_bytes(edited(sample_report(), steps))

    done = wb_tool("check", "a.xlsx", "--annotate", "out")

    assert done.returncode == 1
    assert "请在原件里处理" in done.stderr
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("value", [True, False, 2025, "2025年1月"])
def test_what_is_refused_stays_refused(value: object) -> None:
    steps: list[Step] = [
        {"type": value, "into": "t2.penalty.decisions"},
        {"write": 20251231, "at": "B16", "on": "一 总体情况"},
    ]
    data = edited(sample_report(), steps)

    assert _told(list(check(read_report(_annotated(data))))) == _told(list(check(read_report(data))))


def test_paragraphs_stay_in_their_blocks() -> None:
    steps: list[Step] = [
        {"write": "全年收到申请12件。", "at": "B15", "on": "一 总体情况"},
        {"write": "网站改版完成。", "at": "B25", "on": "一 总体情况"},
    ]
    data = edited(sample_report(), [{"clear": "s1"}, *steps])

    first, again = (read_report(each).report for each in (data, _annotated(data)))

    assert first is not None
    assert again is not None
    blocks = [(p.block, p.content) for p in first.paragraphs["s1"]]
    assert len({block for block, _ in blocks}) > 1
    assert [(p.block, p.content) for p in again.paragraphs["s1"]] == blocks


def test_one_that_cannot_be_written_does_not_stop_the_others(wb_tool: WbTool, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.xlsx", "z.xlsx"):
        (folder / name).write_bytes(edited(sample_report(), EIGHT))
    text = (Path(__file__).parent.parent / "samples" / "report.txt").read_text(encoding="utf-8")
    (folder / "m.txt").write_text(
        text.replace("平台建设方面", "平台建设方面" + "很长" * 17_000), encoding="utf-8"
    )

    done = wb_tool("check", "in", "--annotate", "out", "--format", "json", "-o", "found.json")

    assert done.returncode == 2
    assert "m.txt" in done.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.xlsx", "z.xlsx"]
    assert (tmp_path / "found.json").exists()


@pytest.mark.office
def test_mended_in_an_office_program_it_passes_and_carries_no_mark(tmp_path: Path) -> None:
    marked, mended = tmp_path / "marked.xlsx", tmp_path / "mended.xlsx"
    marked.write_bytes(_annotated(edited(sample_report(), EIGHT)))

    office.work(marked, entries=MENDED, save=mended)

    assert {finding.severity for finding in check(open_report(mended))} <= {"notice"}
    clean = _open(_annotated(mended.read_bytes()))
    assert _comments(clean) == {}
    assert "没有发现问题。" in {cell.value for row in clean[RESULTS].iter_rows() for cell in row}


@pytest.mark.office
@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".ods"])
def test_through_an_office_program_findings_and_reasons_stay(ending: str, tmp_path: Path) -> None:
    report = sample_report()
    once = _annotated(edited(report, EIGHT))
    book: Any = _open(once)
    (row,) = [row for row in book[RESULTS].iter_rows(min_row=5) if row[1].value == "T2-01"]
    row[9].value = "文件自带有效期"
    first, other, back = tmp_path / "a.xlsx", tmp_path / f"b{ending}", tmp_path / "c.xlsx"
    book.save(first)
    wanted = _content(first.read_bytes())

    office.work(first, save=other)
    office.work(other, save=back)

    for path in (other, back):
        found = [f for f in _content(path.read_bytes()) if f.rule not in ("W-04", "W-08")]
        assert _told(found) == _told(wanted), path.suffix
        assert [f.explained for f in found] == [f.explained for f in wanted]
    assert "文件自带有效期" in {finding.explained for finding in wanted}
