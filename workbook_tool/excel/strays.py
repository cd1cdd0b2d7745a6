"""Content on a table's sheet that is not of the form: said, so that nothing is lost without a word."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from workbook_tool.forms import lay_out, workbook_data
from workbook_tool.rules import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook_tool.excel.book import Sheet
    from workbook_tool.excel.layout import Spot
    from workbook_tool.excel.locate import Located
    from workbook_tool.forms import Section

_LONGEST_QUOTE = 80
_MOST = 10
_SUBJECT = re.compile(r"\d{4}年度$")
"""How the line with the agency and the year ends, which stands above a table."""


def unread_content(section: Section, located: Located) -> Iterator[Finding]:
    """One finding for each row, column or single cell of such content; figures among it are a warning.

    On a sheet that is not ours only the rows of the table are looked at.
    """
    sheet = located.sheet
    if sheet is None or not located.spots:
        return
    rows = {spot.row for spot in located.spots.values()}
    columns = {spot.column for spot in located.spots.values()}
    groups: dict[tuple[int, int], list[Spot]] = {}
    for spot in _unknown(section, located, sheet):
        if not located.by_name and not min(rows) <= spot.row <= max(rows):
            continue
        among = spot.column > min(columns) and spot.column not in columns
        key = (-1, spot.column) if among else (spot.row, -1)
        groups.setdefault(key, []).append(spot)
    for spots in list(groups.values())[:_MOST]:
        figures = any(_is_figure(sheet, spot) for spot in spots)
        rule, case = ("W-05", "extra") if figures else ("W-08", "stray")
        yield Finding(
            rule,
            sheet.place(spots[0], section.name),
            case,
            found=_quote(sheet, spots),
            details={"section": section.name},
        )


def _unknown(section: Section, located: Located, sheet: Sheet) -> Iterator[Spot]:
    """The cells with content that are no figure, label, check or caption of the form; formulas aside."""
    words = workbook_data()["words"]
    known = _known(section)
    begun = (_bare(words["off"]), _bare(words["column_check"].partition("{")[0]))
    told = {finding.place.cell for finding in located.findings if finding.rule == "W-05"}
    read = set(located.spots.values()) | located.disputed
    for spot, stored in sorted(sheet.cells.items()):
        if stored.formula is not None or spot in read:
            continue
        text = _bare(stored.text)
        if not text or text in known:
            continue
        if not (text.startswith(begun) or _SUBJECT.search(text)) and spot.a1 not in told:
            yield spot


@cache
def _known(section: Section) -> frozenset[str]:
    """The labels of a section and the captions around its tables."""
    words = workbook_data()["words"]
    captions = (section.heading, section.guide, words["row_checks"], words["balanced"])
    return frozenset(map(_bare, (*(box.label for box in lay_out(section).boxes), *captions)))


def _is_figure(sheet: Sheet, spot: Spot) -> bool:
    value = sheet[spot].value
    return isinstance(value, int | float) or _bare(str(value)).isdigit()


def _quote(sheet: Sheet, spots: Iterable[Spot]) -> str:
    text = " | ".join(" ".join(sheet[spot].text.split()) for spot in spots)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    return "".join(text.split())
