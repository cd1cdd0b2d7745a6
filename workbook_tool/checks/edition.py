"""W-02: the edition is known and is the one prescribed for the report's year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.forms import edition_for
from workbook_tool.rules import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.report import Report


def check_edition(report: Report) -> Iterator[Finding]:
    """The year is known, and the form covers it."""
    if report.year is None:
        yield Finding("W-02", report.cover_place("year"), "unknown")
    elif not report.form.covers(report.year):
        wanted = edition_for(report.year)
        if not wanted.covers(report.year):
            yield Finding("W-02", case="no_edition", found=str(report.year))
            return
        yield Finding(
            "W-02",
            expected=wanted.edition,
            found=report.form.edition,
            details={"year": str(report.year), "wanted": wanted.name, "edition": report.form.name},
        )
