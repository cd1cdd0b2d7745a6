"""Where the labels of a section say that its figures stand on a sheet.

Sheets of one template differ in their figures and in the line that says whose they are and of which year.
Recognising asks for neither: whoever has seen the labels of one knows where the figures of all of them are.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.excel.layout import TABLE_TOP, Spot
from workbook_tool.grids import (
    group_labels,
    is_near,
    label_key,
    line_keys,
    path_keys,
    recognise,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from workbook_tool.excel.book import Area, Sheet, Stored
    from workbook_tool.forms import Cell, Section

    Labelled = Mapping[Cell, Spot]

_MOST_SEEN = 32
_LONGEST = 20_000
_SUBJECT = Spot(TABLE_TOP - 1, 0)
_WHEN = "年度"
_YEAR = 4
_WHOSE_AND_WHEN = re.compile(rf"[^\W\d_][^、].*[0-9]{{{_YEAR}}}{_WHEN}")


class Labels(NamedTuple):
    """What recognising a section depends on; the same where it comes out the same."""

    section: Section
    merges: tuple[Area, ...]
    texts: tuple[tuple[Spot, str], ...]
    """The text of each cell that holds more than a figure."""
    rows: frozenset[int]
    """The rows that hold figures, whichever."""
    width: int
    has_subject: bool
    """Whether there is besides a line with the agency and the year."""


class _Known(NamedTuple):
    """Where figures were found, and the places for themselves."""

    found: Labelled
    places: frozenset[Spot]


_SEEN: dict[Labels, _Known] = {}


def recognised(section: Section, sheet: Sheet) -> Labelled:
    """The position of each figure of `section` that is certain by its labels."""
    labels, figures = _labels(section, sheet)
    known = _SEEN.get(labels) if sheet.spans_known else None
    if known and known.places.issuperset(figures):
        return known.found
    found = {
        cell: Spot(*at.position)
        for cell, at in recognise(section, sheet.grid).certain().items()
        if at.position is not None
    }
    places = frozenset(found.values())
    if sheet.spans_known and places.issuperset(figures) and _hold_for_all_figures(labels, places):
        if len(_SEEN) >= _MOST_SEEN:
            _SEEN.clear()
        _SEEN[labels] = _Known(found, places)
    return found


def _labels(section: Section, sheet: Sheet) -> tuple[Labels, list[Spot]]:
    """The labels of a sheet, and where its figures stand."""
    texts: dict[Spot, str] = {}
    figures: list[Spot] = []
    for spot, stored in sheet.cells.items():
        label = _label(stored)
        if label is None:
            figures.append(spot)
        else:
            texts[spot] = label
    has_subject = _can_be_no_label(section, texts.get(_SUBJECT, ""))
    if has_subject:
        del texts[_SUBJECT]
    rows = frozenset([spot.row for spot in figures])
    labels = Labels(section, sheet.merges, tuple(texts.items()), rows, sheet.width, has_subject=has_subject)
    return labels, figures


def _can_be_no_label(section: Section, subject: str) -> bool:
    """Whether `subject` is an agency and a year, and no row could be meant by it, however misprinted."""
    if not _WHOSE_AND_WHEN.fullmatch(subject) or _may_end_in_a_year(section):
        return False
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415  # only where figures have a subject

    key = label_key(subject)
    return not any(
        is_near(Levenshtein.distance(key, other), other) for other in _not_far_from_a_year(section)
    )


def _label(stored: Stored) -> str | None:
    """The text of a cell; nothing where it holds a number that is written in digits."""
    value = stored.value
    if type(value) is str:
        return value
    if type(value) is int and value >= 0:
        return None
    text = stored.text
    return None if type(value) is float and text.replace(".", "", 1).isdecimal() else text


def _hold_for_all_figures(labels: Labels, places: Collection[Spot]) -> bool:
    """Whether other figures at `places`, in the same rows and some of them blank, would be found just so.

    Each figure is a cell's, so that no row with one is a heading; and it stands after the labels of its row,
    so that it can be no part of them. Whose report it is stands in a row of its own.
    """
    last_label: dict[int, int] = {}
    for spot, text in labels.texts:
        if text and label_key(text):
            last_label[spot.row] = max(spot.column, last_label.get(spot.row, -1))
    return (
        _has_plain_labels(labels.section)
        and not (labels.has_subject and any(spot.row == _SUBJECT.row and text for spot, text in labels.texts))
        and all(spot.column > last_label.get(spot.row, -1) for spot in places)
        and sum(len(text) for _, text in labels.texts) <= _LONGEST
    )


def _row_labels(section: Section) -> frozenset[str]:
    """What a row of `section` may be called, or a group of them."""
    return group_labels(section).union(line_keys(section))


@cache
def _may_end_in_a_year(section: Section) -> bool:
    """Whether a row's label may hold all of a year, or end as one does."""
    own = (path_keys(table.rows, line)[-1] for table in section.tables for line in table.rows.leaves)
    return any(_digits(key) >= _YEAR for key in _row_labels(section)) or any(
        key.endswith(_WHEN[-1]) for key in own
    )


@cache
def _not_far_from_a_year(section: Section) -> tuple[str, ...]:
    """The labels of rows so long that words with a year in them may be misprints of them."""
    return tuple(
        key for key in _row_labels(section) if is_near(_YEAR - _digits(key) + len({*_WHEN} - {*key}), key)
    )


@cache
def _has_plain_labels(section: Section) -> bool:
    """Whether no label of `section` ends in a figure, and none is near to anything that ends in a year."""
    rows = line_keys(section)
    axes = [table.columns for table in section.tables]
    columns = ["".join(path_keys(axis, leaf)) for axis in axes for leaf in axis.leaves]
    steps = [label_key(line.label) for axis in axes for line in axis.lines]
    return not (
        any(key[-1:].isdigit() for key in rows)
        or any(_digits(key) >= _YEAR for key in (*rows, *columns, *steps))
        or any(is_near(_YEAR - _digits(key) + len({*_WHEN} - {*key}), key) for key in columns)
    )


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))
