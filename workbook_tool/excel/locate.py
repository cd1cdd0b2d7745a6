"""Where the figures of a section stand in a workbook that may have been edited.

Names first, labels second, fixed positions never: the names say where a cell went when rows
were inserted, the labels say whether to believe them. Where the two disagree nothing is taken.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.excel.captions import altered_labels, believes
from workbook_tool.excel.layout import table_sheet, total_formula
from workbook_tool.excel.recognised import recognised
from workbook_tool.excel.strays import unread_content
from workbook_tool.grids import missing_finding, missing_section
from workbook_tool.phrase import listed
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook_tool.excel.book import Book, Sheet
    from workbook_tool.excel.layout import Spot
    from workbook_tool.excel.recognised import Labelled
    from workbook_tool.forms import Cell, Form, Section
    from workbook_tool.phrase import Phrase

    Named = dict[Cell, tuple[Sheet, Spot]]


@dataclass
class Located:
    """The figures of one section: sheet and position of each, and what was wrong on the way."""

    sheet: Sheet | None = None
    by_name: bool = False
    """Whether the sheet is ours for sure: it holds names of the section."""
    spots: dict[Cell, Spot] = field(default_factory=dict)
    disputed: set[Spot] = field(default_factory=set)
    """Cells of the sheet that hold a figure of which it is not certain whose it is."""
    findings: list[Finding] = field(default_factory=list)
    rivals: frozenset[str] = frozenset()
    """The sheets that each could be the section's, where none could be chosen."""
    places: dict[Cell, Place] = field(default_factory=dict)
    """The place of each figure in words and by address."""
    formulas: dict[Cell, str] = field(default_factory=dict)
    """The formulas that totals should have, as far as somebody asked."""

    def total_formula(self, form: Form, total: Cell) -> str:
        """What adds up the parts of `total` where they stand."""
        if total not in self.formulas:
            plan = table_sheet(form, form.section(total.section))
            self.formulas[total] = total_formula(plan, form.sums[total], self.spots)
        return self.formulas[total]


def locate(book: Book, section: Section) -> Located:
    """Find the figures of `section` in `book`."""
    named = {cell: target for cell in section.cells if (target := book.named(cell.name))}
    candidates = _candidates(book, section, named)
    if not candidates:
        return Located(findings=[missing_section(section)])
    if len(candidates) > 1:
        titles = "、".join(sheet.title for sheet, _ in candidates)
        details: dict[str, str | Phrase] = {"section": section.name, "sheets": titles}
        twice = Finding("W-04", Place(section.name), "twice", details=details)
        return Located(findings=[twice], rivals=frozenset(sheet.title for sheet, _ in candidates))
    ((sheet, labelled),) = candidates
    likeness = _Likeness(id(labelled), id(book.names), sheet.title, tuple(each.title for each in book.sheets))
    known = _SEEN.get(likeness)
    if known:
        return replace(known.located, sheet=sheet, findings=[])
    located = _located(book, section, sheet, named, labelled)
    if not located.findings and not located.disputed:
        if len(_SEEN) >= _MOST_SEEN:
            _SEEN.clear()
        _SEEN[likeness] = _Seen(labelled, book.names, replace(located, sheet=None))
    return located


class _Likeness(NamedTuple):
    """What makes one workbook like another: what was recognised (the very same), names and sheets."""

    labelled: int
    names: int
    title: str
    titles: tuple[str, ...]


class _Seen(NamedTuple):
    """What was located without a remark, and what it hangs on, which stays alive with it."""

    labelled: Labelled
    names: Mapping[str, tuple[str, Spot] | None]
    located: Located


_SEEN: dict[_Likeness, _Seen] = {}
_MOST_SEEN = 32


def _located(book: Book, section: Section, sheet: Sheet, named: Named, labelled: Labelled) -> Located:
    """The figures of `section` on `sheet`, where names and labels lead to them."""
    located = Located(sheet, by_name=bool(named))
    misled = _misled(section, sheet, named, labelled)
    located.findings += misled.values()
    disputed = {cell_id for finding in misled.values() for cell_id in finding.ids}
    for cell in section.cells:
        if cell.id in disputed:
            located.disputed |= {at[cell] for at in (labelled, _on(sheet, named)) if cell in at}
    for cell in section.cells:
        if cell.id in disputed:
            continue
        if cell in named:
            located.spots[cell] = named[cell][1]
        elif cell in labelled:
            located.spots[cell] = labelled[cell]
    disputed |= _take_out_merged(located)
    _say_what_is_lost(section, located, named, disputed, values_only=bool(book.values_only))
    located.places = {cell: sheet.place(spot, cell.where) for cell, spot in located.spots.items()}
    return located


def _take_out_merged(located: Located) -> set[str]:
    """Take the figures out that share one cell, or that stand hidden in a merged area; their ids."""
    sheet = located.sheet
    if sheet is None:
        return set()
    if len({*located.spots.values()}) == len(located.spots) and not sheet.has_merged(located.spots.values()):
        return set()
    at: dict[Spot, list[Cell]] = {}
    for cell, spot in located.spots.items():
        at.setdefault(sheet.anchor(spot), []).append(cell)
    lost: set[str] = set()
    taken: list[Spot] = []
    for anchor, cells in at.items():
        area = sheet.merged(anchor)
        is_tall = area is not None and area.last.row > area.first.row
        if len(cells) == 1 and located.spots[cells[0]] == anchor and not is_tall:
            continue
        merged = area.a1 if area else anchor.a1
        ids = tuple(cell.id for cell in cells)
        located.findings.append(_merged(sheet.place(anchor, cells[0].where), merged, cells, ids))
        lost |= {*ids}
        located.disputed |= {anchor, *(located.spots.pop(cell) for cell in cells)}
        taken.append(anchor)
    if not located.by_name:
        _doubt_right_of(taken, located)
    return lost


def _doubt_right_of(taken: Sequence[Spot], located: Located) -> None:
    """Leave out what stands right of a merged cell: in a workbook of others it may be one column aside."""
    for cell, spot in list(located.spots.items()):
        if any(spot.row == anchor.row and spot.column > anchor.column for anchor in taken):
            located.disputed.add(located.spots.pop(cell))


def _merged(place: Place, merged: str, cells: Sequence[Cell], ids: tuple[str, ...]) -> Finding:
    concerned = listed(cell.where for cell in cells)
    details: dict[str, str | Phrase] = {"merged": merged, "concerned": concerned}
    return Finding("W-04", place, "merged", ids, found=merged, details=details)


def _candidates(book: Book, section: Section, named: Named) -> list[tuple[Sheet, Labelled]]:
    """The sheet that most names point to; without names, every sheet in which the table is recognised."""
    votes = Counter(sheet.title for sheet, _ in named.values())
    if votes:
        own = next(s for s in book.sheets if s.title == votes.most_common(1)[0][0])
        original = _on(own, named)
        chosen = (s for s in book.sheets if s is own or _is_rival(book, section, s, own, original))
        return [(sheet, recognised(section, sheet)) for sheet in chosen]
    found = [(sheet, spots) for sheet in book.sheets if (spots := recognised(section, sheet))]
    most = max((len(spots) for _, spots in found), default=0)
    return [(sheet, spots) for sheet, spots in found if 2 * len(spots) > most]


def _on(sheet: Sheet, named: Named) -> Labelled:
    """Where the names lead on `sheet`."""
    return {cell: spot for cell, (at, spot) in named.items() if at is sheet}


def _is_rival(book: Book, section: Section, sheet: Sheet, own: Sheet, original: Labelled) -> bool:
    """Whether `sheet` is a copy of the section's `own` sheet with other figures in it."""
    if sheet.title in book.named_sheets or section.heading not in sheet.texts:
        return False
    copied = recognised(section, sheet)
    entries = {cell: sheet[spot].value for cell, spot in copied.items() if not cell.is_total}
    if all(value is None for value in entries.values()):
        return False
    return any(own[original[cell]].value != value for cell, value in entries.items() if cell in original)


def _misled(section: Section, sheet: Sheet, named: Named, labelled: Labelled) -> dict[Cell, Finding]:
    """The cells whose name leads elsewhere than their labels do (cut-and-paste moves names silently).

    A name that shares its cell with another is in dispute, and so is the cell that a name leads
    to although labels give it to another: its own figure was pasted over.
    """
    owners = {spot: cell for cell, spot in labelled.items()}
    claims = Counter((s.title, spot) for s, spot in named.values())
    findings: dict[Cell, Finding] = {}
    told: set[str] = set()
    for cell, (at, spot) in named.items():
        if cell.id in told:
            continue
        by_label = labelled.get(cell)
        owner = owners.get(spot, cell) if at is sheet else cell
        agreed = at is sheet and owner == cell and by_label in (None, spot)
        if agreed and by_label is not None:
            continue  # if another name claims this cell too, that name is the one misled
        if agreed and claims[at.title, spot] == 1 and believes(section, sheet, cell, spot):
            continue
        findings[cell] = _conflict(cell, owner, f"{at.title}!{spot.a1}", sheet, by_label)
        told |= {*findings[cell].ids}
    return findings


def _conflict(cell: Cell, owner: Cell, named: str, sheet: Sheet, by_label: Spot | None) -> Finding:
    ids = (cell.id,) if owner == cell else (cell.id, owner.id)
    concerned = listed(form_cell.where for form_cell in dict.fromkeys((cell, owner)))
    details: dict[str, str | Phrase] = {"cell_name": cell.where, "named": named, "concerned": concerned}
    area = sheet.merged(by_label) if by_label else None
    if area and by_label == area.first:
        cells = tuple(dict.fromkeys((cell, owner)))
        return _merged(sheet.place(by_label, cell.where), area.a1, cells, ids)
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
    located.findings += altered_labels(section, sheet, located.spots, missing)
    strays = list(unread_content(section, located))
    if missing:
        # What stands where a line is missing is probably that line.
        lost = [finding.found or "" for finding in strays if finding.rule == "W-05"]
        found = missing_finding(section, missing, lost)
        located.findings.append(replace(found, place=found.place._replace(sheet=sheet.title)))
        strays = [finding for finding in strays if finding.rule != "W-05"]
    located.findings += strays
