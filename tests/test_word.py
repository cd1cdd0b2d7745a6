"""The report as a Word document and as PDF: it reads back the same, and looks as official documents do."""

# ruff: noqa: SLF001  # python-docx has some things only as XML

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from lxml import etree

from tests.conftest import WbTool
from tests.editing import sample_report
from tests.strategies import reports
from tests.word import part
from workbook_tool import Report, WorkbookToolError, render
from workbook_tool.forms import editions, form
from workbook_tool.sources import read_report

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ORDER = {
    "pPr": "pStyle keepNext keepLines widowControl numPr spacing ind jc rPr outlineLvl",
    "rPr": "rStyle rFonts b sz szCs lang",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "tcW gridSpan vMerge vAlign",
    "trPr": "cantSplit trHeight tblHeader",
    "sectPr": "headerReference footerReference type pgSz pgMar cols docGrid",
    "style": "name basedOn next uiPriority semiHidden qFormat pPr rPr tblPr",
    "font": "altName charset family pitch",
    "settings": "zoom defaultTabStop characterSpacingControl compat themeFontLang"
    " decimalSymbol listSeparator",
    "tbl": "tblPr tblGrid tr",
    "tr": "trPr tc",
    "tc": "tcPr p",
    "p": "pPr r fldSimple",
    "r": "rPr t tab br",
}
"""The children that our elements have, in the order of the schema (ECMA-376, wml.xsd)."""


def _sample(edition: str = "2021") -> Report:
    """The sample report as it is printed: without what only a workbook has."""
    report = sample_report(edition, form(edition).last_year or form(edition).first_year)
    return replace(report, cover={}, explanations=())


@settings(max_examples=40, deadline=None)
@given(reports())
def test_a_document_gives_its_report_back(report: Report) -> None:
    reading = read_report(render(report, "docx"))

    assert reading.report == report
    assert reading.findings == ()


@pytest.mark.parametrize("edition", editions())
def test_a_draft_says_so_and_reads_back_the_same(edition: str) -> None:
    report = _sample(edition)

    drafts = {name: render(report, name, draft=True) for name in ("txt", "md", "docx")}

    assert "草稿" in part(bytes(drafts["docx"]), "word/header1.xml")  # type: ignore[arg-type]
    for draft in drafts.values():
        data = draft.encode() if isinstance(draft, str) else draft
        assert read_report(data).report == report
        assert not isinstance(draft, str) or draft.startswith("草稿")


def test_the_same_report_makes_the_same_bytes() -> None:
    first = render(_sample(), "docx")

    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(2021, 9, 29, 0, 0, 0)}
        assert not [name for name in archive.namelist() if "thumbnail" in name or "customXml" in name]
    assert render(_sample(), "docx") == first


@pytest.mark.parametrize("edition", editions())
def test_every_element_stands_where_the_schema_has_it(edition: str) -> None:
    data = render(_sample(edition), "docx", draft=True)

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [name for name in archive.namelist() if name.startswith("word/") and name.endswith(".xml")]
        roots = [etree.fromstring(archive.read(name)) for name in parts]
    assert len(parts) >= 6
    for element in (element for root in roots for element in root.iter(f"{W}*")):
        order = ORDER.get(str(element.tag).removeprefix(W))
        if order:
            places = [order.split().index(str(child.tag).removeprefix(W)) for child in element]
            repeats = element.tag in {f"{W}p", f"{W}r"}  # runs and fields follow each other as they come
            assert repeats or places == sorted(places), (element.tag, [child.tag for child in element])


def test_the_page_is_that_of_official_documents() -> None:
    document = docx.Document(io.BytesIO(render(_sample(), "docx")))

    page = document.sections[0]
    lengths = (page.page_width, page.page_height, page.top_margin, page.bottom_margin, page.left_margin)
    assert [round(length.mm) for length in lengths if length] == [210, 297, 37, 35, 28]
    assert round(page.right_margin.mm) == 26 if page.right_margin else False
    styles = {paragraph.style.name for paragraph in document.paragraphs if paragraph.style}
    assert styles == {"Title", "Body Text", "Heading 1"}
    fonts = {"Title": "方正小标宋简体", "Heading 1": "黑体", "Heading 2": "楷体_GB2312"}
    for name, font in fonts.items():
        element = document.styles[name].element
        assert element.find(f".//{W}rFonts").get(f"{W}eastAsia") == font
        assert f'"{font}"' in part(render(_sample(), "docx"), "word/fontTable.xml")
    assert "PAGE" in page.footer._element.xml
    assert document.core_properties.title == render(_sample()).split("\n", 1)[0]
    assert document.core_properties.author == _sample().agency


@pytest.mark.parametrize("edition", editions())
def test_the_tables_have_merged_cells_and_repeated_headers(edition: str) -> None:
    document = docx.Document(io.BytesIO(render(_sample(edition), "docx")))

    assert len(document.tables) == 3
    disclosure, requests, disputes = document.tables
    repeated = [len(table._tbl.findall(f".//{W}tblHeader")) for table in document.tables]
    assert repeated == [0, 3, 3]
    assert requests.cell(5, 0)._tc is requests.cell(20, 0)._tc
    assert disputes.cell(0, 5).text == disputes.cell(0, 14).text == "行政诉讼"
    assert disclosure.cell(0, 0)._tc is disclosure.cell(0, 3)._tc
    rows = [row._tr for table in document.tables for row in table.rows]
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
    assert all(table._tbl.tblPr.find(f"{W}tblCaption") is not None for table in document.tables)


def test_second_headings_are_headings_or_begin_their_paragraphs() -> None:
    text = "（一）主动公开情况\n公开信息3条。\n(二)依申请公开。收到申请12件。\n（三）没有写完的句子，"
    report = _sample()
    report = replace(report, narratives={**report.narratives, "s1": text})

    document = docx.Document(io.BytesIO(render(report, "docx")))

    found = {paragraph.text: paragraph for paragraph in document.paragraphs}
    styles = [found[line].style.name for line in text.split("\n")]  # type: ignore[union-attr]
    assert styles == ["Heading 2", "Body Text", "Body Text", "Body Text"]
    runs = found["(二)依申请公开。收到申请12件。"].runs
    assert [(run.text, run.style.name) for run in runs] == [
        ("(二)依申请公开。", "Lead In"),
        ("收到申请12件。", "Default Paragraph Font"),
    ]


def test_what_is_unknown_is_a_dash_and_what_xml_cannot_hold_is_left_out() -> None:
    report = _sample()
    cell = report.form.cells["t2.penalty.decisions"]
    values = {known: figure for known, figure in report.values.items() if known is not cell}
    report = replace(
        report, values=values, narratives={**report.narratives, "s6": "无\x0b<其他> & “事项”\ufffe"}
    )

    document = docx.Document(io.BytesIO(render(report, "docx")))

    assert document.tables[0].cell(9, 1).text == "—"
    assert document.paragraphs[-1].text == "无<其他> & “事项”"


def test_errors_keep_a_report_back_unless_it_is_a_draft(wb_tool: WbTool, tmp_path: Path) -> None:
    text = render(_sample())
    wrong = re.sub(r"(一、本年新收[^|]*\| )\d+", r"\g<1>999", text)
    assert wrong != text
    (tmp_path / "wrong.txt").write_text(wrong, encoding="utf-8")

    kept = wb_tool("report", "wrong.txt", "-f", "docx", "-o", "a.docx")
    drafted = wb_tool("report", "wrong.txt", "-f", "docx", "-o", "a.docx", "--draft")

    assert kept.returncode == 1
    assert kept.stdout == ""
    assert "T3-02" in kept.stderr
    assert "--draft" in kept.stderr
    assert drafted.returncode == 0
    data = (tmp_path / "a.docx").read_bytes()
    assert "草稿" in part(data, "word/header1.xml")
    assert wb_tool("report", "wrong.txt").stdout == ""
    assert wb_tool("report", "wrong.txt", "--draft").stdout.startswith("草稿")


def test_a_document_goes_to_standard_output(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(render(_sample()), encoding="utf-8")

    done = subprocess.run(
        ["sh", "-c", '"$0" -m workbook_tool report a.txt -f docx > a.docx', sys.executable],
        cwd=tmp_path,
        check=False,
    )

    assert done.returncode == 0
    assert read_report((tmp_path / "a.docx").read_bytes()).report == _sample()


def test_without_libreoffice_a_pdf_is_told_to_be_impossible(
    wb_tool: WbTool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text(render(_sample()), encoding="utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))

    done = wb_tool("report", "a.txt", "-f", "pdf", "-o", "a.pdf")

    assert done.returncode == 2
    assert "LibreOffice" in done.stderr
    assert not (tmp_path / "a.pdf").exists()
    with pytest.raises(WorkbookToolError, match="LibreOffice"):
        render(_sample(), "pdf")


@pytest.mark.office
@pytest.mark.parametrize("edition", editions())
def test_the_pdf_has_its_fonts_and_says_draft_on_every_page(edition: str, tmp_path: Path) -> None:
    report = _sample(edition)
    path = tmp_path / "a.pdf"
    path.write_bytes(render(report, "pdf", draft=True))

    pages = _said("pdftotext", "-layout", str(path), "-").split("\f")[:-1]
    fonts = [line.split() for line in _said("pdffonts", str(path)).splitlines()[2:]]

    assert 3 <= len(pages) <= 6
    assert all("草稿" in page for page in pages)
    assert [re.findall(r"—\s*(\d+)\s*—", page)[-1] for page in pages] == [
        str(n + 1) for n in range(len(pages))
    ]
    assert fonts
    assert all(font[-5] == "yes" for font in fonts), "embedded"
    for heading in (section.heading for section in report.form.tabled):
        page = next(page for page in pages if heading in page)
        assert page.rstrip().count("\n") > page[: page.index(heading)].count("\n") + 3, "with its table"
    (page,) = [page for page in pages if "结转下年度继续办理" in page]
    assert "自然人" in page, "table three stands on one page"


@pytest.mark.office
@pytest.mark.parametrize("edition", editions())
def test_libreoffice_opens_the_document_and_keeps_every_figure(edition: str, tmp_path: Path) -> None:
    report = _sample(edition)
    (tmp_path / "a.docx").write_bytes(render(report, "docx"))
    for target in ("odt", "docx:MS Word 2007 XML"):
        source = "a.docx" if target == "odt" else "out/a.odt"
        profile = (tmp_path / "profile").as_uri()
        command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", target]
        subprocess.run([*command, "--outdir", "out", source], cwd=tmp_path, capture_output=True, check=True)

    reading = read_report((tmp_path / "out" / "a.docx").read_bytes())

    assert reading.report == report
    assert reading.findings == ()


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()
