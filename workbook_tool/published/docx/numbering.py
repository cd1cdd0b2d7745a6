"""The numbers that Word prints in front of paragraphs, which stand nowhere in the text: 一、 and （一）."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.published.docx.names import W, number, step, value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml.etree import _Element as Element

    from workbook_tool.published.docx.styles import Style

_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9
_DIGITS = "零一二三四五六七八九"
_LETTERS = 26
_HIGHEST = 99
_ROMAN = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


class _Level(NamedTuple):
    start: int
    form: str
    text: str
    style: str


class Numbering:
    """The lists of a document, and how far each has been counted."""

    def __init__(self, root: Element | None) -> None:
        """Take them from the part that holds them."""
        abstract = {} if root is None else {_id(e, "abstractNumId"): e for e in root.iter(f"{W}abstractNum")}
        self._levels: dict[str, Mapping[int, _Level]] = {name: _levels(e) for name, e in abstract.items()}
        self._lists = {} if root is None else {_id(e, "numId"): e for e in root.iter(f"{W}num")}
        self._counts: dict[str, list[int | None]] = {}
        self._restarted: set[str] = set()

    def next(self, properties: Element | None, style: Style, style_id: str) -> str:
        """The number of the next paragraph with these properties; empty where it has none."""
        list_id = value(properties, "numPr", "numId") or style.list_id
        found = self._lists.get(list_id)
        if found is None:
            return ""
        abstract = value(found, "abstractNumId")
        levels = dict(self._levels.get(abstract, {}))
        for override in found.findall(f"{W}lvlOverride"):
            own = step(override, "lvl")
            if own is not None:
                levels[number(override.get(f"{W}ilvl", ""))] = _level(own)
        level = self._level_of(properties, style, style_id, levels)
        if level not in levels:
            return ""
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        self._restart(list_id, found, counts)
        self._count(counts, level, levels)
        return _PLACE.sub(lambda place: _shown(counts, int(place[1]) - 1, levels), levels[level].text)

    @staticmethod
    def _level_of(
        properties: Element | None, style: Style, style_id: str, levels: Mapping[int, _Level]
    ) -> int:
        own = value(properties, "numPr", "ilvl")
        if own:
            return number(own)
        tied = (level for level, known in levels.items() if style_id and known.style == style_id)
        return next(tied, style.level)

    def _restart(self, list_id: str, found: Element, counts: list[int | None]) -> None:
        """Begin anew where a list that is used for the first time says so."""
        if list_id in self._restarted:
            return
        self._restarted.add(list_id)
        for override in found.findall(f"{W}lvlOverride"):
            start = value(override, "startOverride")
            level = number(override.get(f"{W}ilvl", ""))
            if start and level < _LEVELS:
                counts[level] = number(start, 1) - 1

    @staticmethod
    def _count(counts: list[int | None], level: int, levels: Mapping[int, _Level]) -> None:
        for above in range(level):
            if counts[above] is None and above in levels:
                counts[above] = levels[above].start
        now = counts[level]
        counts[level] = levels[level].start if now is None else now + 1
        counts[level + 1 :] = [None] * (_LEVELS - level - 1)


def _id(element: Element, name: str) -> str:
    return element.get(f"{W}{name}", "")


def _levels(abstract: Element) -> dict[int, _Level]:
    known = {number(_id(element, "ilvl")): _level(element) for element in abstract.findall(f"{W}lvl")}
    return {level: found for level, found in known.items() if level < _LEVELS}


def _level(element: Element) -> _Level:
    return _Level(
        number(value(element, "start"), 1),
        value(element, "numFmt"),
        "" if value(element, "numFmt") == "bullet" else value(element, "lvlText"),
        value(element, "pStyle"),
    )


def _shown(counts: list[int | None], level: int, levels: Mapping[int, _Level]) -> str:
    count = counts[level]
    if count is None or level not in levels:
        return ""
    return _FORMS.get(levels[level].form, str)(count)


def _chinese(count: int) -> str:
    if not 0 < count <= _HIGHEST:
        return str(count)
    tens, ones = divmod(count, 10)
    return (_DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (_DIGITS[ones] if ones else "")


def _by_digit(count: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(count)).replace("零", "〇")


def _letter(count: int) -> str:
    return chr(ord("a") + (count - 1) % _LETTERS) * ((count - 1) // _LETTERS + 1) if count > 0 else ""


def _roman(count: int) -> str:
    if not 0 < count <= _HIGHEST:
        return str(count)
    text = ""
    for worth, sign in ((90, "xc"), *_ROMAN):
        text, count = text + sign * (count // worth), count % worth
    return text


def _circled(count: int) -> str:
    return chr(ord("①") + count - 1) if 0 < count <= 20 else str(count)  # noqa: PLR2004  # there are 20


_FORMS: Mapping[str, Callable[[int], str]] = {
    **dict.fromkeys(
        (
            "chineseCounting",
            "chineseCountingThousand",
            "japaneseCounting",
            "taiwaneseCounting",
            "taiwaneseCountingThousand",
            "koreanCounting",
        ),
        _chinese,
    ),
    **dict.fromkeys(("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"), _by_digit),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _circled),
    "decimalZero": lambda count: f"{count:02}",
    "lowerLetter": _letter,
    "upperLetter": lambda count: _letter(count).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda count: _roman(count).upper(),
    "none": lambda _: "",
}
