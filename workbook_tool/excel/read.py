"""A workbook → `Reading`: the report in it, with the place of every figure, and all that was odd.

Everything goes through the gate; figures are located by names and labels (`locate`); totals
that are our formulas are computed anew, so a stale or absent cached result plays no part.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from workbook_tool.errors import SourceError
from workbook_tool.excel.dead_checks import without_dead_checks
from workbook_tool.excel.figures import Figures, read_figures
from workbook_tool.excel.locate import locate
from workbook_tool.excel.prose import read_narratives
from workbook_tool.excel.rollup_read import meddled_with, read_sums, without_appendix
from workbook_tool.excel.template_id import parse_template_id
from workbook_tool.excel.texts import issued_for, read_cover, read_explanations, tokens_in
from workbook_tool.forms import cover_fields, cover_words, editions, form, forms, workbook_data
from workbook_tool.grids import label_key, missing_finding, recognise
from workbook_tool.phrase import Phrase, listed
from workbook_tool.report import Reading, Report, with_totals
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from workbook_tool.excel.book import Book
    from workbook_tool.excel.texts import Cover
    from workbook_tool.forms import Form


def is_foreign(book: Book) -> bool:
    """Whether nothing in a workbook is of ours: no name, no property, no sheet, no cover."""
    if any(issued_for(book).values()) or read_cover(book).texts:
        return False
    titles = {sheet.title for sheet in book.sheets}
    return not any(
        titles & _our_sheets(book, known) or read_narratives(book, known).sheets for known in forms()
    )


def read_book(book: Book, texts: Reading | None = None, on: Collection[str] = ()) -> Reading:
    """The report in a workbook that passed the gate; a `SourceError` where there is none.

    Of a foreign workbook `texts` says what is no figure, and `on` on which sheets that was read.
    """
    cover = read_cover(book)
    known = texts.report.form if texts and texts.report else _edition_of(book, cover)
    sums = read_sums(book, known)
    if sums:
        book = without_appendix(book)
    if book.values_only:
        book = without_dead_checks(book, known)
    figures = Figures(foreign=texts is not None, sums=sums)
    ours = _our_sheets(book, known)
    for section in known.tabled:
        located = locate(book, section)
        ours |= {located.sheet.title} if located.sheet else located.rivals
        figures.findings += located.findings
        read_figures(
            known,
            section,
            located,
            figures,
            values_only=bool(book.values_only),
            sent_back=book.sheet(workbook_data()["sheets"]["results"]) is not None,
        )
    if not figures.places:
        raise SourceError("no_report")
    if texts and texts.report:
        return _with_texts(book, known, figures, texts, ours | {*on})
    prose = read_narratives(book, known)
    values = with_totals(known, figures.values, figures.to_compute)
    if sums:
        figures.findings += meddled_with(sums, values)
    fields = {
        f.id: cover.texts.get(f.id, "") for f in cover_fields() if f.id not in ("agency", "year", "period")
    }
    tokens = tokens_in(book)
    issued_year = issued_for(book)["year"]
    report = Report(
        form=known,
        agency=cover.texts.get("agency", ""),
        year=cover.year or (int(issued_year) if issued_year.isdigit() else None),
        values=values,
        narratives=prose.narratives,
        opening=prose.opening,
        paragraphs=prose.paragraphs,
        cover={name: text for name, text in fields.items() if text},
        explanations=read_explanations(book),
        places=figures.places,
        computed=frozenset(figures.to_compute),
        entries=figures.entries,
        issued=_issued(book, cover, tokens),
        cover_places=cover.places,
        members=sums.members if sums else (),
    )
    findings = [
        *_condition(book, ours | prose.sheets),
        *_identity(book, cover, tokens),
        *figures.findings,
        *prose.findings,
    ]
    return Reading(report, tuple(findings))


def _with_texts(book: Book, known: Form, figures: Figures, texts: Reading, read: Collection[str]) -> Reading:
    """The report in a foreign workbook: our figures, and the texts that were read as those of a document.

    A figure counts where both find one: a document is divided by its headings, so that a word of the prose
    is no label.
    """
    said = [finding for finding in texts.findings if finding.rule in ("W-08", "W-10", "S-01")]
    own = [finding for finding in figures.findings if (finding.rule, finding.case) != ("W-04", "")]
    if texts.report is None:
        raise SourceError("no_report")
    values = with_totals(known, figures.values, figures.to_compute)
    agreed = {cell: figure for cell, figure in values.items() if cell in texts.report.places}
    for section in known.tabled:
        lost = [cell for cell in section.cells if cell in values and cell not in agreed]
        own += [missing_finding(section, lost)] if lost else []
    report = replace(
        texts.report,
        form=known,
        values=agreed,
        places={cell: place for cell, place in figures.places.items() if cell in texts.report.places},
        computed=frozenset(figures.to_compute),
        entries=figures.entries,
    )
    return Reading(report, (*_condition(book, read, ours=False), *own, *said))


def _edition_of(book: Book, cover: Cover) -> Form:
    """The edition: by the template id, by the properties, or by the tables themselves."""
    template_id = parse_template_id(cover.texts.get("template_id", ""))
    stated = (template_id and template_id.edition, book.properties.get("wb_edition"))
    edition = next((name for name in stated if name in editions()), None)
    if edition and all(cell.name in book.names for cell in form(edition).cells.values()):
        return form(edition)  # the others need not be loaded
    possible = [known for known in forms() if edition in (None, known.edition)]

    def fits(known: Form) -> int:
        named = sum(cell.name in book.names for cell in known.cells.values())
        return named + sum(
            len(recognise(section, sheet.grid).certain()) for section in known.tabled for sheet in book.sheets
        )

    return max(possible, key=fits)


def _condition(book: Book, read: Collection[str], *, ours: bool = True) -> Iterator[Finding]:
    """The state of the file itself: protection (of `ours`), hidden things, sheets not `read`, dangers."""
    if book.dangers:
        yield Finding("W-09", details={"what": listed(book.dangers)})
    if book.values_only:
        yield Finding("W-04", case="values_only", details={"kind": book.values_only})
        return
    open_sheets = [sheet.title for sheet in book.sheets if sheet.title in read and not sheet.protected]
    if open_sheets and ours:
        what = "、".join(open_sheets)
        yield Finding("W-08", Place(Phrase(what, what)), details={"what": what})
    others = [sheet.title for sheet in book.sheets if sheet.title not in read]
    if others:
        yield Finding("W-08", case="sheets", details={"what": "、".join(others[:10])})
    for sheet in book.sheets:
        lines = sheet.hidden_lines[:10]
        if sheet.hidden or lines:
            words = listed(map(_line, lines)) if lines else Phrase("整张工作表", "the whole sheet")
            place = Place(Phrase(sheet.title, sheet.title), sheet.title)
            yield Finding("W-08", place, "hidden", details={"what": words})


def _line(line: str) -> Phrase:
    """A row or a column as messages call it."""
    if line.isdigit():
        return Phrase(f"第 {line} 行", f"row {line}")
    return Phrase(f"{line} 列", f"column {line}")


def _our_sheets(book: Book, known: Form) -> set[str]:
    """The sheets that our names lead to, and those called as ours are."""
    names, titles = _ours(known)
    return {target[0] for name, target in book.names.items() if target and name in names} | titles


@cache
def _ours(known: Form) -> tuple[frozenset[str], frozenset[str]]:
    """The names that we give, and what our sheets are called."""
    names = (*(cell.name for cell in known.cells.values()), *(field.name for field in cover_fields()))
    titles = (*(section.tab for section in known.sections), *workbook_data()["sheets"].values())
    return frozenset(names), frozenset(titles)


def _identity(book: Book, cover: Cover, tokens: Sequence[str]) -> Iterator[Finding]:
    """Whose report it is, and for which year: the cover against what the workbook was issued for."""
    issued = issued_for(book)
    for field in cover_fields():
        stated, expected = cover.texts.get(field.id, ""), issued.get(field.id, "")
        place = cover.places.get(field.id, Place(field.words))
        details = {"field": field.words}
        if not stated and (field.required or (field.kind == "year" and expected)):
            yield Finding("W-10", place, "missing", details=details)
        elif stated and expected and label_key(stated) != label_key(expected):
            yield Finding("W-10", place, expected=expected, found=stated, details=details)
    if len(tokens) > 1:
        place = cover.places.get("token", Place())
        yield Finding("W-10", place, "tokens", details={"what": "、".join(tokens)})
    yield from _template_id(cover, issued)


def _issued(book: Book, cover: Cover, tokens: Sequence[str]) -> dict[str, str]:
    """For whom the workbook was issued, so that a workbook made from this one says the same."""
    stated = {
        **issued_for(book),
        "template_id": cover.texts.get("template_id", ""),
        "token": " ".join(tokens),
    }
    return {name: text for name, text in stated.items() if text}


def _template_id(cover: Cover, issued: Mapping[str, str]) -> Iterator[Finding]:
    text = cover.texts.get("template_id", "")
    template_id = parse_template_id(text)
    place = cover.places.get("template_id", Place())
    if template_id is None:
        if text or issued["year"]:
            yield Finding("W-10", place, "template_id", found=text)
        return
    stated, year = str(template_id.year or ""), str(cover.year or "")
    if issued["year"] and stated not in ("", issued["year"]):
        words = Phrase("模板编号中的年度", "year in the template id")
        yield Finding("W-10", place, expected=issued["year"], found=stated, details={"field": words})
    elif stated and year and not issued["year"] and stated != year:
        # The id has a check character, so it is the year on the cover that was changed.
        words = cover_words("year")
        place = cover.places.get("year", Place(words))
        yield Finding("W-10", place, expected=stated, found=year, details={"field": words})
