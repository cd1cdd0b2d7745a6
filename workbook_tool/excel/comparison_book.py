"""Two reports side by side as a workbook: the figures on one sheet, the paragraphs on another."""

from __future__ import annotations

import io
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from xlsxwriter.workbook import Workbook

from workbook_tool.excel.results_sheet import lines_taken
from workbook_tool.year_on_year import comparison_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from workbook_tool.year_on_year import Comparison, Row, Side

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_A4 = 9
_LONGEST_TEXT = 32_767
_HIGHEST = 400
_SONG = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
_CELL = {**_SONG, "border": 1, "border_color": "#7F7F7F"}
_TOTAL = {"bg_color": "#E7E6E6", "bold": True}
_FIGURE = {**_CELL, "align": "right"}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"font_name": "黑体", "font_size": 16, "valign": "vcenter"},
    "subject": {**_SONG, "font_color": "#404040"},
    "head": {**_CELL, "font_name": "黑体", "align": "center", "bg_color": "#F2F2F2", "text_wrap": True},
    "band": {**_CELL, "font_name": "黑体", "bg_color": "#F2F2F2"},
    "label": {**_CELL, "text_wrap": True, "indent": 1},
    "figure": {**_FIGURE, "num_format": "#,##0.####;-#,##0.####;0"},
    "whole": {**_FIGURE, "num_format": "#,##0"},
    "change": {**_FIGURE, "num_format": "+#,##0.####;-#,##0.####;0"},
    "whole_change": {**_FIGURE, "num_format": "+#,##0;-#,##0;0"},
    "percent": {**_FIGURE, "num_format": "+0.0%;-0.0%;0.0%"},
    "id": {**_CELL, "font_size": 9, "font_color": "#595959"},
    "text": {**_CELL, "text_wrap": True, "valign": "top"},
}
_WIDTHS = {"sheet": (60, 12, 12, 12, 11, 38), "texts": (12, 60, 60)}
_LINE_HEIGHT = 15


class _Sheet:
    """A sheet being written line by line: title, subject, heads that every page repeats, then the lines."""

    def __init__(self, workbook: Workbook, name: str, comparison: Comparison, language: str) -> None:
        """Begin the sheet called `name` among the words of the comparison."""
        self.words, self.language = comparison_words(language), language
        self.sheet: Worksheet = workbook.add_worksheet(self.words[name])
        self.row = 0
        self._workbook = workbook
        self._formats: dict[tuple[str, bool], Format] = {}
        self._widths = _WIDTHS[name]
        for column, width in enumerate(self._widths):
            self.sheet.set_column(column, column, width)
        self.sheet.set_row(0, 30)
        self.line([(self.words["title"], "title")])
        sides = [side.say(language) for side in comparison.sides]
        self.line([(f"{comparison.agency}  {sides[0]} → {sides[1]}".strip(), "subject")])
        for difference in comparison.subject:
            two = (difference.before, difference.after)
            words = " → ".join(text or self.words["blank"] for text in two)
            self.line([(f"{difference.place.say(language)}: {words}", "subject")])
        count = self.words["count"].format(count=comparison.total)
        self.line([(count if comparison.total else self.words["same"], "subject")])
        heads = ["line", *sides, "change", "percent", "id"] if name == "sheet" else ["section", *sides]
        self.line([(self.words.get(head, head), "head") for head in heads])
        self.sheet.freeze_panes(self.row, 1)
        self.sheet.repeat_rows(self.row - 1)
        self._page_setup(landscape=name == "texts")

    def _page_setup(self, *, landscape: bool) -> None:
        self.sheet.set_paper(_A4)
        if landscape:
            self.sheet.set_landscape()
        self.sheet.hide_gridlines(2)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.6, right=0.6)
        self.sheet.set_footer(f"&C{self.words['page']}")

    def line(self, cells: Iterable[tuple[str | float | Decimal | None, str]], *, total: bool = False) -> None:
        """One line, as high as its text: the content and the style of each cell; a total is shaded."""
        lines = 1
        for column, (content, name) in enumerate(cells):
            style = self._style(name, total=total)
            if isinstance(content, str) and _STYLES[name].get("text_wrap"):
                lines = max(lines, lines_taken(content, self._widths[column]))
            if content is None or content == "":
                self.sheet.write_blank(self.row, column, None, style)
            elif isinstance(content, str):
                self.sheet.write_string(self.row, column, content, style)
            else:
                self.sheet.write_number(self.row, column, content, style)
        if lines > 1:
            self.sheet.set_row(self.row, min(lines * _LINE_HEIGHT + 4, _HIGHEST))
        self.row += 1

    def band(self, text: str) -> None:
        """A line of its own over all columns."""
        self.sheet.merge_range(
            self.row, 0, self.row, len(self._widths) - 1, text, self._style("band", total=False)
        )
        self.row += 1

    def _style(self, name: str, *, total: bool) -> Format:
        key = name, total
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format({**_STYLES[name], **(_TOTAL if total else {})})
        return self._formats[key]


def comparison_book(comparison: Comparison, language: str) -> bytes:
    """The workbook as bytes; figures are numbers in it, blanks and what is no figure are words."""
    stream = io.BytesIO()
    with Workbook(stream, _OPTIONS) as workbook:
        _write_figures(_Sheet(workbook, "sheet", comparison, language), comparison)
        if comparison.texts:
            _write_texts(_Sheet(workbook, "texts", comparison, language), comparison)
    return stream.getvalue()


def _write_figures(sheet: _Sheet, comparison: Comparison) -> None:
    for part in comparison.parts:
        sheet.band(part.heading)
        for row in part.rows:
            sheet.line(_row(sheet, row), total=row.is_total)
    for only in comparison.one_sided:
        if not only.rows and not only.rest:
            continue
        rest = sheet.words["rest"].format(count=only.rest) if only.rest else ""
        sheet.band(f"{sheet.words['only'].format(side=only.side.say(sheet.language))}  {rest}".strip())
        for cell, label, side in only.rows:
            two = [_figure(sheet, side), (None, "figure")]
            first = only is comparison.one_sided[0]
            empty = [(None, "figure")] * 2
            sheet.line(
                [(label.say(sheet.language), "label"), *(two if first else two[::-1]), *empty, (cell, "id")]
            )


def _write_texts(sheet: _Sheet, comparison: Comparison) -> None:
    """The paragraphs that differ, a line each, those of the two reports beside each other."""
    for difference in comparison.texts:
        place = difference.place.say(sheet.language)
        two = (difference.before.split("\n"), difference.after.split("\n"))
        for before, after in zip_longest(*two, fillvalue=""):
            texts = (before[:_LONGEST_TEXT], after[:_LONGEST_TEXT])
            sheet.line([(place, "text"), *((text, "text") for text in texts)])


def _row(sheet: _Sheet, row: Row) -> list[tuple[str | float | Decimal | None, str]]:
    none = sheet.words["none"]
    change = row.change
    return [
        (row.label.say(sheet.language), "label"),
        _figure(sheet, row.before),
        _figure(sheet, row.after),
        (none, "figure") if change is None else (change, "whole_change" if _is_whole(change) else "change"),
        (none, "figure") if row.ratio is None else (row.ratio, "percent"),
        (row.id, "id"),
    ]


def _figure(sheet: _Sheet, side: Side) -> tuple[str | float | Decimal, str]:
    """A figure as a number, if a spreadsheet keeps it exactly; else as it is written."""
    figure = side.figure
    if figure is None or Decimal(f"{float(figure):.15g}") != figure:
        return side.stands or sheet.words["blank"], "figure"
    return figure, "whole" if _is_whole(figure) else "figure"


def _is_whole(figure: float | Decimal) -> bool:
    return figure == int(figure)
