"""Comparing labels: what counts as the same, and the ways in which a line of the form is printed."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opencc import OpenCC

    from workbook_tool.forms import Axis, Line, Section, Table

NUMBER = re.compile(r"^\s*(?:[(（][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、|\d+[.．、])\s*")
"""The number in front of a label."""

ASIDE = re.compile(r"[(（][^()（）]*[)）]")
"""An explanation in brackets."""

_PLAIN_REMARK = re.compile(
    r"(?:计量|金额)?(?:单位)?(?:[件条个项次宗]|(?:人民币)?万元)|见?(?:附?注|备注)\d*"
    r"|包?含受?委托\w*|截[至止](?:年[末底]|12月31日)"
)
"""What may be said in brackets below any heading: its unit, where there is more about it, what the form
counts anyway."""


@lru_cache(maxsize=4096)
def label_key(text: str) -> str:
    """`text` for comparison: compatibility forms and traditional characters unified, no signs."""
    return "".join(filter(str.isalnum, simplified(unicodedata.normalize("NFKC", text))))


def simplified(text: str) -> str:
    """`text` in simplified characters; GB 2312 has no others, so what it can write is left as it is."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return str(_converter().convert(text))
    return text


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC  # noqa: PLC0415  # only where there is something to convert

    return OpenCC("t2s")


@lru_cache(maxsize=4096)
def without_asides(text: str) -> str:
    """The key of a label without what it explains in brackets."""
    return label_key(ASIDE.sub("", text))


@lru_cache(maxsize=4096)
def without_remarks(text: str) -> str:
    """The key of a printed heading without what it may well say in brackets.

    Whatever else it says, such as (元), (上年) or (其中:网上), may make other figures of those below it.
    """
    return label_key(ASIDE.sub(lambda aside: "" if _is_plain(aside[0]) else aside[0], text))


def _is_plain(remark: str) -> bool:
    return bool(_PLAIN_REMARK.fullmatch(label_key(remark)))


@cache
def path_keys(axis: Axis, line: Line) -> tuple[str, ...]:
    """The keys of the labels above `line`, outermost first, and of its own."""
    return tuple(label_key(step.label) for step in axis.path(line))


@cache
def line_keys(section: Section) -> Mapping[str, tuple[Table, Line]]:
    """What a row may print to be a certain line of `section`.

    The end of its path of labels, of any length; its own label without the number in front or what is
    explained in brackets, what messages call it, or a variant that the form allows. What could be two
    lines is neither, and so is a word that other labels have in them (其他 without its number).
    """
    found: dict[str, set[tuple[Table, Line]]] = {}
    labels = {label_key(line.label) for table in section.tables for line in table.rows.lines}
    for table in section.tables:
        for line in table.rows.leaves:
            path = path_keys(table.rows, line)
            ends = {"".join(path[start:]) for start in range(len(path))}
            bare = label_key(NUMBER.sub("", line.label))
            own = {bare, label_key(line.short)}
            own |= {without_asides(line.label), without_asides(NUMBER.sub("", line.label))}
            above = "".join(path[:-1])
            also = {*map(label_key, line.also)}
            alone = {key for key in own if not any(key in other for other in labels - {path[-1]})}
            for key in ends | alone | also | {above + other for other in own | also}:
                found.setdefault(key, set()).add((table, line))
    return {key: next(iter(lines)) for key, lines in found.items() if len(lines) == 1}
