"""One source, judged: light enough to cross from one process to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from workbook_tool.checks.agreement import agreements
from workbook_tool.phrase import Phrase
from workbook_tool.report import plain
from workbook_tool.rules import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbook_tool.report import Report
    from workbook_tool.rules import Finding, Passage, Place

Status = Literal["pass", "warn", "fail", "unreadable"]


CLEAN = Phrase("没有发现问题。", "Nothing to report.")
_COUNTS = Phrase(
    "错误 {error}，警告 {warning}，提示 {notice}", "errors {error}, warnings {warning}, notices {notice}"
)
_OF_THEM_EXPLAINED = Phrase("（警告中 {count} 条已说明）", " ({count} of the warnings explained)")


class Subject(NamedTuple):
    """Whose report it is, on which year, in which edition."""

    edition: str
    agency: str
    year: int | None


class Agreed(NamedTuple):
    """A figure of the prose that is the tables' own: the words around it, where they stand, and its line."""

    passage: Passage
    clause: str
    place: Place
    ids: tuple[str, ...]
    line: Phrase
    figure: str


class Verdict(NamedTuple):
    """A source, the subject of the report in it if there is one, and every finding."""

    file: str
    subject: Subject | None
    findings: tuple[Finding, ...]
    agreed: tuple[Agreed, ...] | None = None
    """The figures of the prose that agree with the tables; ``None`` where nobody asked."""

    @property
    def status(self) -> Status:
        """How the source fares; an explained warning does not count."""
        if self.subject is None:
            return "unreadable"
        if any(finding.severity == "error" for finding in self.findings):
            return "fail"
        if any(finding.severity == "warning" and not finding.explained for finding in self.findings):
            return "warn"
        return "pass"


def agreed_in(report: Report) -> tuple[Agreed, ...]:
    """The figures of the prose that agree with the tables: what was read, and what was not overlooked."""
    return tuple(
        Agreed(
            found.passage,
            found.clause,
            report.passage_place(found.passage),
            tuple(cell.id for cell in found.line.cells),
            found.line.words,
            plain(found.line.figure),
        )
        for found in agreements(report)
        if found.holds
    )


def verdict_on(file: str, report: Report | None, findings: Iterable[Finding]) -> Verdict:
    """The verdict on one source."""
    subject = Subject(report.form.edition, report.agency, report.year) if report else None
    return Verdict(file, subject, tuple(findings))


def summed_up(findings: Sequence[Finding], language: str) -> str:
    """How many findings there are of each level, and how many are explained, in one line."""
    if not findings:
        return CLEAN.say(language)
    counts = {level: sum(finding.severity == level for finding in findings) for level in LEVELS}
    explained = sum(bool(finding.explained) for finding in findings)
    more = _OF_THEM_EXPLAINED.say(language).format(count=explained) if explained else ""
    return _COUNTS.say(language).format(**counts) + more
