"""The shared strings part → the texts in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbook_tool.excel import limits
from workbook_tool.excel.notation import unescaped
from workbook_tool.excel.plain import RUN, WORDS, take_out, written
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
_PLAIN = re.compile(rf"<si>(?:{_said('(')}|((?:<r>{_LOOKS}{_said('(?:')}</r>)++))</si>")
_RUN = re.compile(rf"(?:{_PLAIN.pattern})++")


def read_strings(part: str | bytes | None) -> Sequence[str]:
    """The shared strings in order, each with its runs joined; phonetic guides are not part of a text."""
    reader = _Reader()
    if part is not None:
        rest, reader.runs = take_out(part, _RUN)
        parse(rest, Handlers(reader.start, reader.end, reader.text))
    return reader.strings


class _Reader:
    """Collects strings while the parser walks through the part."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self.runs: Sequence[str] = ()
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

    def take(self, run: str) -> None:
        if self.words or self.inside or self.phonetic:
            message = "texts within a text"
            raise ValueError(message)
        for text, pieces in _PLAIN.findall(run):
            self.add("".join(map(written, _PIECE.findall(pieces))) if pieces else written(text))

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
            self.add("".join(self.words))
            self.words.clear()

    def add(self, whole: str) -> None:
        if len(whole) > limits.TEXT.most:
            limits.TEXT.hold(len(whole))
        self.strings.append(unescaped(whole))
        if len(self.strings) > limits.STRINGS.most:
            limits.STRINGS.hold(len(self.strings))
