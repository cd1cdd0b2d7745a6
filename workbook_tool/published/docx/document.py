"""A Word document as its lines and its titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.errors import SourceError
from workbook_tool.phrase import Phrase
from workbook_tool.published.docx.blocks import Blocks, table_rows
from workbook_tool.published.docx.names import W, tree
from workbook_tool.published.docx.numbering import Numbering
from workbook_tool.published.docx.styles import Styles
from workbook_tool.published.docx.words import Words
from workbook_tool.published.lines import Document
from workbook_tool.published.subject import names_report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml.etree import _Element as Element

    from workbook_tool.ooxml.package import Package
    from workbook_tool.published.lines import Line

_DOCUMENT = "word/document.xml"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_MOST_LINES = 6_000
"""Paragraphs and rows. A report of a hundred pages has two thousand."""


def document_in(package: Package) -> Document:
    """The document as lines; a `SourceError` where it is damaged or out of bounds."""
    parts = package.related("").values()
    start = next((part for kind, part in parts if kind == "officeDocument"), _DOCUMENT)
    content = package.part(start)
    if content is None:
        raise SourceError("truncated", {"problem": start})
    related = dict(package.related(start).values())
    root = tree(content)
    styles = Styles(_tree_of(package, related.get("styles")))
    numbering = Numbering(_tree_of(package, related.get("numbering")))
    lines: list[Line] = []
    for line in Blocks(styles, numbering, Words(styles), _forms(root)).lines(root):
        lines.append(line)
        if len(lines) > _MOST_LINES:
            problem = Phrase(f"段落和表格行 > {_MOST_LINES}", f"paragraphs and rows > {_MOST_LINES}")
            raise SourceError("unsafe", {"problem": problem})
    core = next((part for kind, part in parts if kind == "core-properties"), None)
    return Document(tuple(lines), tuple(_titles(_tree_of(package, core), lines)))


def _tree_of(package: Package, part: str | None) -> Element | None:
    content = package.part(part) if part else None
    return tree(content) if content else None


def _titles(core: Element | None, lines: Sequence[Line]) -> list[str]:
    """The title among the file's properties, where none is printed.

    Offices write over last year's file, whose properties stay; so what is printed goes before.
    """
    title = (core.findtext(_TITLE) or "").strip() if core is not None else ""
    return [title] if names_report(title) and not any(names_report(line.text) for line in lines) else []


def _forms(root: Element) -> Mapping[Element, int]:
    """The tables that hold data, numbered.

    A table of one column, or that holds a table with more cells than its own, only lays things out.
    """
    tables = list(root.iter(f"{W}tbl"))
    sizes = {table: [len(cells) for _, cells in table_rows(table)] for table in tables}
    largest: dict[Element, int] = {}
    for table in reversed(tables):
        outer = next(table.iterancestors(f"{W}tbl"), None)
        if outer is not None:
            size = max(sum(sizes[table]), largest.get(table, 0))
            largest[outer] = max(size, largest.get(outer, 0))
    forms = [t for t in tables if max(sizes[t], default=0) > 1 and sum(sizes[t]) > largest.get(t, 0)]
    return {table: place for place, table in enumerate(forms, start=1)}
