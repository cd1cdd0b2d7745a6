"""One source, judged: light enough to cross from one process to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook_tool.report import Report
    from workbook_tool.rules import Finding

Status = Literal["pass", "warn", "fail", "unreadable"]


class Subject(NamedTuple):
    """Whose report it is, on which year, in which edition."""

    edition: str
    agency: str
    year: int | None


class Verdict(NamedTuple):
    """A source, the subject of the report in it if there is one, and every finding."""

    file: str
    subject: Subject | None
    findings: tuple[Finding, ...]

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


def verdict_on(file: str, report: Report | None, findings: Iterable[Finding]) -> Verdict:
    """The verdict on one source."""
    subject = Subject(report.form.edition, report.agency, report.year) if report else None
    return Verdict(file, subject, tuple(findings))
