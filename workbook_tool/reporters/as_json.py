"""Findings as JSON, schema ``wb-tool/check/1``."""

from __future__ import annotations

import json
from textwrap import indent
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook_tool.checks.verdict import Agreed, Verdict
    from workbook_tool.rules import Finding, Passage

SCHEMA = "wb-tool/check/1"


def report_json(verdicts: Iterable[Verdict], language: str) -> Iterator[str]:
    """All verdicts as one JSON document, piece by piece as they come."""
    summary = dict.fromkeys(("pass", "warn", "fail", "unreadable"), 0)
    yield f'{{\n  "schema": {json.dumps(SCHEMA)},\n  "files": ['
    before = "\n"
    for verdict in verdicts:
        summary[verdict.status] += 1
        entry = json.dumps(_file(verdict, language), ensure_ascii=False, indent=2)
        yield before + indent(entry, "    ")
        before = ",\n"
    counts = indent(json.dumps(summary, indent=2), "  ").strip()
    yield f'\n  ],\n  "summary": {counts}\n}}\n'


def report_line(verdict: Verdict, language: str, **more: str) -> str:
    """One verdict as one line of JSON: the entry of its file, and `more`."""
    return json.dumps(_file(verdict, language) | more, ensure_ascii=False) + "\n"


def _file(verdict: Verdict, language: str) -> dict[str, Any]:
    entry: dict[str, Any] = {"file": verdict.file, "status": verdict.status}
    if verdict.subject:
        entry |= verdict.subject._asdict()
    entry["findings"] = [finding_entry(finding, language) for finding in verdict.findings]
    if verdict.agreed is not None:
        entry["matched"] = [_agreed(each, language) for each in verdict.agreed]
    return entry


def _agreed(agreed: Agreed, language: str) -> dict[str, Any]:
    return {
        **_span(agreed.passage),
        "clause": agreed.clause,
        "sheet": agreed.place.sheet,
        "cell": agreed.place.cell,
        "ids": list(agreed.ids),
        "place": agreed.line.say(language),
        "figure": agreed.figure,
    }


def _span(passage: Passage) -> dict[str, Any]:
    """Where words stand: in which text of the report, from which character to which."""
    return {"text": passage.text, "start": passage.start, "end": passage.end}


def finding_entry(finding: Finding, language: str) -> dict[str, Any]:
    """One finding as it stands in JSON."""
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "title": finding.title(language),
        "message": finding.message(language),
        "fix": finding.fix(language),
        "sheet": finding.place.sheet,
        "cell": finding.place.cell,
        "place": finding.place.words.say(language),
        **({"source": finding.place.source.say(language)} if finding.place.source.zh else {}),
        "ids": list(finding.ids),
        "expected": finding.expected,
        "found": finding.found,
        "explained": finding.explained,
        **({"passage": _span(finding.passage)} if finding.passage else {}),
        "suggestions": [
            {
                "changes": [{"id": c.id, "from": c.found, "to": c.expected} for c in suggestion.changes],
                "why": suggestion.why.say(language),
            }
            for suggestion in finding.suggestions
        ],
    }
