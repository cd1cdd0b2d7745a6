"""A plain list as a workbook: headings, a row a line, frozen and filtered, ready to print."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from xlsxwriter.workbook import Workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_FONT = {"font_name": "宋体", "font_size": 11, "valign": "vcenter", "border": 1, "text_wrap": True}
_A4 = 9
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
_HEADING_ROW = 2


def plain_table(
    title: str, remark: str, headings: Sequence[tuple[str, float]], rows: Sequence[Sequence[str | int]]
) -> bytes:
    """A workbook of one sheet: `title`, a `remark` below it, `headings` with their widths, and `rows`."""
    stream = io.BytesIO()
    with Workbook(stream, _OPTIONS) as workbook:
        sheet = workbook.add_worksheet(_NOT_IN_TITLES.sub(" ", title)[:31])
        big = workbook.add_format({"font_name": "宋体", "font_size": 16, "bold": True})
        small = workbook.add_format({"font_name": "宋体", "font_size": 11})
        head = workbook.add_format({**_FONT, "bold": True, "bg_color": "#E7EAEE"})
        body = workbook.add_format(_FONT)
        sheet.write_string(0, 0, title, big)
        sheet.write_string(1, 0, remark, small)
        for column, (heading, width) in enumerate(headings):
            sheet.set_column(column, column, width)
            sheet.write_string(_HEADING_ROW, column, heading, head)
        for number, row in enumerate(rows, start=_HEADING_ROW + 1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(number, column, value, body)
                else:
                    sheet.write_string(number, column, value, body)
        sheet.autofilter(_HEADING_ROW, 0, max(_HEADING_ROW + len(rows), 3), len(headings) - 1)
        sheet.freeze_panes(_HEADING_ROW + 1, 2)
        sheet.repeat_rows(_HEADING_ROW)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C第 &P 页 共 &N 页")
    return stream.getvalue()
