"""Findings as plain text, grouped by sheet: where, what is wrong, what to do."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from workbook_tool.checks.verdict import summed_up
from workbook_tool.reporters.words import (
    STATUS,
    WHOLE_FILE,
    about,
    agreed_words,
    comparison,
    explained,
    summary,
)
from workbook_tool.rules import LEVELS, SYMBOLS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook_tool.checks.verdict import Agreed, Verdict
    from workbook_tool.rules import Finding


def report_terminal(verdicts: Iterable[Verdict], language: str) -> Iterator[str]:
    """The lines of the report; each file's as soon as it is judged, one line of summary at the end."""
    counts = dict.fromkeys(STATUS, 0)
    for verdict in verdicts:
        counts[verdict.status] += 1
        yield from map(one_line, _file(verdict, language))
        yield ""
    yield summary(counts, language)


def one_line(line: str) -> str:
    """`line` without what would move the cursor: a name from a file may not write lines of its own."""
    return line if line.isprintable() else "".join(map(_shown, line))


def _shown(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return " " if character.isspace() else "\ufffd"


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
            yield from finding_lines(finding, language)
    if verdict.findings:
        yield ""
    yield f"  {summed_up(verdict.findings, language)}"
    if verdict.agreed is not None:
        yield from _agreed_lines(verdict.agreed, language)


def _agreed_lines(agreed: Sequence[Agreed], language: str) -> Iterator[str]:
    yield f"  {agreed_words(len(agreed), language)}"
    for each in agreed:
        yield f"      {each.place.say(language)}  {each.clause} ↔ {each.line.say(language)} {each.figure}"


def finding_lines(finding: Finding, language: str) -> Iterator[str]:
    """One finding: its rule, where, what is wrong, what to do."""
    level = f"{SYMBOLS[finding.severity]} {LEVELS[finding.severity].say(language)}"
    yield f"  {level} {finding.rule} {finding.title(language)}"
    said = [finding.place.say(language), finding.message(language), comparison(finding, language)]
    said += [suggestion.say(language) for suggestion in finding.suggestions]
    said.append(explained(finding, language) or f"→ {finding.fix(language)}")
    for line in filter(None, said):
        yield f"      {line}"
