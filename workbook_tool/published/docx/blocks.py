"""A Word document as lines: its paragraphs and the rows of its tables, in the order in which they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbook_tool.errors import SourceError
from workbook_tool.grids import GridCell
from workbook_tool.phrase import Phrase
from workbook_tool.published.docx.names import ALTERNATE, W, alternative, is_on, number, step, value
from workbook_tool.published.docx.styles import has_ground
from workbook_tool.published.docx.words import UNKNOWN
from workbook_tool.published.lines import Line, row
from workbook_tool.published.spans import MOST_POSITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element as Element

    from workbook_tool.published.docx.numbering import Numbering
    from workbook_tool.published.docx.styles import Styles
    from workbook_tool.published.docx.words import Words

_MOST_COLUMNS = 200
"""Of one row. Word itself stops at 63."""

_PICTURE = "〔图片〕"
"""What a cell says that shows a picture: it is not blank."""

_OTHER_DOCUMENT = f"{W}altChunk"
"""Where a document of another kind is shown, which only a word processor reads."""
_LOW = 100
"""Twentieths of a point: nobody sees what is set in a row, or a line, of exactly that height."""

_GONE = frozenset(f"{W}{name}" for name in ("del", "moveFrom", "sectPr", "pPr", "tcPr", "trPr", "tblPr"))
_RowCells = list[GridCell | None]


@dataclass
class Blocks:
    """One pass over a document; `positions` of tables and `lines` have been counted so far."""

    styles: Styles
    numbering: Numbering
    words: Words
    forms: Mapping[Element, int]
    """The tables that are no mere layout, by their numbers."""
    positions: int = 0
    depth: int = 0
    """In how many cells of such tables the pass is."""
    carried: list[str] = field(default_factory=list)
    """The text of paragraphs whose ends are deleted, which go on in the next one."""

    def lines(self, parent: Element) -> Iterator[Line]:
        """The lines below `parent`."""
        for child in parent:
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag == ALTERNATE:
                chosen = alternative(child)
                if chosen is not None:
                    yield from self.lines(chosen)
            elif child.tag == _OTHER_DOCUMENT:
                yield Line("", is_picture=True)
            elif child.tag not in _GONE:
                yield from self.lines(child)

    def _paragraph(self, paragraph: Element) -> Iterator[Line]:
        properties = step(paragraph, "pPr")
        style_id = value(properties, "pStyle")
        style = self.styles[style_id]
        text = self.words.of(paragraph, style)
        boxes = self.words.boxes
        if step(properties, "rPr", "del") is not None:
            self.carried.append(text)
        else:
            label = self.numbering.next(properties, style, style_id)
            text = "".join([*self.carried, text])
            self.carried = []
            aligned = value(properties, "jc")
            is_centred = aligned == "center" if aligned else style.is_centred
            text = self._numbered(label, text.strip()) if not style.is_contents else ""
            text += UNKNOWN * bool(
                self.depth and text and _is_low(step(properties, "spacing"), "lineRule", "line")
            )
            # A title goes on in its next line; any other line is one by itself, and any in a cell.
            parts = [text.replace("\n", "")] if is_centred and not self.depth else text.split("\n")
            yield from (Line(part.strip()) for part in parts if part.strip())
        floating = self.depth and self.words.floats
        yield from (Line("", is_picture=True) for _ in range(self.words.pictures + bool(floating)))
        for box in boxes:
            yield from self.lines(box)

    def _numbered(self, label: str, text: str) -> str:
        """A paragraph with its number, which in a cell may be all that it shows."""
        if not text:
            return label if self.depth else ""
        return f"{label} {text}" if label[-1:].isdigit() and text[0].isdigit() else f"{label}{text}"

    def _table(self, table: Element) -> Iterator[Line]:
        known = self.forms.get(table)
        if known is None:
            for _, contents in table_rows(table):
                for cell in contents:
                    yield from self.lines(cell)
            return
        above: _RowCells = []
        joined: set[int] = set()
        for place, (element, cells) in enumerate(table_rows(table), start=1):
            if is_on(element, "trPr", "hidden") or step(element, "trPr", "del") is not None:
                continue
            where = Phrase(f"第 {known} 张表第 {place} 行", f"table {known}, row {place}")
            above, joined = self._row(element, cells, where, above, joined)
            yield row(above, known)

    def _row(
        self, element: Element, cells: list[Element], where: Phrase, above: _RowCells, joined: set[int]
    ) -> tuple[_RowCells, set[int]]:
        """The cells of a row by position, and the positions of those that may go on below."""
        line: _RowCells = []
        self._take(line, None, number(value(element, "trPr", "gridBefore")))
        goes_on: set[int] = set()
        is_low = _is_low(step(element, "trPr", "trHeight"), "hRule", "val")
        for cell in cells:
            properties = step(cell, "tcPr")
            if step(properties, "cellDel") is not None:
                continue
            at = len(line)
            downward, across = step(properties, "vMerge"), step(properties, "hMerge")
            found: GridCell | None
            if across is not None and value(properties, "hMerge") != "restart" and line:
                found = line[-1]
            elif downward is not None and value(properties, "vMerge") != "restart" and at in joined:
                found = above[at]
            else:
                self.words.grounds.append(has_ground(properties))
                is_unsure = is_low or step(properties, "cellMerge") is not None
                found = GridCell(self._text(cell) + UNKNOWN * is_unsure, source=where)
                self.words.grounds.pop()
            self._take(line, found, number(value(properties, "gridSpan"), 1) or 1)
            if downward is not None:
                goes_on.update(range(at, len(line)))
        self._take(line, None, number(value(element, "trPr", "gridAfter")))
        return line, goes_on

    def _text(self, cell: Element) -> str:
        self.depth += 1
        fields = [*self.words.codes]
        parts = [part.text or _PICTURE * part.is_picture for part in self.lines(cell)]
        if self.words.codes != fields:  # a field without an end: what it says and what it shows is not told
            self.words.codes = fields
            parts.append(UNKNOWN)
        self.depth -= 1
        return "\n".join(filter(None, parts))

    def _take(self, line: _RowCells, cell: GridCell | None, span: int) -> None:
        """Let `cell` cover the next positions of `line`."""
        self.positions += span
        if len(line) + span > _MOST_COLUMNS or self.positions > MOST_POSITIONS:
            words = (f"> {_MOST_COLUMNS} 列", f"> {_MOST_COLUMNS} columns")
            raise SourceError("unsafe", {"problem": Phrase(*words)})
        line += [cell] * span


def _is_low(height: Element | None, rule: str, amount: str) -> bool:
    """Whether a row or a line is so low, whatever is in it, that nothing of that is seen."""
    return (
        height is not None
        and height.get(f"{W}{rule}") == "exact"
        and number(height.get(f"{W}{amount}", ""), _LOW) < _LOW
    )


def table_rows(table: Element) -> Iterator[tuple[Element, list[Element]]]:
    """The rows of `table` with their cells; controls around either are looked through."""
    for element in _within(table, f"{W}tr"):
        yield element, list(_within(element, f"{W}tc"))


def _within(parent: Element, tag: str) -> Iterator[Element]:
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in {f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo")}:
            yield from _within(child, tag)
