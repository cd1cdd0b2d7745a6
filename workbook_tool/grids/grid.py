"""A table as it stands in a source, whatever the source: rows of cells.

Two kinds of source have two kinds of grid. In an *aligned* one (a worksheet, a web page) every
cell knows its column, and a merged cell is repeated in each position that it covers. In a
*ragged* one (text with separators) a merged cell is printed once and columns do not line up.
"""

from __future__ import annotations

from typing import NamedTuple

from workbook_tool.phrase import NOWHERE, Phrase


class GridCell(NamedTuple):
    """One cell: its text as shown, and the row and column of its first position in an aligned grid.

    Positions that a merged cell covers hold the same object; compare with ``is``.
    """

    text: str
    position: tuple[int, int] | None = None
    source: Phrase = NOWHERE
    """Where it stands in its source, as a person finds it there: page, table, row, or element path."""


Row = tuple[GridCell | None, ...]


class Grid(NamedTuple):
    """Rows of cells; ``None`` where an aligned grid has nothing."""

    rows: tuple[Row, ...]
    aligned: bool
    spans_known: bool = True
    """Whether an aligned grid repeats merged cells; if not, a heading reaches to the next one right of it."""
    is_printed: bool = False
    """Whether every figure of an aligned grid has a cell of its own: in a document a row with one cell too
    many or too few is misprinted, on a worksheet it is only blank."""
    is_ruled: bool = False
    """Whether its cells were seen between rules: a figure stands below its heading, and nowhere beside."""
