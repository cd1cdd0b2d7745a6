"""V-04: nothing is left blank. A blank is not a zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.checks.suggestions import settling
from workbook_tool.phrase import Phrase
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook_tool.forms import Cell, Section
    from workbook_tool.report import Report


def check_blanks(report: Report) -> Iterator[Finding]:
    """Every cell that was asked for is filled.

    A wholly blank section is one finding, so is a wholly blank column or row, and so are all
    blanks of a printed table. A total that only lacks its parts is theirs to answer for.
    """
    on_paper = not report.on_sheets
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
            yield from _by_line(report, blank, asked)


def _by_line(report: Report, blank: Sequence[Cell], asked: Sequence[Cell]) -> Iterator[Finding]:
    """Wholly blank columns, then wholly blank rows, then single cells."""
    left = dict.fromkeys(blank)
    for case, line_of in (("column", _column), ("row", _row)):
        lines: dict[tuple[str, str], list[Cell]] = {}
        for cell in asked:
            lines.setdefault(line_of(cell), []).append(cell)
        for key in dict.fromkeys(map(line_of, left)):
            missing = [cell for cell in lines[key] if cell in left]
            if len(lines[key]) > 1 and {*blank}.issuperset(lines[key]):
                for cell in missing:
                    del left[cell]
                if missing:
                    yield _line_finding(report, missing, case)
    for cell in left:
        yield Finding("V-04", report.place(cell), ids=(cell.id,), suggestions=settling(report, cell))


def _column(cell: Cell) -> tuple[str, str]:
    return cell.section, cell.column.id


def _row(cell: Cell) -> tuple[str, str]:
    return cell.section, cell.row.id if cell.row else ""


def _line_finding(report: Report, missing: Sequence[Cell], case: str) -> Finding:
    first = report.place(missing[0])
    parts = [text.split(" · ") for text in first.words]
    words = [" · ".join((p[0], p[-1]) if case == "column" else p[:-1]) for p in parts]
    return Finding(
        "V-04",
        Place(Phrase(*words), first.sheet, first.cell),
        case,
        ids=tuple(cell.id for cell in missing),
        details={"count": str(len(missing))},
    )


def _together(report: Report, section: Section, blank: Sequence[Cell], case: str) -> Finding:
    first = report.place(blank[0])
    return Finding(
        "V-04",
        Place(section.name, first.sheet, first.cell),
        case,
        ids=tuple(cell.id for cell in blank),
        details={"count": str(len(blank))},
    )
