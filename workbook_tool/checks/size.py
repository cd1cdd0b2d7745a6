"""T2-02 and V-07: figures that a body of this level of government does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.forms import levels
from workbook_tool.report import plain
from workbook_tool.rules import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.forms import Level
    from workbook_tool.report import Report


def check_powers(report: Report) -> Iterator[Finding]:
    """Lines that need a power are zero for a level without it; the whole row is one finding."""
    level = _level(report)
    if level is None:
        return
    told = set()
    for cell, figure in report.values.items():
        row = cell.row
        if row and row.power and row.power not in level.powers and figure and row not in told:
            told.add(row)
            yield Finding(
                "T2-02",
                report.place(cell),
                ids=tuple(c.id for c, f in report.values.items() if c.row is row and f),
                expected="0",
                found=plain(figure),
                details={"level": level.name},
            )


def check_size(report: Report) -> Iterator[Finding]:
    """No figure is beyond the ceiling of its level."""
    level = _level(report)
    for cell_id, most in level.ceiling.items() if level else ():
        cell = report.form.cells.get(cell_id)
        figure = report.values.get(cell) if cell else None
        if level and cell and figure is not None and figure > most:
            yield Finding(
                "V-07",
                report.place(cell),
                ids=(cell.id,),
                found=plain(figure),
                details={"level": level.name, "limit": plain(most)},
            )


def check_level(report: Report) -> Iterator[Finding]:
    """Where a figure would have to be judged by the level of government, the level is known (W-10)."""
    stated = report.cover.get("level", "")
    if stated in levels() or not (stated or report.on_sheets):
        return  # a document has no cover to say it on
    least = {
        cell_id: min(level.ceiling.get(cell_id, most) for level in levels().values())
        for level in levels().values()
        for cell_id, most in level.ceiling.items()
    }
    judged = any(
        figure and ((cell.row and cell.row.power) or (cell.id in least and figure > least[cell.id]))
        for cell, figure in report.values.items()
    )
    place = report.cover_place("level")
    if stated:
        yield Finding("W-10", place, "unknown_level", found=stated)
    elif judged:
        yield Finding("W-10", place, "no_level")


def _level(report: Report) -> Level | None:
    return levels().get(report.cover.get("level", ""))
