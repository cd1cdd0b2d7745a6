"""Where the figures of a section stand in a workbook that may have been edited.

Names first, labels second, fixed positions never: the names say where a cell went when rows
were inserted, the labels say whether to believe them. Where the two disagree nothing is taken.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workbook_tool.excel.layout import Spot
from workbook_tool.forms import Phrase, lay_out
from workbook_tool.grids import missing_finding, recognise
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.excel.book import Book, Sheet
    from workbook_tool.forms import Cell, Section
    from workbook_tool.grids import Recognition


@dataclass
class Located:
    """The figures of one section: sheet and position of each, and what was wrong on the way."""

    sheet: Sheet | None = None
    spots: dict[Cell, Spot] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def place(self, cell: Cell) -> Place:
        """The place of `cell` in words and by address."""
        if self.sheet is None or cell not in self.spots:
            return Place(cell.where)
        return replace(self.sheet.place(self.spots[cell]), words=cell.where)


def locate(book: Book, section: Section) -> Located:
    """Find the figures of `section` in `book`."""
    named = {cell: target for cell in section.cells if (target := book.named(cell.name))}
    sheet, labelled = _best_sheet(book, section, named)
    located = Located(sheet)
    if sheet is None or not (named or labelled):
        words = Phrase(section.heading, section.name.en)
        located.findings.append(Finding("W-03", Place(section.name), "section", details={"section": words}))
        return located
    misled = _misled(section, sheet, named, labelled)
    located.findings += misled.values()
    disputed = {cell_id for finding in misled.values() for cell_id in finding.ids}
    unnamed = 0
    for cell in section.cells:
        if cell.id in disputed:
            continue
        if cell in named:
            located.spots[cell] = named[cell][1]
        elif cell in labelled:
            located.spots[cell] = labelled[cell]
            unnamed += 1
    if unnamed and not book.values_only:
        details: dict[str, str | Phrase] = {"section": section.name, "count": str(unnamed)}
        located.findings.append(Finding("W-04", Place(section.name, sheet.title), details=details))
    missing = [c for c in section.cells if c not in located.spots and c not in named and c.id not in disputed]
    if missing:
        found = missing_finding(section, missing)
        located.findings.append(replace(found, place=replace(found.place, sheet=sheet.title)))
    located.findings += _altered_labels(section, sheet)
    return located


def _best_sheet(
    book: Book, section: Section, named: dict[Cell, tuple[Sheet, Spot]]
) -> tuple[Sheet | None, dict[Cell, Spot]]:
    """The sheet that most names point to, or else the one in which most labels are recognised."""
    votes = Counter(sheet.title for sheet, _ in named.values())
    titles = [votes.most_common(1)[0][0]] if votes else [sheet.title for sheet in book.sheets]
    best: tuple[Sheet | None, dict[Cell, Spot]] = (None, {})
    for sheet in book.sheets:
        if sheet.title not in titles:
            continue
        spots = _labelled(recognise(section, sheet.grid))
        if best[0] is None or len(spots) > len(best[1]):
            best = (sheet, spots)
    return best if named or best[1] else (None, {})


def _labelled(recognition: Recognition) -> dict[Cell, Spot]:
    return {
        cell: Spot(*found.position)
        for cell, found in recognition.certain().items()
        if found.position is not None
    }


def _misled(
    section: Section, sheet: Sheet, named: dict[Cell, tuple[Sheet, Spot]], labelled: dict[Cell, Spot]
) -> dict[Cell, Finding]:
    """The cells whose name leads elsewhere than their labels do (cut-and-paste moves names silently).

    The cell that the name leads to is in dispute as well: its own figure was pasted over.
    """
    owners = {spot: cell for cell, spot in labelled.items()}
    findings: dict[Cell, Finding] = {}
    for cell in section.cells:
        if cell not in named:
            continue
        at_sheet, spot = named[cell]
        by_label = labelled.get(cell)
        owner = owners.get(spot, cell) if at_sheet is sheet else cell
        if at_sheet is sheet and owner == cell and by_label in (None, spot):
            continue
        names = f"{at_sheet.title}!{spot.a1}"
        labels = f"{sheet.title}!{by_label.a1}" if by_label is not None else "?"
        place = (
            replace(sheet.place(by_label), words=cell.where) if by_label is not None else Place(cell.where)
        )
        findings[cell] = Finding(
            "W-04",
            place,
            "conflict",
            ids=(cell.id,) if owner == cell else (cell.id, owner.id),
            expected=labels,
            found=names,
            details={"cell_name": cell.where, "named": names, "labelled": labels},
        )
    return findings


def _altered_labels(section: Section, sheet: Sheet) -> Iterator[Finding]:
    """One finding for each official label that the sheet no longer shows as often as it should."""
    wanted = Counter(_spaceless(box.label) for box in lay_out(section).boxes if box.label)
    shown = Counter(_spaceless(stored.text) for stored in sheet.cells.values())
    for label, times in wanted.items():
        if shown[label] < times:
            yield Finding(
                "W-05",
                Place(section.name, sheet.title),
                expected=label,
                details={"section": section.name},
            )


def _spaceless(text: str) -> str:
    return "".join(text.split())
