"""Reading a published report from text: one table row a line, cells separated by ``|``.

The notation in which such reports circulate and which `render` writes; Markdown tables are the
same but for rulings. Reading what `render` wrote gives the report back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbook_tool.entries import understand
from workbook_tool.errors import SourceError
from workbook_tool.forms import editions, form, lay_out
from workbook_tool.grids import Grid, GridCell, label_key, missing_finding, missing_section, recognise
from workbook_tool.phrase import Phrase
from workbook_tool.published.subject import find_subject
from workbook_tool.report import Reading, Report
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from workbook_tool.forms import Cell, Form, Section
    from workbook_tool.grids import Recognition

_MARKDOWN_HEADING = re.compile(r"^#{1,6}\s+")
_RULING = re.compile(r"^[\s|:-]+$")
_LONGEST_HEADING = 40
_QUOTE = 80


@dataclass
class _Part:
    """The lines under one heading."""

    section: Section | None
    paragraphs: list[str] = field(default_factory=list)
    rows: list[tuple[GridCell, ...]] = field(default_factory=list)


def read_text(text: str) -> Reading:
    """The report in `text`; a `SourceError` where there is none."""
    lines = [_MARKDOWN_HEADING.sub("", line.strip()) for line in text.splitlines()]
    known = _edition_of(lines)
    parts = _divide(known, lines)
    subject = find_subject(parts[0].paragraphs, [line for part in parts for line in part.paragraphs])
    reading = _Reader(known)
    reading.findings += subject.findings
    if parts[0].rows:
        reading.findings.append(
            _unread(Place(Phrase("开头", "the beginning")), _Part(None, [], parts[0].rows))
        )
    for section in known.sections:
        part = next((part for part in parts if part.section is section), None)
        reading.section(section, part)
    if not reading.places:
        raise SourceError("no_report" if "|" in text or not _is_separated(lines) else "csv")
    return Reading(
        Report(
            form=known,
            agency=subject.agency,
            year=subject.year,
            values=reading.values,
            narratives=reading.narratives,
            opening=subject.opening,
            places=reading.places,
        ),
        tuple(reading.findings),
    )


def _is_separated(lines: Sequence[str]) -> bool:
    """Whether most lines are values between commas or tabs, as an office program exports a sheet."""
    filled = [line for line in lines if line]
    return 2 * sum(line.count(",") > 1 or "\t" in line for line in filled) > len(filled)


def _edition_of(lines: Sequence[str]) -> Form:
    """The edition whose tables fit best; the newer one where none does."""
    rows = tuple(row for line in lines if (row := _row(line)))
    grid = Grid(rows, aligned=False)

    def found(edition: str) -> int:
        return sum(len(recognise(section, grid).certain()) for section in form(edition).tabled)

    return form(max(editions(), key=found))


def _divide(known: Form, lines: Sequence[str]) -> list[_Part]:
    """The text before the first heading, then one part for each section in the form's order."""
    parts = [_Part(None)]
    expected = list(known.sections)
    for line in lines:
        if not line:
            continue
        if _is_heading(known.sections[0], line) and known.sections[0] not in expected:
            if any(part.rows for part in parts):
                raise SourceError("several")
            # What came before was a table of contents.
            parts, expected = parts[:1], list(known.sections)
        heading = next((section for section in expected if _is_heading(section, line)), None)
        if heading:
            expected = expected[expected.index(heading) + 1 :]
            parts.append(_Part(heading))
            continue
        part = parts[-1]
        row = _row(line) if part.section is None or part.section.tables else ()
        if row:
            part.rows.append(row)
        elif not _RULING.match(line) or (part.section and not part.section.tables):
            part.paragraphs.append(line)
    return parts


def _is_heading(section: Section, line: str) -> bool:
    if len(line) > _LONGEST_HEADING or not line.startswith(section.number):
        return False
    key = label_key(line)
    return any(key == label_key(section.number + title) for title in (section.title, *section.also))


def _row(line: str) -> tuple[GridCell, ...]:
    """The cells of a table row; nothing where the line is none, or is only a ruling."""
    if "|" not in line or (_RULING.match(line) and "-" in line):
        return ()
    return tuple(GridCell(text.strip()) for text in line.split("|"))


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
            return
        if not section.tables:
            self.narratives[section.id] = "\n".join(part.paragraphs)
            return
        recognition = recognise(section, Grid(tuple(part.rows), aligned=False))
        self.figures(section, recognition)
        labels = {label_key(box.label) for box in lay_out(section).boxes}
        part.paragraphs = [line for line in part.paragraphs if label_key(line) not in labels]
        if part.paragraphs:
            self.findings.append(_unread(Place(section.name), part))

    def figures(self, section: Section, recognition: Recognition) -> None:
        found = recognition.certain()
        for cell in section.cells:
            if cell not in found:
                continue
            place = Place(cell.where)
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


def _unread(place: Place, part: _Part) -> Finding:
    """The finding that lines among the tables, or rows above them, were not read."""
    lines = part.paragraphs or [" | ".join(cell.text for cell in row) for row in part.rows]
    return Finding("W-08", place, "prose", found=_quote(";".join(lines)))


def _quote(text: str) -> str:
    return text if len(text) <= _QUOTE else f"{text[:_QUOTE]}…"
