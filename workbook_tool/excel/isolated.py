"""Opening a workbook in a child process, so that whatever it does to its reader ends there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.children import Children
from workbook_tool.excel.child import seconds

if TYPE_CHECKING:
    from workbook_tool.excel.book import Book

_CHILDREN = Children("workbook_tool.excel.child")


def open_isolated(data: bytes, kind: str, passwords: tuple[str, ...] = ()) -> Book:
    """The workbook in `data`, opened by a child with limits; its end without a word is a refusal."""
    book: Book = _CHILDREN.open((kind, passwords, data), 2 * seconds(len(passwords)))
    return book
