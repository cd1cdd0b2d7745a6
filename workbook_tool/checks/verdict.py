"""One source, judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from workbook_tool.report import Report
    from workbook_tool.rules import Finding

Status = Literal["pass", "warn", "fail", "unreadable"]


@dataclass(frozen=True)
class Verdict:
    """A source, the report in it if there is one, and every finding."""

    file: str
    report: Report | None
    findings: tuple[Finding, ...]

    @property
    def status(self) -> Status:
        """How the source fares; an explained warning does not count."""
        if self.report is None:
            return "unreadable"
        if any(finding.severity == "error" for finding in self.findings):
            return "fail"
        if any(finding.severity == "warning" and not finding.explained for finding in self.findings):
            return "warn"
        return "pass"
