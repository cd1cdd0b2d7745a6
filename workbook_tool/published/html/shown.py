"""What is seen of an element of a page: its words, blocks, pictures and tables, in order."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from workbook_tool.published.html.styles import (
    APART,
    UNSURE,
    has_ground,
    is_undone,
    is_white,
    said,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from selectolax.lexbor import LexborNode


class Mark(Enum):
    """What stands between words."""

    OPENS = "a block begins"
    CLOSES = "a block ends"
    BREAK = "a line ends"
    PICTURE = "a picture, or a field to fill in"
    UNSURE = "something that is perhaps not seen, or not so"


UNREADABLE = "〔图〕"
"""In a cell for what is seen there but is no text, so that such a cell is not taken for a blank one."""
UNCERTAIN = "\ufffd"
"""In a cell for what is perhaps seen otherwise: no figure has it in it, labels are compared without it."""

_BLOCK_NAMES = """
address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption
figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section
summary table tbody td tfoot th thead tr ul
"""
_UNSEEN_NAMES = """
head title script style template noscript noframes noembed datalist audio del rt rp annotation -comment
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_UNSEEN = frozenset(_UNSEEN_NAMES.split())
_PICTURE_NAMES = """
img input svg canvas object embed applet iframe video textarea select button meter progress
"""
_PICTURES = frozenset(_PICTURE_NAMES.split())
_APART = frozenset(("sup", "sub", "mn", "mi", "mo", "ms", "mtext"))
"""A footnote's mark is no digit of the figure before it, nor is one part of a formula of the other."""
_CLOSED = frozenset(("details", "dialog"))
"""What is not seen before somebody opens it."""
_KEEP_LINES = frozenset(("body", "pre"))
"""In the body itself, outside any element, there are lines where a page is pasted into plain text."""

_MARKDOWN_HEADING = re.compile(r"^\s*#{1,6}\s+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202d\u2060-\u2064\ufeff]")
_CJK = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_BROKEN_WORDS = re.compile(rf"(?<=[{_CJK}])[ \t]*[\r\n]\s*(?=[{_CJK}])")


_SIGNS = {Mark.PICTURE: UNREADABLE, Mark.UNSURE: UNCERTAIN}


def shown(root: LexborNode, tables: Container[int] = ()) -> Iterator[str | Mark | LexborNode]:
    """What is seen in `root`: texts, marks, and those tables whose ids are in `tables` as they are."""
    stack: list[LexborNode | Mark] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Mark):
            yield node
            continue
        tag = node.tag or ""
        if tag == "-text":
            parent = node.parent
            text = node.text_content or ""
            yield from _by_lines(text) if parent and parent.tag in _KEEP_LINES else (text,)
        elif tag in _UNSEEN or is_hidden(node):
            if tag not in _UNSEEN and is_undone(node):
                yield Mark.UNSURE
        elif tag == "br":
            yield Mark.BREAK
        elif tag in _PICTURES:
            yield Mark.PICTURE
        elif tag == "table" and node.mem_id in tables:
            yield node
        else:
            stack += _inside(node, tag)


def _inside(node: LexborNode, tag: str) -> Iterable[LexborNode | Mark]:
    """The children of `node` with the marks at its edges, the last one first."""
    children = [*node.iter(include_text=True)]
    attributes = node.attributes
    style = said(attributes.get("style") or "")
    is_unsure = UNSURE in attributes or tag == "bdo" or (tag in _CLOSED and "open" not in attributes)
    is_unsure = is_unsure or style.is_unsure
    is_apart = is_white(node)
    if is_unsure or (is_apart and not has_ground(node)):
        return [Mark.BREAK, *reversed(children), Mark.UNSURE]
    if tag in _BLOCKS or style.makes_block:
        return [Mark.CLOSES, *reversed(children), Mark.OPENS]
    if tag in _APART or APART in attributes or is_apart or style.sets_apart:
        return [Mark.BREAK, *reversed(children), Mark.BREAK]
    return reversed(children)


def is_hidden(node: LexborNode) -> bool:
    """Whether an element is there but not seen, or struck out."""
    attributes = node.attributes
    if not attributes:
        return False
    return (
        "hidden" in attributes
        or (node.tag == "input" and (attributes.get("type") or "").lower() == "hidden")
        or said(attributes.get("style") or "").hides
    )


def paragraphs(pieces: Iterable[str | Mark | LexborNode]) -> str:
    """`pieces` as the text of a cell: its lines, what is no text shown as such."""
    lines: list[str] = []
    words: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            words.append(piece)
        elif piece in _SIGNS:
            words.append(_SIGNS[piece])
        else:
            lines.append(joined(words))
            words = []
    lines.append(joined(words))
    return "\n".join(filter(None, lines))


def joined(words: Iterable[str]) -> str:
    """`words` as a browser shows them in a line: one space for many, none where only the source breaks."""
    text = _INVISIBLE.sub("", "".join(words))
    return " ".join(_BROKEN_WORDS.sub("", text).split())


def _by_lines(text: str) -> Iterator[str | Mark]:
    for line in text.splitlines(keepends=True):
        yield _MARKDOWN_HEADING.sub("", line)
        if line.endswith("\n"):
            yield Mark.BREAK
