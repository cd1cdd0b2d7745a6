"""Finding the report in the lines of a document: its sections, their figures and their prose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbook_tool.entries import understand
from workbook_tool.errors import SourceError
from workbook_tool.forms import editions, form, lay_out
from workbook_tool.grids import label_key, missing_finding, missing_section, recognise
from workbook_tool.phrase import Phrase
from workbook_tool.published.lines import grids
from workbook_tool.published.subject import find_subject
from workbook_tool.report import Reading, Report
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from workbook_tool.forms import Cell, Form, Section
    from workbook_tool.grids import Recognition
    from workbook_tool.published.lines import Document, Line

_LONGEST_HEADING = 40
_QUOTE = 80


@dataclass
class _Part:
    """The lines under one heading."""

    section: Section | None
    lines: list[Line] = field(default_factory=list)

    @property
    def prose(self) -> list[str]:
        """What is not a row of a table."""
        return [line.text for line in self.lines if not line.cells]

    @property
    def text(self) -> str:
        """All of it as prose, rows of tables as well."""
        return "\n".join(line.text for line in self.lines if line.text)


def report_in(document: Document) -> Reading:
    """The report in `document`; a `SourceError` where there is none."""
    known = _edition_of(document.lines)
    parts = _divide(known, document.lines)
    before = [*document.titles, *parts[0].prose]
    subject = find_subject(before, [line for part in parts for line in part.prose])
    reading = _Reader(known)
    reading.findings += subject.findings
    above = [line.text for line in parts[0].lines if line.cells]
    if above:
        reading.findings.append(_unread(Place(Phrase("开头", "the beginning")), above))
    for section in known.sections:
        reading.section(section, next((part for part in parts if part.section is section), None))
    if not reading.places:
        raise SourceError("no_report")
    report = Report(
        form=known,
        agency=subject.agency,
        year=subject.year,
        values=reading.values,
        narratives=reading.narratives,
        opening=subject.opening,
        places=reading.places,
    )
    return Reading(report, tuple(reading.findings))


def _edition_of(lines: Sequence[Line]) -> Form:
    """The edition whose tables fit best; the newer one where none does."""
    tables = grids(lines)

    def found(edition: str) -> int:
        return sum(len(recognise(section, *tables).certain()) for section in form(edition).tabled)

    return form(max(editions(), key=found))


def _divide(known: Form, lines: Sequence[Line]) -> list[_Part]:
    """The text before the first heading, then one part for each section in the form's order."""
    parts = [_Part(None)]
    expected = list(known.sections)
    for line in lines:
        if _is_heading(known.sections[0], line.text) and known.sections[0] not in expected:
            if any(row.cells for part in parts for row in part.lines):
                raise SourceError("several")
            # What came before was a table of contents.
            parts, expected = parts[:1], list(known.sections)
        heading = next((section for section in expected if _is_heading(section, line.text)), None)
        if heading:
            expected = expected[expected.index(heading) + 1 :]
            parts.append(_Part(heading))
        else:
            parts[-1].lines.append(line)
    return parts


def _is_heading(section: Section, line: str) -> bool:
    if len(line) > _LONGEST_HEADING or not line.startswith(section.number):
        return False
    key = label_key(line)
    return any(key == label_key(section.number + title) for title in (section.title, *section.also))


class _Reader:
    """Collects figures, narratives and findings section by section."""

    def __init__(self, known: Form) -> None:
        self.form = known
        self.values: dict[Cell, int | Decimal | None] = {}
        self.places: dict[Cell, Place] = {}
        self.narratives: dict[str, str] = {}
        self.findings: list[Finding] = []

    def section(self, section: Section, part: _Part | None) -> None:
        if part is None:
            self.findings.append(missing_section(section))
            if not section.tables:
                self.narratives[section.id] = ""
        elif not section.tables:
            self.narratives[section.id] = part.text
        else:
            self.figures(section, recognise(section, *grids(part.lines)))
            labels = {label_key(box.label) for box in lay_out(section).boxes}
            prose = [line for line in part.prose if label_key(line) not in {"", *labels}]
            if prose:
                self.findings.append(_unread(Place(section.name), prose))

    def figures(self, section: Section, recognition: Recognition) -> None:
        found = recognition.certain()
        for cell in section.cells:
            if cell not in found:
                continue
            place = Place(cell.where, source=found[cell].source)
            self.places[cell] = place
            entry = understand(cell, found[cell].text, place, source="printed")
            if entry.decided:
                self.values[cell] = entry.figure
            if entry.finding:
                self.findings.append(entry.finding)
        missing = [cell for cell in section.cells if cell not in found]
        if missing:
            self.findings.append(missing_finding(section, missing, recognition.unplaced))
        elif recognition.unplaced:
            rows, details = "; ".join(recognition.unplaced), {"section": section.name}
            self.findings.append(
                Finding("W-05", Place(section.name), "extra", found=_quote(rows), details=details)
            )


def _unread(place: Place, lines: Sequence[str]) -> Finding:
    """The finding that lines among the tables, or rows above them, were not read."""
    return Finding("W-08", place, "prose", found=_quote(";".join(lines)))


def _quote(text: str) -> str:
    return text if len(text) <= _QUOTE else f"{text[:_QUOTE]}…"
