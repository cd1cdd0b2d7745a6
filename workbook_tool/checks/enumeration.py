"""N-10: enumerations run on: 一是 is followed by 二是, and (二) by (三)."""

from __future__ import annotations

import re
from bisect import bisect
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.checks.quotation import MOST, finding_about, words
from workbook_tool.rules import Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook_tool.report import Report
    from workbook_tool.rules import Finding

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_DIGITS = "〇一二三四五六七八九"
_NUMBER = r"([一二三四五六七八九十][一二三四五六七八九十]{0,2})"
_ARABIC = r"(\d\d?)"
_BEFORE = 8
_DEEPEST = 5
"""How many lists may stand in one another."""

_SENTENCE = "。；;：:！!？?"
_NOT_AFTER = "0123456789十百千万第星期周初之统唯单专同其均零〇一二三四五六七八九"


class _Family(NamedTuple):
    """One manner of numbering."""

    name: str
    pattern: re.Pattern[str]
    after: str
    """The marks after which such a number begins an item, beside the beginning of a paragraph."""
    tail: str = ""
    """What belongs to the number."""


_FAMILIES = (
    _Family("是", re.compile(f"{_NUMBER}(?=是)"), f"{_SENTENCE},，", "是"),
    _Family("要", re.compile(f"{_NUMBER}(?=要(?!素|点|件|务|闻|求))"), f"{_SENTENCE},，", "要"),
    _Family("第", re.compile(f"第{_NUMBER}(?=[,，、：:是])"), _SENTENCE),
    _Family("(", re.compile(f"[(（]{_NUMBER}(?=[)）])"), _SENTENCE),
    _Family("、", re.compile(f"{_NUMBER}(?=、)"), ""),
    _Family("1.", re.compile(rf"{_ARABIC}(?=[.．](?!\d))"), _SENTENCE),
    _Family("1、", re.compile(rf"{_ARABIC}(?=、(?!\d))"), _SENTENCE),
    _Family("(1)", re.compile(rf"[(（]{_ARABIC}(?=[)）])"), _SENTENCE),
    _Family("①", re.compile(f"([{_CIRCLED}])"), _SENTENCE),
)
_LEFT_OUT = re.compile(r"[〔\[（(【]\s{0,9}略\s{0,9}[〕\]）)】]")


class _Item(NamedTuple):
    """The number of one item: how much it is, where it stands, and in which paragraph."""

    number: int
    start: int
    end: int
    line: int
    case: str
    """``bare`` for a number that has lost its 是."""
    is_firm: bool
    """Whether it can only be an item's number."""


def check_enumerations(report: Report) -> Iterator[Finding]:
    """No number is left out, given twice or without its 是; a list inside an item may begin anew."""
    for text_id, text in report.texts.items():
        for item, expected in _all_breaks(text):
            yield finding_about(
                report, "N-10", Passage(text_id, item.start, item.end), item.case, expected=expected
            )


@lru_cache(maxsize=64)  # many agencies write the same
def _all_breaks(text: str) -> tuple[tuple[_Item, str], ...]:
    """The items that do not go on from the one before, and what would stand there."""
    if _LEFT_OUT.search(text):
        return ()
    lines = [each.start() for each in re.finditer("\n", text)]
    return tuple(
        (item, _written(wanted, text[item.start], "是" if item.case == "bare" else family.tail))
        for family in _FAMILIES
        for item, wanted in islice(_breaks(family, _items(family, text, lines), text), MOST)
    )


def _items(family: _Family, text: str, lines: Sequence[int]) -> list[_Item]:
    """The numbers of `family` in order; where they begin nothing, only those that may still be meant so."""
    found = []
    for each in family.pattern.finditer(text):
        start, end = each.span(1)
        before = text[max(0, each.start() - _BEFORE) : each.start()].rstrip(" \t　")[-1:] or "\n"
        number, firm = _number(each[1]), before == "\n" or before in family.after
        # 一是 may stand in the middle of a clause (主要问题一是…), and so may what follows it.
        loose = family.name in ("是", "(", "(1)") or (number == 1 and family.name in ("1.", "1、"))
        if firm or (loose and text[start - 1] not in _NOT_AFTER):
            found.append(_Item(number, start, end + len(family.tail), bisect(lines, start), "", firm))
    if family.name == "是" and found:
        for each in _bare().finditer(text):
            line = bisect(lines, each.start())
            found.append(_Item(_number(each[1]), *each.span(1), line, "bare", is_firm=False))
        found.sort(key=lambda item: item.start)
    return found


def _breaks(family: _Family, items: Iterable[_Item], text: str) -> Iterator[tuple[_Item, int]]:
    """The items that do not go on from the one before, and the number that would."""
    # The lists that the next item may belong to: an outer one only while its item's paragraph lasts.
    lists: list[_Item] = []
    for item in items:
        depth = next((d for d in reversed(range(len(lists))) if lists[d].number + 1 == item.number), None)
        if depth is not None:
            if item.case:
                yield item, item.number
            lists[depth:] = [item]
        elif item.number == 1:
            lists = [*(outer for outer in lists[-_DEEPEST:] if outer.line == item.line), item]
        elif item.is_firm and lists and item.number - lists[-1].number in (0, 2):
            if lists[-1].is_firm and not re.search(
                words("enumeration")["next"], text[lists[-1].end : item.start]
            ):
                yield item, lists[-1].number + 1
            lists = [item]
        elif item.is_firm and not lists and family.name == "是" and item.number == 2:  # noqa: PLR2004  # 二是
            before = text[text.rfind("\n", 0, item.start) + 1 : item.start]
            if len(before) > 1 and not re.search(words("enumeration")["first"], before):
                yield item._replace(case="first"), 1
            lists = [item]


@cache
def _bare() -> re.Pattern[str]:
    verbs = "|".join(words("enumeration")["openings"])
    return re.compile(
        rf"{_NUMBER}(?:(?<=^.)|(?<=^..)|(?<=[。；;　 ].)|(?<=[。；;　 ]..))(?={verbs})", re.MULTILINE
    )


def _number(written: str) -> int:
    if written in _CIRCLED:
        return _CIRCLED.index(written) + 1
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    return (_DIGITS.index(tens) if tens else 1) * 10 * bool(ten) + (_DIGITS.index(ones) if ones else 0)


def _written(number: int, like: str, tail: str) -> str:
    """`number` in the manner of the number that begins with `like`."""
    if like in _CIRCLED:
        return _CIRCLED[number - 1]
    if like.isdecimal():
        return str(number)
    tens, ones = divmod(number, 10)
    return f"{_DIGITS[tens] * (tens > 1)}{'十' * bool(tens)}{_DIGITS[ones] * bool(ones)}{tail}"
