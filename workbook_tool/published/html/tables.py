"""The tables of a page: which of them hold data, and their rows as lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.errors import SourceError
from workbook_tool.grids import GridCell
from workbook_tool.phrase import Phrase
from workbook_tool.published.html.shown import UNCERTAIN, is_hidden, paragraphs, shown
from workbook_tool.published.html.styles import (
    has_ground,
    is_moved,
    is_pale_around,
    is_removed,
    is_white,
)
from workbook_tool.published.lines import Line, row
from workbook_tool.published.spans import Spanned, positions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from selectolax.lexbor import LexborHTMLParser, LexborNode

_GROUPS = ("thead", "tbody", "tfoot")
"""Groups of rows in the order in which they are seen, whatever the order in the source."""

_CELLS = ("td", "th")
_DEEPEST = 512
"""Elements around a table; browsers nest no deeper."""

_WHOLE = re.compile(r"\s*\+?([0-9]{1,9})")
_MOST_COLUMNS = 1000
_MOST_ROWS = 65534
"""What HTML allows to span."""


class DataTable(NamedTuple):
    """A table that is no mere layout: its number among such, and its place among all of the page."""

    number: int
    place: int


class _Row(NamedTuple):
    """A row of a table, its place in its group, and its cells."""

    node: LexborNode
    place: int
    cells: list[LexborNode]


class _Group(NamedTuple):
    """A group of rows of a table, and what it is called in a path."""

    node: LexborNode
    tag: str
    name: str
    rows: list[_Row]


def data_tables(page: LexborHTMLParser) -> Mapping[int, DataTable]:
    """The data tables of `page` by their ids.

    A table of one column, or that holds a table with more cells than its own, only lays things out.
    """
    tables = page.css("table")
    sizes = {table.mem_id: [*_sizes(table)] for table in tables}
    largest: dict[int, int] = {}
    for table in reversed(tables):
        size = max(sum(sizes[table.mem_id]), largest.get(table.mem_id, 0))
        outer = _around(table)
        if outer is not None:
            largest[outer.mem_id] = max(size, largest.get(outer.mem_id, 0))
    found: dict[int, DataTable] = {}
    for place, table in enumerate(tables, start=1):
        own = sizes[table.mem_id]
        if max(own, default=0) > 1 and sum(own) > largest.get(table.mem_id, 0):
            found[table.mem_id] = DataTable(len(found) + 1, place)
    return found


def _around(table: LexborNode) -> LexborNode | None:
    """The table in which `table` stands; a `SourceError` if it stands too deep."""
    outer = table.parent
    for _ in range(_DEEPEST):
        if outer is None or outer.tag == "table":
            return outer
        outer = outer.parent
    raise SourceError("unsafe", {"problem": f"> {_DEEPEST} <…>"})


def table_lines(table: LexborNode, known: DataTable) -> Iterator[Line]:
    """The caption of `table` and its rows, in the order in which they are seen."""
    for child in table.iter():
        if child.tag == "caption" and not is_hidden(child):
            # What only programs that read aloud say is words all the same.
            yield from map(Line, paragraphs(shown(child)).replace(UNCERTAIN, "").splitlines())
    number = 0
    is_unsure = is_moved(table) or is_pale_around(table)
    for group in _groups(table):
        spanned = []
        is_unsure_group = is_unsure or _is_unsure(group.node)
        for row_ in group.rows:
            number += 1
            words = Phrase(f"第 {known.number} 张表第 {number} 行", f"table {known.number}, row {number}")
            path = f"(//table)[{known.place}]/{group.name}/tr[{row_.place}]"
            is_spoilt = is_unsure_group or _is_unsure(row_.node) or any(map(is_moved, row_.cells))
            spanned.append([*_spanned(row_.cells, words, path, is_spoilt=is_spoilt)])
        # A cell ends with its group of rows.
        for positioned in positions(spanned):
            yield row(positioned, known.number)


def _is_unsure(node: LexborNode) -> bool:
    """Whether the figures in a row or a group of rows are perhaps not to be seen where they are written."""
    return is_moved(node) or (is_white(node) and not has_ground(node))


def _sizes(table: LexborNode) -> Iterator[int]:
    """How many cells each row has."""
    for group in _groups(table):
        for each in group.rows:
            yield len(each.cells)


def _groups(table: LexborNode) -> list[_Group]:
    """The groups of rows of `table` that are there."""
    found = []
    counts = dict.fromkeys(_GROUPS, 0)
    for group in table.iter():
        tag = group.tag or ""
        if tag in counts:
            counts[tag] += 1
            if not is_removed(group):
                found.append(_Group(group, tag, f"{tag}[{counts[tag]}]", [*_rows(group)]))
    return sorted(found, key=lambda group: _GROUPS.index(group.tag))


def _rows(group: LexborNode) -> Iterator[_Row]:
    """The rows of `group` that are there."""
    trs = (child for child in group.iter() if child.tag == "tr")
    for place, tr in enumerate(trs, start=1):
        if not is_removed(tr):
            yield _Row(tr, place, [cell for cell in tr.iter() if cell.tag in _CELLS])


def _spanned(cells: list[LexborNode], words: Phrase, path: str, *, is_spoilt: bool) -> Iterator[Spanned]:
    counts = dict.fromkeys(_CELLS, 0)
    for cell in cells:
        tag = cell.tag or ""
        counts[tag] += 1
        if is_removed(cell):
            continue
        source = Phrase(*(f"{text} {path}/{tag}[{counts[tag]}]" for text in words))
        attributes = cell.attributes
        columns = min(_number(attributes.get("colspan")) or 1, _MOST_COLUMNS)
        rows = _number(attributes.get("rowspan"))
        below = _MOST_ROWS if rows == 0 else min(rows or 1, _MOST_ROWS)
        text = paragraphs(shown(cell)) + UNCERTAIN * is_spoilt
        yield Spanned(GridCell(text, source=source), columns, below)


def _number(text: str | None) -> int | None:
    """A whole number at the beginning of an attribute, as HTML reads it; ``None`` if there is none."""
    found = _WHOLE.match(text or "")
    return int(found[1]) if found else None
