"""The visible words around the figures on a sheet: whether they were altered, and whom they speak for."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook_tool.excel.layout import TABLE_TOP, Spot
from workbook_tool.forms import lay_out
from workbook_tool.grids import label_key
from workbook_tool.rules import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from workbook_tool.excel.book import Sheet
    from workbook_tool.forms import Box, Cell, Line, Section

_LONGEST_QUOTE = 40


def believes(section: Section, sheet: Sheet, cell: Cell, spot: Spot) -> bool:
    """Whether the words beside and above `spot` speak for `cell` at least as much as for another line.

    Asked where a label is not the official one: reworded it may stay, exchanged with another it may not.
    """
    if spot.column >= sheet.width:
        return False  # beyond all content: its column was deleted
    table = next(table for table in section.tables if cell in table.cells)
    if cell.row:
        beside = _nearest(sheet, ((spot.row, column) for column in range(spot.column - 1, -1, -1)))
        if not _speaks_for(cell.row, table.rows.leaves, beside):
            return False
    above = _nearest(sheet, ((row, spot.column) for row in range(spot.row - 1, -1, -1)))
    return _speaks_for(cell.column, table.columns.leaves, above)


def _nearest(sheet: Sheet, positions: Iterable[tuple[int, int]]) -> str:
    """The first words at `positions`; figures and blanks are passed over."""
    for row, column in positions:
        text = sheet[sheet.anchor(Spot(row, column))].text.strip()
        if text and not text.replace(".", "").isdigit():
            return text
    return ""


def _speaks_for(line: Line, lines: Collection[Line], text: str) -> bool:
    if not text:
        return False
    key = label_key(text)
    likeness = {other: SequenceMatcher(None, key, label_key(other.label)).ratio() for other in lines}
    return likeness[line] >= max(likeness.values())


def altered_labels(
    section: Section, sheet: Sheet, spots: Mapping[Cell, Spot], missing: Collection[Cell]
) -> Iterator[Finding]:
    """One finding for each official label that the sheet no longer shows as often as it should.

    Labels of lines that are missing altogether are not told again.
    """
    boxes = [box for box in lay_out(section).boxes if box.label]
    wanted = Counter(_spaceless(box.label) for box in boxes)
    official = frozenset(wanted)
    shown: Counter[str] = Counter()
    for text, spots_of_text in sheet.texts.items():
        shown[_spaceless(text)] += len(spots_of_text)
    lost = {line.label for cell in missing for line in (cell.row, cell.column) if line}
    for box in boxes:
        label = _spaceless(box.label)
        if shown[label] >= wanted[label] or box.label in lost:
            continue
        spot = _spot_of(box, spots)
        found = sheet[spot].text.strip()
        if _spaceless(found) == label or _spaceless(found) in official:
            continue  # another official label stands there: the line was moved, not reworded
        wanted[label] -= 1
        yield Finding(
            "W-05",
            sheet.place(spot, section.name),
            expected=box.label,
            found=found[:_LONGEST_QUOTE],
            details={"section": section.name},
        )


def _spot_of(box: Box, spots: Mapping[Cell, Spot]) -> Spot:
    """Where a label stands now, judged by the figures of its own row or column."""
    top, left = TABLE_TOP + box.row, box.column
    for cell, spot in spots.items():
        if box.role == "row" and box.line is cell.row:
            return Spot(spot.row, left)
        if box.role == "column" and box.line is cell.column and cell in box.table.cells:
            return Spot(top, spot.column)
    return Spot(top, left)


@lru_cache(maxsize=4096)
def _spaceless(text: str) -> str:
    return "".join(text.split())
