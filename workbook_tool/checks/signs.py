"""V-02: nothing is negative that cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.checks.suggestions import settling
from workbook_tool.report import plain
from workbook_tool.rules import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.report import Report


def check_signs(report: Report) -> Iterator[Finding]:
    """Counts and amounts are zero or more; only a change may be negative. Formulas follow their parts."""
    for cell, figure in report.values.items():
        if figure is not None and figure < 0 and cell.kind != "change" and cell not in report.computed:
            yield Finding(
                "V-02",
                report.place(cell),
                ids=(cell.id,),
                expected="0",
                found=plain(figure),
                suggestions=settling(report, cell),
            )
