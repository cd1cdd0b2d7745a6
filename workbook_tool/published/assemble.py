"""Finding the report in the lines of a document: its sections, their figures and their prose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbook_tool.entries import understand
from workbook_tool.errors import SourceError
from workbook_tool.forms import forms, lay_out
from workbook_tool.grids import has_labels, label_key, missing_finding, missing_section, recognise
from workbook_tool.phrase import Phrase
from workbook_tool.published.article import article_in
from workbook_tool.published.headings import heading_findings, headings, is_heading
from workbook_tool.published.lines import Line, grids
from workbook_tool.published.otherwise import note_otherwise
from workbook_tool.published.streams import with_rows
from workbook_tool.published.subject import Titles, find_subject
from workbook_tool.report import Reading, Report
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from workbook_tool.forms import Cell, Form, Section
    from workbook_tool.grids import Recognition
    from workbook_tool.published.lines import Document

_QUOTE = 80


@dataclass
class _Part:
    """The lines under one heading."""

    section: Section | None
    lines: list[Line] = field(default_factory=list)
    heading: str = ""

    @property
    def prose(self) -> list[str]:
        """What is not a row of a table."""
        return [line.text for line in self.lines if line.is_prose]

    @property
    def text(self) -> str:
        """All of it as prose, rows of tables as well."""
        return "\n".join(line.text for line in self.lines if line.text)


def report_in(document: Document) -> Reading:
    """The report in `document`; a `SourceError` where there is none."""
    around, lines = article_in(document)
    pictured = any(line.is_picture for line in lines)
    known, parts, findings = _in_edition(lines, has_all_rows=document.has_all_rows)
    outside = (*around, *document.lines[len(around) + len(lines) :])
    _ensure_single(known, [*parts, _Part(None, list(outside))])
    titles = Titles(document.titles, parts[0].prose, [line.text for line in around if line.is_prose])
    subject = find_subject(titles, [line for part in parts for line in part.prose])
    reading = _Reader(known, subject.year)
    reading.findings += [*subject.findings, *findings]
    above = [line.text for line in parts[0].lines if line.cells and not line.table and not line.is_prose]
    if above:
        reading.findings.append(_unread(Place(Phrase("开头", "the beginning")), above))
    for section in known.sections:
        reading.section(section, next((part for part in parts if part.section is section), None))
    if not reading.places:
        tabled = any(part.section and part.section.tables for part in parts)
        raise SourceError("picture_tables" if tabled and pictured else "no_report")
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


def _in_edition(
    lines: Sequence[Line], *, has_all_rows: bool
) -> tuple[Form, Sequence[_Part], Sequence[Finding]]:
    """The edition, or the variant of one, whose tables fit best; the newer one where none does.

    And `lines` divided by it, with the rows of its tables wherever they have no separators.
    """
    certain: dict[tuple[object, ...], list[bool]] = {}

    def fits(divided: tuple[Form, Sequence[_Part], Sequence[Finding]]) -> tuple[int, int]:
        """How many figures are found, and how many cells: a word among them may be a label without any."""
        filled: list[bool] = []
        for part in divided[1]:
            if part.section and part.section.tables:
                key = (part.section, *map(id, part.lines))
                if key not in certain:
                    found = recognise(part.section, *grids(part.lines)).certain().values()
                    certain[key] = [bool(cell.text.strip()) for cell in found]
                filled += certain[key]
        return sum(filled), len(filled)

    read = ((known, lines if has_all_rows else with_rows(known, lines)) for known in forms())
    return max([(known, *_divide(known, own)) for known, own in read], key=fits)


def _divide(known: Form, lines: Sequence[Line]) -> tuple[list[_Part], list[Finding]]:
    """The text before the first heading, then one part for each section that was found; and S-01."""
    found = headings(known, lines)
    starts = [heading.line for heading in found]
    parts = [_Part(None, list(lines[: starts[0] if starts else len(lines)]))]
    if found:
        # What is above may be a table of contents.
        parts[0].lines = [line for line in parts[0].lines if not is_heading(known, line.text)]
    for heading, end in zip(found, [*starts, len(lines)][1:], strict=True):
        own = list(lines[heading.line + 1 : end])
        parts.append(_Part(heading.section, own, lines[heading.line].text))
    for section in known.tabled:
        if not any(part.section is section for part in parts):
            parts += _without_heading(section, parts)
    return parts, list(heading_findings(known, found, lines))


def _ensure_single(known: Form, parts: Sequence[_Part]) -> None:
    """Raise a `SourceError` if most of a table stands outside of its section: there is another report."""
    own = {part.section for part in parts}
    for part in parts:
        rows = [line for line in part.lines if line.cells]
        for section in known.tabled:
            if section is part.section or section not in own:
                continue
            found = recognise(section, *grids(rows)).certain().values() if rows else ()
            if 2 * sum(bool(cell.text.strip()) for cell in found) > len(section.cells):
                raise SourceError("several")
            if has_labels(section, part.text):
                raise SourceError("several")


def _without_heading(section: Section, parts: Sequence[_Part]) -> Iterator[_Part]:
    """The rows of a section whose heading is missing, taken out of the part among which they stand."""
    for part in parts:
        rows = [line for line in part.lines if line.cells]
        of_tables = part.section is not None and part.section.tables
        if rows and not of_tables and recognise(section, *grids(rows)).certain():
            part.lines = [line for line in part.lines if line.is_prose or line.is_picture]
            yield _Part(section, rows)
            return


class _Reader:
    """Collects figures, narratives and findings section by section."""

    def __init__(self, known: Form, year: int | None) -> None:
        self.form = known
        self.year = year
        self.values: dict[Cell, int | Decimal | None] = {}
        self.places: dict[Cell, Place] = {}
        self.narratives: dict[str, str] = {}
        self.findings: list[Finding] = []

    def section(self, section: Section, part: _Part | None) -> None:
        if part is None:
            self.findings.append(missing_section(section, "S-01"))
        elif not section.tables:
            self.narratives[section.id] = part.text
        else:
            recognition = recognise(section, *grids(part.lines))
            note_otherwise(recognition, [Line(part.heading), *part.lines], self.year)
            self.findings += _altered(section, recognition)
            self.figures(section, recognition)
            # A caption may say the title again.
            labels = {label_key(section.title), *(label_key(box.label) for box in lay_out(section).boxes)}
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
        if not found and not recognition.unplaced:
            self.findings.append(missing_section(section, "S-03"))
        elif missing:
            self.findings.append(missing_finding(section, missing, recognition.unplaced))
        elif recognition.unplaced:
            rows, details = "; ".join(recognition.unplaced), {"section": section.name}
            self.findings.append(
                Finding("W-05", Place(section.name), "extra", found=_quote(rows), details=details)
            )


def _altered(section: Section, recognition: Recognition) -> Iterator[Finding]:
    """W-05: labels that are not as the form has them."""
    for line, printed in recognition.altered.items():
        yield Finding(
            "W-05",
            Place(section.name, source=printed.source),
            expected=line.label,
            found=printed.text,
            details={"section": section.name},
        )


def _unread(place: Place, lines: Sequence[str]) -> Finding:
    """The finding that lines among the tables, or rows above them, were not read."""
    return Finding("W-08", place, "prose", found=_quote(";".join(lines)))


def _quote(text: str) -> str:
    return text if len(text) <= _QUOTE else f"{text[:_QUOTE]}…"
