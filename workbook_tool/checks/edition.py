"""W-02 and S-02: the edition is known, is the one prescribed for the report's year, and every table's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.forms import edition_for, form
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.report import Report


def check_edition(report: Report) -> Iterator[Finding]:
    """The year is known, and the form covers it; all tables are of one edition."""
    if report.form.varied:
        section = report.form.section(report.form.varied.section)
        details = {"section": section.name, "other": form(report.form.varied.edition).name}
        yield Finding("S-02", Place(section.name), details=details)
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
