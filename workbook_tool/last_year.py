"""Last year's reports, to hold this year's against: one for all, or a folder where each has its own."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.checks.history import bare
from workbook_tool.errors import WorkbookToolError
from workbook_tool.fingerprint import digest
from workbook_tool.places import stamp
from workbook_tool.sources import Opening, open_report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook_tool.report import Report


class Match(Enum):
    """Whether there is a report of last year to hold one against."""

    FOUND = "found"
    NONE = "none"
    SEVERAL = "several"
    """There are several that do not say the same."""


class Known(NamedTuple):
    """A report of an earlier year: where it is, whose it is, and what it says in short."""

    file: str
    code: str
    name: str
    year: int
    digest: str


class LastYear(NamedTuple):
    """Where last year's reports are; light enough to cross from one process to another."""

    opening: Opening
    only: str = ""
    """The one file that all are held against, if one was given."""
    known: tuple[Known, ...] = ()
    """What a folder holds, if a folder was given."""

    def of(self, report: Report) -> tuple[Report | None, Match]:
        """Last year's report of the agency of `report`; none where there is not one, or not just one."""
        if self.only:
            return _read(self.only, stamp(self.only), self.opening), Match.FOUND
        found = list(self._candidates(report))
        if not found:
            return None, Match.NONE
        if len({known.digest for known in found}) > 1:
            return None, Match.SEVERAL
        return _read(found[0].file, stamp(found[0].file), self.opening), Match.FOUND

    def _candidates(self, report: Report) -> Iterable[Known]:
        """Those of the year before with the agency's code, else those with its name and no other code."""
        before = [known for known in self.known if report.year and known.year == report.year - 1]
        code, name = bare(report.cover.get("agency_code", "")), bare(report.agency)
        same_code = [known for known in before if code and known.code == code]
        return same_code or [
            known for known in before if name and known.name == name and not (code and known.code)
        ]


def held_against(file: str, opening: Opening) -> LastYear:
    """The report in `file` for all; one that cannot be read is a `WorkbookToolError` with the reason."""
    _read(file, stamp(file), opening)
    return LastYear(opening, only=file)


def identify(file: str, opening: Opening) -> Known | None:
    """Whose report is in `file`, and on which year; ``None`` where that cannot be said."""
    report = open_report(file, opening).report
    if report is None or report.year is None or not report.agency:
        return None
    code = bare(report.cover.get("agency_code", ""))
    return Known(file, code, bare(report.agency), report.year, digest(report))


@lru_cache(maxsize=2)
def _read(file: str, _stamp: str, opening: Opening) -> Report:
    """The report in `file`, read once for all the files of a process that are held against it."""
    reading = open_report(file, opening)
    if reading.report is None:
        why = " ".join(f"{finding.message()} ({finding.message('en')})" for finding in reading.findings)
        message = f"上年报告读不出来 (last year's report cannot be read): {file}: {why}"
        raise WorkbookToolError(message)
    return reading.report
