"""V-04: nothing is left blank. A blank is not a zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.forms import Phrase
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook_tool.forms import Cell, Section
    from workbook_tool.report import Report


def check_blanks(report: Report) -> Iterator[Finding]:
    """Every cell that was asked for is filled.

    A wholly blank section is one finding, so is a wholly blank row, and so are all blanks of a
    printed table. A total that only lacks its parts is theirs to answer for.
    """
    on_paper = not any(place.sheet for place in report.places.values())
    for section in report.form.tabled:
        present = [cell for cell in section.cells if cell in report.values]
        asked = present if on_paper else [cell for cell in present if not cell.is_total]
        blank = [cell for cell in asked if report.values[cell] is None]
        if not blank:
            continue
        if len(blank) == len(asked):
            yield _together(report, section, blank, "table")
        elif on_paper:
            yield _together(report, section, blank, "printed")
        else:
            yield from _by_row(report, blank, asked)


def _by_row(report: Report, blank: Sequence[Cell], asked: Sequence[Cell]) -> Iterator[Finding]:
    rows = dict.fromkeys((cell.section, cell.row) for cell in blank)
    for key in rows:
        missing = [cell for cell in blank if (cell.section, cell.row) == key]
        whole = [cell for cell in asked if (cell.section, cell.row) == key]
        if len(missing) == len(whole) > 1:
            first = report.place(missing[0])
            words = Phrase(*(text.rpartition(" · ")[0] for text in first.words))
            yield Finding(
                "V-04",
                Place(words, first.sheet, first.cell),
                "row",
                ids=tuple(cell.id for cell in missing),
                details={"count": str(len(missing))},
            )
        else:
            for cell in missing:
                yield Finding("V-04", report.place(cell), ids=(cell.id,))


def _together(report: Report, section: Section, blank: Sequence[Cell], case: str) -> Finding:
    first = report.place(blank[0])
    return Finding(
        "V-04",
        Place(section.name, first.sheet, first.cell),
        case,
        ids=tuple(cell.id for cell in blank),
        details={"count": str(len(blank))},
    )
