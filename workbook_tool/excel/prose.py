"""The narrative sheets: the text column found by its headings, read from top to bottom.

Names are not needed and not trusted here: staff insert, cut and paste paragraphs. Whatever else
stands on such a sheet is said, so that no text is lost without a word.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.forms import workbook_data
from workbook_tool.phrase import Phrase
from workbook_tool.report import OPENING, Paragraph
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook_tool.excel.book import Book, Sheet
    from workbook_tool.forms import Form, Section

_LONGEST_QUOTE = 40


class _Place(NamedTuple):
    """Where a section's text stands: the rows of its opening, if it has one, and the rest."""

    sheet: Sheet
    column: int
    first: int
    body: int


@dataclass
class Prose:
    """The narratives of a workbook: the opening, the texts, how they were laid out, and on which sheets."""

    opening: str = ""
    narratives: dict[str, str] = field(default_factory=dict)
    paragraphs: dict[str, tuple[Paragraph, ...]] = field(default_factory=dict)
    sheets: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


def read_narratives(book: Book, form: Form) -> Prose:
    """The narratives, paragraphs in the order in which they stand."""
    read = Prose()
    for section in form.narratives:
        found = list(_find(book, section, with_opening=section is form.narratives[0]))
        read.sheets |= {place.sheet.title for place in found}
        written = [_paragraphs(section, place) for place in found]
        texts = {_text(paragraph for _, paragraph in rows) for rows in written}
        read.narratives[section.id] = ""
        if not found:
            words = Phrase(section.heading, section.name.en)
            read.findings.append(
                Finding("W-03", Place(section.name), "narrative", details={"section": words})
            )
        elif len(texts - {""}) > 1:
            titles = "、".join(place.sheet.title for place in found)
            details: dict[str, str | Phrase] = {"section": section.name, "sheets": titles}
            read.findings.append(Finding("W-04", Place(section.name), "twice", details=details))
        else:
            place, rows = found[0], written[0]
            paragraphs = tuple(paragraph for row, paragraph in rows if row >= place.body)
            opening = tuple(paragraph for row, paragraph in rows if row < place.body)
            read.opening = read.opening or _text(opening)
            if opening:
                read.paragraphs[OPENING] = opening
            read.narratives[section.id] = _text(paragraphs)
            read.paragraphs[section.id] = paragraphs
            read.findings.extend(_unread(section, place))
    return read


def _find(book: Book, section: Section, *, with_opening: bool) -> Iterator[_Place]:
    """The sheets headed or called as this section with its blocks in a text column, the named one first."""
    words = workbook_data()["words"]
    for sheet in _likely(book, section):
        head = sheet.texts.get(words["text"])
        blocks = [spots[0].row for block in section.blocks if (spots := sheet.texts.get(block.label))]
        if head is None or not blocks:
            continue
        first = body = head[0].row + 1
        if with_opening:
            # The opening reaches down to the first block; a new row above that block is the block's.
            label = sheet.texts.get(words["opening"])
            body = (label[0].row if label else first) + 1 if min(blocks) > first else first
        yield _Place(sheet, head[0].column, first, body)


def _likely(book: Book, section: Section) -> Iterator[Sheet]:
    """The sheets that may hold the section: so headed, so called, or holding its names."""
    titles = {
        target[0].title for block in section.blocks if (target := book.named(f"{section.id}__{block.id}__1"))
    }
    for sheet in sorted(book.sheets, key=lambda sheet: sheet.title not in titles):
        if section.heading in sheet.texts or sheet.title == section.tab or sheet.title in titles:
            yield sheet


def _paragraphs(section: Section, place: _Place) -> list[tuple[int, Paragraph]]:
    """What stands in the text column, a line each, with its row."""
    labels = [(spots[0].row, b.id) for b in section.blocks if (spots := place.sheet.texts.get(b.label))]
    free = next(block.id for block in section.blocks if block.free)
    found: list[tuple[int, Paragraph]] = []
    below = (spot for spot in place.sheet.cells if spot.column == place.column and spot.row >= place.first)
    for spot in sorted(below):
        stored = place.sheet.cells[spot]
        block = max(((row, name) for row, name in labels if row <= spot.row), default=(0, free))[1]
        is_text = isinstance(stored.value, str) and not stored.error
        value = stored.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            found.append((spot.row, Paragraph(block, value, spot.a1, is_read=False, sheet=place.sheet.title)))
            continue
        lines = (line.strip() for line in (stored.formula or stored.text).splitlines())
        found += (
            (spot.row, Paragraph(block, line, spot.a1, is_text, place.sheet.title)) for line in lines if line
        )
    return found


def _text(paragraphs: Iterable[Paragraph]) -> str:
    return "\n".join(str(paragraph.content) for paragraph in paragraphs if paragraph.is_read)


def _unread(section: Section, prose: _Place) -> Iterator[Finding]:
    """What stands on the sheet but is no text to be read: formulas, numbers, words in other columns."""
    known = _known(section)
    guide = "".join(section.guide.split())
    for spot, stored in prose.sheet.cells.items():
        in_column = spot.column == prose.column and spot.row >= prose.first
        shown = stored.formula or stored.text
        if in_column and (stored.formula is not None or stored.error):
            yield Finding("W-07", prose.sheet.place(spot, section.name), "text", found=_quote(shown))
        elif in_column and not isinstance(stored.value, str):
            yield Finding("W-07", prose.sheet.place(spot, section.name), "number", found=_quote(shown))
        elif not in_column and (bare := "".join(shown.split())) and bare not in known:
            if spot.row < prose.first and bare.startswith(guide):
                continue  # ours, whatever it goes on to say: its words have changed from time to time
            yield Finding("W-08", prose.sheet.place(spot, section.name), "stray", found=_quote(shown))


@cache
def _known(section: Section) -> frozenset[str]:
    """What we write around the texts of a section ourselves, without spaces."""
    words = workbook_data()["words"]
    ours = {section.heading, words["block"], words["text"], words["guide"], words["opening"]}
    ours.add(words["opening_guide"])
    ours |= {text for block in section.blocks for text in (block.label, block.guide)}
    return frozenset("".join(text.split()) for text in ours)


def _quote(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
