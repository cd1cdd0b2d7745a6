"""Runs of plain elements, taken out of a part before it is parsed: an expression is faster than a parser.

What every program writes all the time (a cell with an address, a format and a number) is recognised as it
is written; one element stands for each run of it, so that the parser goes on to judge where the run
stands. Anything else is left to the parser: comments, entities, other attributes, another order of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

RUN: Final = "plain-run"
"""The element that stands for a run; its attribute ``n`` counts them."""

ITSELF: Final = r"[^\x00-\x1f&<>\x7f]*+"
"""Characters that are written as themselves, wherever they stand; said by what they are not, which is
compiled fifty times as fast."""

WORDS: Final = rf"(?!<){ITSELF}(?:&(?:amp|lt|gt|quot|apos);{ITSELF})*+"
"""A text that is not empty."""

MARK: Final = "\ue000"
"""The character that stands for a value that was taken out."""

_VALUE = re.compile(rf"<v>((?!<){ITSELF})</v>")
_MARKED = f"<v>{MARK}</v>"
_HEADER = re.compile(rf"<oddHeader>{WORDS}</oddHeader>")
_CURSOR = re.compile(r'<selection(?: pane="\w++")?+(?: activeCell="\w++")?+(?: sqref="\w++")?+/>')
_CHARACTERS = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
_DECLARED = b'<?xml version="1.0" encoding="UTF-8"'
_OUR_ELEMENT = RUN.encode()
_NO_CHARACTERS = b"\xef\xbf"
"""How U+FFFE and U+FFFF begin, which no XML may hold, and little else."""

_EXTENSION = "x14ac:dyDescent"
"""An attribute whose prefix the parser must have seen declared, also when it stands in a run."""

_LARGEST = 8 * 2**20
"""Bytes of a part beyond which memory counts more than time."""


class Plain(NamedTuple):
    """A part, with the runs or the values that were taken out of it."""

    rest: str | bytes
    runs: Sequence[str] = ()


def plainly(data: bytes) -> str | bytes:
    """A part as text if it is certain that the parser sees in it what an expression does; else as it is."""
    if len(data) > _LARGEST or not data.startswith(_DECLARED):
        return data
    # Looking for one character first is ten times as fast.
    if (b"!" in data and b"<!" in data) or _OUR_ELEMENT in data or _NO_CHARACTERS in data:
        return data
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def take_out(part: str | bytes, run: re.Pattern[str]) -> Plain:
    """A part that is given `plainly` without what `run` matches."""
    if isinstance(part, bytes):
        return Plain(part)
    runs: list[str] = []

    def stand_in(found: re.Match[str]) -> str:
        runs.append(found[0])
        foreign = f' {_EXTENSION}="0"' if _EXTENSION in found[0] else ""
        return f'<{RUN} n="{len(runs) - 1}"{foreign}/>'

    return Plain(run.sub(stand_in, part), runs)


def marked(part: str | bytes) -> Plain:
    """A sheet that is given `plainly` with a mark for each value, and those values; any other as bytes.

    What nobody reads and every unit has otherwise goes too: a line at the top of the page, where the cursor
    was left.
    """
    if isinstance(part, bytes):
        return Plain(part)
    if MARK in part or ("#" in part and "&#" in part):
        return Plain(part.encode())
    pieces = _VALUE.split(part)
    head, rows, rest = _MARKED.join(pieces[::2]).partition("<sheetData>")
    data, end, tail = rest.rpartition("</sheetData>")
    bare = "".join((_CURSOR.sub("", head), rows, data, end, _HEADER.sub("", tail)))
    return Plain(bare, pieces[1::2])


def written(text: str) -> str:
    """What `text`, some `WORDS`, says."""
    if "&" in text:
        for escape, character in _CHARACTERS:
            text = text.replace(escape, character)
    return text
