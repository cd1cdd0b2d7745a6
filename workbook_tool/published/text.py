"""Reading a published report from text: one table row a line, cells separated by ``|``.

The notation in which such reports circulate and which `render` writes; Markdown tables are the
same but for rulings. Reading what `render` wrote gives the report back.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbook_tool.entries import understand
from workbook_tool.errors import SourceError
from workbook_tool.forms import Phrase, cover_fields, editions, form
from workbook_tool.grids import Grid, GridCell, label_key, missing_finding, recognise
from workbook_tool.report import Reading, Report
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from workbook_tool.forms import Cell, Form, Section
    from workbook_tool.grids import Recognition

_YEAR = r"(?:19|20)\d\d"
_TITLES = (
    re.compile(rf"^(?P<agency>.*?)(?P<year>{_YEAR})\s*年度?\s*政府信息公开.*报告$"),
    re.compile(rf"^(?P<year>{_YEAR})\s*年度?(?P<agency>.+?)政府信息公开.*报告$"),
    re.compile(r"^(?P<agency>)政府信息公开工作年度报告$"),
)
_PERIOD = re.compile(rf"({_YEAR})\s*年\s*1\s*月\s*1\s*日")
_ANY_YEAR = re.compile(rf"({_YEAR})\s*年")
_AGENCY_IN_TEXT = re.compile(
    rf"{_YEAR}\s*年度?[,,]?([\u4e00-\u9fff]{{2,20}}?(?:街道办事处|街道|人民政府|镇政府|乡政府|委员会|管委会|[局委厅院镇乡]))"
)
_PAGE_MATTER = re.compile(
    r"^(来源|信息来源|发布日期|发布时间|发布机构|时间|字号|浏览次数|索引号|文号|栏目|标题)\s*[::]"
    r"|^[((]?\s*\d{4}\s*年\s*\d+\s*月\s*\d+\s*日\s*[))]?$"
)
_MARKDOWN_HEADING = re.compile(r"^#{1,6}\s+")
_RULING = re.compile(r"^[\s|:-]+$")
_LONGEST_HEADING = 40


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
    if not any(part.rows for part in parts):
        raise SourceError("no_report")
    title = _title(parts[0].paragraphs)
    year = _year(title, text)
    reading = _Reader(known)
    agency = title[1] if title else _agency_in(parts)
    if not agency:
        words = next(field.words for field in cover_fields() if field.id == "agency")
        reading.findings.append(Finding("W-10", Place(words), "missing", details={"field": words}))
    for section in known.sections:
        part = next((part for part in parts if part.section is section), None)
        reading.section(section, part)
    return Reading(
        Report(
            form=known,
            agency=agency,
            year=year,
            values=reading.values,
            narratives=reading.narratives,
            opening=_opening(parts[0].paragraphs),
            places=reading.places,
        ),
        tuple(reading.findings),
    )


def _edition_of(lines: Sequence[str]) -> Form:
    """The edition whose tables fit best; the newer one where none does."""
    rows = tuple(row for line in lines if (row := _row(line, 0)))
    grid = Grid(rows, aligned=False)

    def found(edition: str) -> int:
        return sum(len(recognise(section, grid).certain()) for section in form(edition).tabled)

    return form(max(editions(), key=found))


def _divide(known: Form, lines: Sequence[str]) -> list[_Part]:
    """The text before the first heading, then one part for each section in the form's order."""
    parts = [_Part(None)]
    expected = list(known.sections)
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        heading = next((section for section in expected if _is_heading(section, line)), None)
        if heading:
            expected = expected[expected.index(heading) + 1 :]
            parts.append(_Part(heading))
            continue
        part = parts[-1]
        row = _row(line, number) if part.section is None or part.section.tables else ()
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


def _row(line: str, number: int) -> tuple[GridCell, ...]:
    """The cells of a table row; nothing where the line is none, or is only a ruling."""
    if "|" not in line or (_RULING.match(line) and "-" in line):
        return ()
    texts = line.split("|")
    place = Place(Phrase(f"第 {number} 行", f"line {number}"))
    return tuple(GridCell(text.strip(), text.strip(), place) for text in texts)


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
            place = Place(section.name)
            words = Phrase(section.heading, section.name.en)
            self.findings.append(Finding("W-03", place, "section", details={"section": words}))
            if not section.tables:
                self.narratives[section.id] = ""
            return
        if not section.tables:
            self.narratives[section.id] = "\n".join(part.paragraphs)
            return
        recognition = recognise(section, Grid(tuple(part.rows), aligned=False))
        self.figures(section, recognition)

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


def _title(paragraphs: Iterable[str]) -> tuple[str, str, int | None] | None:
    """The title line, the agency and the year in it."""
    for line in paragraphs:
        for pattern in _TITLES:
            found = pattern.match(line)
            if found:
                year = found.groupdict().get("year")
                return line, found["agency"].strip(), int(year) if year else None
    return None


def _year(title: tuple[str, str, int | None] | None, text: str) -> int | None:
    """The report year: from the title, the statistical period, or else the year named most often."""
    if title:
        return title[2]
    period = _PERIOD.search(text)
    if period:
        return int(period[1])
    named = Counter(_ANY_YEAR.findall(text))
    return int(named.most_common(1)[0][0]) if named else None


def _agency_in(parts: Iterable[_Part]) -> str:
    """The agency that the narrative speaks of most often, where there is no title."""
    text = "\n".join(line for part in parts for line in part.paragraphs)
    named = Counter(_AGENCY_IN_TEXT.findall(text))
    return named.most_common(1)[0][0] if named else ""


def _opening(paragraphs: Sequence[str]) -> str:
    title = _title(paragraphs)
    kept = [line for line in paragraphs if not _PAGE_MATTER.match(line) and line != (title and title[0])]
    return "\n".join(kept)
