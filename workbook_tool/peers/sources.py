"""Where each figure stands: a card for each unit, to which the figures of the tables lead."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from workbook_tool.forms import forms
from workbook_tool.peers.indicators import cells_shown, indicators, words
from workbook_tool.peers.written import place_words
from workbook_tool.report import plain
from workbook_tool.reporters.words import STATUS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook_tool.peers.analysis import Analysis
    from workbook_tool.peers.sorting import Unit
    from workbook_tool.peers.stands import Stand


_OF_A_GROUND = 4
"""How many dots the id of a cell has whose row stands in a group of grounds."""


def cards(analysis: Analysis, links: Mapping[str, str], language: str) -> list[dict[str, Any]]:
    """Each unit with its files and every figure of it; `targets` say which line an indicator leads to."""
    return [
        _card(number, unit, links, language) for number, unit in enumerate(analysis.sorted.units, start=1)
    ]


@cache
def cell_label(cell: str, language: str) -> str:
    """What the form calls a cell."""
    return next((form.cells[cell].where.say(language) for form in forms() if cell in form.cells), cell)


def _card(number: int, unit: Unit, links: Mapping[str, str], language: str) -> dict[str, Any]:
    said, stand = words(language), unit.stand
    sides = [side for side in (stand, unit.last) if side]
    anchors = {
        cell: f"u{number}-{place}"
        for place, cell in enumerate(cells_shown())
        if any(cell in side.places for side in sides)
    }
    status = STATUS[stand.status].say(language)
    return {
        "number": number,
        "agency": stand.agency or stand.source,
        "level": unit.level,
        "counted": unit.counted,
        "status": status if unit.counted else f"{status} ({said['not_counted']})",
        "why": stand.why,
        "this": _file(stand, links),
        "last": _file(unit.last, links) if unit.last else None,
        "parts": list(_parts(sides, anchors, language)),
        "targets": _targets(anchors),
    }


def _file(stand: Stand, links: Mapping[str, str]) -> dict[str, str]:
    return {"name": stand.source, "href": links.get(stand.source, "")}


def _parts(sides: Sequence[Stand], anchors: Mapping[str, str], language: str) -> Iterator[dict[str, Any]]:
    """The lines by the table that they stand in, which is called after its sheet where it has one."""
    for _, cells in groupby(anchors, lambda cell: cell.partition(".")[0]):
        lines = list(cells)
        table = cell_label(lines[0], language).partition(" · ")[0]
        sheet = next(
            (side.places[cell].sheet for side in sides for cell in lines if cell in side.places), None
        )
        yield {
            "title": sheet or table,
            "lines": [
                {
                    "id": anchors[cell],
                    "label": _short(cell, language),
                    "figures": [_figure(side, cell, language) for side in sides],
                    "place": _places(sides, cell, sheet, language),
                }
                for cell in lines
            ],
        }


def _short(cell: str, language: str) -> str:
    """The words of a cell without those of its table, nor the column of totals, which most are in."""
    line = cell_label(cell, language).partition(" · ")[2]
    if not cell.startswith("t3."):
        return line
    row, _, column = line.rpartition(" · ")
    group, _, name = row.rpartition(" · ")
    of_a_ground = cell.count(".") == _OF_A_GROUND
    return " · ".join(filter(None, [group * of_a_ground, name, "" if cell.endswith(".total") else column]))


def _figure(side: Stand, cell: str, language: str) -> str:
    said = words(language)
    if cell not in side.places:
        return said["none"]
    return said["undecided"] if cell in side.undecided else plain(side.values[cell]) or said["blank"]


def _places(sides: Sequence[Stand], cell: str, sheet: str | None, language: str) -> str:
    """Where it stands in each file, said once where that is the same."""
    found = [
        place_words(side.places[cell], sheet, language) if cell in side.places else words(language)["none"]
        for side in sides
    ]
    return " / ".join(dict.fromkeys(found))


def _targets(anchors: Mapping[str, str]) -> dict[str, str]:
    """The line of the first cell of each indicator that the unit has."""
    return {one.id: anchor for one in indicators() if (anchor := _first(one.of, anchors))}


def _first(cells: Sequence[str], anchors: Mapping[str, str]) -> str:
    return next((anchors[cell] for cell in cells if cell in anchors), "")
