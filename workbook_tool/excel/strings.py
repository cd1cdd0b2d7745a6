"""The shared strings part → the texts in it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook_tool.excel import limits
from workbook_tool.excel.notation import unescaped
from workbook_tool.excel.plain import RUN, WORDS, written
from workbook_tool.ooxml.xml import ByLocalName, Handlers, parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_KINDS = ByLocalName({name: name for name in ("si", "t", "rPh", "rPr", "strike", "vertAlign", RUN)})
_APART = "~"
"""Around a run that is struck through or raised: beside a figure it would make another figure."""

_PLAIN_RUN = ("0", "false", "off", "baseline")
_LOOKS = r'(?:<rPr>(?:<(?!strike|vertAlign)[A-Za-z]++(?: [A-Za-z]++="[\w .@#-]*+")?+/>)*+</rPr>)?+'


def _said(group: str) -> str:
    """A text as it is written, what it says in a `group`."""
    return rf'<t(?: xml:space="preserve")?+>{group}(?:\n|{WORDS})*+)</t>'


_PIECE = re.compile(rf"<r>{_LOOKS}{_said('(')}</r>")
_PLAIN = re.compile(rf"(?:{_said('(')}|((?:<r>{_LOOKS}{_said('(?:')}</r>)++))</si>")
_START, _END = "<si>", "</si>"
_SHORT = 1_000
"""Characters of an element that is remembered: labels, the same in all workbooks of one template."""


def read_strings(part: str | bytes | None) -> Sequence[str]:
    """The shared strings in order, each with its runs joined; phonetic guides are not part of a text."""
    reader = _Reader()
    if isinstance(part, str):
        part = _take_out(part, reader.runs)
    if part is not None:
        parse(part, Handlers(reader.start, reader.end, reader.text))
    return reader.strings


def _take_out(part: str, runs: list[list[str]]) -> str:
    """A part with one element in place of each run of plain texts; what they say is added to `runs`."""
    first, *others = part.split(_START)
    rest = [first]
    run: list[str] = []
    for piece in others:
        said = (_text_again if len(piece) < _SHORT else _text)(piece)
        if said is not None:
            run.append(said)
            continue
        body, end, tail = piece.partition(_END)
        said = _text(body + end) if tail else None
        if said is not None:
            run.append(said)
        if run:
            rest.append(f'<{RUN} n="{len(runs)}"/>')
            runs.append(run)
            run = []
        rest.append(tail if said is not None else _START + piece)
    return "".join(rest)


def _text(piece: str) -> str | None:
    """What an element says that begins before `piece`, if it is plain and ends with it."""
    found = _PLAIN.fullmatch(piece)
    if found is None:
        return None
    text, pieces = found.groups()
    return _held("".join(map(written, _PIECE.findall(pieces))) if pieces else written(text))


@lru_cache(maxsize=2048)
def _text_again(piece: str) -> str | None:
    return _text(piece)


def _held(whole: str) -> str:
    limits.TEXT.hold(len(whole))
    return unescaped(whole)


class _Reader:
    """Collects strings while the parser walks through the part."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self.runs: list[list[str]] = []
        """What plain texts say, in place of which one element stands for each run of them."""
        self.words: list[str] = []
        self.inside = False
        self.phonetic = False
        self.apart = False
        """Whether the run at hand is struck through or raised."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        kind = _KINDS[tag]
        if kind == "t":
            self.inside = not self.phonetic
            if self.apart and self.inside:
                self.words.append(_APART)
        elif kind == "rPh":
            self.phonetic = True
        elif kind == "rPr":
            self.apart = False
        elif kind in {"strike", "vertAlign"}:
            self.apart = attributes.get("val", "1") not in _PLAIN_RUN
        elif kind == RUN:
            self.take(self.runs[int(attributes["n"])])

    def take(self, run: Sequence[str]) -> None:
        if self.words or self.inside or self.phonetic:
            message = "texts within a text"
            raise ValueError(message)
        self.add(*run)

    def text(self, chunk: str) -> None:
        if self.inside:
            self.words.append(chunk)

    def end(self, tag: str) -> None:
        kind = _KINDS[tag]
        if kind == "t":
            if self.apart and self.inside:
                self.words.append(_APART)
            self.inside = self.apart = False
        elif kind == "rPh":
            self.phonetic = False
        elif kind == "si":
            self.add(_held("".join(self.words)))
            self.words.clear()

    def add(self, *texts: str) -> None:
        self.strings += texts
        limits.STRINGS.hold(len(self.strings))
