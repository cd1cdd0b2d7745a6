"""The words of a paragraph as they are seen: without what is deleted, hidden, or the code of a field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbook_tool.published.docx.names import ALTERNATE, W, alternative, step, value
from workbook_tool.published.docx.styles import hides, is_marked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from workbook_tool.published.docx.styles import Style, Styles

_GONE = frozenset(f"{W}{name}" for name in ("del", "moveFrom", "rPr", "pPr", "rt", "delText", "instrText"))
_SIGNS = {
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}tab": " ",
    f"{W}ptab": " ",
    f"{W}noBreakHyphen": "-",
}
_DRAWINGS = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
_BOX = f"{W}txbxContent"
_PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
_WORD_ART = "{urn:schemas-microsoft-com:vml}textpath"
_FORMULA_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_MARK = "~"
"""Around what is struck through or raised: beside a figure it would make another figure."""


@dataclass
class Words:
    """What was met in a document's paragraphs: their text, and what stands beside it."""

    styles: Styles
    pieces: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    """Text boxes that are anchored in the paragraph at hand."""
    pictures: int = 0
    """The pictures in it."""
    codes: list[bool] = field(default_factory=list)
    """For each field that is open, whether its code is still going on. Fields reach over paragraphs."""

    def of(self, paragraph: Element, style: Style) -> str:
        """The text of `paragraph`, its lines separated by line breaks."""
        self.pieces, self.boxes, self.pictures = [], [], 0
        self._walk(paragraph, style)
        return "".join(self.pieces)

    def _walk(self, element: Element, style: Style) -> None:
        for child in element:
            if child.tag == f"{W}r":
                self._run(child, style)
            elif child.tag == ALTERNATE:
                chosen = alternative(child)
                if chosen is not None:
                    self._walk(chosen, style)
            elif child.tag in _DRAWINGS:
                self._drawing(child)
            elif child.tag == _FORMULA_TEXT:
                self._say(child.text or "")
            elif child.tag not in _GONE:
                self._walk(child, style)

    def _run(self, run: Element, style: Style) -> None:
        properties = step(run, "rPr")
        if hides(properties, style, self.styles[value(properties, "rStyle")]):
            self._fields(run)
            return
        before = len(self.pieces)
        for child in run:
            self._content(child, style)
        said = "".join(self.pieces[before:])
        if said.strip() and is_marked(properties):
            self.pieces[before:] = [f"{_MARK}{said}{_MARK}"]

    def _content(self, child: Element, style: Style) -> None:
        tag = child.tag
        if tag == f"{W}t":
            self._say(child.text or "")
        elif tag in _SIGNS:
            self._say(_SIGNS[tag])
        elif tag == f"{W}sym":
            self._say(_symbol(child.get(f"{W}char", "")))
        elif tag == f"{W}fldChar":
            self._field(child.get(f"{W}fldCharType", ""))
        elif tag in _DRAWINGS:
            self._drawing(child)
        elif tag == ALTERNATE:
            chosen = alternative(child)
            for other in () if chosen is None else chosen:
                self._content(other, style)
        elif tag == f"{W}ruby":
            base = step(child, "rubyBase")
            if base is not None:
                self._walk(base, style)

    def _say(self, text: str) -> None:
        if not any(self.codes):
            self.pieces.append(text)

    def _fields(self, run: Element) -> None:
        """Keep to the fields that begin and end in hidden text."""
        for child in run.iter(f"{W}fldChar"):
            self._field(child.get(f"{W}fldCharType", ""))

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self.codes.append(True)
        elif kind == "separate" and self.codes:
            self.codes[-1] = False
        elif kind == "end" and self.codes:
            self.codes.pop()

    def _drawing(self, drawing: Element) -> None:
        for found in _shown_in(drawing):
            if found.tag == _BOX:
                self.boxes.append(found)
            elif found.tag == _WORD_ART:
                self._say(found.get("string", ""))
            else:
                self.pictures += 1


def _shown_in(drawing: Element) -> Iterator[Element]:
    """The text boxes, the ornamental writing and the pictures in a drawing, each once."""
    for child in drawing:
        if child.tag == ALTERNATE:
            chosen = alternative(child)
            if chosen is not None:
                yield from _shown_in(chosen)
        elif child.tag in (_BOX, _WORD_ART, *_PICTURES):
            yield child
        else:
            yield from _shown_in(child)


def _symbol(code: str) -> str:
    """The character of a font of symbols; one that is certainly no digit where it is not known."""
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return "\ufffd"
