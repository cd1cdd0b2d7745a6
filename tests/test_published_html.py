"""Reading a published report from a web page."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from tests.conftest import SHARED, WbTool
from tests.editing import sample_report
from tests.strategies import reports
from tests.web_pages import article, government_page, rows, word_cell
from workbook_tool import render
from workbook_tool.sources import read_report

if TYPE_CHECKING:
    from pathlib import Path

    from workbook_tool.report import Reading, Report

PAGES = sorted((SHARED / "reports").glob("*.html")) if SHARED.is_dir() else []
TITLE = "示例市发展和改革局2025年政府信息公开工作年度报告"
GRANTED = "t3.outcome.granted.natural"


def same(read: Report | None, given_: Report) -> None:
    assert read is not None
    assert dict(read.values) == dict(given_.values)
    assert dict(read.narratives) == dict(given_.narratives)
    assert (read.agency, read.year, read.form) == (given_.agency, given_.year, given_.form)


def page_of(report: Report) -> str:
    return f"<html><body><div>{article(report)}</div></body></html>"


@pytest.mark.shared
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_real_page_is_read_cell_by_cell(path: Path) -> None:
    truth = json.loads((SHARED / "reports" / "truth" / f"{path.stem}.json").read_text(encoding="utf-8"))
    reading = read_report(path.read_bytes())
    report = reading.report

    assert report is not None
    assert (report.agency, report.year, report.form.edition) == (
        truth["agency"],
        truth["year"],
        truth["edition"],
    )
    for cell, figure in report.values.items():
        true = truth["cells"][cell.id]
        assert figure == (Decimal(true) if isinstance(true, str) else true), cell.id
    left_out = set(truth["cells"]) - {cell.id for cell in report.values}
    assert left_out == {
        cell for finding in reading.findings if finding.rule == "V-06" for cell in finding.ids
    }
    assert all(
        "采集时间" not in text and "发布日期" not in text
        for text in (*report.narratives.values(), report.opening)
    )


@pytest.mark.parametrize("edition", ["2019", "2021"])
@pytest.mark.parametrize("cell", [str, word_cell, lambda text: f"<div>{text}</div>&nbsp;<p>&nbsp;</p>"])
def test_a_page_gives_the_report_back(edition: str, cell: object) -> None:
    report = sample_report(edition, 2025 if edition == "2021" else 2020)
    content = article(report, cell)  # type: ignore[arg-type]

    reading = read_report(government_page(content, "年报").encode())

    same(reading.report, report)
    assert reading.findings == ()
    assert reading.report is not None
    assert reading.report.opening == report.opening


@pytest.mark.parametrize("edition", ["2019", "2021"])
@pytest.mark.parametrize("fragment", [False, True])
def test_a_page_of_ours_comes_back(edition: str, fragment: bool) -> None:
    report = sample_report(edition, 2025 if edition == "2021" else 2020)

    reading = read_report(render(report, "html", fragment=fragment).encode())

    same(reading.report, report)
    assert reading.findings == ()


@settings(max_examples=20, deadline=None)
@given(reports())
def test_any_report_comes_back(report: Report) -> None:
    reading = read_report(page_of(report).encode())

    assert reading.report is not None
    assert dict(reading.report.values) == dict(report.values)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "iso-8859-1", "big5", ""])
def test_encodings_with_or_without_a_correct_declaration(encoding: str, declared: str) -> None:
    page = f'<meta charset="{declared}"><body><div>{article(sample_report())}</div>'

    same(read_report(page.encode(encoding)).report, sample_report())


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_character_broken_in_a_menu_does_not_spoil_the_page(encoding: str) -> None:
    before, _, after = government_page(article(sample_report()), "年报").encode(encoding).partition(b"xxgk")

    same(read_report(before + "公".encode(encoding)[:1] + b'"' + after).report, sample_report())


@pytest.mark.parametrize(
    ("page_title", "agency"),
    [
        ("示例市发展和改革局2025年政府信息公开年度报告-示例市发改局", "示例市发展和改革局"),
        ("示例市政府网_示例市发展和改革局2025年度政府信息公开工作年度报告", "示例市发展和改革局"),
        (f"{TITLE} | 示例市人民政府", "示例市发展和改革局"),
    ],
)
def test_the_titles_agency_wins_over_those_of_menus(page_title: str, agency: str) -> None:
    content = article(sample_report()).split("\n", 1)[1]

    report = read_report(government_page(content, page_title).encode()).report

    assert report is not None
    assert (report.agency, report.year) == (agency, 2025)
    assert report.opening == sample_report().opening


@pytest.mark.parametrize(
    "title",
    [
        f"<meta name=ArticleTitle content='{TITLE}'>",
        f"<h1>{TITLE}</h1>",
        "<p>示例市发展和改革局<br>2025年政府信息公开工作年度报告</p>",
        "<p>示例市发展和改革局2025年</p><p>政府信息公开工作年度报告</p>",
        "<p>政府信息公开工作年度报告</p><p>示例市发展和改革局2025年政府信息公开工作年度报告</p>",
    ],
)
def test_where_a_title_may_stand(title: str) -> None:
    content = title + article(sample_report()).split("\n", 1)[1]

    report = read_report(government_page(content, "年报-示例市").encode()).report

    assert report is not None
    assert (report.agency, report.year) == ("示例市发展和改革局", 2025)
    assert report.opening == sample_report().opening


def test_without_a_title_a_list_of_other_reports_is_not_taken_for_one() -> None:
    content = article(sample_report()).split("\n", 1)[1]

    reading = read_report(government_page(content, "年报").encode())

    assert reading.report is not None
    assert reading.report.year == 2025
    assert "W-10" in {finding.rule for finding in reading.findings}
    assert not reading.report.agency.startswith("示例市")


@pytest.mark.parametrize(
    ("shown", "figure"),
    [
        ("<p>4</p>", 4),
        ("<span>1</span><span>2</span>", 12),
        ("<b>1</b><!-- 7 -->2", 12),
        ("1<o:p></o:p>2", 12),
        ("4<script>5</script><style>6</style>", 4),
        ("4<del>5</del><s>6</s><strike>7</strike>", 4),
        ("4<span style='DISPLAY: none'>5</span><span hidden>6</span>", 4),
        ("<span style='text-decoration:line-through'>5</span>4", 4),
        ("<span style='opacity: 0'>5</span>4<span style='position:absolute;left:-9999px'>6</span>", 4),
        ("<span style='color:#FFF;background:#036'>4</span>", 4),
        ("<style>.w {color:#fff} .g {background-color:navy}</style><p class=g><b class=w>4</b></p>", 4),
        ("<style>.w {color:#fff} .g, .x {background:#369 url(a.png)}</style><i class='w g'>4</i>", 4),
        ("<style>.a b::before, .c::after {content:''} .x:before{content:'1'}</style><b>4</b>", 4),
        (
            "<style>td>i {display:none} .x td {opacity:0} b:hover {color:#fff}</style><p><b>4</b></p>",
            4,
        ),
        ("<style>.btn{display:none;position:fixed} @media print{.nav{display:none}}</style>4", 4),
        (
            "<style>td {position:relative; top:0\\9; *zoom:1; float:none} p{margin:0}</style><p>4</p>",
            4,
        ),
        ("<style>table {display:block; overflow:auto; color:#333; background:#fff}</style>4", 4),
        ("<math><mn>4</mn></math>", 4),
        ("4\u200b", 4),
        ("&nbsp;&#12288;4", 4),
        ("４", 4),
        ("<table><tr><td>4</td></tr></table>", 4),
        ("&nbsp;", None),
        ("<p><o:p>&nbsp;</o:p></p>", None),
    ],
)
def test_what_a_cell_shows(shown: str, figure: int | None) -> None:
    report = _with_granted(shown).report

    assert report is not None
    assert report[GRANTED] == figure
    assert GRANTED in {cell.id for cell in report.values}


@pytest.mark.parametrize(
    "shown",
    [
        "<p>1</p><p>2</p>",
        "1<br>2",
        "1 2",
        "1\n2",
        "1&nbsp;2",
        "<div>1</div>2",
        "<span style='display:block'>1</span>2",
        "1<sup>2</sup>",
        "<table><tr><td>1</td><td>2</td></tr></table>",
        "<ul><li>1<li>2</ul>",
        "<img src='4.png'>",
        "1<img src='4.png'>",
        "<input value=4>",
        *(f"1<{name}>4</{name}>" for name in ("textarea", "select", "button", "iframe", "video", "meter")),
        "<textarea>4</textarea>",
        "<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>",
        "4<span style='vertical-align:super'>5</span>",
        "4<span style='position:relative;top:-3.0pt;mso-text-raise:3.0pt'>5</span>",
        "4<span style='color: white'>5</span>",
        "4<font color='#FFFFFF'>5</font>",
        "<span style='float:right'>1</span>2",
        "\u202e21",
        "&#x202E;21&#x202C;",
        "<bdo dir=rtl>21</bdo>",
        "<span style='direction:rtl;unicode-bidi:bidi-override'>21</span>",
        "4<style>.no {display: none}</style><span class='a no'>5</span>",
        "<style>p span.gone, .x {text-decoration:line-through}</style><p><span class=gone>4</span></p>",
        "<span style='color:#FFF'>4</span>",
        "<span style='color:rgb(250, 250, 250)'>4</span>",
        "<font color=white>4</font>",
        "<style>.w, .v {color:#fefefe}</style><p class=w>4</p>",
        "<style>td p {color:#fff} td.g p {background:#fff}</style><p>4</p>",
        "<style>td > b::before {content:'1'}</style><b>4</b>",
        "<style>td > b:after {content: counter(x)}</style><b>4</b>",
        "<style>td b:after {content: '\\31'}</style><b>4</b>",
        '<style>td b:after {content: "}"; content: "1"}</style><b>4</b>',
        "<style>td > b, .y {visibility:hidden}</style><b>4</b>",
        "<style>@media screen {td > b {display:none}}</style><b>4</b>",
        "<style>td > b:first-letter {font-size:0}</style><b>4</b>",
        "<style>b[data-x] {opacity:0}</style><b data-x=1>4</b>",
        "<style>td > b {col\\6fr: #fff}</style><b>4</b>",
        "<span style='opacity:.05'>4</span>",
        "<p style='display:flex;flex-direction:row-reverse'><b>1</b><b>2</b></p>",
        "<style>td p {display:flex; flex-flow: row-reverse}</style><p><b>1</b><b>2</b></p>",
        "<b>1</b><b style='order:-1'>2</b>",
        "<details>4</details>",
        "<span style='text-indent:-999px'>4</span>",
        "<span style='font:0/0 serif'>4</span>",
        "<span style='background:#000;color:#000'>4</span>",
        "<style>td [class=x] {opacity:0}</style><b class=x>4</b>",
        "<style>td [class='x y'] {color:transparent}</style><b class='x y'>4</b>",
        "<style>td i, td :is(b, u) {display:none}</style><b>4</b>",
        "<style>b:last-of-type {font-size:0}</style><b>1</b><i>2</i>",
        "<style>TD.x B, TD B {opacity:0}</style><b>4</b>",
        "<span style='font-size:1px'>4</span>",
        "<span style='transform:scaleX(-1)'>4</span>",
        "<span style='display:inline-block;width:0;overflow:hidden'>4</span>",
        "<span style='filter:opacity(0)'>4</span>",
        "<span style='visibility:hidden'>4<b style='visibility:visible'>5</b></span>",
        "4<style><!-- span.Mso\n{vertical-align:super;} --></style><a><span class=Mso>5</span></a>",
        "约4",
    ],
)
def test_what_is_no_single_figure_is_refused(shown: str) -> None:
    reading = _with_granted(shown)

    assert reading.report is not None
    assert GRANTED not in {cell.id for cell in reading.report.values}
    assert [finding.ids for finding in reading.findings if finding.severity == "error"] == [(GRANTED,)]


ROWS_IN_DOUBT = [
    "tr.r {display:flex; flex-direction:row-reverse}",
    "tr.r > td + td {order:-1}",
    "tr.r > td:nth-child(2) {display:none}",
    "tr.r {direction:rtl}",
    "tr.r td:last-child {float:left}",
    "tr.r {visibility:hidden}",
    "tr.r::before {content:'1'}",
    ".r {color:white}",
    "tbody .r {opacity:0}",
]


def test_labels_may_be_white_and_have_something_before_them() -> None:
    report = sample_report()
    page = re.sub(
        r"<td[^>]*>(?=[^<\d]*[一-龥])",
        lambda cell: f"{cell[0][:-1]} class=x style='color:#fff'>",
        page_of(report),
    )
    style = "<style>td.x::before {content:'-'} td.x:after {content: counter(y)}</style>"

    same(read_report(f"{style}{page}".encode()).report, report)


@pytest.mark.parametrize("rule", ROWS_IN_DOUBT)
@pytest.mark.parametrize("is_inline", [False, True])
def test_a_row_that_a_style_hides_or_turns_round_is_refused(rule: str, is_inline: bool) -> None:
    report = sample_report()
    page = page_of(report)
    start = page.rindex("<tr", 0, page.index("予以公开</td>"))
    declared = rule[rule.index("{") + 1 : -1]
    if is_inline and not rule.startswith(("tr.r {", ".r {", "tbody")):
        return
    row = f"<tr style='{declared}'" if is_inline else "<tr class=r"
    style = "" if is_inline else f"<style>{rule}</style>"

    reading = read_report(f"{style}{page[:start]}{row}{page[start + len('<tr') :]}".encode())

    assert reading.report is not None
    lost = {cell.id for cell in report.values} - {cell.id for cell in reading.report.values}
    assert lost == {cell.id for cell in report.values if cell.id.startswith("t3.outcome.granted.")}
    assert {cell for f in reading.findings if f.severity == "error" for cell in f.ids} == lost


@pytest.mark.parametrize(
    "style",
    [
        "writing-mode:vertical-rl;layout-flow:vertical-ideographic",
        "vertical-align:middle;position:relative;height:0;margin-left:-5.4pt;mso-height-rule:exactly",
        "background:#f0f0f0;overflow:hidden;color:#333333;white-space:normal",
        "display:table-cell;width:0;font:12px/1.5 SimSun;order:initial;border:none;opacity:1",
        "filter:none;transform:none;text-indent:0;letter-spacing:-0.5px;max-height:none;zoom:1",
    ],
)
def test_what_styles_of_cells_mostly_say_does_not_matter(style: str) -> None:
    report = sample_report()
    page = page_of(report).replace("<td", f"<td style='{style}'").replace("<tr", f"<tr style='{style}'")

    same(read_report(page.encode()).report, report)


@pytest.mark.parametrize(
    "rule",
    [
        "td, th {padding:0 5px; position:relative; vertical-align:middle; overflow:hidden; font-size:14px}",
        "table tr:nth-child(2n) td {background:#f7f7f7} td p {margin:0; text-indent:0; display:block}",
        ".TRS_Editor table {width:auto!important; max-width:100%; display:block; overflow-x:auto}",
        "td a {color:#fff} .con td .w {color:white} a {text-decoration:none; position:relative}",
        ".clearfix:after, div:after {content:''; display:block; height:0; clear:both; visibility:hidden}",
        "@media (max-width:600px) {.nav, #menu li {display:none} table {font-size:12px}}",
        "@font-face {font-family:x; src:url('a.eot?#iefix') format('x'), url(data:font/woff;base64,QUJD)}",
        "p.MsoNormal, li.MsoNormal {mso-style-parent:''; margin:0cm; text-align:justify; font-size:10.5pt}",
        "span.NormalCharacter {mso-style-name:NormalCharacter; mso-hide:none} @page {size:A4}",
        "body {zoom:1; filter:progid:DXImageTransform.Microsoft.gradient(startColorstr='#80000000')}",
        "html {filter:grayscale(100%)} body {filter:gray; -webkit-filter:grayscale(1)}",
    ],
)
def test_what_style_sheets_of_governments_mostly_say_does_not_matter(rule: str) -> None:
    page = government_page(article(sample_report(), word_cell), "年报")

    same(read_report(f"<style>{rule}</style>{page}".encode()).report, sample_report())


@pytest.mark.parametrize(("style", "is_there"), [("display:none", False), ("visibility:hidden", True)])
def test_a_cell_that_is_blanked_keeps_its_place(style: str, is_there: bool) -> None:
    given = sample_report()
    hidden = f"<td style='{style}'>9</td>"

    read = _with_granted(f"{given[GRANTED]}</td>{hidden}<td>77").report

    assert read is not None
    cells = {cell.id: figure for cell, figure in read.values.items()}
    assert cells.get(GRANTED) in {given[GRANTED], None}
    assert cells.get("t3.outcome.granted.legal.business") in ({None} if is_there else {77, None})


def test_a_page_with_more_style_than_can_be_weighed_gives_no_figures() -> None:
    rules = "".join(f"td b:nth-child({n}) {{display:none}}" for n in range(400))

    reading = read_report(f"<style>{rules}</style>{page_of(sample_report())}<b></b>".encode())

    assert reading.report is None or not reading.report.values


def test_every_cell_keeps_where_it_came_from() -> None:
    reading = _with_granted("约4")

    source = next(finding.place.source for finding in reading.findings if finding.ids == (GRANTED,))
    assert source.zh.startswith("第 2 张表第 6 行")
    assert source.en == "table 2, row 6 (//table)[2]/tbody[1]/tr[6]/td[3]"


def test_rows_stand_where_they_are_seen() -> None:
    report = sample_report()
    section = report.form.sections[2]
    body = rows(report, section)
    head, last = body[: body.index("<tr><td colspan=3>一、")], body[body.rindex("<tr>") :]
    middle = body[len(head) : body.rindex("<tr>")]
    table = f"<table><tfoot>{last}</tfoot><tbody>{middle}</tbody><thead>{head}</thead></table>"

    reading = read_report(page_of(report).replace(f"<table border=1>{body}</table>", table).encode())

    same(reading.report, report)
    assert reading.findings == ()


def test_a_layout_of_tables_is_unfolded() -> None:
    page = f"<table><tr><td>栏目</td><td><table><tr><td>{article(sample_report())}</table></td></tr></table>"

    same(read_report(page.encode()).report, sample_report())


def test_menus_that_name_the_sections_are_not_the_report() -> None:
    report = sample_report()
    menu = "".join(f"<li>{section.heading}</li>" for section in report.form.sections)
    content = f"<ul>{menu}</ul><div>{article(report)}</div><ul>{menu}</ul>"

    reading = read_report(government_page(content, "年报").encode())

    same(reading.report, report)
    assert reading.findings == ()


def test_a_page_pasted_into_markdown_keeps_its_lines() -> None:
    text = "# " + re.sub(r"</?p[^>]*>", "\n", article(sample_report()))

    same(read_report(text.encode()).report, sample_report())


def test_a_header_repeated_after_a_page_break_changes_nothing() -> None:
    report = sample_report()
    body = rows(report, report.form.sections[2])
    head = body[: body.index("<tr><td colspan=3>一、")]
    last = body.rindex("<tr>")

    same(read_report(page_of(report).replace(body, body[:last] + head + body[last:]).encode()).report, report)


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("rowspan=22>三、本年度办理结果", "rowspan=0>三、本年度办理结果", "t3.carried_out."),
        ("rowspan=22>三、本年度办理结果", "rowspan=9999999>三、本年度办理结果", "t3.carried_out."),
        ("<td colspan=4>第二十条第(一)项", "<td colspan=999999>第二十条第(一)项", "none"),
    ],
)
def test_spans_end_with_the_table_and_what_they_push_aside_is_refused(old: str, new: str, lost: str) -> None:
    report, page = sample_report(), page_of(sample_report())
    assert old in page

    reading = read_report(page.replace(old, new).encode())

    assert reading.report is not None
    kept = {cell: figure for cell, figure in report.values.items() if not cell.id.startswith(lost)}
    assert dict(reading.report.values) == kept


def test_cells_that_overlap_are_no_figures() -> None:
    report, page = sample_report(), page_of(sample_report())
    row = next(line for line in page.splitlines() if "予以公开</td>" in line)
    overlapping = row.replace("</td><td>", "</td><td rowspan=2>", 4)

    reading = read_report(page.replace(row, overlapping).encode())

    assert reading.report is not None
    assert all(figure == report[cell.id] for cell, figure in reading.report.values.items())
    lost = {cell.id for cell in set(report.values) - set(reading.report.values)}
    assert {cell.rsplit(".", 1)[0] for cell in lost} >= {"t3.outcome.partial"}


def test_pictures_instead_of_tables_are_told() -> None:
    page = re.sub(r"(?s)<table.*?</table>", "<img src='table.jpg'>", page_of(sample_report()))

    assert _refusal(page) == "picture_tables"


def test_one_picture_instead_of_a_table_is_told() -> None:
    page = re.sub(r"(?s)<table.*?</table>", "<img src='table.jpg'>", page_of(sample_report()), count=1)

    reading = read_report(page.encode())

    assert [(f.rule, f.place.words.zh) for f in reading.findings if f.severity == "error"] == [
        ("S-03", "表二")
    ]


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><p>今天天气好。</p></body></html>",
        "<!DOCTYPE html><title>404</title>",
        '<?xml version="1.0"?><data><row>1</row></data>',
        "<p>一、总体情况</p><p>无</p><p>六、其他需要报告的事项</p>",
    ],
)
def test_a_page_without_a_report_is_named(page: str) -> None:
    assert _refusal(page) == "web_page"


def test_two_reports_on_a_page_are_refused() -> None:
    assert _refusal(page_of(sample_report()) + page_of(sample_report(year=2024))) == "several"


@pytest.mark.parametrize(
    "page",
    [
        "<p>" + "x" * 50_000_000,
        "<table><tr><td>" * 10_000,
        "<div>" * 400_000,
        "<style>" + "p div div span{float:left}" * 1_800 + "</style>" + "<div>" * 260 + "<i>x</i>" * 6_000,
        "<table>" + "<tr><td colspan=1000000>1</td></tr>" * 1000,
        "<table>" + ("<tr>" + "<td>1" * 1000) * 1000,
        "".join(f"<font color={i}>" for i in range(3000)) + "<p>x" * 3000,
        "".join(f"<font color={i}>" for i in range(30000)) + "<p>x" * 100_000,
        "<p " + " ".join(f"a{i}" for i in range(500_000)) + ">",
        "<ul><li>" * 150_000,
        "<span>" * 150_000 + "</div>" * 150_000,
        "<!--" * 500_000,
    ],
    ids=lambda page: page[:12],
)
def test_hostile_pages_are_refused(page: str) -> None:
    assert _refusal(page) in {"unsafe", "web_page"}


def test_a_long_page_is_read_like_a_short_one() -> None:
    page = government_page(article(sample_report(), word_cell) + "<!--" + "长" * 500_000 + "-->", "年报")

    same(read_report(page.encode()).report, sample_report())


def test_check_works_on_a_page_as_on_a_workbook(tmp_path: Path, wb_tool: WbTool) -> None:
    (tmp_path / "good.html").write_text(government_page(article(sample_report()), TITLE), encoding="gb18030")
    (tmp_path / "bad.html").write_text("<p>无</p>", encoding="utf-8")

    good, bad = wb_tool("check", "good.html"), wb_tool("check", "bad.html")

    assert "W-" not in good.stdout, good.stdout
    assert bad.returncode == 1
    assert "W-01" in bad.stdout
    assert "网页" in bad.stdout


def _with_granted(shown: str) -> Reading:
    page = page_of(sample_report())
    start = page.index("</td>", page.index("予以公开</td>")) + len("</td>")
    end = page.index("</td>", start)
    return read_report(f"{page[:start]}<td>{shown}{page[end:]}".encode())


def _refusal(page: str) -> str:
    reading = read_report(page.encode())
    assert reading.report is None
    return reading.findings[0].case
