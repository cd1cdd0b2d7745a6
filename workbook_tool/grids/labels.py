"""Comparing labels: what counts as the same, and the ways in which a line of the form is printed."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook_tool.forms import Axis, Line, Section, Table

_NUMBER = re.compile(r"^\s*(?:[((][一二三四五六七八九十]+[))]|[一二三四五六七八九十]+、|\d+[..、])\s*")


@lru_cache(maxsize=4096)
def label_key(text: str) -> str:
    """`text` for comparison: compatibility forms unified, only letters and digits kept."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))


@cache
def path_keys(axis: Axis, line: Line) -> tuple[str, ...]:
    """The keys of the labels above `line`, outermost first, and of its own."""
    return tuple(label_key(step.label) for step in axis.path(line))


@cache
def line_keys(section: Section) -> Mapping[str, tuple[Table, Line]]:
    """What a row may print to be a certain line of `section`.

    The end of its path of labels, of any length; its own label without the number in front, or a
    variant that the form allows. What could be two lines is neither.
    """
    found: dict[str, set[tuple[Table, Line]]] = {}
    for table in section.tables:
        for line in table.rows.leaves:
            path = path_keys(table.rows, line)
            ends = {"".join(path[start:]) for start in range(len(path))}
            bare = label_key(_NUMBER.sub("", line.label))
            for key in ends | {bare} | {label_key(variant) for variant in line.also}:
                found.setdefault(key, set()).add((table, line))
    return {key: next(iter(lines)) for key, lines in found.items() if len(lines) == 1}
