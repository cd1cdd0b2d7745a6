"""The words of a paragraph as they are seen: without what is deleted, hidden, or the code of a field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbook_tool.published.docx.names import ALTERNATE, W, alternative, step, value
from workbook_tool.published.docx.styles import has_ground, hides, is_aside, is_faint, is_marked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lxml.etree import _Element as Element

    from workbook_tool.published.docx.styles import Style, Styles

_GONE = frozenset(f"{W}{name}" for name in ("del", "moveFrom", "rPr", "pPr", "rt", "delText", "instrText"))
UNKNOWN = "\ufffd"
"""For what is seen and is no text that is known: certainly no digit."""
_SIGNS = {
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}tab": " ",
    f"{W}ptab": " ",
    f"{W}noBreakHyphen": "-",
    **dict.fromkeys((f"{W}pgNum", f"{W}dayShort", f"{W}dayLong", f"{W}monthShort", f"{W}monthLong"), UNKNOWN),
}
_DRAWINGS = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
_BOX = f"{W}txbxContent"
_PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart",
    "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds",
)
_ANCHOR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}anchor"
_WORD_ART = "{urn:schemas-microsoft-com:vml}textpath"
_FORMULA_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_PARTS = frozenset(
    f"{{http://schemas.openxmlformats.org/officeDocument/2006/math}}{name}"
    for name in ("num", "den", "sup", "sub", "deg", "lim")
)
"""Parts of a formula that stand above or below the line."""
_DRAWN_FIELDS = ("EQ", "SYMBOL", "FORMDROPDOWN", "FORMCHECKBOX", "ADVANCE", "MACROBUTTON", "GOTOBUTTON")
"""Fields that show what their code says, or what is chosen, and have no result; or that move what follows."""
_ASIDE = "\ue000"
"""Around what would be such a mark beside other text; none is ever left."""
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
    codes: list[str | None] = field(default_factory=list)
    """For each field that is open its code, as long as that is going on. Fields reach over paragraphs."""
    grounds: list[bool] = field(default_factory=list)
    """For each cell that is open, whether it has a ground on which white is seen."""
    floats: bool = False
    """Whether one of the text boxes may stand anywhere."""
    is_grounded: bool = False
    """Whether the paragraph at hand has such a ground."""

    def of(self, paragraph: Element, style: Style) -> str:
        """The text of `paragraph`, its lines separated by line breaks."""
        self.pieces, self.boxes, self.pictures, self.floats = [], [], 0, False
        self.is_grounded = any(self.grounds) or style.has_ground or has_ground(step(paragraph, "pPr"))
        self._walk(paragraph, style)
        text = "".join(self.pieces)
        if _ASIDE in text:
            is_alone = not "".join(text.split(_ASIDE)[::2]).strip()
            text = text.replace(_ASIDE, "" if is_alone else _MARK)
        return text

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
            elif child.tag in _PARTS or (child.tag == f"{W}bdo" and child.get(f"{W}val") == "rtl"):
                self._say(_MARK)
                self._walk(child, style)
                self._say(_MARK)
            elif child.tag not in _GONE:
                if child.tag == f"{W}fldSimple" and _draws(child.get(f"{W}instr", "")):
                    self._say(UNKNOWN)
                self._walk(child, style)

    def _run(self, run: Element, style: Style) -> None:
        properties = step(run, "rPr")
        own = self.styles[value(properties, "rStyle")]
        if hides(properties, style, own):
            self._fields(run)
            return
        before = len(self.pieces)
        for child in run:
            self._content(child, style)
        said = "".join(self.pieces[before:])
        if said.strip() and (own.is_marked or is_marked(properties)):
            self.pieces[before:] = [f"{_MARK}{said}{_MARK}"]
        elif said.strip() and self._is_lost(properties, style, own):
            self.pieces[before:] = [UNKNOWN if any(map(str.isdigit, said)) else "", said]
        elif said.strip() and is_aside(properties):
            self.pieces[before:] = [_ASIDE, said, _ASIDE]

    def _is_lost(self, properties: Element | None, *styles: Style) -> bool:
        """Whether a run is white on white, or tiny."""
        if not is_faint(properties) and not any(style.is_faint for style in styles):
            return False
        return not (self.is_grounded or has_ground(properties) or any(style.has_ground for style in styles))

    def _content(self, child: Element, style: Style) -> None:
        tag = str(child.tag)
        if tag in _SAYS:
            self._say(_SAYS[tag](child))
        elif tag == f"{W}instrText":
            self._code(child.text or "")
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
        if all(code is None for code in self.codes):
            self.pieces.append(text.replace(_ASIDE, UNKNOWN))

    def _code(self, text: str) -> None:
        """Take a part of the code of a field."""
        if self.codes and self.codes[-1] is not None:
            self.codes[-1] += text

    def _fields(self, run: Element) -> None:
        """Keep to the fields that begin and end in hidden text."""
        for child in run.iter(f"{W}fldChar"):
            self._field(child.get(f"{W}fldCharType", ""))

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self.codes.append("")
        elif kind == "separate" and self.codes:
            self._end_code()
            self.codes[-1] = None
        elif kind == "end" and self.codes:
            self._end_code()
            self.codes.pop()

    def _end_code(self) -> None:
        """Note a field that shows what its code says."""
        if _draws(self.codes[-1] or ""):
            self.pieces.append(UNKNOWN)

    def _drawing(self, drawing: Element) -> None:
        for found in _shown_in(drawing):
            if found.tag == _BOX:
                self.boxes.append(found)
                self.floats = self.floats or _floats(drawing)
            elif found.tag == _WORD_ART:
                self._say(found.get("string", ""))
            else:
                self.pictures += 1


def _draws(code: str) -> bool:
    """Whether a field with this code shows something that is no text of its own."""
    return code.strip().upper().startswith(_DRAWN_FIELDS)


def _floats(drawing: Element) -> bool:
    """Whether a drawing may stand elsewhere than what it is anchored in."""
    return any(
        child.tag == _ANCHOR or "position:absolute" in (child.get("style") or "") for child in drawing.iter()
    )


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


_SAYS: Mapping[str, Callable[[Element], str]] = {
    f"{W}t": lambda text: text.text or "",
    f"{W}sym": lambda symbol: _symbol(symbol.get(f"{W}char", "")),
    **{sign: lambda element: _SIGNS[str(element.tag)] for sign in _SIGNS},
}
"""What an element of a run says, if that is seen from it alone."""


def _symbol(code: str) -> str:
    """The character of a font of symbols; one that is certainly no digit where it is not known."""
    try:
        found = chr(int(code, 16))
    except (ValueError, OverflowError):
        return UNKNOWN
    return UNKNOWN if found.isnumeric() else found
