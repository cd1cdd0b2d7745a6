"""Text as lines: one table row a line, its cells separated by ``|``, by tabs, or by commas as in CSV.

The notation with ``|`` is the one in which reports circulate and which `render` writes; Markdown tables
are the same but for rulings and marks. Reading what `render` wrote gives the report back.
"""

from __future__ import annotations

import csv
import html
import re
from itertools import accumulate, count, groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from workbook_tool.errors import SourceError
from workbook_tool.grids import GridCell
from workbook_tool.phrase import Phrase
from workbook_tool.published.assemble import report_in
from workbook_tool.published.lines import SEPARATOR, Document, Line
from workbook_tool.published.sheets import sheet_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook_tool.report import Reading

_MARKDOWN_HEADING = re.compile(r"^#{1,6}\s+")
_FENCE = re.compile(r"^(?:`{3}|~{3})\w*$")
_RULING = re.compile(r"^[\s|:-]+$")
_BOLD = re.compile(r"(\*\*|(?<!\w)__)(?=\S)(.+?)(?<=\S)\1(?!(?<=__)\w)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_PIPE = re.compile(r"(?<!\\)\|")
_MOST_LINES = 50_000
_MOST_CELLS = 200_000
_FEWEST_ROWS, _FEWEST_COLUMNS = 10, 3


def read_text(text: str) -> Reading:
    """The report in `text`; a `SourceError` where there is none."""
    if len(text.splitlines()) > _MOST_LINES:
        raise SourceError("unsafe", {"problem": Phrase(f"> {_MOST_LINES} 行", f"> {_MOST_LINES} lines")})
    lines = tuple(_separated(text, ",") or _separated(text, "\t") or _lines(text))
    if sum(len(line.cells) for line in lines) > _MOST_CELLS:
        raise SourceError("unsafe", {"problem": Phrase(f"> {_MOST_CELLS} 格", f"> {_MOST_CELLS} cells")})
    return report_in(Document(lines))


def _lines(text: str) -> Iterator[Line]:
    lines = [line.strip(" \r\n\v\f\u3000\ufeff") for line in text.splitlines()]
    is_markdown = any(_MARKDOWN_HEADING.match(line) or _is_ruling(line) for line in lines)
    written = (line for line in lines if line.strip() and not _FENCE.match(line))
    blocks = count(1)
    for separator, group in groupby(written, key=_separator):
        if separator == "\t":
            yield from _tabbed(list(group), next(blocks))
            continue
        rows = [_line(line.strip(), is_markdown=is_markdown) for line in group]
        yield from _barred(rows, blocks) if separator else rows


def _separator(line: str) -> str:
    """What separates the cells of a line, if anything does."""
    is_tabbed = "\t" in line.lstrip() or ("\t" in line and line.strip().isdecimal())
    return "\t" if is_tabbed else "|" if "|" in line else ""


def _barred(lines: Sequence[Line], blocks: Iterator[int]) -> Iterator[Line]:
    """Rows between bars: those of a sheet where rows are equally long and merged headings leave blanks.

    In others, where most rows stand between two bars, there is nothing outside of them, nor is there after
    the bars that end all rows; where only some rows end with a bar, a blank cell stands after it.
    """
    barred = [line for line in lines if line.cells]
    are_closed = 2 * sum(map(_is_closed, barred)) > len(barred)
    are_ended = all(line.text.endswith("|") for line in barred)
    # A ruling goes with the rows above it.
    own: Iterator[int] = (len(line.cells) for line in lines)
    lengths: Iterator[int] = accumulate(own, lambda last, length: length or last)
    for _, group in groupby(zip(lengths, lines, strict=True), key=itemgetter(0)):
        rows = [line for _, line in group]
        is_sheet = len(rows) > 1 and any(map(_has_gap, rows))
        if not is_sheet or all(_is_closed(line) for line in rows if line.cells):
            rows = [_without_edges(line, are_closed=are_closed, are_ended=are_ended) for line in rows]
        if is_sheet:
            yield from (line for line in rows if not line.cells)
            texts = [[cell.text for cell in line.cells if cell] for line in rows if line.cells]
            yield from sheet_lines(texts, next(blocks))
        else:
            yield from rows


def _without_edges(line: Line, *, are_closed: bool, are_ended: bool) -> Line:
    if are_closed and _is_closed(line):
        return line._replace(cells=line.cells[1:-1])
    return line._replace(cells=line.cells[:-1]) if are_ended else line


def _is_closed(line: Line) -> bool:
    return line.text.startswith("|") and line.text.endswith("|")


def _has_gap(line: Line) -> bool:
    """Whether a row of headings has blanks between them."""
    filled = {number: cell.text for number, cell in enumerate(line.cells) if cell and cell.text}
    is_heading = not any(text.lstrip("+-−–—")[:1].isdecimal() for text in filled.values())
    return len(filled) > 1 and is_heading and max(filled) - min(filled) >= len(filled)


def _line(text: str, *, is_markdown: bool) -> Line:
    """A line as a row of cells, or as prose where it is none or is only a ruling."""
    text = _MARKDOWN_HEADING.sub("", text)
    if "|" not in text or _is_ruling(text):
        return Line(_BOLD.sub(r"\2", text) if is_markdown else text)
    return Line(text, tuple(GridCell(_cell(cell, is_markdown=is_markdown)) for cell in _PIPE.split(text)))


def _is_ruling(text: str) -> bool:
    return "|" in text and "-" in text and bool(_RULING.match(text))


def _cell(text: str, *, is_markdown: bool) -> str:
    """What a cell says, without the marks of Markdown; a line break in it is a space."""
    if is_markdown:
        text = html.unescape(_ESCAPED.sub(r"\1", _BOLD.sub(r"\2", _BREAK.sub(" ", text))))
    return text.strip()


def _tabbed(lines: Sequence[str], block: int) -> Iterator[Line]:
    """Rows of cells between tabs: of a sheet if all are equally long, as a spreadsheet copies them."""
    rows = [[cell.strip() for cell in line.split("\t")] for line in lines]
    if len({len(row) for row in rows}) == 1 and len(rows) > 1:
        yield from sheet_lines(rows, block)
        return
    for row in rows:
        cells = tuple(map(GridCell, row))
        filled = [cell for cell in row if cell]
        # What is alone behind tabs is an indented paragraph, unless it is a figure.
        is_row = len(filled) > 1 or (len(row) > 1 and (row[0] or not "".join(filled)[:1].isalpha()))
        yield Line(SEPARATOR.join(filled), cells if is_row else ())


def _separated(text: str, by: str) -> list[Line]:
    """The rows of a sheet exported as CSV, or copied, where all rows are equally long; none of other text."""
    if text.count(by) < _FEWEST_COLUMNS or "|" in text:
        return []
    try:
        rows = [row for row in csv.reader(text.splitlines(keepends=True), delimiter=by, strict=True) if row]
    except csv.Error:
        return []
    if len(rows) < _FEWEST_ROWS or len({*map(len, rows)}) > 1 or len(rows[0]) < _FEWEST_COLUMNS:
        return []
    return list(sheet_lines(rows, 1))
