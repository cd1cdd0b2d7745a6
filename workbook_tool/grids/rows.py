"""What a row of a grid says: its labels, its figures, its words."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from workbook_tool.grids.labels import ASIDE, NUMBER, label_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook_tool.forms import Line, Table
    from workbook_tool.grids.grid import GridCell, Row

_COUNTED = re.compile(r"\d{1,2}\s*[^\w\s()（）]\s*(?!\d)|[(（][一二三四五六七八]+[)）]")
"""What counts labels, in their way or in another."""

_WORD = re.compile("[\u4e00-\u9fff]{2}")

_LABEL = 2
"""So many letters at the beginning of a text make it a label and no figure, whatever comes then."""


def last_before(row: Row, position: int) -> GridCell | None:
    """The last cell of `row` before `position` that says something."""
    return next((cell for cell in reversed(row[:position]) if cell is not None and cell.text.strip()), None)


def has_more_remarks(labels: Iterable[GridCell], table: Table, line: Line) -> bool:
    """Whether labels say more in brackets than those of `line`."""
    own = _remarks(step.label for step in table.rows.path(line))
    return _remarks(cell.text for cell in labels) > own


def _remarks(labels: Iterable[str]) -> int:
    """How much labels say in brackets, but for their numbers."""
    return sum(len(ASIDE.findall(NUMBER.sub("", label))) for label in labels)


def has_words(row: Row) -> bool:
    """Whether a cell of `row` says something in words."""
    return any(cell is not None and _WORD.search(label_key(cell.text)) for cell in row)


def is_label(cell: GridCell) -> bool:
    """Whether what stands after the labels of a row is another label, so that they are not all of it."""
    words = _COUNTED.sub("", cell.text.strip())
    return len(words) >= _LABEL and words[:_LABEL].isalpha()


def looks_like_figures(row: Row) -> bool:
    """Whether a row without labels can be the figures of a table without row labels."""
    texts = [unicodedata.normalize("NFKC", cell.text).strip() if cell else "" for cell in row]
    return not any(len(text) > 1 and text[0].isalpha() for text in texts)


def figures_in(row: Row) -> int:
    """How many figures there are in cells of `row` that are digits and nothing else."""
    return sum(len(cell.text.split()) for cell in row if cell and label_key(cell.text).isdigit())


def shown(row: Row) -> str:
    """What stands in `row`, each merged cell once, as findings quote it."""
    seen: list[GridCell] = []
    for cell in row:
        if cell is not None and cell.text.strip() and (not seen or seen[-1] is not cell):
            seen.append(cell)
    return " | ".join(cell.text.strip() for cell in seen)
