"""A web page as lines: what is seen on it, and which lines stand in one element."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from workbook_tool.errors import SourceError
from workbook_tool.phrase import Phrase
from workbook_tool.published.html.sheets import WAS, mark_styled
from workbook_tool.published.html.shown import Mark, joined, shown
from workbook_tool.published.html.tables import data_tables, table_lines
from workbook_tool.published.lines import Document, Line
from workbook_tool.published.spans import ensure_few

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from selectolax.lexbor import LexborNode

    from workbook_tool.published.html.tables import DataTable

_DEEPEST = 256
"""Blocks within blocks; browsers stop at 512."""

_MOST_LINES = 20_000
"""Paragraphs and rows; a report has a hundred."""

_STRUCK = re.compile(r"(</?)(?:s|strike)(?=[\s/>])", re.IGNORECASE)
_FORMATTING = re.compile(r"(</?)(a|b|big|code|em|font|i|nobr|small|strong|tt|u)(?=[\s/>])", re.IGNORECASE)
"""Elements that HTML opens again in every block until they are closed: a page of a hundred kilobytes could
make millions of them. Their names make no difference but to style sheets."""

_TITLE_METAS = ("articletitle", "title", "og:title")


def document_in(source: str) -> Document:
    """The page whose source is `source`; a `SourceError` where its elements or tables are out of bounds."""
    page = LexborHTMLParser(_FORMATTING.sub(rf"\1span {WAS}\2", _STRUCK.sub(r"\1del", source)))
    tables = data_tables(page)
    mark_styled(page, tables)
    gathering = _Gathering(tables)
    if page.body:
        gathering.run(page.body)
    return Document(tuple(gathering.lines), tuple(_titles(page)), tuple(gathering.blocks))


def _titles(page: LexborHTMLParser) -> Iterator[str]:
    """What the page calls itself, the most exact first."""
    metas: dict[str, str] = {}
    for meta in page.css("meta[content]"):
        attributes = meta.attributes
        name = attributes.get("name") or attributes.get("property") or ""
        metas.setdefault(name.lower(), attributes.get("content") or "")
    first, *others = _TITLE_METAS
    headings = [node.text() for node in page.css("h1")]
    named = [node.text() for node in page.css("head > title")]
    for title in [metas.get(first), *headings, *named, *map(metas.get, others)]:
        if title and title.strip():
            yield joined([title])


class _Gathering:
    """One pass over a page: its lines, and the blocks in which there are several."""

    def __init__(self, tables: Mapping[int, DataTable]) -> None:
        self.tables = tables
        self.lines: list[Line] = []
        self.blocks: dict[range, None] = {}
        self.words: list[str] = []
        self.open: list[int] = []
        self.cells = 0

    def run(self, body: LexborNode) -> None:
        for piece in shown(body, self.tables):
            if isinstance(piece, str):
                self.words.append(piece)
                continue
            self.end_line()
            if isinstance(piece, Mark):
                self.mark(piece)
            else:
                rows = [*table_lines(piece, self.tables[piece.mem_id])]
                self.lines += rows
                self.cells += sum(len(line.cells) for line in rows)
                ensure_few(self.cells)
            if len(self.lines) > _MOST_LINES:
                raise SourceError(
                    "unsafe", {"problem": Phrase(f"> {_MOST_LINES} 行", f"> {_MOST_LINES} lines")}
                )
        self.end_line()

    def end_line(self) -> None:
        text = joined(self.words)
        self.words.clear()
        if text:
            self.lines.append(Line(text))

    def mark(self, mark: Mark) -> None:
        if mark is Mark.OPENS:
            self.open.append(len(self.lines))
            if len(self.open) > _DEEPEST:
                raise SourceError("unsafe", {"problem": f"> {_DEEPEST} <div>"})
        elif mark is Mark.CLOSES:
            block = range(self.open.pop(), len(self.lines))
            if len(block) > 1:
                self.blocks[block] = None
        elif mark is Mark.PICTURE:
            self.lines.append(Line("", is_picture=True))
