"""Where the labels of a section say that its figures stand on a sheet.

Sheets of one template differ in their figures only, which recognising does not ask for: whoever has seen
the labels of one knows where the figures of all of them are.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from workbook_tool.excel.layout import Spot
from workbook_tool.grids import label_key, line_keys, recognise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook_tool.excel.book import Area, Sheet, Stored
    from workbook_tool.forms import Cell, Section

    Labelled = Mapping[Cell, Spot]
    Labels = tuple[Section, tuple[Area, ...], tuple[tuple[Spot, str | None], ...]]

_MOST_SEEN = 32
_LONGEST = 20_000
_SEEN: dict[Labels, Labelled] = {}


def recognised(section: Section, sheet: Sheet) -> Labelled:
    """The position of each figure of `section` that is certain by its labels."""
    labels = _labels(section, sheet)
    known = _SEEN.get(labels)
    if known is not None:
        return known
    found = {
        cell: Spot(*at.position)
        for cell, at in recognise(section, sheet.grid).certain().items()
        if at.position is not None
    }
    if _hold_for_all_figures(section, sheet, labels, found):
        if len(_SEEN) >= _MOST_SEEN:
            _SEEN.clear()
        _SEEN[labels] = found
    return found


def _labels(section: Section, sheet: Sheet) -> Labels:
    """All that recognising depends on; ``None`` for what can only be a figure, whichever it is."""
    texts = ((spot, None if _is_figure(stored) else stored.text) for spot, stored in sheet.cells.items())
    return section, sheet.merges, tuple(texts)


def _is_figure(stored: Stored) -> bool:
    """Whether a cell holds a number that is written in digits."""
    value = stored.value
    kind = type(value)
    return (kind is int or kind is float) and stored.text.replace(".", "", 1).isdecimal()


def _hold_for_all_figures(section: Section, sheet: Sheet, labels: Labels, found: Labelled) -> bool:
    """Whether other figures in the same places would be found just so.

    Each figure is a cell's, so that no row with one is a heading; and it stands after the labels of its row,
    so that it can be no part of them.
    """
    _, _, texts = labels
    figures = {spot for spot, text in texts if text is None}
    last_label: dict[int, int] = {}
    for spot, text in texts:
        if text and label_key(text):
            last_label[spot.row] = max(spot.column, last_label.get(spot.row, -1))
    return (
        sheet.spans_known
        and not _ends_in_digits(section)
        and figures <= {*found.values()}
        and all(spot.column > last_label.get(spot.row, -1) for spot in figures)
        and sum(len(text) for _, text in texts if text) <= _LONGEST
    )


@cache
def _ends_in_digits(section: Section) -> bool:
    return any(key[-1:].isdigit() for key in line_keys(section))
