"""Findings as JSON, schema ``wb-tool/check/1``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook_tool.checks.verdict import Agreed, Verdict
    from workbook_tool.rules import Finding, Passage

SCHEMA = "wb-tool/check/1"


def report_json(verdicts: Iterable[Verdict], language: str) -> str:
    """All verdicts as one JSON document."""
    files = [_file(verdict, language) for verdict in verdicts]
    summary = dict.fromkeys(("pass", "warn", "fail", "unreadable"), 0)
    for entry in files:
        summary[entry["status"]] += 1
    content = {"schema": SCHEMA, "files": files, "summary": summary}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


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
