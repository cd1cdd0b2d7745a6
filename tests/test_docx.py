"""Word documents as offices have them: each is read as one sees it, or refused with words that say why."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.editing import sample_report
from tests.test_hostile import LAUGHS, PROBE
from tests.word import changed, part, with_lists, zipped
from workbook_tool import Report, render
from workbook_tool.report import Reading
from workbook_tool.sources import read_report

REPORT = replace(sample_report(), cover={}, explanations=())
RECEIVED = ("一、本年新收政府信息公开申请数量", "t3.received.natural")
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RUN = "<w:r><w:t>{}</w:t></w:r>"


def _figure(text: str, label: str, edit: Callable[[str], str]) -> str:
    """The XML with the first figure after `label` edited: the paragraph's runs."""
    at = text.index(label)
    cell = text.index("<w:tc>", at)
    start = text.index("</w:pPr>", cell) + len("</w:pPr>")
    end = text.index("</w:p>", start)
    return text[:start] + edit(text[start:end]) + text[end:]


def _with_figure(edit: Callable[[str], str]) -> Reading:
    return read_report(changed(REPORT, lambda text: _figure(text, RECEIVED[0], edit)))


def _run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


SEEN_AS_BEFORE = {
    "a deleted figure": lambda run: f'<w:del w:id="1"><w:r><w:delText>99</w:delText></w:r></w:del>{run}',
    "deleted with its text": lambda run: f'<w:del w:id="1">{_run("99")}</w:del>{run}',
    "inserted": lambda run: f'<w:ins w:id="1">{run}</w:ins>',
    "moved away": lambda run: f'<w:moveFrom w:id="1">{_run("99")}</w:moveFrom>{run}',
    "moved here": lambda run: f'<w:moveTo w:id="1">{run}</w:moveTo>',
    "hidden": lambda run: _run("99", "<w:vanish/>") + run,
    "not hidden after all": lambda run: run.replace("<w:r>", '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr>'),
    "a control": lambda run: f"<w:sdt><w:sdtPr/><w:sdtContent>{run}</w:sdtContent></w:sdt>",
    "a smart tag": lambda run: f'<w:smartTag w:element="x">{run}</w:smartTag>',
    "a simple field": lambda run: f'<w:fldSimple w:instr=" =SUM(B2:B3) ">{run}</w:fldSimple>',
    "a field": lambda run: (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> =1+1 </w:instrText></w:r>'
        f'{_run("99")}<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    ),
    "split into runs": lambda run: "".join(_run(digit) for digit in re.sub("<[^>]+>", "", run)),
    "white on dark": lambda run: run.replace(
        "<w:r>", '<w:r><w:rPr><w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="1F3864"/></w:rPr>'
    ),
    "the mark of a note": lambda run: f'{run}<w:r><w:footnoteReference w:id="1"/></w:r>',
    "what no program understands": lambda run: (
        '<mc:AlternateContent><mc:Choice Requires="zzz"><w:r><w:t>99</w:t></w:r></mc:Choice>'
        f"<mc:Fallback>{run}</mc:Fallback></mc:AlternateContent>"
    ),
    "spaces around": lambda run: f"<w:r><w:tab/></w:r>{run}<w:r><w:t xml:space='preserve'>　</w:t></w:r>",
    "another paragraph that is empty": lambda run: f"{run}</w:p><w:p>",
    "a text box that is there twice": lambda run: (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>"
        f"<w:p>{run}</w:p></w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
        f"<w:txbxContent><w:p>{run}</w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    ),
}


@pytest.mark.parametrize("name", SEEN_AS_BEFORE)
def test_what_is_not_seen_is_not_read(name: str) -> None:
    reading = _with_figure(SEEN_AS_BEFORE[name])

    assert reading.report == REPORT
    assert reading.findings == ()


UNCERTAIN = {
    "a mark of a note": lambda run: run + _run("1", '<w:vertAlign w:val="superscript"/>'),
    "struck through by hand": lambda run: _run("9", "<w:strike/>") + run,
    "two figures, one below the other": lambda run: f"{run}<w:r><w:br/></w:r>{run}",
    "two paragraphs of figures": lambda run: f"{run}</w:p><w:p>{run}",
    "two figures with a tab between": lambda run: f"{run}<w:r><w:tab/></w:r>{run}",
    "a symbol": lambda run: f'{run}<w:r><w:sym w:font="Wingdings" w:char="F081"/></w:r>',
    "a chart": lambda _: f"<w:r><w:drawing><c:chart xmlns:c='{CHART}'/></w:drawing></w:r>",
    "white beside black": lambda run: run + _run("5", '<w:color w:val="FFFFFF"/>'),
    "white alone": lambda run: run.replace("<w:r>", '<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr>'),
    "pale alone": lambda run: run.replace("<w:r>", '<w:r><w:rPr><w:color w:val="F2F2F2"/></w:rPr>'),
    "in the colour of the page": lambda run: run.replace(
        "<w:r>", '<w:r><w:rPr><w:color w:val="auto" w:themeColor="background1"/></w:rPr>'
    ),
    "tiny": lambda run: run.replace("<w:r>", '<w:r><w:rPr><w:sz w:val="2"/></w:rPr>'),
    "in lines without height": lambda run: (
        '</w:p><w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr>' + run
    ),
    "another document": lambda _: '</w:p><w:altChunk r:id="rId9"/><w:p>',
    "a choice in a form": lambda _: (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> FORM</w:instrText></w:r>'
        '<w:r><w:instrText>DROPDOWN </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    ),
    "a field that draws by itself": lambda run: f'<w:fldSimple w:instr=" EQ \\o(○,5)">{run}</w:fldSimple>',
    "a text box that may stand elsewhere": lambda run: (
        "<w:r><w:drawing><wp:anchor><wps:txbx><w:txbxContent>"
        f"<w:p>{run}</w:p></w:txbxContent></wps:txbx></wp:anchor></w:drawing></w:r>"
    ),
    "raised by hand": lambda run: run + _run("5", '<w:position w:val="6"/>'),
    "in a font of pictures": lambda run: run + _run("2", '<w:rFonts w:ascii="Wingdings 2"/>'),
    "digits from right to left": lambda run: f'<w:bdo w:val="rtl">{run}</w:bdo>',
    "a fraction": lambda run: f"<m:f xmlns:m='{MATH}'><m:num>{run}</m:num><m:den>{run}</m:den></m:f>",
    "a field that draws": lambda run: (
        f'{run}<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        "<w:r><w:instrText> eq \\o(○,5)</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    ),
    "a field without an end": lambda run: f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{run}',
    "a picture": lambda _: "<w:r><w:drawing><a:blip/></w:drawing></w:r>",
}


@pytest.mark.parametrize("name", UNCERTAIN)
def test_what_is_not_certain_is_left_out_and_told(name: str) -> None:
    reading = _with_figure(UNCERTAIN[name])

    assert reading.report is not None
    cell = reading.report.form.cells[RECEIVED[1]]
    assert cell not in reading.report.values
    assert [ids for finding in reading.findings for ids in finding.ids] == [cell.id]
    others = {known: figure for known, figure in REPORT.values.items() if known is not cell}
    assert dict(reading.report.values) == others


@pytest.mark.parametrize("text", ["%1", "%1.", "%1、"])
@pytest.mark.parametrize("is_blank", [False, True])
def test_the_number_that_word_sets_before_a_figure_makes_no_other_figure(text: str, is_blank: bool) -> None:
    def number(xml: str) -> str:
        at = xml.index("<w:pPr>", xml.index("<w:tc>", xml.index(RECEIVED[0]))) + len("<w:pPr>")
        counted = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>'
        xml = xml[:at] + counted + xml[at:]
        return _figure(xml, RECEIVED[0], lambda _: "") if is_blank else xml

    reading = read_report(with_lists(REPORT, number, ("decimal", text)))

    assert reading.report is not None
    cells = {cell.id: figure for cell, figure in reading.report.values.items()}
    assert cells.get(RECEIVED[1], "refused") == (1 if is_blank and text == "%1" else "refused")


@pytest.mark.parametrize(
    "properties",
    ['<w:trHeight w:val="15" w:hRule="exact"/>', '<w:trHeight w:hRule="exact" w:val="1"/><w:cantSplit/>'],
)
def test_a_row_without_height_gives_no_figures(properties: str) -> None:
    def flatten(text: str) -> str:
        start = text.rindex("<w:trPr>", 0, text.index(RECEIVED[0]))
        end = text.index("</w:trPr>", start)
        return text[:start] + "<w:trPr>" + properties + text[end:]

    report = read_report(changed(REPORT, flatten)).report

    assert report is not None
    lost = {cell.id for cell in REPORT.values} - {cell.id for cell in report.values}
    assert lost == {cell.id for cell in REPORT.values if cell.id.startswith("t3.received.")}


def test_a_figure_whose_style_is_white_is_left_out() -> None:
    style = '<w:style w:type="character" w:styleId="Pale"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>'
    styles = part(render(REPORT, "docx"), "word/styles.xml").replace("</w:styles>", f"{style}</w:styles>")
    data = changed(
        REPORT,
        lambda text: _figure(text, RECEIVED[0], lambda _: _run("12", '<w:rStyle w:val="Pale"/>')),
        {"word/styles.xml": styles},
    )

    report = read_report(data).report

    assert report is not None
    assert {cell.id for cell in REPORT.values} - {cell.id for cell in report.values} == {RECEIVED[1]}


def test_a_figure_over_two_columns_is_neither() -> None:
    def merge(text: str) -> str:
        at = text.index("<w:tc>", text.index(RECEIVED[0]))
        end = text.index("</w:tc>", at) + len("</w:tc>")
        after = text.index("</w:tc>", end) + len("</w:tc>")
        one = text[at:end].replace("<w:vAlign", '<w:gridSpan w:val="2"/><w:vAlign')
        return text[:at] + one + text[after:]

    reading = read_report(changed(REPORT, merge))

    assert reading.report is not None
    read = {cell.id for cell in reading.report.values if cell.id.startswith("t3.received")}
    assert not read
    assert {finding.rule for finding in reading.findings} == {"W-03"}


def test_a_figure_over_two_rows_is_neither() -> None:
    def merge(text: str) -> str:
        for label, how in ((RECEIVED[0], '<w:vMerge w:val="restart"/>'), ("二、上年结转", "<w:vMerge/>")):
            at = text.index("<w:tc>", text.index(label))
            mark = text.index("<w:vAlign", at)
            text = text[:mark] + how + text[mark:]
        return text

    reading = read_report(changed(REPORT, merge))

    assert reading.report is not None
    pair = {"t3.received.natural", "t3.carried_in.natural"}
    assert not pair & {cell.id for cell in reading.report.values}
    assert {finding.rule for finding in reading.findings} == {"W-03"}


def test_rows_that_are_deleted_or_hidden_are_not_there() -> None:
    def double(text: str) -> str:
        start = text.rindex("<w:tr>", 0, text.index(RECEIVED[0]))
        end = text.index("</w:tr>", start) + len("</w:tr>")
        copy = text[start:end].replace(">12<", ">77<")
        gone = copy.replace("<w:trPr>", '<w:trPr><w:del w:id="9"/>')
        hidden = copy.replace("<w:trPr>", "<w:trPr><w:hidden/>")
        return text[:start] + gone + hidden + text[start:]

    reading = read_report(changed(REPORT, double))

    assert reading.report == REPORT
    assert reading.findings == ()


def test_headings_and_labels_that_word_numbers_by_itself_have_their_numbers() -> None:
    def number(text: str) -> str:
        for section in REPORT.form.sections:
            text = text.replace(f"<w:t>{section.heading}</w:t>", f"<w:t>{section.title}</w:t>")
        auto = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>'
        return text.replace('<w:pStyle w:val="Heading1"/>', f'<w:pStyle w:val="Heading1"/>{auto}')

    for form in ("chineseCounting", "japaneseCounting", "chineseCountingThousand", "ideographDigital"):
        reading = read_report(with_lists(REPORT, number, (form, "%1、"), ("decimal", "%2.")))
        assert reading.report == REPORT
        assert reading.findings == ()


def test_a_document_in_a_frame_of_tables_is_unfolded() -> None:
    def frame(text: str) -> str:
        body, end = text.index("<w:body>") + len("<w:body>"), text.index("<w:sectPr")
        menu = "<w:tc><w:p><w:r><w:t>栏目导航</w:t></w:r></w:p></w:tc>"
        inner = f"<w:tbl><w:tr>{menu}<w:tc>{text[body:end]}<w:p/></w:tc></w:tr></w:tbl>"
        outer = f"<w:tbl><w:tr><w:tc><w:p/>{inner}<w:p/></w:tc></w:tr></w:tbl><w:p/>"
        return text[:body] + outer + text[end:]

    reading = read_report(changed(REPORT, frame))

    assert reading.report is not None
    assert reading.report.values == REPORT.values
    assert reading.report.narratives == REPORT.narratives
    assert reading.report.agency == REPORT.agency


def test_a_table_in_controls_and_set_in_by_grid_columns_is_read() -> None:
    def wrap(text: str) -> str:
        text = text.replace("<w:tbl>", "<w:sdt><w:sdtContent><w:tbl>")
        text = text.replace("</w:tbl>", "</w:tbl></w:sdtContent></w:sdt>")
        return text.replace("<w:trPr>", '<w:trPr><w:gridBefore w:val="1"/><w:gridAfter w:val="2"/>')

    assert read_report(changed(REPORT, wrap)).report == REPORT


def test_a_paragraph_whose_end_is_deleted_goes_on_in_the_next() -> None:
    words = REPORT.narratives["s6"].split("\n")[0]

    def split(text: str) -> str:
        at = text.index(words)
        start = text.rindex("<w:p>", 0, at)
        end = text.index("</w:p>", at) + len("</w:p>")
        first = f'<w:p><w:pPr><w:rPr><w:del w:id="3"/></w:rPr></w:pPr>{RUN.format(words[:5])}</w:p>'
        return text[:start] + first + f"<w:p>{RUN.format(words[5:])}</w:p>" + text[end:]

    assert read_report(changed(REPORT, split)).report == REPORT


def test_the_title_printed_goes_before_the_one_among_the_properties() -> None:
    stale = REPORT.agency + "2019年政府信息公开工作年度报告"
    data = render(REPORT, "docx")
    core = re.sub("<dc:title>[^<]*", f"<dc:title>{stale}", part(data, "docProps/core.xml"))
    without = (
        part(data)
        .replace('<w:pStyle w:val="Title"/>', "<w:rPr/><w:vanish/>")
        .replace("2025年政府信息公开工作年度报告", "")
    )
    untitled = re.sub(r'<w:p><w:pPr><w:pStyle w:val="Title"/>.*?</w:p>', "", part(data), flags=re.DOTALL)

    printed = read_report(zipped(data, {"docProps/core.xml": core}))
    named = read_report(zipped(data, {"word/document.xml": untitled}))

    assert without != untitled != part(data)
    assert printed.report == REPORT
    assert named.report == REPORT


def test_pictures_alone_are_refused_in_words_that_say_so() -> None:
    body = "<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>" * 3

    def scan(text: str) -> str:
        start, end = text.index("<w:body>") + len("<w:body>"), text.index("<w:sectPr")
        return text[:start] + body + text[end:]

    reading = read_report(changed(REPORT, scan))

    assert reading.report is None
    assert [(finding.rule, finding.case) for finding in reading.findings] == [("W-01", "picture_tables")]
    assert "图片" in reading.findings[0].message()


def test_a_document_that_is_no_report_and_one_in_the_strict_form() -> None:
    empty = changed(
        REPORT, lambda text: re.sub(r"(<w:body>).*(<w:sectPr)", r"\1<w:p/>\2", text, flags=re.DOTALL)
    )
    strict = changed(
        REPORT,
        lambda text: text.replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        ),
    )

    assert [finding.case for finding in read_report(empty).findings] == ["no_report"]
    assert read_report(strict).report == REPORT


@pytest.mark.parametrize(
    "data",
    [b"{\\rtf1 x}", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 120 + "WordDocument".encode("utf-16-le")],
)
def test_old_formats_are_refused_clearly(data: bytes) -> None:
    data = data.ljust(128 + 64, b"\0") + (26).to_bytes(2, "little") + b"\x02"

    (finding,) = read_report(data).findings

    assert finding.case == "word"
    assert ".docx" in finding.fix()


def _body(content: str) -> bytes:
    return changed(REPORT, lambda text: text.replace("<w:body>", f"<w:body>{content}"))


def _doctype(text: str) -> str:
    head, _, rest = text.partition("?>")
    return f"{head}?>{LAUGHS}{rest}"


CELLS = "<w:tc><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"
DEEP = 10_000
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "entities": (lambda: changed(REPORT, _doctype), "unsafe"),
    "nested tables": (
        lambda: _body("<w:tbl><w:tr><w:tc>" * DEEP + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * DEEP),
        "truncated",
    ),
    "nested runs": (
        lambda: _body("<w:p>" + "<w:ins>" * DEEP + "</w:ins>" * DEEP + "</w:p>"),
        "truncated",
    ),
    "a span": (
        lambda: _body(
            f'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000000"/></w:tcPr><w:p/></w:tc>{CELLS}'
        ),
        "unsafe",
    ),
    "columns before": (
        lambda: _body(f'<w:tbl><w:tr><w:trPr><w:gridBefore w:val="999999999"/></w:trPr>{CELLS}'),
        "unsafe",
    ),
    "a zip bomb": (
        lambda: zipped(render(REPORT, "docx"), {"word/media/x.png": " " * (80 << 20)}),
        "unsafe",
    ),
    "a document inflated a thousandfold": (lambda: _body(" " * (30 << 20)), "unsafe"),
    "very many paragraphs": (
        lambda: _body("".join(f"<w:p w:a='{n}'/>{RUN.format(n)}" for n in range(150_000))),
        "",
    ),
    "very many styles, each based on the next": (
        lambda: changed(
            REPORT,
            lambda text: text.replace(
                "<w:body>",
                "<w:body>"
                + "".join(f'<w:p><w:pPr><w:pStyle w:val="s{n}"/></w:pPr></w:p>' for n in range(60_000)),
            ),
            {
                "word/styles.xml": f'<w:styles xmlns:w="{WORD}">'
                + "".join(
                    f'<w:style w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/><w:name w:val="{n}"/></w:style>'
                    for n in range(60_000)
                )
                + "</w:styles>"
            },
        ),
        "unsafe",
    ),
    "very many lines": (
        lambda: _body("".join(f"<w:p>{RUN.format(n)}</w:p>" for n in range(60_000))),
        "unsafe",
    ),
    "very many rows": (
        lambda: _body(
            "<w:tbl>"
            + "".join(f"<w:tr><w:tc><w:p>{RUN.format(n)}</w:p></w:tc><w:tc/></w:tr>" for n in range(5_800))
            + "</w:tbl>"
        ),
        "",
    ),
    "a wide table": (
        lambda: _body(
            "<w:tbl>"
            + "".join(
                "<w:tr>"
                + "".join(f"<w:tc><w:p>{RUN.format(f'其他{n}')}</w:p></w:tc>" for n in range(190))
                + "</w:tr>"
                for _ in range(600)
            )
            + "</w:tbl>"
        ),
        "",
    ),
    "not well-formed": (lambda: _body("<w:p>"), "truncated"),
    "no document": (lambda: zipped(render(REPORT, "docx"), {"word/document.xml": ""}), "truncated"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_met_at_once(name: str, tmp_path: Path) -> None:
    make, case = HOSTILE[name]
    path = tmp_path / "hostile.docx"
    path.write_bytes(make())

    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(path)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    findings, seconds, peak = json.loads(done.stdout)
    assert not case or [finding[:2] for finding in findings] == [["W-01", case]], findings[:3]
    assert seconds < 5, "far above what it takes"
    assert peak < 500, f"{peak:.0f} MiB"
    print(f"{name}: {seconds:.2f} s, {peak:.0f} MiB")


def test_where_a_figure_stands_is_said() -> None:
    report: Report | None = read_report(render(REPORT, "docx")).report

    assert report is not None
    place = report.place(report.form.cells[RECEIVED[1]])
    assert place.source.zh == "第 2 张表第 4 行"
    assert place.source.en == "table 2, row 4"
