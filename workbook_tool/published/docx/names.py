"""The XML of a Word document: parsing a part safely, and what its elements are called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from workbook_tool.errors import SourceError
from workbook_tool.phrase import Phrase

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
W = f"{{{_TRANSITIONAL.decode()}}}"
ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_UNDERSTOOD = re.compile(r"(?:wp[sgci]|wp\d+|w\d+\w*|v|a\d*|am3d|aink|cx?\d*|o|m|oel)$")
"""Prefixes that word processors bind to what they understand: wps, wpg, wpc, wp14, w14, v, …"""
_OFF = frozenset({"0", "false", "off", "none"})
_LARGEST = 10 << 20
"""Bytes of one part. The text of a report of a hundred pages takes one tenth of that."""


def tree(data: bytes) -> Element:
    """The root of a part; a `SourceError` where it is not well-formed, has a DTD, or is too large."""
    if len(data) > _LARGEST:
        raise SourceError("unsafe", {"problem": Phrase("正文 > 10 MiB", "text > 10 MiB")})
    # No entity is resolved, nothing is fetched; libxml2 itself refuses elements nested too deep.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data.replace(_STRICT, _TRANSITIONAL), parser)
    except etree.XMLSyntaxError as error:
        raise SourceError("truncated", {"problem": f"XML: {error}"[:200]}) from error
    if root.getroottree().docinfo.doctype:
        raise SourceError("unsafe", {"problem": Phrase("XML 文档类型声明", "document type declaration")})
    return root


def value(element: Element | None, *path: str) -> str:
    """The ``w:val`` of the element that `path` leads to; empty where there is none."""
    found = step(element, *path)
    return found.get(f"{W}val", "") if found is not None else ""


def is_on(element: Element | None, *path: str) -> bool:
    """Whether a property that is on or off is there and on."""
    return stated(element, *path) is True


def stated(element: Element | None, *path: str) -> bool | None:
    """What is stated of a property that is on or off; ``None`` where nothing is."""
    found = step(element, *path)
    return None if found is None else found.get(f"{W}val", "1") not in _OFF


def step(element: Element | None, *path: str) -> Element | None:
    """The element that `path`, names without their namespace, leads to."""
    for name in path:
        if element is None:
            return None
        element = element.find(f"{W}{name}")
    return element


def number(text: str, otherwise: int = 0) -> int:
    """`text` as a whole number, `otherwise` where it is none that a document needs."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else otherwise  # noqa: PLR2004


def alternative(element: Element) -> Element | None:
    """What is shown of several representations of the same: the first that a word processor understands.

    Not one in a namespace that none is known to; of what is there it would show another one.
    """
    for child in element:
        if all(map(_UNDERSTOOD.match, child.get("Requires", "").split())):
            return child
    return None
