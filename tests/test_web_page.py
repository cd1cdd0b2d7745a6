"""The report as a web page: the same when read again, for everybody, at any width, in print; and charts."""

from __future__ import annotations

import io
import re
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from matplotlib import font_manager
from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTTextContainer
from selectolax.lexbor import LexborHTMLParser

from tests.conftest import WbTool, fits_everybody
from tests.editing import sample_report
from workbook_tool.errors import WorkbookToolError
from workbook_tool.forms import Form, form, forms
from workbook_tool.renderers import DRAFT, render
from workbook_tool.renderers.charts import charts
from workbook_tool.report import Report, with_totals
from workbook_tool.resources import resource
from workbook_tool.sources import read_report

HOSTILE = """<script>window.hit = 1</script><img src=x onerror='window.hit = 1'>
"><svg onload=alert(1)> {{ 7 * 7 }}"""


def of_form(known: Form) -> Report:
    """A report in any edition or variant, no two of its figures the same."""
    values = {cell: number for number, cell in enumerate(known.cells.values(), start=1)}
    year = known.first_year
    return replace(sample_report(), form=known, year=year, values=with_totals(known, values, known.sums))


def figures(year: int, **figures: int) -> Report:
    """The sample report with these figures of table 三 (``received_natural``), all others being 0."""
    known = sample_report().form
    values = {
        cell: figures.get(cell.id.removeprefix("t3.").replace(".", "_"), 0) for cell in known.cells.values()
    }
    return replace(sample_report(), year=year, values=with_totals(known, values, known.sums))


BEFORE = figures(2024, received_natural=9, received_legal_business=14, outcome_refused_inquiry_natural=5)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A draft with everything: charts, headings in the text, a missing figure, hostile words."""
    report = sample_report()
    values = {cell: figure for cell, figure in report.values.items() if cell != "t2.fees.amount"}
    texts = {**report.narratives, "s1": f"（一）主动公开\n{report.narratives['s1']}", "s6": HOSTILE}
    report = replace(report, values=values, narratives=texts, agency=report.agency + "<b>")
    file = tmp_path / "page.html"
    file.write_text(render(report, "html", draft=True, charts=charts(report, BEFORE)), encoding="utf-8")
    return file


@pytest.mark.parametrize("fragment", [False, True])
@pytest.mark.parametrize("known", forms(), ids=str)
def test_read_again_it_is_the_same_report(known: Form, fragment: bool) -> None:
    report = of_form(known)

    reading = read_report(render(report, "html", fragment=fragment).encode())

    assert reading.report == replace(report, cover={})
    assert {finding.rule for finding in reading.findings} <= {"S-02"}, "that it is a variant"


def test_what_is_blank_or_unknown_stays_so() -> None:
    report = sample_report()
    values = dict(report.values)
    blank, unknown = report.form.cells["t2.penalty.decisions"], report.form.cells["t3.carried_in.natural"]
    values[blank] = None
    del values[unknown]

    read = read_report(render(replace(report, values=values), "html").encode()).report

    assert read is not None
    assert read.values == values


def test_charts_and_a_draft_are_read_over() -> None:
    report = sample_report()

    reading = read_report(render(report, "html", draft=True, charts=charts(report, BEFORE)).encode())

    assert reading.report == replace(report, cover={})
    assert not reading.findings


def test_fields_of_the_text_are_figures() -> None:
    report = replace(
        sample_report(), narratives={"s1": "全年新收【t3.received.total】件。", "s5": "", "s6": ""}
    )

    assert "全年新收12件。" in render(report, "html")


def test_every_figure_knows_its_headings() -> None:
    tree = LexborHTMLParser(render(sample_report(), "html"))

    for table in tree.css("table"):
        ids = {cell.attributes["id"]: cell.text() for cell in table.css("th")}
        for cell in table.css("td"):
            assert set((cell.attributes["headers"] or "").split()) <= set(ids)
    meant = [
        [ids_text[name] for name in (cell.attributes["headers"] or "").split()]
        for ids_text in [{cell.attributes["id"]: cell.text() for cell in tree.css("th")}]
        for cell in tree.css("td")
    ]
    path = ["三、本年度办理结果", "(四)无法提供", "1.本机关不掌握相关政府信息", "申请人情况", "自然人"]
    assert sum(sorted(one) == sorted(path) for one in meant) == 1
    assert [len(tree.css(tag)) for tag in ("h1", "table", "caption", "thead")] == [1, 3, 3, 2]


def test_a_fragment_has_nothing_that_a_content_system_strips() -> None:
    text = render(sample_report(), "html", fragment=True, charts=charts(sample_report()))

    assert not re.search(r"<(?:!doctype|html|head|body|style|script|link|h1)\b| class=", text)
    assert text.startswith("<article ")
    assert "border:1px solid" in text


def test_nothing_comes_from_outside_and_nothing_runs(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert not re.findall(r"<[^>]*(?:src|href)\s*=", text)
    assert "<script" not in text
    assert "url(" not in re.sub(r"url\(#\w+\)", "", text)
    assert re.findall(r"<[^>]* on\w+=", text) == []
    assert "{{ 7 * 7 }}" in text


def test_charts_say_all_figures_in_words() -> None:
    by_applicant, by_outcome = charts(sample_report(), BEFORE)

    assert by_applicant.alt.startswith(
        "2025年新收政府信息公开申请（按申请人，件）：自然人12件（2024年9件），商业企业0件（2024年14件）"
    )
    assert "无法提供9件（2024年0件）" in by_outcome.alt
    assert "不予公开0件（2024年5件）" in by_outcome.alt
    for words in ("自然人", "商业企业", ">12<", ">14<", "2024年"):
        assert words in by_applicant.svg


def test_last_years_report_may_be_of_another_edition() -> None:
    before = replace(of_form(form("2019")), year=2020, agency=sample_report().agency)
    report = figures(2021, received_natural=3)
    stated = before.values[before.form.cells["t3.outcome.other.total"]]

    assert f"其他处理0件（2020年{stated}件）" in charts(report, before)[1].alt


def test_where_there_were_no_applications_the_charts_say_so() -> None:
    for chart in charts(figures(2025), figures(2024)):
        assert chart.alt.endswith("：无。")
        assert ">无<" in chart.svg
        assert "<path" not in chart.svg.replace("<path", "", 1), "but for the ground"
    assert "自然人0件（2024年9件）" in charts(figures(2025), BEFORE)[0].alt


def test_a_missing_figure_is_no_zero() -> None:
    report = figures(2025, received_natural=3)
    kept = {cell: figure for cell, figure in report.values.items() if cell != "t3.received.legal.business"}
    by_applicant, _ = charts(replace(report, values=kept))
    without = {cell: figure for cell, figure in kept.items() if not cell.startswith("t3.received.")}

    assert "自然人3件，商业企业无数据，科研机构0件" in by_applicant.alt
    assert ">—<" in by_applicant.svg
    assert len(charts(replace(report, values=without))) == 1


def test_figures_of_any_size_are_drawn() -> None:
    huge = figures(2025, received_natural=10**40, received_legal_other=1)

    assert f">{10**40}<" in charts(huge)[0].svg
    assert charts(huge)[0].png


def test_charts_are_the_same_whenever_they_are_drawn() -> None:
    first, second = (charts(sample_report(), BEFORE) for _ in range(2))

    assert [(chart.svg, chart.png) for chart in first] == [(chart.svg, chart.png) for chart in second]
    ids = re.findall(r' id="([^"]+)"', first[0].svg + first[1].svg)
    assert len(ids) == len(set(ids)), "two charts stand on one page"
    assert first[0].png.startswith(b"\x89PNG")


def test_charts_are_against_the_year_before_only() -> None:
    for other in (2023, 2025, None):
        with pytest.raises(WorkbookToolError, match="上一年"):
            charts(sample_report(), replace(BEFORE, year=other))


def test_what_charts_need_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    (chart, _) = charts(sample_report())
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    with pytest.raises(WorkbookToolError, match="没有安装中文字体"):
        _ = chart.png
    assert "自然人" in chart.svg, "shown in the reader's fonts"

    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(WorkbookToolError, match=r"pip install 'wb-tool\[charts\]'"):
        charts(sample_report())


def test_charts_in_word_have_their_words() -> None:
    document = docx.Document(io.BytesIO(render(sample_report(), "docx", charts=charts(sample_report()))))

    said = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]  # noqa: SLF001
    assert said == [chart.alt for chart in charts(sample_report())]


def test_the_command(wb_tool: WbTool, tmp_path: Path) -> None:
    sample = resource("samples/report.txt")
    (tmp_path / "last.txt").write_text(render(BEFORE), encoding="utf-8")

    done = wb_tool("report", str(sample), "-f", "html", "--charts", "--prior", "last.txt", "-o", "page.html")
    assert (done.returncode, done.stderr) == (0, "")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "商业企业0件（2024年14件）" in page
    assert wb_tool("report", str(sample), "-f", "html", "--fragment").stdout.startswith("<article")

    for options in (
        ("-f", "md", "--charts"),
        ("-f", "docx", "--fragment"),
        ("-f", "html", "--prior", "last.txt"),
        ("-f", "html", "--charts", "--prior", str(sample)),
    ):
        done = wb_tool("report", str(sample), *options)
        assert (done.returncode, done.stdout) == (2, ""), options


def test_a_chart_against_another_agencys_report_is_told(wb_tool: WbTool, tmp_path: Path) -> None:
    (tmp_path / "last.txt").write_text(render(replace(BEFORE, agency="示例市另一局")), encoding="utf-8")

    sample = str(resource("samples/report.txt"))
    done = wb_tool("report", sample, "-f", "html", "--charts", "--prior", "last.txt", "-o", "page.html")

    assert done.returncode == 0
    assert "示例市另一局" in done.stderr


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_in_a_browser_it_fits_and_is_accessible(page: Path, tab: Any, width: int) -> None:
    fits_everybody(tab, page, width)

    assert tab.evaluate("[...document.querySelectorAll('p')].some(p => p.textContent.includes('<script>'))")
    assert tab.evaluate("document.querySelectorAll('script, img, b').length") == 0


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_a_fragment_pasted_into_a_page_is_accessible(tmp_path: Path, tab: Any, width: int) -> None:
    head = '<!doctype html><html lang="zh-CN"><title>公开</title>'
    piece = render(of_form(forms()[0]), "html", fragment=True, charts=charts(sample_report()))
    file = tmp_path / "site.html"
    file.write_text(f"{head}<main><h1>政府信息公开</h1>{piece}</main></html>", encoding="utf-8")

    fits_everybody(tab, file, width)


@pytest.mark.browser
def test_in_print_headings_are_repeated_and_a_draft_says_so_on_every_page(page: Path, tab: Any) -> None:
    tab.goto(page.as_uri())
    tab.add_style_tag(content="@page { size: 210mm 150mm }")
    printed = extract_pages(io.BytesIO(tab.pdf(prefer_css_page_size=True)), laparams=LAParams())

    texts = [
        "".join(box.get_text() for box in sheet if isinstance(box, LTTextContainer)) for sheet in printed
    ]
    assert len(texts) > 3
    assert all(DRAFT in text for text in texts)
    # Some characters come out as the radicals that look the same.
    assert sum("申请人情况" in unicodedata.normalize("NFKC", text) for text in texts) > 1
