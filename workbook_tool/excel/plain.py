"""Runs of plain elements, taken out of a part before it is parsed: an expression is faster than a parser.

What every program writes all the time (a cell with an address, a format and a number) is recognised as it
is written; one element stands for each run of it, so that the parser goes on to judge where the run
stands. Anything else is left to the parser: comments, entities, other attributes, another order of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence

    TakeOut = Callable[[bytes, re.Pattern[str]], "Plain"]

RUN: Final = "plain-run"
"""The element that stands for a run; its attribute ``n`` counts them."""

ITSELF: Final = r"[ -%'-;=?-~\x80-\ufffd\U00010000-\U0010ffff]*+"
"""Characters that are written as themselves, wherever they stand."""

WORDS: Final = rf"(?!<){ITSELF}(?:&(?:amp|lt|gt|quot|apos);{ITSELF})*+"
"""A text that is not empty."""

_CHARACTERS = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
_DECLARED = b'<?xml version="1.0" encoding="UTF-8"'
_OTHER_MARKUP = (b"<!", f"<{RUN}".encode(), f":{RUN}".encode())
_EXTENSION = "x14ac:dyDescent"
"""An attribute whose prefix the parser must have seen declared, also when it stands in a run."""

_LARGEST = 8 * 2**20
"""Bytes of a part beyond which memory counts more than time."""


class Plain(NamedTuple):
    """A part, with the runs that were taken out of it."""

    rest: str | bytes
    runs: Sequence[str] = ()


def take_out(data: bytes, run: re.Pattern[str]) -> Plain:
    """`data` without what `run` matches, if it is certain that the parser would see just that there."""
    if len(data) > _LARGEST or not data.startswith(_DECLARED) or any(mark in data for mark in _OTHER_MARKUP):
        return Plain(data)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return Plain(data)
    runs: list[str] = []

    def stand_in(found: re.Match[str]) -> str:
        runs.append(found[0])
        foreign = f' {_EXTENSION}="0"' if _EXTENSION in found[0] else ""
        return f'<{RUN} n="{len(runs) - 1}"{foreign}/>'

    rest = run.sub(stand_in, text)
    return Plain(rest, runs) if runs else Plain(data)


def leave_in(data: bytes, _: re.Pattern[str]) -> Plain:
    """All of `data` for the parser."""
    return Plain(data)


def written(text: str) -> str:
    """What `text`, some `WORDS`, says."""
    if "&" in text:
        for escape, character in _CHARACTERS:
            text = text.replace(escape, character)
    return text
