"""Streaming XML without anything that an office file does not need: no DTD, no entities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar
from xml.parsers import expat

from workbook_tool.errors import SourceError
from workbook_tool.phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_Handler = TypeVar("_Handler")
_MOST_NAMES = 1_000


class Handlers(NamedTuple):
    """What is called on the way through a part. Names carry their namespace; see `local`."""

    start: Callable[[str, Mapping[str, str]], None]
    end: Callable[[str], None] | None = None
    text: Callable[[str], None] | None = None


_SPREADSHEETS = (
    "",
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""The namespaces of workbooks, transitional and strict; some programs leave them out."""


class ByLocalName(dict[str, _Handler | None], Generic[_Handler]):
    """What to call for each element of a workbook, by its local name; ``None`` for all others.

    A name is taken apart once; after that finding its handler is one look-up.
    """

    def __init__(self, handlers: Mapping[str, _Handler]) -> None:
        """Take `handlers` by local names."""
        super().__init__()
        self._handlers = handlers

    def __missing__(self, name: str) -> _Handler | None:
        """The handler of `name`, remembered unless a file makes up names without end."""
        namespace, _, bare = name.rpartition("}")
        handler = self._handlers.get(bare) if namespace in _SPREADSHEETS else None
        if len(self) < _MOST_NAMES:
            self[name] = handler
        return handler


def local(name: str) -> str:
    """A name without its namespace, which differs between transitional and strict files."""
    return name.rpartition("}")[2]


def parse(data: str | bytes, handlers: Handlers) -> None:
    """Run `handlers` over the XML in `data`; a `SourceError` where it is not well-formed or has a DTD."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = handlers.start
    if handlers.end:
        parser.EndElementHandler = handlers.end
    if handlers.text:
        parser.CharacterDataHandler = handlers.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    try:
        parser.Parse(data, True)  # noqa: FBT003  # expat has it positional
    except expat.ExpatError as error:
        raise SourceError("truncated", {"problem": f"XML: {error}"}) from error


def _refuse_doctype(*_: object) -> None:
    raise SourceError("unsafe", {"problem": Phrase("XML 文档类型声明", "document type declaration")})
