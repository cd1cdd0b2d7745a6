"""Findings as plain text, grouped by sheet: where, what is wrong, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.phrase import Phrase
from workbook_tool.reporters.words import (
    CLEAN,
    LEVEL,
    STATUS,
    WHOLE_FILE,
    about,
    comparison,
    explained,
    summary,
)
from workbook_tool.rules import SYMBOLS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook_tool.checks.verdict import Verdict
    from workbook_tool.rules import Finding

_COUNTS = Phrase(
    "错误 {error}，警告 {warning}，提示 {notice}", "errors {error}, warnings {warning}, notices {notice}"
)
_OF_THEM_EXPLAINED = Phrase("（警告中 {count} 条已说明）", " ({count} of the warnings explained)")


def report_terminal(verdicts: Iterable[Verdict], language: str) -> Iterator[str]:
    """The lines of the report; each file's as soon as it is judged, one line of summary at the end."""
    counts = dict.fromkeys(STATUS, 0)
    for verdict in verdicts:
        counts[verdict.status] += 1
        yield from _file(verdict, language)
        yield ""
    yield summary(counts, language)


def _file(verdict: Verdict, language: str) -> Iterator[str]:
    head = [f"{verdict.file}  {STATUS[verdict.status].say(language)}"]
    yield " · ".join(head + (about(verdict.subject, language) if verdict.subject else []))
    by_sheet: dict[str, list[Finding]] = {}
    for finding in verdict.findings:
        by_sheet.setdefault(finding.place.sheet or WHOLE_FILE.say(language), []).append(finding)
    for sheet, findings in by_sheet.items():
        yield ""
        yield f"  【{sheet}】"
        for finding in findings:
            yield from _finding(finding, language)
    if not verdict.findings:
        yield f"  {CLEAN.say(language)}"
        return
    numbers = {name: sum(f.severity == name for f in verdict.findings) for name in LEVEL}
    reasons = sum(bool(finding.explained) for finding in verdict.findings)
    yield ""
    counts = _COUNTS.say(language).format(**numbers)
    yield f"  {counts}" + (_OF_THEM_EXPLAINED.say(language).format(count=reasons) if reasons else "")


def _finding(finding: Finding, language: str) -> Iterator[str]:
    place = finding.place
    where = "  ".join(part for part in (place.cell, place.words.say(language)) if part)
    level = f"{SYMBOLS[finding.severity]} {LEVEL[finding.severity].say(language)}"
    yield f"  {level} {finding.rule} {finding.title(language)}"
    said = [where, finding.message(language), comparison(finding, language)]
    said += [suggestion.say(language) for suggestion in finding.suggestions]
    said.append(explained(finding, language) or f"→ {finding.fix(language)}")
    for line in filter(None, said):
        yield f"      {line}"
