"""Where the figures of a section stand in a workbook that may have been edited.

Names first, labels second, fixed positions never: the names say where a cell went when rows
were inserted, the labels say whether to believe them. Where the two disagree nothing is taken.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workbook_tool.excel.captions import altered_labels, believes
from workbook_tool.excel.layout import Spot
from workbook_tool.grids import missing_finding, missing_section, recognise
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from workbook_tool.excel.book import Book, Sheet
    from workbook_tool.forms import Cell, Section
    from workbook_tool.phrase import Phrase

    Named = dict[Cell, tuple[Sheet, Spot]]
    Labelled = dict[Cell, Spot]


@dataclass
class Located:
    """The figures of one section: sheet and position of each, and what was wrong on the way."""

    sheet: Sheet | None = None
    by_name: bool = False
    """Whether the sheet is ours for sure: it holds names of the section."""
    spots: dict[Cell, Spot] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def place(self, cell: Cell) -> Place:
        """The place of `cell` in words and by address."""
        if self.sheet is None or cell not in self.spots:
            return Place(cell.where)
        return self.sheet.place(self.spots[cell], cell.where)


def locate(book: Book, section: Section) -> Located:
    """Find the figures of `section` in `book`."""
    named = {cell: target for cell in section.cells if (target := book.named(cell.name))}
    candidates = _candidates(book, section, named)
    if not candidates:
        return Located(findings=[missing_section(section)])
    if len(candidates) > 1:
        titles = "、".join(sheet.title for sheet, _ in candidates)
        details: dict[str, str | Phrase] = {"section": section.name, "sheets": titles}
        return Located(findings=[Finding("W-04", Place(section.name), "twice", details=details)])
    ((sheet, labelled),) = candidates
    located = Located(sheet, by_name=bool(named))
    misled = _misled(section, sheet, named, labelled)
    located.findings += misled.values()
    disputed = {cell_id for finding in misled.values() for cell_id in finding.ids}
    for cell in section.cells:
        if cell.id in disputed:
            continue
        if cell in named:
            located.spots[cell] = named[cell][1]
        elif cell in labelled:
            located.spots[cell] = labelled[cell]
    _say_what_is_lost(section, located, named, disputed, values_only=bool(book.values_only))
    return located


def _candidates(book: Book, section: Section, named: Named) -> list[tuple[Sheet, Labelled]]:
    """The sheet that most names point to; without names, every sheet in which the table is recognised."""
    votes = Counter(sheet.title for sheet, _ in named.values())
    if votes:
        title = votes.most_common(1)[0][0]
        return [(s, _labelled(section, s)) for s in book.sheets if s.title == title]
    found = [(sheet, spots) for sheet in book.sheets if (spots := _labelled(section, sheet))]
    most = max((len(spots) for _, spots in found), default=0)
    return [(sheet, spots) for sheet, spots in found if 2 * len(spots) > most]


def _labelled(section: Section, sheet: Sheet) -> Labelled:
    return {
        cell: Spot(*found.position)
        for cell, found in recognise(section, sheet.grid).certain().items()
        if found.position is not None
    }


def _misled(section: Section, sheet: Sheet, named: Named, labelled: Labelled) -> dict[Cell, Finding]:
    """The cells whose name leads elsewhere than their labels do (cut-and-paste moves names silently).

    A name that shares its cell with another is in dispute, and so is the cell that a name leads
    to although labels give it to another: its own figure was pasted over.
    """
    owners = {spot: cell for cell, spot in labelled.items()}
    claims = Counter((s.title, spot) for s, spot in named.values())
    findings: dict[Cell, Finding] = {}
    for cell, (at, spot) in named.items():
        by_label = labelled.get(cell)
        owner = owners.get(spot, cell) if at is sheet else cell
        agreed = at is sheet and owner == cell and by_label in (None, spot)
        if agreed and by_label is not None:
            continue  # if another name claims this cell too, that name is the one misled
        if agreed and claims[at.title, spot] == 1 and believes(section, sheet, cell, spot):
            continue
        findings[cell] = _conflict(cell, owner, f"{at.title}!{spot.a1}", sheet, by_label)
    return findings


def _conflict(cell: Cell, owner: Cell, named: str, sheet: Sheet, by_label: Spot | None) -> Finding:
    ids = (cell.id,) if owner == cell else (cell.id, owner.id)
    details: dict[str, str | Phrase] = {"cell_name": cell.where, "named": named}
    if by_label is None:
        return Finding(
            "W-04", Place(cell.where, sheet.title), "astray", ids=ids, found=named, details=details
        )
    labelled = f"{sheet.title}!{by_label.a1}"
    return Finding(
        "W-04",
        sheet.place(by_label, cell.where),
        "conflict",
        ids=ids,
        expected=labelled,
        found=named,
        details={**details, "labelled": labelled},
    )


def _say_what_is_lost(
    section: Section, located: Located, named: Named, disputed: set[str], *, values_only: bool
) -> None:
    sheet = located.sheet
    if sheet is None:
        return
    unnamed = sum(cell not in named for cell in located.spots)
    if unnamed and not values_only:
        details: dict[str, str | Phrase] = {"section": section.name, "count": str(unnamed)}
        located.findings.append(Finding("W-04", Place(section.name, sheet.title), details=details))
    missing = [cell for cell in section.cells if cell not in located.spots and cell.id not in disputed]
    if missing:
        found = missing_finding(section, missing)
        located.findings.append(replace(found, place=found.place._replace(sheet=sheet.title)))
    located.findings += altered_labels(section, sheet, located.spots, missing)
