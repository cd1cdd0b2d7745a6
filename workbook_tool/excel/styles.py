"""What cell formats tell of cells: which numbers are shown as dates or times, and what is unlocked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.excel import limits
from workbook_tool.excel.xml import Handlers, local, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DATE_LETTERS = re.compile(r"[ymdhs年月日时分秒]", re.IGNORECASE)
_FALSE = ("0", "false", "off")


class Formats(NamedTuple):
    """The cell formats, by their indexes, that say something of a cell."""

    dates: frozenset[int]
    """Those that show a number as a date or a time."""
    unlocked: frozenset[int]
    """Those that leave a cell open when its sheet is protected."""


def read_formats(data: bytes | None) -> Formats:
    """The formats in the part `data`; none without one."""
    custom: dict[int, str] = {}
    formats: list[int] = []
    unlocked: list[int] = []
    inside = []

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        name = local(tag)
        if name == "numFmt":
            custom[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            inside.append(True)
        elif name == "xf" and inside:
            formats.append(int(attributes.get("numFmtId", "0")))
            limits.STYLES.hold(len(formats))
        elif name == "protection" and inside and attributes.get("locked") in _FALSE:
            unlocked.append(len(formats) - 1)

    def end(tag: str) -> None:
        if local(tag) == "cellXfs":
            inside.clear()

    if data is not None:
        parse(data, Handlers(start, end))
    dates = (index for index, number in enumerate(formats) if _is_date(number, custom.get(number)))
    return Formats(frozenset(dates), frozenset(unlocked))


def _is_date(number: int, code: str | None) -> bool:
    if code is None:
        return number in _BUILT_IN_DATES
    return "general" not in code.lower() and bool(_DATE_LETTERS.search(_NOT_CODE.sub("", code)))
