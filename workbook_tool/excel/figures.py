"""The figures of one section as they stand in a workbook, and what is wrong with the entries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workbook_tool.entries import understand
from workbook_tool.excel.book import Disguised, Moment
from workbook_tool.excel.layout import table_sheet
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from decimal import Decimal

    from workbook_tool.excel.book import Sheet, Stored
    from workbook_tool.excel.locate import Located
    from workbook_tool.excel.rollup_read import Sums
    from workbook_tool.forms import Cell, Form, Section


_CASES: dict[type, str] = {Moment: "date", Disguised: "format"}
"""Why numbers of these kinds are no figures: cases of V-01."""

_NO_FIGURE = ("=", "#REF!", "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#VALUE!")


@dataclass
class Figures:
    """Entries understood, totals that are left to be computed, and findings.

    In a `foreign` workbook a total may as well be typed, and nothing stands where we would have it.
    """

    foreign: bool = False
    sums: Sums | None = None
    """What the workbook adds up over its units, if it is a roll-up."""
    values: dict[Cell, int | Decimal | None] = field(default_factory=dict)
    to_compute: list[Cell] = field(default_factory=list)
    places: dict[Cell, Place] = field(default_factory=dict)
    entries: dict[Cell, str | int | float] = field(default_factory=dict)
    """What stands in the cells whose figure could not be decided."""
    findings: list[Finding] = field(default_factory=list)


def read_figures(
    form: Form,
    section: Section,
    located: Located,
    figures: Figures,
    *,
    values_only: bool = False,
    sent_back: bool = False,
) -> None:
    """Add the figures of `section` to `figures`; where there are only values, no formula is missed."""
    if located.sheet is None:
        return
    figures.places |= located.places
    for cell, spot in located.spots.items():
        place = located.places[cell]
        stored = located.sheet[spot]
        if figures.sums and _is_sum(cell, stored, figures):
            figures.values[cell] = figures.sums.values[cell]
        elif cell.is_total and values_only:
            _read_value_of_total(cell, stored, figures)
        elif cell.is_total and (stored.formula is not None or not figures.foreign):
            _read_total(form, located, cell, stored, figures)
        else:
            _read_entry(cell, stored, place, figures)
    if figures.foreign:
        return
    _note_moves(form, section, located, figures)
    if not values_only:
        _note_locks(located, figures, sent_back=sent_back)


def _read_entry(cell: Cell, stored: Stored, place: Place, figures: Figures) -> None:
    """A figure that was entered, or what stands there and is none."""
    if stored.formula is not None or stored.error:
        _refuse_formula(cell, stored.text if stored.error else stored.formula or "", place, figures)
    elif isinstance(stored.value, str) and stored.value.strip().upper().startswith(_NO_FIGURE):
        _refuse_formula(cell, stored.value.strip(), place, figures)
    else:
        _take(cell, stored, place, figures)
        if figures.sums and cell in figures.sums.formulas:
            case = "sum_cleared" if stored.value is None else "sum_typed"
            _say_replaced(cell, case, stored.text, figures.sums.formulas[cell], figures)


def _is_sum(cell: Cell, stored: Stored, figures: Figures) -> bool:
    """Whether a cell of a roll-up counts as the sum over its units; a formula that is not that sum is said.

    A total may be that of its table as well.
    """
    sums = figures.sums
    if sums is None or stored.formula is None or cell not in sums.formulas:
        return False
    if sums.is_sum(cell, stored.formula):
        return True
    if cell.is_total:
        return False
    _say_replaced(cell, "sum_changed", stored.formula, sums.formulas[cell], figures)
    return True


def _say_replaced(cell: Cell, case: str, found: str, wanted: str, figures: Figures) -> None:
    place, details = figures.places[cell], {"formula": wanted}
    figures.findings.append(Finding("W-06", place, case, (cell.id,), wanted, found, details=details))


def _refuse_formula(cell: Cell, found: str, place: Place, figures: Figures) -> None:
    """A formula or an error value where a figure belongs, also one that stands there as text."""
    case = "" if found.startswith("=") else "error"
    figures.entries[cell] = found
    if figures.sums and figures.sums.is_gone and not case:
        return  # told once, as the sheet that is gone
    figures.findings.append(Finding("W-07", place, case, ids=(cell.id,), found=found))


def _take(cell: Cell, stored: Stored, place: Place, figures: Figures) -> None:
    entry = understand(cell, stored.value, place)
    if entry.decided:
        figures.values[cell] = entry.figure
    else:
        figures.entries[cell] = _entry(stored)
    if entry.finding:
        case = _CASES.get(type(stored.value), entry.finding.case)
        figures.findings.append(replace(entry.finding, case=case))


def _entry(stored: Stored) -> str | int | float:
    """What stands in a cell, to be put back as it stands."""
    value = stored.value
    if isinstance(value, bool):
        return str(value).upper()
    return value if isinstance(value, int | float) else stored.text


def _read_total(form: Form, located: Located, cell: Cell, stored: Stored, figures: Figures) -> None:
    """A total is the template's formula, and then it is computed anew; anything else is said (W-06)."""
    place = figures.places[cell]
    identity = form.sums[cell]
    if any(part not in located.spots for part in identity.left):
        return
    wanted = located.total_formula(form, cell)
    if stored.formula is not None:
        figures.to_compute.append(cell)
        if stored.formula == wanted or _plain(stored.formula) == _plain(wanted):
            return
        case, found = "changed", stored.formula
    elif stored.value is None:
        case, found = "cleared", ""
        figures.values[cell] = None
    else:
        case, found = "", stored.text
        entry = understand(cell, stored.value, place)
        if entry.decided and entry.figure is not None:
            figures.values[cell] = entry.figure
    figures.findings.append(
        Finding(
            "W-06", place, case, ids=(cell.id,), expected=wanted, found=found, details={"formula": wanted}
        )
    )


def _read_value_of_total(cell: Cell, stored: Stored, figures: Figures) -> None:
    """A total of which only the value is known: as stated, or computed where there is none."""
    if stored.value is None:
        figures.to_compute.append(cell)
    else:
        _take(cell, stored, figures.places[cell], figures)


def _plain(formula: str) -> str:
    return formula.replace("$", "").replace(" ", "").upper().removeprefix("=")


def _note_moves(form: Form, section: Section, located: Located, figures: Figures) -> None:
    template = table_sheet(form, section).spots
    sheet: Sheet | None = located.sheet
    if located.spots == template:
        return
    moved = next((cell for cell, spot in located.spots.items() if spot != template[cell]), None)
    if moved and sheet:
        figures.findings.append(Finding("W-08", located.places[moved], "moved"))


def _note_locks(located: Located, figures: Figures, *, sent_back: bool) -> None:
    """Say which totals are open to typing, and that a sheet has lost its input rules."""
    sheet = located.sheet
    if sheet is None:
        return
    unlocked = [
        cell
        for cell, spot in located.spots.items()
        if cell.is_total and sheet[spot].formula and not sheet[spot].locked
    ]
    if unlocked and not sent_back:  # a copy sent back leaves totals open that are to be mended
        details = {"count": str(len(unlocked))}
        ids = tuple(cell.id for cell in unlocked)
        figures.findings.append(
            Finding("W-08", located.places[unlocked[0]], "unlocked", ids, details=details)
        )
    if located.by_name and not sheet.ruled:
        figures.findings.append(Finding("W-08", Place(sheet=sheet.title), "rules"))
