"""Which column of a grid is which column of the form, by the headings above it."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from workbook_tool.grids.labels import ASIDE, label_key, path_keys, without_asides, without_remarks
from workbook_tool.grids.misprints import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from workbook_tool.forms import Axis, Line, Section, Table
    from workbook_tool.grids.grid import Grid, GridCell, Row

    Columns = Sequence[tuple[Line, range]]
    KeyOf = Callable[[str], str]

_CORNERS = ("项目", "类别")
"""What may stand above row labels where the form has something else."""


def columns_under(grid: Grid, rows: Sequence[Row], table: Table) -> Columns:
    """Each column of `table` with the positions below its heading, as the heading rows say; or nothing.

    In a ragged grid a position is the place among the figures of a row.
    """
    if not grid.aligned:
        return _ragged_columns(table, rows)
    return _columns(table.columns, rows if grid.spans_known else _spread_right(rows))


def is_group_heading(section: Section, text: str) -> bool:
    """Whether `text` is the heading of a group of columns, or of all groups down to one."""
    return not _group_keys(section).isdisjoint({label_key(text), without_asides(text)})


@cache
def _group_keys(section: Section) -> frozenset[str]:
    axes = [table.columns for table in section.tables]
    paths = [path_keys(axis, line) for axis in axes for line in axis.lines if axis.is_group(line)]
    return frozenset("".join(path[start:]) for path in paths for start in range(len(path)))


def _spread_right(rows: Sequence[Row]) -> Sequence[Row]:
    """Heading rows with each text reaching right over blanks, but not below a text of another column."""
    own: set[int] = set()
    spread: list[Row] = []
    for row in rows:
        filled: list[GridCell | None] = []
        for column, cell in enumerate(row):
            blank = cell is None or not cell.text.strip()
            filled.append(filled[-1] if blank and filled and column not in own else cell)
        own |= {column for column, cell in enumerate(row) if cell is not None and cell.text.strip()}
        spread.append(tuple(filled))
    return spread


def _columns(axis: Axis, rows: Sequence[Row]) -> Columns:
    """Each leaf with its column, as aligned header rows say; empty unless every leaf is certain.

    Most must be as the form has them: a lone heading may well be that of another edition.
    """
    width = max((len(row) for row in rows), default=0)
    paths = [tuple(_column_path(rows, column)) for column in range(width)]
    bare = [tuple(_column_path(rows, column, without_remarks)) for column in range(width)]
    printed = [
        _printed_leaf(axis, path) or _printed_leaf(axis, short)
        for path, short in zip(paths, bare, strict=True)
    ]
    if 2 * len({*printed} - {None}) <= len(axis.leaves):
        return ()
    meant = [leaf or _misprinted_leaf(axis, path) for leaf, path in zip(printed, paths, strict=True)]
    for column, leaf in enumerate(meant):
        # What a heading says in brackets may make it another, and is no slip.
        if leaf and not printed[column] and _has_remark(axis, rows, column) and not ASIDE.search(leaf.label):
            meant[column] = None
    found: list[tuple[Line, range]] = []
    for line in axis.leaves:
        hits = [column for column, leaf in enumerate(meant) if leaf is line]
        starts = [c for c in hits if c - 1 not in hits or not _same_heading(rows, c - 1, c)]
        if len(starts) != 1:
            return ()
        found.append((line, range(starts[0], hits[-1] + 1)))
    return found


def _has_remark(axis: Axis, rows: Sequence[Row], column: int) -> bool:
    """Whether the headings above a column say something in brackets."""
    said = [*_column_path(rows, column, str.strip)][-axis.depth :]
    return any(ASIDE.search(text) for text in said)


@lru_cache(maxsize=4096)
def _printed_leaf(axis: Axis, path: tuple[str, ...]) -> Line | None:
    """The leaf that a column is which has `path` above it, as the form prints it."""
    for line in axis.leaves:
        for wanted in (path_keys(axis, line), _bare_path(axis, line)):
            if path[-len(wanted) :] == wanted or path[-1:] == ("".join(wanted),):
                return line
    return None


def _bare_path(axis: Axis, line: Line) -> tuple[str, ...]:
    return tuple(without_asides(step.label) for step in axis.path(line))


@lru_cache(maxsize=4096)
def _misprinted_leaf(axis: Axis, path: tuple[str, ...]) -> Line | None:
    """The leaf that a column is which has `path` above it, but for a slip."""
    if not path:
        return None
    leaves = {"".join(path_keys(axis, line)): line.id for line in axis.leaves}
    tails = ("".join(path[start:]) for start in range(len(path) - 1, max(len(path) - axis.depth, 0) - 1, -1))
    found = {name for tail in tails if (name := nearest(tail, leaves))}
    return next((line for line in axis.leaves if found == {line.id}), None)


def _column_path(rows: Sequence[Row], column: int, key_of: KeyOf = label_key) -> Iterable[str]:
    """The texts above a column, merged ones once."""
    last: GridCell | None = None
    for row in rows:
        cell = row[column] if column < len(row) else None
        if cell is not None and cell is not last:
            key = key_of(cell.text)
            if key:
                yield key
            last = cell


def _same_heading(rows: Sequence[Row], left: int, right: int) -> bool:
    """Whether two columns stand under one merged heading."""
    return any(right < len(row) and row[right] is not None and row[left] is row[right] for row in rows[-1:])


def _ragged_columns(table: Table, rows: Sequence[Row]) -> Columns:
    """Each leaf with its place among the figures, if the header prints the form's labels in order.

    Either level by level, each merged heading once, or each leaf with its whole path in one cell or none of
    it; of the whole table, or of one group of its columns. Besides captions nothing else may stand there.
    """
    leaves = (
        _headed(table, rows, label_key, label_key)
        or _headed(table, rows, without_remarks, without_asides)
        or _misprinted_header(table.columns, rows, _captions(table, label_key))
    )
    return [(line, range(position, position + 1)) for position, line in enumerate(leaves)]


def _headed(table: Table, rows: Sequence[Row], key_of: KeyOf, own_key: KeyOf) -> tuple[Line, ...]:
    """The leaves that the last rows print, their texts compared by `key_of`, the form's by `own_key`."""
    captions = _captions(table, label_key) | _captions(table, own_key)
    headers = _headers(table.columns, own_key)
    longest = max(map(len, headers))
    found: set[tuple[Line, ...]] = set()
    tail = ""
    for row in reversed(rows):
        keys = (key for cell in row if cell and (key := key_of(cell.text)) and key not in captions)
        tail = "".join(keys) + tail
        if len(tail) > longest:
            break
        found |= {headers[tail]} if tail in headers else set()
    # The header of a group ends that of the whole, if the group is the last one.
    return max(found, key=len, default=())


@cache
def _captions(table: Table, key_of: KeyOf) -> frozenset[str]:
    return frozenset(key_of(text) for text in (table.banner, table.corner, table.heading, *_CORNERS) if text)


def _misprinted_header(axis: Axis, rows: Sequence[Row], captions: Collection[str]) -> tuple[Line, ...]:
    """The leaves of an axis without groups, if the last row has as many headings and each is its leaf's.

    Most must be as the form has them: a lone heading may well be that of another edition.
    """
    texts = [label_key(cell.text) for cell in (rows[-1] if rows else ()) if cell]
    printed = [text for text in texts if text and text not in captions]
    if axis.depth != 1 or len(printed) != len(axis.leaves):
        return ()
    labels = {label_key(line.label): line.id for line in axis.leaves}
    if 2 * sum(text in labels for text in printed) <= len(printed):
        return ()
    meant = [labels.get(text) or nearest(text, labels) for text in printed]
    return axis.leaves if meant == [line.id for line in axis.leaves] else ()


@cache
def _headers(axis: Axis, key_of: KeyOf) -> Mapping[str, tuple[Line, ...]]:
    """The labels of the columns in one run, as a header prints them, and the leaves that they are of."""

    def whole(line: Line) -> str:
        return "".join(key_of(step.label) for step in axis.path(line))

    def by_level(lines: Iterable[Line]) -> str:
        levels: list[list[str]] = [[] for _ in range(axis.depth)]
        for line in lines:
            levels[len(axis.path(line)) - 1].append(key_of(line.label))
        return "".join(key for level in levels for key in level)

    headers = {
        "".join(map(whole, axis.leaves)): axis.leaves,
        "".join(key_of(line.label) for line in axis.leaves): axis.leaves,
        by_level(axis.lines): axis.leaves,
    }
    for group in axis.lines:
        below = [line for line in axis.lines if line.id.startswith(f"{group.id}.")]
        if below:
            leaves = tuple(line for line in axis.leaves if line in below)
            headers[whole(group) + by_level(below)] = leaves
    return headers
