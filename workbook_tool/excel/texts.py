"""What stands in words in a workbook: the cover, the narratives, the explanations."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from workbook_tool.excel.layout import Spot
from workbook_tool.forms import Phrase, cover_fields, workbook_data
from workbook_tool.report import Explanation
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook_tool.excel.book import Book, Sheet, Stored
    from workbook_tool.forms import Form, Section

_SHORTEST_STRAY = 2
_YEAR = re.compile(r"\d{4}")


@dataclass
class Cover:
    """The cover as it stands: each field's text and place, and the template id."""

    texts: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    @property
    def year(self) -> int | None:
        """The report year, if the cover states one."""
        found = _YEAR.search(self.texts.get("year", ""))
        return int(found[0]) if found else None


def read_cover(book: Book) -> Cover:
    """The cover's fields, by their names or else by the labels beside them."""
    cover = Cover()
    labels = {field.id: (field.name, Phrase(field.label, field.en)) for field in cover_fields()}
    word = workbook_data()["words"]["template_id"]
    labels["template_id"] = ("cover__template_id", Phrase(word, "template id"))
    for field_id, (name, words) in labels.items():
        target = book.named(name) or _beside(book, words.zh)
        if target:
            sheet, spot = target
            cover.texts[field_id] = _words(sheet[spot])
            if field_id == "year" and cover.year:
                cover.texts[field_id] = str(cover.year)
            cover.places[field_id] = Place(words, sheet.title, spot.a1)
    return cover


def _beside(book: Book, label: str) -> tuple[Sheet, Spot] | None:
    """The cell right of the only cell that says `label`."""
    hits = [
        (sheet, Spot(spot.row, spot.column + 1))
        for sheet in book.sheets
        for spot, stored in sheet.cells.items()
        if stored.text.strip() == label
    ]
    return hits[0] if len(hits) == 1 else None


def _below(book: Book, label: str) -> tuple[Sheet, Spot] | None:
    """The cell below the only cell that says `label`."""
    beside = _beside(book, label)
    return (beside[0], Spot(beside[1].row + 1, beside[1].column - 1)) if beside else None


def _words(stored: Stored) -> str:
    if isinstance(stored.value, datetime | date):
        return stored.value.isoformat()[:10]
    return " ".join(unicodedata.normalize("NFKC", stored.text).split())


def read_narratives(book: Book, form: Form, findings: list[Finding]) -> tuple[str, dict[str, str]]:
    """The opening and the narratives, paragraphs in the order in which they stand."""
    opening, narratives = "", {}
    for section in form.narratives:
        column = _text_column(book, section)
        if column is None:
            words = Phrase(section.heading, section.name.en)
            findings.append(Finding("W-03", Place(section.name), "narrative", details={"section": words}))
            narratives[section.id] = ""
            continue
        sheet, first = column
        if section is form.narratives[0]:
            opening = _paragraphs(sheet, _opening_spot(book, sheet, first), first.row)
        narratives[section.id] = _paragraphs(sheet, first, None)
        findings.extend(_strays(sheet, first))
    return opening, narratives


def _text_column(book: Book, section: Section) -> tuple[Sheet, Spot] | None:
    """The first paragraph's cell: by name, or below the heading of the text column."""
    named = book.named(f"{section.id}__{section.blocks[0].id}__1")
    if named:
        return named
    head, first_label = workbook_data()["words"]["text"], section.blocks[0].label
    for sheet in book.sheets:
        texts = {stored.text.strip(): spot for spot, stored in sheet.cells.items()}
        if section.heading in texts and head in texts and first_label in texts:
            return sheet, Spot(texts[first_label].row, texts[head].column)
    return None


def _opening_spot(book: Book, sheet: Sheet, first: Spot) -> Spot:
    """The first cell of the opening: by name, or beside its label; `first` itself where there is none."""
    named = book.named("opening__1")
    if named and named[0] is sheet:
        return named[1]
    word = workbook_data()["words"]["opening"]
    found = next((spot for spot, stored in sheet.cells.items() if stored.text.strip() == word), None)
    return Spot(found.row, first.column) if found else first


def _paragraphs(sheet: Sheet, first: Spot, before: int | None) -> str:
    """The texts in one column from `first` on, a line each."""
    texts = [
        sheet.cells[spot].text
        for spot in sorted(sheet.cells)
        if spot.column == first.column and spot.row >= first.row and (before is None or spot.row < before)
    ]
    lines = [line.strip() for text in texts for line in text.splitlines()]
    return "\n".join(line for line in lines if line)


def _strays(sheet: Sheet, first: Spot) -> list[Finding]:
    """What stands on a narrative sheet but is no text to be read: beside our columns, or a formula."""
    beside = [
        Finding("W-08", sheet.place(spot), "stray", found=stored.text[:60])
        for spot, stored in sheet.cells.items()
        if spot.column > first.column + 1 and len(stored.text.strip()) >= _SHORTEST_STRAY
    ]
    formulas = [
        Finding("W-07", sheet.place(spot), "text", found=stored.formula)
        for spot, stored in sheet.cells.items()
        if spot.column == first.column and spot.row >= first.row and stored.formula is not None
    ]
    return beside + formulas


def read_explanations(book: Book) -> tuple[Explanation, ...]:
    """The rows of the sheet of explanations, down to its end."""
    target = book.named("explanations__rule") or _below(book, workbook_data()["words"]["explain_rule"])
    if target is None:
        return ()
    sheet, first = target
    rows = sorted({spot.row for spot in sheet.cells if spot.row >= first.row})
    entries = ([_words(sheet[Spot(row, first.column + i)]) for i in range(3)] for row in rows)
    return tuple(Explanation(rule.upper(), place, text) for rule, place, text in entries if text)


def issued_for(book: Book) -> Mapping[str, str]:
    """What the workbook was issued for, by cover field, as its properties say."""
    fields = {"agency": "wb_agency", "agency_code": "wb_agency_code", "year": "wb_year"}
    return {field: book.properties.get(name, "").strip() for field, name in fields.items()}
