"""What cell formats tell of cells: which numbers are shown as dates or times, and what is unlocked."""

from __future__ import annotations

import operator
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.excel import limits
from workbook_tool.excel.looks import Looks
from workbook_tool.ooxml.xml import Handlers, local, parse
from workbook_tool.remembering import remembered

if TYPE_CHECKING:
    from collections.abc import Mapping

_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_CODE = re.compile(r'"[^"]*"|[\\!].|_.|\*.|\[[^\]]*\]')
_DATE_LETTERS = re.compile(r"[ymdhsaegbq年月日时分秒]|[上下]午", re.IGNORECASE)
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_GENERAL = re.compile(r"general|G/通用格式", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"e[+-]", re.IGNORECASE)
_BUILT_IN_ODD = (9, 10, 11, 48)
"""In per cent, and rounded to a power of ten."""
_LITERALS = re.compile(r'"([^"]*)"|[\\!](.)')
_SCALE = re.compile(r"[%‰.]")
"""Signs that make another number of the one before them, as numerals do."""

_ALTERS = re.compile(r"[%‰1-9]|e[+-]", re.IGNORECASE)
"""The same, where it is no words: per cent, digits that stand for themselves, powers of ten."""

_NEGATIVE = re.compile(r"[-(]")
_FILLS = re.compile(r"(?<![\\!\"])\*\d")
"""What fills a cell with a digit."""

_SCALED = re.compile(r"[0#?],+(?![0#?])")
_SHOWS = re.compile(r"[0#?@]|general|G/通用格式", re.IGNORECASE)
_SECTION = re.compile(r"((?:[^;\"\\\\!]|\"[^\"]*\"|[\\\\!].)*)(?:;|$)")
_CONDITION = re.compile(r"\[(<=|>=|<>|=|<|>)(-?[0-9.]+)\]")
_COMPARE = {
    "<=": operator.le,
    ">=": operator.ge,
    "<>": operator.ne,
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}
_NOTHING = ("", "-", "–", "—")
"""How formats write a zero that nobody is to see."""

_SHOWS_NOTHING = ";;;"
_SHORT = 2**16
_FALSE = ("0", "false", "off")


class Formats(NamedTuple):
    """The cell formats, by their indexes, that say something of a cell."""

    dates: frozenset[int]
    """Those that show a number as a date or a time."""
    unlocked: frozenset[int]
    """Those that leave a cell open when its sheet is protected."""
    unusual: Mapping[int, str]
    """The codes of those that may show a number as another one, or not at all (see `disguises`)."""

    @property
    def odd(self) -> frozenset[int]:
        """Those of which it must be asked how they show a number."""
        return self.dates.union(self.unusual)


def read_formats(data: bytes | None) -> Formats:
    """The formats in the part `data`; none without one."""
    return Formats(frozenset(), frozenset(), {}) if data is None else _formats(data)


@remembered(most=16, below=_SHORT)  # many workbooks share their formats
def _formats(data: bytes) -> Formats:
    custom: dict[int, str] = {}
    formats: list[int] = []
    unlocked: list[int] = []
    unseen: set[int] = set()
    looks = Looks()
    inside = []

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        name = local(tag)
        looks.start(name, attributes)
        if name == "numFmt":
            custom[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            inside.append(True)
        elif name == "xf" and inside:
            if looks.is_lost(attributes.get("fontId", ""), attributes.get("fillId", "")):
                unseen.add(len(formats))
            formats.append(int(attributes.get("numFmtId", "0")))
            limits.STYLES.hold(len(formats))
        elif name == "protection" and inside and attributes.get("locked") in _FALSE:
            unlocked.append(len(formats) - 1)

    def end(tag: str) -> None:
        looks.end(local(tag))
        if local(tag) == "cellXfs":
            inside.clear()

    parse(data, Handlers(start, end))
    odd = {number for number in set(formats) if _is_unusual(number, custom.get(number))}
    dates = {number for number in set(formats) if _is_date(number, custom.get(number))}
    return Formats(
        frozenset(index for index, number in enumerate(formats) if number in dates),
        frozenset(unlocked),
        {
            index: _SHOWS_NOTHING if index in unseen else custom.get(number, "0%")
            for index, number in enumerate(formats)
            if number in odd - dates or index in unseen
        },
    )


def _is_date(number: int, code: str | None) -> bool:
    if code is None:
        return number in _BUILT_IN_DATES
    if _ELAPSED.search(code):
        return True
    return bool(_DATE_LETTERS.search(_SCIENTIFIC.sub("", _GENERAL.sub("", _NOT_CODE.sub("", code)))))


@lru_cache(maxsize=4096)  # few formats, and many small numbers
def disguises(code: str, number: float) -> bool:
    """Whether a format shows `number` as another: in per cent, in thousands, as given words, or not at all.

    Only the section of the format that is for such a number counts; a zero may show as a dash or as nothing.
    """
    section = _section(code, number)
    literals = "".join(quoted or escaped for quoted, escaped in _LITERALS.findall(section))
    bare = _NOT_CODE.sub("", section)
    if not _SHOWS.search(bare):
        return number != 0 or (literals + bare).strip() not in _NOTHING
    is_turned = number > 0 and bool(_NEGATIVE.search(bare))
    is_other = _ALTERS.search(bare) or _SCALED.search(bare) or _SCALE.search(literals)
    return is_turned or bool(is_other or _FILLS.search(section)) or any(map(str.isnumeric, literals))


def _section(code: str, number: float) -> str:
    """The section of a format that is used for `number`: by its condition, or else by its sign."""
    sections = _SECTION.findall(code)
    for section in sections:
        for sign, bound in _CONDITION.findall(section):
            if _COMPARE[sign](number, float(bound)):
                return str(section)
    free = [section for section in sections if not _CONDITION.search(section)]
    if len(free) < len(sections):
        return str(free[0]) if free else ""
    place = 1 if number < 0 else 2 if number == 0 else 0
    return str(sections[place]) if place < len(sections) else str(sections[0])


def _is_unusual(number: int, code: str | None) -> bool:
    """Whether a format may show some number as another."""
    if code is None:
        return number in _BUILT_IN_ODD
    return any(disguises(code, example) for example in (12, -12, 0, 10**6))
