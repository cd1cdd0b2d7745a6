"""Web pages with a report on them, plain or as content systems and word processors make them."""

from __future__ import annotations

import html
from collections.abc import Callable

from workbook_tool.forms import Box, Section, lay_out
from workbook_tool.renderers import title
from workbook_tool.report import Report, plain

Cell = Callable[[str], str]


def word_cell(text: str) -> str:
    """A cell as a word processor leaves it: a character now and then in an element of its own."""
    half = len(text) // 2
    return (
        f'\n      <p class="MsoNormal"><span lang="EN-US">{text[:half]}</span><font face="仿宋">{text[half:]}'
        "</font><span><o:p></o:p></span></p>\n"
    )


def article(report: Report, cell: Cell = str) -> str:
    """The report as paragraphs and tables."""
    parts = [
        f"<p align=center>{html.escape(title(report))}</p>",
        *map(_paragraph, report.opening.splitlines()),
    ]
    for section in report.form.sections:
        parts.append(_paragraph(section.heading))
        if section.tables:
            parts.append(f"<table border=1>{rows(report, section, cell)}</table>")
        else:
            parts += map(_paragraph, report.narratives.get(section.id, "").splitlines())
    return "\n".join(parts)


def rows(report: Report, section: Section, cell: Cell = str) -> str:
    """The rows of a section's table."""
    return "\n".join(
        f"<tr>{''.join(_cell(report, box, cell) for box in boxes)}</tr>" for boxes in lay_out(section).rows()
    )


def government_page(content: str, page_title: str) -> str:
    """A page with everything around `content` that such pages have."""
    return f"""<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>{page_title}</title>
<style>.nav {{ display: block }}</style><script>document.write("<table><tr><td>一、总体情况")</script>
</head><body>
<div class="nav"><ul><li><a href="/">首页</a><li><a href="/xxgk">政府信息公开</a></ul>
<div><a href="a.html">示例市财政局2019年政府信息公开工作年度报告</a></div>
<div><a href="b.html">示例市教育局2019年政府信息公开工作年度报告</a></div></div>
<div class="position">您的位置:首页 &gt; 政务公开 &gt; 政府信息公开年报</div>
<div class="main">
<table class="meta"><tr><th>索引号</th><td>000014349/2024-2</td><th>发布机构</th><td>示例市教育局</td></tr>
<tr><th>名称</th><td colspan="3">某报告</td></tr></table>
<div class="share" style="display:none">二、主动公开政府信息情况</div>
<div id="zoom">{content}</div>
<div class="foot"><p>扫一扫在手机打开当前页</p><p><a href="#">【打印】</a><a href="#">【关闭】</a></p></div>
</div>
<table width="100%"><tr><td>主办:示例市人民政府办公室</td><td>网站标识码:1100000001</td></tr></table>
<!-- 六、其他需要报告的事项 --></body></html>"""


def _paragraph(text: str) -> str:
    return f"<p>  {html.escape(text)}</p>"


def _cell(report: Report, box: Box, cell: Cell) -> str:
    text = plain(report.values.get(box.cell)) if box.cell else box.label
    spans = f"{f' colspan={box.width}' * (box.width > 1)}{f' rowspan={box.height}' * (box.height > 1)}"
    return f"<td{spans}>{cell(html.escape(text))}</td>"
