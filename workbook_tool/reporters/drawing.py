"""One source for the page of findings: its findings, and its tables drawn as they are, with marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook_tool.checks.targets import targets_of
from workbook_tool.checks.verdict import CLEAN
from workbook_tool.forms import lay_out
from workbook_tool.phrase import Phrase
from workbook_tool.report import plain
from workbook_tool.reporters.passages import narratives_of
from workbook_tool.reporters.words import BLANK, WHOLE_FILE, comparison, explained
from workbook_tool.resources import page_template
from workbook_tool.rules import LEVELS, SYMBOLS

if TYPE_CHECKING:
    from workbook_tool.checks.verdict import Verdict
    from workbook_tool.forms import Box, Section
    from workbook_tool.report import Report
    from workbook_tool.rules import Finding

_WORDS = {
    "explanation": Phrase("规则说明", "about rule"),
    "why": Phrase("理由", "why"),
    "source": Phrase("依据", "source"),
    "clean": CLEAN,
    "blank": BLANK,
}
_SCOPES = {"banner": "colgroup", "corner": "col", "heading": "colgroup", "column": "col", "row": "row"}


def draw(verdict: Verdict, report: Report | None, language: str, prefix: str) -> str:
    """One source as HTML, with `prefix` before the ids of its findings."""
    findings = verdict.findings
    anchors = {id(finding): f"{prefix}-{number}" for number, finding in enumerate(findings, start=1)}
    marks: dict[str, Finding] = {}
    for finding in findings if report else ():
        for target in targets_of(finding, report.form) if report else ():
            marks.setdefault(target, finding)
    cells = report.form.cells if report else {}
    first = {id(finding): target for target, finding in reversed(marks.items()) if target in cells}
    groups: dict[str, list[dict[str, Any]]] = {}
    for finding in findings:
        title = finding.place.sheet or WHOLE_FILE.say(language)
        drawn = _finding(finding, language, anchors[id(finding)])
        if id(finding) in first:
            drawn["cell"] = f"{first[id(finding)]}-{prefix}"
        groups.setdefault(title, []).append(drawn)
    tables = report.form.tabled if report else ()
    return page_template("file.html.j2").render(
        words={name: phrase.say(language) for name, phrase in _WORDS.items()},
        file=verdict.file,
        groups=[{"title": title, "findings": found} for title, found in groups.items()],
        tables=[_table(report, section, marks, anchors, language) for section in tables if report],
        narratives=list(narratives_of(report, findings, anchors, language)) if report else [],
    )


def _finding(finding: Finding, language: str, anchor: str) -> dict[str, Any]:
    return {
        "anchor": anchor,
        "severity": finding.severity,
        "symbol": SYMBOLS[finding.severity],
        "level": LEVELS[finding.severity].say(language),
        "rule": finding.rule,
        "title": finding.title(language),
        "place": finding.place.say(language),
        "message": finding.message(language),
        "comparison": comparison(finding, language),
        "suggestions": [suggestion.say(language) for suggestion in finding.suggestions],
        "explained": explained(finding, language),
        "fix": finding.fix(language),
        "why": finding.entry.why.say(language),
        "source": finding.entry.source.say(language),
    }


def _table(
    report: Report, section: Section, marks: dict[str, Finding], anchors: dict[int, str], language: str
) -> dict[str, Any]:
    rows = lay_out(section).rows()
    # Only one table's headings can be repeated on each page.
    head = lay_out(section).header_height if len(section.tables) == 1 else 0
    return {
        "title": section.heading,
        "head": head,
        "rows": [[_box(report, box, marks, anchors, language) for box in row] for row in rows],
    }


def _box(
    report: Report, box: Box, marks: dict[str, Finding], anchors: dict[int, str], language: str
) -> dict[str, Any]:
    drawn: dict[str, Any] = {"height": box.height, "width": box.width, "text": box.label}
    if box.cell is None:
        scope = "rowgroup" if box.role == "row" and box.height > 1 else _SCOPES[box.role]
        return {**drawn, "scope": scope}
    stands = report.entries.get(box.cell, "")
    text = plain(report.values[box.cell]) if box.cell in report.values else str(stands)
    drawn |= {"text": text, "total": box.cell.is_total}
    finding = marks.get(box.cell)
    if finding:
        level = LEVELS[finding.severity].say(language)
        mark = {"severity": finding.severity, "symbol": SYMBOLS[finding.severity], "level": level}
        anchor = anchors[id(finding)]
        drawn |= {"anchor": anchor, "id": f"{box.cell}-{anchor.rpartition('-')[0]}", **mark}
    return drawn
