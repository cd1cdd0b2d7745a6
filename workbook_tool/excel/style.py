"""The looks of our workbook: fonts, fills and borders, as XlsxWriter formats made on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook_tool.rules import SYMBOLS

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

    from workbook_tool.rules import Severity

_GB2312 = 134
_SONG = {"font_name": "宋体", "font_charset": _GB2312, "font_family": 3}
_HEI = {"font_name": "黑体", "font_charset": _GB2312, "font_family": 3}
_FANGSONG = {"font_name": "仿宋", "font_charset": _GB2312, "font_family": 3}
_GRID = {"border": 1, "border_color": "#7F7F7F"}
_MIDDLE = {"align": "center", "valign": "vcenter"}
_INPUT_FILL = {"bg_color": "#FFF8DC", "locked": False}
_TOTAL_FILL = {"bg_color": "#E7E6E6"}

_STYLES: dict[str, dict[str, Any]] = {
    "title": {**_HEI, **_MIDDLE, "font_size": 24},
    "subtitle": {**_FANGSONG, **_MIDDLE, "font_size": 16},
    "notice": {**_FANGSONG, **_MIDDLE, "font_size": 12, "font_color": "#595959"},
    "heading": {**_HEI, "font_size": 14, "valign": "vcenter"},
    "guide": {
        **_FANGSONG,
        "font_size": 10.5,
        "font_color": "#595959",
        "text_wrap": True,
        "valign": "vcenter",
    },
    "agency": {**_SONG, "font_size": 10, "valign": "vcenter"},
    "label": {**_SONG, **_GRID, **_MIDDLE, "font_size": 10, "text_wrap": True},
    "row_label": {**_SONG, **_GRID, "font_size": 10, "text_wrap": True, "valign": "vcenter", "indent": 1},
    "group_label": {**_SONG, **_GRID, **_MIDDLE, "font_size": 10, "text_wrap": True},
    "banner": {**_HEI, **_GRID, **_MIDDLE, "font_size": 10.5, "bg_color": "#F2F2F2"},
    "input": {**_SONG, **_GRID, **_MIDDLE, **_INPUT_FILL, "font_size": 10.5},
    "total": {**_SONG, **_GRID, **_MIDDLE, **_TOTAL_FILL, "font_size": 10.5, "bold": True},
    "stated_total": {**_SONG, **_GRID, **_MIDDLE, **_INPUT_FILL, "font_size": 10.5, "bold": True},
    "check": {**_SONG, **_MIDDLE, "font_size": 9, "font_color": "#548235"},
    "check_label": {**_SONG, "font_size": 9, "font_color": "#595959", "align": "right", "valign": "vcenter"},
    "cover_label": {**_HEI, **_GRID, **_MIDDLE, "font_size": 12, "bg_color": "#F2F2F2"},
    "cover_input": {
        **_FANGSONG,
        **_GRID,
        **_INPUT_FILL,
        "font_size": 12,
        "num_format": "@",
        "valign": "vcenter",
        "text_wrap": True,
        "indent": 1,
    },
    "cover_year": {
        **_FANGSONG,
        **_GRID,
        **_INPUT_FILL,
        "font_size": 12,
        "num_format": "0",
        "align": "left",
        "valign": "vcenter",
        "indent": 1,
    },
    "cover_fixed": {
        **_FANGSONG,
        **_GRID,
        **_TOTAL_FILL,
        "font_size": 12,
        "align": "left",
        "valign": "vcenter",
        "text_wrap": True,
        "indent": 1,
    },
    "text_head": {**_HEI, **_GRID, **_MIDDLE, "font_size": 11, "bg_color": "#F2F2F2"},
    "text": {**_FANGSONG, **_GRID, **_INPUT_FILL, "font_size": 12, "text_wrap": True, "valign": "top"},
    "short_text": {
        **_FANGSONG,
        **_GRID,
        **_INPUT_FILL,
        "font_size": 11,
        "num_format": "@",
        "text_wrap": True,
        "valign": "top",
    },
    "text_guide": {
        **_FANGSONG,
        **_GRID,
        "font_size": 10,
        "font_color": "#595959",
        "text_wrap": True,
        "valign": "top",
    },
    "field": {**_SONG, **_GRID, "font_size": 10, "num_format": "@", "valign": "vcenter", "indent": 1},
    "field_meaning": {
        **_SONG,
        **_GRID,
        "font_size": 9,
        "font_color": "#595959",
        "valign": "vcenter",
        "shrink": True,
        "indent": 1,
    },
    "field_figure": {**_SONG, **_GRID, **_MIDDLE, **_TOTAL_FILL, "font_size": 10},
    "line": {**_FANGSONG, "font_size": 12, "text_wrap": True, "valign": "top"},
    "line_heading": {**_HEI, "font_size": 13, "valign": "vcenter"},
    "result_head": {**_HEI, **_GRID, **_MIDDLE, "font_size": 10, "bg_color": "#F2F2F2", "text_wrap": True},
    "result_group": {**_HEI, **_GRID, "font_size": 11, "bg_color": "#F2F2F2", "valign": "vcenter"},
    "result": {**_SONG, **_GRID, "font_size": 10, "num_format": "@", "text_wrap": True, "valign": "top"},
    "result_link": {
        **_SONG,
        **_GRID,
        "font_size": 10,
        "font_color": "#0563C1",
        "underline": 1,
        "align": "center",
        "valign": "top",
    },
    "sum": {**_SONG, **_GRID, **_MIDDLE, **_TOTAL_FILL, "font_size": 10.5},
    "unit_figure": {**_SONG, **_GRID, "font_size": 10, "align": "right", "valign": "vcenter"},
    "unit_sum": {
        **_SONG,
        **_GRID,
        **_TOTAL_FILL,
        "font_size": 10,
        "bold": True,
        "align": "right",
        "valign": "vcenter",
    },
    "unit_id": {
        **_SONG,
        **_GRID,
        "font_size": 7,
        "font_color": "#595959",
        "text_wrap": True,
        "valign": "top",
    },
    "alarm": {"font_color": "#9C0006", "bg_color": "#FFC7CE", "bold": True},
}


_MARKS: dict[str, dict[str, Any]] = {
    "error": {"border": 5, "border_color": "#C00000", "bg_color": "#FBE3E1", "bold": True},
    "warning": {"border": 8, "border_color": "#7F6000", "bg_color": "#FFF2CC", "bold": True},
    "notice": {"border": 4, "border_color": "#404040"},
}
"""Thick, dashed and dotted frames, so that a mark is seen without its colour."""


class Styles:
    """The formats of one workbook, each added to it when it is first asked for."""

    def __init__(self, workbook: Workbook) -> None:
        """Styles for `workbook`."""
        self._workbook = workbook
        self._made: dict[str, Format] = {}

    def marked(self, name: str, severity: Severity) -> Format:
        """The format called `name`, marked: a frame, a fill, and a symbol before the content."""
        key = f"{name}/{severity}"
        if key not in self._made:
            symbol = f'"{SYMBOLS[severity]} "'
            shown = ";".join((f"{symbol}General", f"{symbol}-General", f"{symbol}General", f"{symbol}@"))
            style = {**_STYLES[name], "num_format": shown, **_MARKS[severity]}
            self._made[key] = self._workbook.add_format(style)
        return self._made[key]

    def __getitem__(self, name: str) -> Format:
        """The format called `name`."""
        if name not in self._made:
            self._made[name] = self._workbook.add_format(_STYLES[name])
        return self._made[name]
