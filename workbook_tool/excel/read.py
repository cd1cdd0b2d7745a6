"""A workbook → `Reading`: the report in it, with the place of every figure, and all that was odd.

Everything goes through the gate; figures are located by names and labels (`locate`); totals
that are our formulas are computed anew, so a stale or absent cached result plays no part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.errors import SourceError
from workbook_tool.excel.figures import Figures, read_figures
from workbook_tool.excel.gate import open_book
from workbook_tool.excel.locate import locate
from workbook_tool.excel.template_id import parse_template_id
from workbook_tool.excel.texts import issued_for, read_cover, read_explanations, read_narratives
from workbook_tool.forms import Phrase, cover_fields, editions, form
from workbook_tool.grids import label_key, recognise
from workbook_tool.report import Reading, Report, with_totals
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.excel.book import Book
    from workbook_tool.excel.texts import Cover
    from workbook_tool.forms import Form


def read_workbook(data: bytes) -> Reading:
    """The report in the workbook `data` (.xlsx); a `SourceError` where there is none."""
    return read_book(open_book(data))


def read_book(book: Book) -> Reading:
    """The report in a workbook that passed the gate; a `SourceError` where there is none."""
    cover = read_cover(book)
    known = _edition_of(book, cover)
    figures = Figures()
    for section in known.tabled:
        located = locate(book, section)
        figures.findings += located.findings
        read_figures(known, section, located, figures, values_only=bool(book.values_only))
    if not figures.places:
        raise SourceError("no_report")
    texts: list[Finding] = []
    opening, narratives = read_narratives(book, known, texts)
    values = with_totals(known, figures.values, figures.to_compute)
    fields = {
        f.id: cover.texts.get(f.id, "") for f in cover_fields() if f.id not in ("agency", "year", "period")
    }
    issued_year = issued_for(book)["year"]
    report = Report(
        form=known,
        agency=cover.texts.get("agency", ""),
        year=cover.year or (int(issued_year) if issued_year.isdigit() else None),
        values=values,
        narratives=narratives,
        opening=opening,
        cover={name: text for name, text in fields.items() if text},
        explanations=read_explanations(book),
        places=figures.places,
        computed=frozenset(figures.to_compute),
    )
    findings = [*_condition(book), *_identity(book, cover), *figures.findings, *texts]
    return Reading(report, tuple(findings))


def _edition_of(book: Book, cover: Cover) -> Form:
    """The edition: by the template id, by the properties, or by the tables themselves."""
    template_id = parse_template_id(cover.texts.get("template_id", ""))
    for stated in (template_id and template_id.edition, book.properties.get("wb_edition")):
        if stated in editions():
            return form(stated)

    def fits(edition: str) -> int:
        known = form(edition)
        named = sum(cell.name in book.names for cell in known.cells.values())
        return named + sum(
            len(recognise(section, sheet.grid).certain()) for section in known.tabled for sheet in book.sheets
        )

    return form(max(editions(), key=fits))


def _condition(book: Book) -> Iterator[Finding]:
    """The state of the file itself: protection, hidden things, dangers."""
    if book.values_only:
        yield Finding("W-04", case="values_only", details={"kind": book.values_only})
        return
    open_sheets = [sheet.title for sheet in book.sheets if not sheet.protected]
    if open_sheets:
        what = "、".join(open_sheets)
        yield Finding("W-08", Place(Phrase(what, what)), details={"what": what})
    for sheet in book.sheets:
        hidden = [f"{line} 行" if line.isdigit() else f"{line} 列" for line in sheet.hidden_lines[:10]]
        if sheet.hidden or hidden:
            lines = Phrase("、".join(hidden) or "整张工作表", ", ".join(hidden) or "the whole sheet")
            place = Place(Phrase(sheet.title, sheet.title), sheet.title)
            yield Finding("W-08", place, "hidden", details={"what": lines})
    if book.dangers:
        yield Finding("W-09", details={"what": "、".join(book.dangers)})


def _identity(book: Book, cover: Cover) -> Iterator[Finding]:
    """Whose report it is, and for which year: the cover against what the workbook was issued for."""
    issued = issued_for(book)
    for field in cover_fields():
        stated, expected = cover.texts.get(field.id, ""), issued.get(field.id, "")
        place = cover.places.get(field.id, Place(field.words))
        details = {"field": field.words}
        if field.required and not stated:
            yield Finding("W-10", place, "missing", details=details)
        elif stated and expected and label_key(stated) != label_key(expected):
            yield Finding("W-10", place, expected=expected, found=stated, details=details)
    text = cover.texts.get("template_id", "")
    template_id = parse_template_id(text)
    place = cover.places.get("template_id", Place())
    if template_id is None:
        if text or issued["year"]:
            yield Finding("W-10", place, "template_id", found=text)
    elif template_id.year and cover.year and template_id.year != cover.year and not issued["year"]:
        words = next(field.words for field in cover_fields() if field.id == "year")
        year = str(template_id.year)
        yield Finding(
            "W-10", cover.places["year"], expected=year, found=str(cover.year), details={"field": words}
        )
