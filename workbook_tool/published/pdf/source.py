"""Opening a PDF: what it may be, how much of it is looked at, and which kinds are refused."""

from __future__ import annotations

import io
import re
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1
from pdfminer.utils import decode_text

from workbook_tool.errors import SourceError
from workbook_tool.phrase import Phrase
from workbook_tool.published.lines import Document
from workbook_tool.published.pdf.document import lines_on
from workbook_tool.published.pdf.layers import Layers
from workbook_tool.published.pdf.page import Painter
from workbook_tool.published.subject import names_report

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook_tool.published.pdf.page import Page

_MOST_OBJECTS = 100_000
"""A report that a word processor has marked up for readers of screens has a few thousand."""

_MOST_PAGES = 100
_MOST_GLYPHS = 300_000
_FEW_GLYPHS = 10
_FILLED_IN = {"Tx", "Ch"}
_UNMAPPED = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff\ufffd]")
_MOST_UNMAPPED = 0.2


class Contents(NamedTuple):
    """What the pages of a PDF show, as lines, and the numbers of those that are only pictures."""

    document: Document
    pictures: tuple[int, ...]


def contents_of(data: bytes, passwords: tuple[str, ...]) -> Contents:
    """What is in `data`; a `SourceError` where it cannot be read."""
    try:
        source = _opened(data, passwords)
        pages = list(_painted(source))
        _refuse_unreadable(pages)
        pictures = tuple(page.number for page in pages if page.pictures and _is_bare(page))
        lines = lines_on(pages)
        # The title that a file carries is often the one of the file that it was made from.
        is_titled = any(names_report(line.text) for line in lines if not line.cells)
        titles = () if is_titled else tuple(_titles(source))
        return Contents(Document(lines, titles, has_all_rows=True), pictures)
    except (SourceError, MemoryError):
        raise
    except RecursionError as error:
        raise SourceError("unsafe", {"problem": Phrase("嵌套太深", "nested too deep")}) from error
    except Exception as error:  # a damaged file makes the library raise anything
        problem = Phrase("读不通 PDF 的结构", "the structure of the PDF cannot be followed")
        raise SourceError("truncated", {"problem": problem}) from error


def _opened(data: bytes, passwords: tuple[str, ...]) -> PDFDocument:
    if max(data.count(b" obj"), data.count(b" n")) > _MOST_OBJECTS:
        problem = Phrase(f"对象 > {_MOST_OBJECTS}", f"more than {_MOST_OBJECTS} objects")
        raise SourceError("unsafe", {"problem": problem})
    for password in ("", *passwords):
        try:
            return PDFDocument(PDFParser(io.BytesIO(data)), password)
        except PDFPasswordIncorrect:
            continue
    raise SourceError("encrypted")


def _painted(source: PDFDocument) -> Iterator[Page]:
    """The pages of `source`, if they are few enough to be a report's."""
    pages = list(islice(PDFPage.create_pages(source), _MOST_PAGES + 1))
    if len(pages) > _MOST_PAGES:
        problem = Phrase(f"页数 > {_MOST_PAGES}", f"more than {_MOST_PAGES} pages")
        raise SourceError("unsafe", {"problem": problem})
    if not pages:
        raise SourceError("truncated", {"problem": Phrase("没有页面", "no pages")})
    painter = Painter(Layers(source.catalog))
    glyphs = 0
    for number, page in enumerate(pages, start=1):
        _refuse_filled_in(page)
        painted = painter.paint(page, number)
        glyphs += len(painted.glyphs)
        if glyphs > _MOST_GLYPHS:
            problem = Phrase(f"字符 > {_MOST_GLYPHS}", f"more than {_MOST_GLYPHS} characters")
            raise SourceError("unsafe", {"problem": problem})
        yield painted


def _refuse_filled_in(page: PDFPage) -> None:
    """Refuse pages on which something is written that is no part of them: fields of a form, notes."""
    for reference in resolve1(page.annots) or ():
        annotation: Any = resolve1(reference)
        if not isinstance(annotation, dict):
            continue
        kind = _name(annotation, "Subtype")
        field = _name(annotation, "FT") or _name(resolve1(annotation.get("Parent")) or {}, "FT")
        if kind == "FreeText" or (kind == "Widget" and field in _FILLED_IN):
            raise SourceError("fields")


def _name(entry: dict[str, Any], key: str) -> str:
    return str(getattr(resolve1(entry.get(key)), "name", ""))


def _refuse_unreadable(pages: Sequence[Page]) -> None:
    """Refuse pages that are pictures, and text in fonts that do not say what their shapes mean."""
    if all(_is_bare(page) for page in pages):
        raise SourceError("scanned")
    glyphs = [glyph for page in pages for glyph in page.glyphs]
    unmapped = sum(bool(_UNMAPPED.match(glyph.text)) for glyph in glyphs)
    if unmapped > _MOST_UNMAPPED * len(glyphs):
        raise SourceError("unmapped")


def _is_bare(page: Page) -> bool:
    """Whether there is no text on `page` but, perhaps, its number."""
    return sum(not glyph.text.isspace() for glyph in page.glyphs) < _FEW_GLYPHS


def _titles(source: PDFDocument) -> Iterator[str]:
    for info in source.info:
        title = resolve1(info.get("Title"))
        if isinstance(title, bytes) and (text := decode_text(title).strip()):
            yield text
