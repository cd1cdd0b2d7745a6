"""What is kept of one source where there are many: its figures and findings, without the texts.

Small, made of plain values, and the same whichever process made it: what the roll-up adds, the data set
exports and the comparison shows.
"""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.batch.judging import Against, died, read_source
from workbook_tool.batch.sharing import LOCAL, each
from workbook_tool.batch.task import Task
from workbook_tool.checks import Basis, check
from workbook_tool.checks.alike import own_words
from workbook_tool.checks.verdict import verdict_on
from workbook_tool.fingerprint import digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from workbook_tool.checks.verdict import Status
    from workbook_tool.phrase import Phrase
    from workbook_tool.report import Report
    from workbook_tool.rules import Finding
    from workbook_tool.sources import Opening


class RecordedFinding(NamedTuple):
    """One finding: which rule (and case of it), how grave, where, and on which figures."""

    rule: str
    case: str
    severity: str
    place: str
    sheet: str | None
    cell: str | None
    ids: tuple[str, ...]
    expected: str | None
    found: str | None
    is_explained: bool
    message: str


class Record(NamedTuple):
    """One source: whose report is in it, how it fares, every figure it has, every finding.

    `values` are by cell id, ``None`` for a blank; what the source lacks is not in them. Of a source that
    cannot be read only `source`, `status` and `findings` say something. `digest` is that of the report
    (see `fingerprint`), empty unless it was asked for; `texts` has one of each narrative that says enough of
    its own, by section id: the same for texts that differ in figures, the agency's name and standard
    statements only.
    `members` are those that a roll-up has in it, by their codes or else their names.
    """

    source: str
    status: Status
    agency: str
    code: str
    level: str
    year: int | None
    edition: str
    variant: str
    digest: str
    values: Mapping[str, int | Decimal | None]
    texts: Mapping[str, str]
    findings: tuple[RecordedFinding, ...]
    members: tuple[str, ...] = ()

    @property
    def is_readable(self) -> bool:
        """Whether there is a report in it."""
        return self.status != "unreadable"


def records(
    files: Sequence[str],
    opening: Opening | None = None,
    against: Against | None = None,
    language: str = "zh",
    engine: str = LOCAL,
) -> Iterator[Record]:
    """The record of each file without its digest, in order, shared out like `judge`."""
    task = record_task(opening, against, language, digested=False)
    return each(task.work, files, task.lost, engine)


def record_task(
    opening: Opening | None, against: Against | None, language: str, *, digested: bool = True
) -> Task:
    """Making the record of a file, as a task for a crew."""
    return Task(
        partial(
            _record, opening=opening, against=against or Against({}), language=language, digested=digested
        ),
        partial(_lost, language=language),
    )


def record_of(
    source: str,
    report: Report | None,
    findings: Sequence[Finding],
    language: str,
    *,
    digested: bool = True,
) -> Record:
    """The record of a report that was read and checked."""
    status = verdict_on(source, report, findings).status
    kept = tuple(_kept(finding, language) for finding in findings)
    if report is None:
        return Record(source, status, "", "", "", None, "", "", "", {}, {}, kept)
    varied = report.form.varied
    return Record(
        source,
        status,
        report.agency,
        report.cover.get("agency_code", ""),
        report.cover.get("level", ""),
        report.year,
        report.form.edition,
        f"{varied.section} {varied.edition}" if varied else "",
        digest(report) if digested else "",
        {cell.id: figure for cell, figure in report.values.items()},
        {section: _hash(said) for section, said in _said(report) if said},
        kept,
        report.members,
    )


def _lost(file: str, problem: Phrase, language: str) -> Record:
    return record_of(file, None, (died(problem),), language)


def _record(file: str, opening: Opening | None, against: Against, language: str, *, digested: bool) -> Record:
    reading = read_source(file, opening)
    prior = against.last_year.of(reading.report)[0] if against.last_year and reading.report else None
    found = check(reading, basis=Basis(prior, against.limits, against.lexicon))
    return record_of(file, reading.report, tuple(found), language, digested=digested)


def _kept(finding: Finding, language: str) -> RecordedFinding:
    return RecordedFinding(
        finding.rule,
        finding.case,
        finding.severity,
        finding.place.words.say(language),
        finding.place.sheet,
        finding.place.cell,
        finding.ids,
        finding.expected,
        finding.found,
        bool(finding.explained),
        finding.message(language),
    )


def _said(report: Report) -> Iterator[tuple[str, str]]:
    """What each narrative says of its own."""
    for section, text in report.narratives.items():
        yield section, own_words(text, report.agency, Basis())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]
