"""The one thing that cell formats tell about values: which numbers are shown as dates or times."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbook_tool.excel import limits
from workbook_tool.excel.xml import Handlers, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DATE_LETTERS = re.compile(r"[ymdhs年月日时分秒]", re.IGNORECASE)


def date_formats(data: bytes | None) -> frozenset[int]:
    """The indexes of the cell formats that show a number as a date or a time."""
    custom: dict[int, str] = {}
    formats: list[int] = []
    inside = []

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if name == "numFmt":
            custom[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            inside.append(True)
        elif name == "xf" and inside:
            formats.append(int(attributes.get("numFmtId", "0")))
            limits.hold("格式 (cell formats)", len(formats), limits.STYLES)

    def end(tag: str) -> None:
        if tag.rpartition("}")[2] == "cellXfs":
            inside.clear()

    if data is not None:
        parse(data, Handlers(start, end))
    return frozenset(index for index, number in enumerate(formats) if _is_date(number, custom.get(number)))


def _is_date(number: int, code: str | None) -> bool:
    if code is None:
        return number in _BUILT_IN_DATES
    return "general" not in code.lower() and bool(_DATE_LETTERS.search(_NOT_CODE.sub("", code)))
