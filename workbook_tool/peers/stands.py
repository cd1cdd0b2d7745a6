"""One source of a comparison: the figures that the indicators need, and where each of them stands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.batch import LOCAL, died, each, read_source
from workbook_tool.checks import check
from workbook_tool.checks.history import bare
from workbook_tool.checks.verdict import verdict_on
from workbook_tool.peers.indicators import cells_shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from workbook_tool.checks.verdict import Status
    from workbook_tool.phrase import Phrase
    from workbook_tool.report import Report
    from workbook_tool.rules import Finding, Place
    from workbook_tool.sources import Opening


class Stand(NamedTuple):
    """One source: whose report is in it, how it fares, the figures that are compared and their places.

    Of a source that cannot be read only `source`, `status` and `why` say something.
    """

    source: str
    status: Status
    why: str = ""
    """The first error that was found."""
    agency: str = ""
    code: str = ""
    level: str = ""
    year: int | None = None
    edition: str = ""
    members: frozenset[str] = frozenset()
    """Who is in it where it is a roll-up: codes or names, as they are compared."""
    values: Mapping[str, int | Decimal | None] = {}
    undecided: frozenset[str] = frozenset()
    """The cells that the form has and whose figure could not be decided."""
    places: Mapping[str, Place] = {}

    @property
    def is_readable(self) -> bool:
        """Whether there is a report in it."""
        return self.status != "unreadable"

    @property
    def key(self) -> tuple[str, str]:
        """Its code and name as they are compared."""
        return bare(self.code).upper(), bare(self.agency)


def stands(
    files: Sequence[str], opening: Opening | None = None, language: str = "zh", engine: str = LOCAL
) -> Iterator[Stand]:
    """What is compared of each file, in order, shared out where there are many (see `each`)."""
    work = partial(_stand, opening=opening, language=language)
    return each(work, files, partial(_lost, language=language), engine)


def stand_of(source: str, report: Report | None, findings: Sequence[Finding], language: str) -> Stand:
    """What is compared of a report that was read and checked."""
    status = verdict_on(source, report, findings).status
    why = next((finding.message(language) for finding in findings if finding.severity == "error"), "")
    if report is None:
        return Stand(source, status, why)
    cells = [report.form.cells[cell] for cell in cells_shown() if cell in report.form.cells]
    return Stand(
        source,
        status,
        why,
        report.agency,
        report.cover.get("agency_code", ""),
        report.cover.get("level", ""),
        report.year,
        report.form.edition,
        frozenset(bare(member).upper() for member in report.members),
        {cell.id: report.values[cell] for cell in cells if cell in report.values},
        frozenset(cell.id for cell in cells if cell not in report.values),
        {cell.id: report.place(cell) for cell in cells},
    )


def _lost(file: str, problem: Phrase, language: str) -> Stand:
    return stand_of(file, None, (died(problem),), language)


def _stand(file: str, opening: Opening | None, language: str) -> Stand:
    reading = read_source(file, opening)
    return stand_of(file, reading.report, tuple(check(reading)), language)
