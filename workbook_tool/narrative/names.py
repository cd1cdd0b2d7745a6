"""What the figures of a form go by in a text: ``三.新收.总计``, from the numbers and labels of the form.

A name is a section's number, then a row and a column, each as short as it can be told from the others;
the cell's id is a name as well. A group is named like a line and stands for the sum of what is below it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook_tool.forms import Axis, Cell, Form, Line, Section, Table

_DOTS = re.compile(r"[.。·•・‧∙]")
_AFTER_NUMBER = re.compile(r"^(表?[一二三四五六七八九十])、")
_NUMBER = re.compile(r"^(?:\([一二三四五六七八九十]+\)|[一二三四五六七八九十]+、|\d+[.、])")
_REMARK = re.compile(r"\([^()]*\)")


class Item(NamedTuple):
    """What can be named on an axis: a line, or a group for the sum of what stands below it."""

    id: str
    names: tuple[str, ...]
    """What it goes by; the first is the one that is printed."""
    above: tuple[tuple[str, ...], ...]
    """What the groups above go by, outermost first."""
    lines: tuple[Line, ...]
    """The lines whose figures are added up."""


@cache
def field_names(form: Form) -> Mapping[tuple[Cell, ...], str]:
    """The name of every figure, in printed order, and of every sum over a group."""
    named: dict[tuple[Cell, ...], str] = {}
    for section in form.tabled:
        for table in section.tables:
            for row in items(table.rows) or (None,):
                for column in items(table.columns):
                    parts = [section.number, *(_short(table.rows, row) if row else ())]
                    name = ".".join((*parts, *_short(table.columns, column)))
                    # A group that has a total of its own goes by that, which comes after it.
                    named[cells_at(form, section, row, column)] = name
    return named


def field_name(form: Form, *cells: Cell) -> str:
    """The name of a cell, such as ``三.新收.总计``, or of the sum of all cells of a group."""
    return field_names(form)[cells]


def resolve(form: Form, name: str) -> tuple[Cell, ...] | None:
    """The cells that `name` stands for, one or those of a group, to be added up.

    ``None`` where nothing goes by that name, or more than one thing does.
    """
    found = readings(form, name)
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=4096)
def readings(form: Form, name: str) -> tuple[tuple[Cell, ...], ...]:
    """All that `name` may stand for, each as the cells to be added up."""
    first, *rest = segments(name)
    section = next((s for s in form.tabled if first in section_names(s)), None)
    if section is None:
        return ()
    found = (
        cells_at(form, section, row, column)
        for table in section.tables
        for cut in range(len(rest) + 1)
        for row in _matching_rows(table, rest[:cut])
        for column in _matching(table.columns, rest[cut:]) or _default(table, rest[cut:])
    )
    return tuple(dict.fromkeys(found))


def segments(name: str) -> list[str]:
    """The parts of a name between its dots, compatibility forms unified, without spaces."""
    plain = "".join(unicodedata.normalize("NFKC", name).lower().split())
    plain = _AFTER_NUMBER.sub(r"\1.", plain)  # 三、新收, as sections are numbered
    return [part.replace("“", "").replace("”", "") for part in _DOTS.split(plain)]


@cache
def items(axis: Axis) -> tuple[Item, ...]:
    """Everything on `axis` that has a name, in printed order."""
    return tuple(_items(axis))


def _items(axis: Axis) -> Iterator[Item]:
    for line in axis.lines:
        above = tuple(_names(group) for group in axis.path(line)[:-1])
        yield Item(line.id, _names(line), above, _summed(axis, line))
        below = _children(axis, line)
        if below and all(axis.is_group(child) for child in below):
            # Groups of the same lines are added up line by line: 行政诉讼 · 维持.
            for leaf in _children(axis, below[0]):
                ending = leaf.id.removeprefix(below[0].id)
                alike = tuple(
                    other for other in axis.leaves if other.id in {f"{c.id}{ending}" for c in below}
                )
                if len(alike) == len(below):
                    yield Item(f"{line.id}{ending}", _names(leaf), (*above, _names(line)), alike)


def _children(axis: Axis, line: Line) -> list[Line]:
    return [other for other in axis.lines if other.id.rpartition(".")[0] == line.id]


def _summed(axis: Axis, line: Line) -> tuple[Line, ...]:
    """The lines that give the figure of `line`: itself, or the total of a group, or its parts."""
    if not axis.is_group(line):
        return (line,)
    parts = axis.members((f"{line.id}.*",))
    for child in _children(axis, line):
        if child.sum and axis.members(child.sum) == parts:
            return (child,)
    return tuple(below for child in _children(axis, line) for below in _summed(axis, child) if not child.sum)


@cache
def _names(line: Line) -> tuple[str, ...]:
    said = (line.field, *map(_bare, (line.short, line.label, *line.also)))
    return tuple(dict.fromkeys(name for name in said if name))


def _bare(label: str) -> str:
    """A label without its number and without what stands in brackets."""
    text = _REMARK.sub("", _NUMBER.sub("", unicodedata.normalize("NFKC", label).strip()))
    return "".join(filter(str.isalnum, text))


def section_names(section: Section) -> tuple[str, ...]:
    """What a section goes by in the name of a field."""
    return section.number, f"表{section.number}", section.id


def _matching_rows(table: Table, parts: Sequence[str]) -> Sequence[Item | None]:
    if table.rows.leaves:
        return _matching(table.rows, parts)
    return () if parts else (None,)


def _matching(axis: Axis, parts: Sequence[str]) -> list[Item]:
    """The items that `parts` may name: those named with all groups directly above before any others."""
    if not parts:
        return []
    own = [item for item in items(axis) if parts[-1] in item.names]
    groups = parts[:-1]
    near = [item for item in own if _ends_with(item.above, groups)]
    by_id = [item for item in items(axis) if item.id == ".".join(parts)]
    return by_id or near or [item for item in own if _passes(item.above, groups)]


def _ends_with(above: Sequence[Sequence[str]], groups: Sequence[str]) -> bool:
    tail = above[len(above) - len(groups) :]
    return len(above) >= len(groups) and all(g in names for g, names in zip(groups, tail, strict=True))


def _passes(above: Sequence[Sequence[str]], groups: Sequence[str]) -> bool:
    left = iter(above)
    return all(any(group in names for names in left) for group in groups)


def plain_column(table: Table) -> Item | None:
    """The column that a name need not state: the only one, or the total of all."""
    leaves = table.columns.leaves
    totals = [leaf for leaf in leaves if leaf.sum]
    only = leaves if len(leaves) == 1 else totals
    return next((item for item in items(table.columns) if [item.id] == [leaf.id for leaf in only]), None)


def _default(table: Table, parts: Sequence[str]) -> list[Item]:
    column = None if parts else plain_column(table)
    return [column] if column else []


@cache
def _short(axis: Axis, item: Item) -> tuple[str, ...]:
    """The fewest words that name `item` alone on its axis."""
    for count in range(len(item.above) + 1):
        said = (*(names[0] for names in item.above[len(item.above) - count :]), item.names[0])
        if [found.lines for found in _matching(axis, said)] == [item.lines]:
            return said
    return (item.id,)


@cache
def cells_at(form: Form, section: Section, row: Item | None, column: Item) -> tuple[Cell, ...]:
    """The cells where the lines of both items cross."""
    starts = [f"{section.id}.{line.id}" for line in row.lines] if row else [section.id]
    return tuple(form.cells[f"{start}.{line.id}"] for start in starts for line in column.lines)
