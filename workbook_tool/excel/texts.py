"""The cover of a workbook, the explanations in it, and what it was issued for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook_tool.excel.book import Moment
from workbook_tool.excel.layout import Spot
from workbook_tool.excel.results_sheet import read_reasons
from workbook_tool.forms import cover_fields, workbook_data
from workbook_tool.phrase import Phrase
from workbook_tool.rules import Explanation, Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook_tool.excel.book import Book, Sheet, Stored

_LONGEST = 200
_DASHES = re.compile(r"\s*[-−–—‐‑]+\s*")
_TOKEN = re.compile(r"WBT-\d{4}-[0-9A-Z][0-9A-Z_-]*-\d+-[0-9A-Z]+")
_YEAR = re.compile(r"(\d{4})\s*(?:年度?)?")


@dataclass
class Cover:
    """The cover as it stands: each field's text and place, and the template id."""

    texts: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    @property
    def year(self) -> int | None:
        """The report year, if the cover states one and nothing else."""
        found = _YEAR.fullmatch(self.texts.get("year", ""))
        return int(found[1]) if found else None


def read_cover(book: Book) -> Cover:
    """The cover's fields, by their names or else by the labels beside them."""
    cover = Cover()
    labels = {field.id: (field.name, Phrase(field.label, field.en)) for field in cover_fields()}
    said = workbook_data()["words"]
    labels["template_id"] = ("cover__template_id", Phrase(said["template_id"], "template id"))
    labels["token"] = ("cover__token", Phrase(said["token"], "return code"))
    for field_id, (name, words) in labels.items():
        target = book.named(name) or _beside(book, words.zh)
        if target:
            sheet, spot = target
            cover.texts[field_id] = _words(sheet[spot])
            if field_id == "year":
                cover.texts["year"] = unicodedata.normalize("NFKC", cover.texts["year"])
                cover.texts["year"] = str(cover.year or cover.texts["year"])
            cover.places[field_id] = Place(words, sheet.title, spot.a1)
    return cover


def _beside(book: Book, label: str) -> tuple[Sheet, Spot] | None:
    """The cell right of the only cell that says `label`."""
    hits = [
        (sheet, Spot(spot.row, spot.column + 1))
        for sheet in book.sheets
        for spot in sheet.texts.get(label, ())
    ]
    return hits[0] if len(hits) == 1 else None


def _below(book: Book, label: str) -> tuple[Sheet, Spot] | None:
    """The cell below the only cell that says `label`."""
    beside = _beside(book, label)
    return (beside[0], Spot(beside[1].row + 1, beside[1].column - 1)) if beside else None


def _words(stored: Stored) -> str:
    text = stored.value.text if isinstance(stored.value, Moment) else stored.text
    return " ".join(text.split())


def read_explanations(book: Book) -> tuple[Explanation, ...]:
    """The reasons beside the findings of an annotated workbook, then the sheet of explanations."""
    beside = (reason._replace(rule=_rule(reason.rule)) for reason in read_reasons(book))
    return (*beside, *_on_their_sheet(book))


def _on_their_sheet(book: Book) -> tuple[Explanation, ...]:
    """The rows of the sheet of explanations, down to its end."""
    target = book.named("explanations__rule") or _below(book, _heading())
    if target is None:
        return ()
    sheet, first = target
    # From the heading on, so that a row inserted above the first is read as well.
    head = next((spot.row for spot in sheet.texts.get(_heading(), ())), first.row - 1)
    rows = sorted({spot.row for spot in sheet.cells if spot.row > head})
    entries = ([_words(sheet[Spot(row, first.column + i)]) for i in range(4)] for row in rows)
    return tuple(
        Explanation(_rule(rule), place, text, figures) for rule, place, text, figures in entries if text
    )


def _rule(text: str) -> str:
    """A rule's id as people type it: full-width characters, any dash, small letters."""
    return _DASHES.sub("-", unicodedata.normalize("NFKC", text)).upper().strip()


def _heading() -> str:
    return str(workbook_data()["words"]["explain_rule"])


def tokens_in(book: Book) -> tuple[str, ...]:
    """The identity tokens that the workbook carries, each once: in a cell, in a name, in its properties.

    One that nobody meddled with carries one.
    """
    cells = (text for sheet in book.sheets for text in sheet.texts)
    stated = (*cells, book.constants.get("wb__token", ""), book.properties.get("wb_token", ""))
    return tuple(dict.fromkeys(filter(None, (_token(text[:_LONGEST]) for text in stated))))


@lru_cache(maxsize=4096)
def _token(text: str) -> str:
    """The identity token that `text` is, as it was issued; empty where it is none."""
    found = _TOKEN.fullmatch(_rule(text))
    return found[0] if found else ""


def issued_for(book: Book) -> Mapping[str, str]:
    """What the workbook was issued for, by cover field, as its properties say."""
    fields = {"agency": "wb_agency", "agency_code": "wb_agency_code", "year": "wb_year"}
    return {field: book.properties.get(name, "").strip() for field, name in fields.items()}
