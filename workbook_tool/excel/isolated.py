"""Opening a workbook in a child process, so that whatever it does to its reader ends there."""

from __future__ import annotations

from workbook_tool.children import ChildDiedError, Children
from workbook_tool.errors import SourceError
from workbook_tool.excel.book import Book
from workbook_tool.excel.child import seconds
from workbook_tool.phrase import Phrase

_CHILDREN = Children("workbook_tool.excel.child")


def open_isolated(data: bytes, kind: str, passwords: tuple[str, ...] = ()) -> Book:
    """The workbook in `data`, opened by a child with limits; its end without a word is a refusal."""
    patience = 2 * seconds(len(passwords))
    try:
        with _CHILDREN.lend() as child:
            result = child.ask((kind, passwords, data), patience)
    except ChildDiedError as error:
        if error.overdue:
            raise SourceError("unsafe", {"problem": f"> {patience} s"}) from error
        words = Phrase("读取进程中止", "the reading process died")
        problem = Phrase(*(f"{text} ({error.code})" for text in words))
        raise SourceError("unsafe", {"problem": problem}) from error
    if isinstance(result, Book):
        return result
    case, details = result
    raise SourceError(case, details)
