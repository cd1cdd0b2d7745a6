"""Runs of plain elements, taken out of a part before it is parsed: an expression is faster than a parser.

What every program writes all the time (a cell with an address, a format and a number) is recognised as it
is written; one element stands for each run of it, so that the parser goes on to judge where the run
stands. Anything else is left to the parser: comments, entities, other attributes, another order of them.
"""

from __future__ import annotations

import re
from itertools import accumulate
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

_VALUE = re.compile(rf"<v>((?!<){ITSELF})</v>".encode())
_TAKEN = b"\xff"
"""The byte that stands for a value that was taken out, and that no text has in it."""

_MARKED = b"<v>%b</v>" % _TAKEN
_BLANK = re.compile(rb'(<c r="[A-Z]++[0-9]++" s="[0-9]++")(?:/>|(?: t="str")?+>(<f>[^<]++</f>)<v></v></c>)')
"""A cell that nothing was typed into, or whose formula shows nothing."""

_PUT_IN = b"\xfe"
"""The byte that stands for a value where there is none."""

_HEADER = re.compile(rf"<oddHeader>({WORDS})</oddHeader>".encode())
_CURSOR = re.compile(rb'<selection(?: pane="\w++")?+(?: activeCell="\w++")?+(?: sqref="\w++")?+/>')
_CHARACTERS = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
_DECLARED = b'<?xml version="1.0" encoding="UTF-8"'
_OUR_ELEMENT = RUN.encode()
_NO_CHARACTERS = ("\ufffe", "\uffff")
"""What no XML may hold."""

_EXTENSION = "x14ac:dyDescent"
"""An attribute whose prefix the parser must have seen declared, also when it stands in a run."""

_LARGEST = 8 * 2**20
"""Bytes of a part beyond which memory counts more than time."""


class Plain(NamedTuple):
    """A part, with the runs that were taken out of it."""

    rest: str | bytes
    runs: Sequence[str] = ()


class Bare(NamedTuple):
    """A sheet with a mark for each of the values that were taken out of it."""

    rest: bytes
    values: Sequence[str]


def plainly(data: bytes) -> str | bytes:
    """A part as text if it is certain that the parser sees in it what an expression does; else as it is."""
    if len(data) > _LARGEST or not data.startswith(_DECLARED):
        return data
    # Looking for one character first is ten times as fast.
    if (b"!" in data and b"<!" in data) or _OUR_ELEMENT in data:
        return data
    text = _text(data)
    return data if text is None else text


def _text(data: bytes) -> str | None:
    """What `data` says, if it is UTF-8 with nothing in it but what XML may hold."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if any(character in text for character in _NO_CHARACTERS) else text


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


def marked(part: bytes) -> Bare | None:
    """A sheet with a mark for each value, and those values; nothing where the parser must see them.

    What nobody reads and every unit has otherwise goes too: a line at the top of the page, where the cursor
    was left. Whether an expression sees in the rest what the parser does is to be found out (`numbered`).
    """
    if len(part) > _LARGEST:
        return None
    pieces = _VALUE.split(part)
    values = pieces[1::2]
    head, rows, rest = _MARKED.join(pieces[::2]).partition(b"<sheetData>")
    data, end, tail = rest.rpartition(b"</sheetData>")
    tail, *headers = _HEADER.split(tail)
    bare = b"".join((_CURSOR.sub(b"", head), rows, data, end, tail, *headers[1::2]))
    said = _text(b"\n".join((*values, *headers[::2])))
    return None if said is None else Bare(bare, said.split("\n")[: len(values)])


def with_blanks_marked(rest: bytes) -> tuple[bytes, Sequence[int], int]:
    """A marked sheet with a mark in each blank cell as well.

    With it the number that each of the marks before has among all of them, and how many they are.
    """
    filled, blanks = _BLANK.subn(rb"\1>\2<v>%b</v></c>" % _PUT_IN, rest)
    before = [piece.count(_PUT_IN) for piece in filled.split(_TAKEN)[:-1]]
    numbers = [number + blank for number, blank in enumerate(accumulate(before))]
    return filled.replace(_PUT_IN, _TAKEN), numbers, len(numbers) + blanks


def numbered(rest: bytes, count: int) -> str | None:
    """A sheet with `count` marks, these counted, so that each cell can tell which value is its own.

    Nothing if it is not certain that the parser sees in it what an expression does.
    """
    first, *others = rest.split(_TAKEN)
    if len(others) != count or MARK.encode() in rest or b"&#" in rest:
        return None
    counted = (b"%b%d%b" % (MARK.encode(), number, other) for number, other in enumerate(others))
    text = plainly(b"".join((first, *counted)))
    return text if isinstance(text, str) else None


def written(text: str) -> str:
    """What `text`, some `WORDS`, says."""
    if "&" in text:
        for escape, character in _CHARACTERS:
            text = text.replace(escape, character)
    return text
