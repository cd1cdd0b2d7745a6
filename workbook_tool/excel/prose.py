"""The narrative sheets: the text column found by its headings, read from top to bottom.

Names are not needed and not trusted here: staff insert, cut and paste paragraphs. Whatever else
stands on such a sheet is said, so that no text is lost without a word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.forms import workbook_data
from workbook_tool.phrase import Phrase
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.excel.book import Book, Sheet
    from workbook_tool.forms import Form, Section

_LONGEST_QUOTE = 40


class _Prose(NamedTuple):
    """Where a section's text stands: the rows of its opening, if it has one, and the rest."""

    sheet: Sheet
    column: int
    first: int
    body: int


def read_narratives(
    book: Book, form: Form, findings: list[Finding]
) -> tuple[str, dict[str, str], frozenset[str]]:
    """The opening, the narratives (paragraphs in the order in which they stand), and the sheets of both."""
    opening, narratives, sheets = "", {}, set()
    for section in form.narratives:
        found = list(_find(book, section, with_opening=section is form.narratives[0]))
        sheets |= {prose.sheet.title for prose in found}
        prose = found[0] if found else None
        if any(_whole(other) not in ("", _whole(found[0])) for other in found[1:]):
            titles = "、".join(other.sheet.title for other in found)
            details: dict[str, str | Phrase] = {"section": section.name, "sheets": titles}
            findings.append(Finding("W-04", Place(section.name), "twice", details=details))
            narratives[section.id] = ""
            continue
        if prose is None:
            words = Phrase(section.heading, section.name.en)
            findings.append(Finding("W-03", Place(section.name), "narrative", details={"section": words}))
            narratives[section.id] = ""
            continue
        opening = opening or _paragraphs(prose, prose.first, prose.body)
        narratives[section.id] = _paragraphs(prose, prose.body, None)
        findings.extend(_unread(section, prose))
    return opening, narratives, frozenset(sheets)


def _find(book: Book, section: Section, *, with_opening: bool) -> Iterator[_Prose]:
    """The sheets headed or called as this section with its blocks in a text column, the named one first."""
    words = workbook_data()["words"]
    for sheet in _likely(book, section):
        spots = {text: found[0] for text, found in sheet.texts.items()}
        head = spots.get(words["text"])
        if head is None or not any(block.label in spots for block in section.blocks):
            continue
        first = body = head.row + 1
        if with_opening:
            # The opening reaches down to the first block; a new row above that block is the block's.
            label = spots.get(words["opening"])
            blocks = [spots[block.label].row for block in section.blocks if block.label in spots]
            body = (label.row if label else first) + 1 if min(blocks) > first else first
        yield _Prose(sheet, head.column, first, body)


def _whole(prose: _Prose) -> str:
    return _paragraphs(prose, prose.first, None)


def _likely(book: Book, section: Section) -> Iterator[Sheet]:
    """The sheets that may hold the section: so headed, so called, or holding its names."""
    titles = {
        target[0].title for block in section.blocks if (target := book.named(f"{section.id}__{block.id}__1"))
    }
    for sheet in sorted(book.sheets, key=lambda sheet: sheet.title not in titles):
        if section.heading in sheet.texts or sheet.title == section.tab or sheet.title in titles:
            yield sheet


def _paragraphs(prose: _Prose, first: int, before: int | None) -> str:
    """The texts in the text column from row `first` on, a line each."""
    lines = [
        line.strip()
        for spot in sorted(prose.sheet.cells)
        if spot.column == prose.column and spot.row >= first and (before is None or spot.row < before)
        if isinstance(prose.sheet.cells[spot].value, str) and not prose.sheet.cells[spot].error
        for line in prose.sheet.cells[spot].text.splitlines()
    ]
    return "\n".join(line for line in lines if line)


def _unread(section: Section, prose: _Prose) -> Iterator[Finding]:
    """What stands on the sheet but is no text to be read: formulas, numbers, words in other columns."""
    words = workbook_data()["words"]
    ours = {section.heading, words["block"], words["text"], words["guide"], words["opening"]}
    ours |= {words["opening_guide"], f"{section.guide}\n{words['more_rows']}"}
    ours |= {text for block in section.blocks for text in (block.label, block.guide)}
    known = {"".join(text.split()) for text in ours}
    for spot, stored in prose.sheet.cells.items():
        in_column = spot.column == prose.column and spot.row >= prose.first
        shown = stored.formula or stored.text
        if in_column and (stored.formula is not None or stored.error):
            yield Finding("W-07", prose.sheet.place(spot, section.name), "text", found=_quote(shown))
        elif in_column and not isinstance(stored.value, str):
            yield Finding("W-07", prose.sheet.place(spot, section.name), "number", found=_quote(shown))
        elif not in_column and shown.strip() and "".join(shown.split()) not in known:
            yield Finding("W-08", prose.sheet.place(spot, section.name), "stray", found=_quote(shown))


def _quote(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
