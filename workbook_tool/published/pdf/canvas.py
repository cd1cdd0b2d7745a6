"""What is painted on a page, with all that decides whether it is seen there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.pdfinterp import PDFGraphicState
from pdfminer.pdftypes import resolve1
from pdfminer.utils import apply_matrix_rect

from workbook_tool.published.pdf.colours import Colour, colour_of
from workbook_tool.published.pdf.layers import numbers, word
from workbook_tool.published.pdf.sight import Clip, Sight, area_of, area_of_box
from workbook_tool.published.pdf.spoiled import Fill

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdfminer.layout import LTPage
    from pdfminer.pdfcolor import PDFColorSpace
    from pdfminer.pdfdevice import PDFTextSeq
    from pdfminer.pdffont import PDFFont
    from pdfminer.pdfinterp import PDFResourceManager, PDFTextState
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdftypes import PDFStream
    from pdfminer.utils import Matrix, PathSegment, Rect

_INVISIBLE = (3, 7)
"""Modes in which text is there but not painted."""

_FAINT, _PALE, _DENSE = 0.05, 0.3, 0.95
"""Opacity below which nothing, and hardly anything is seen; and above which nothing shines through."""

_HIDING = """
Square Circle Polygon PolyLine Line Ink Stamp Caret StrikeOut Redact Watermark
"""
_NOT_SHOWN = 0b100010
"""A note that is hidden, or not shown on screens."""

_THINNEST = 3.0
"""Points: what is thinner is a rule and covers nothing."""


class State(PDFGraphicState):
    """The graphics state, with all that limits what is seen."""

    def __init__(self) -> None:
        """See everything."""
        super().__init__()
        self.clip = Clip()
        self.opacity = 1.0
        self.is_mixed = False
        """Whether the colours of what was there have a part in it."""
        self.is_masked = False
        self.floor = Sight.SEEN
        """What the state outside a form lets be seen, or a clipping path made of text."""
        self.layer = Sight.SEEN
        self.sight = Sight.SEEN
        """Of the text at hand."""

    def copy(self) -> State:
        """A state that changes apart."""
        made = State()
        made.__dict__.update(self.__dict__)
        return made

    @property
    def through(self) -> Sight:
        """How much is seen of whatever is painted in this state."""
        pale = Sight.UNSEEN if self.opacity < _FAINT else Sight(self.opacity < _PALE)
        return max(self.floor, self.layer, pale, Sight(self.is_masked))

    @property
    def is_plain(self) -> bool:
        """Whether it is painted over what was there, so that nothing of that is seen."""
        return self.opacity > _DENSE and not self.is_mixed and not self.is_masked

    @property
    def colour(self) -> Colour | None:
        """In which areas are filled and text is set."""
        return colour_of(self.ncs.name, self.ncolor)


class Canvas(PDFLayoutAnalyzer):
    """What was painted, the text with its state and the areas with how much text was there before."""

    page: LTPage | None = None

    def __init__(self, resources: PDFResourceManager) -> None:
        """Have no page yet."""
        super().__init__(resources)
        self.state = State()
        self.fills: list[Fill] = []
        self.characters = 0
        self.notes: list[Rect] = []
        """Where something was put on the page afterwards that may hide what is printed."""
        self._is_compound = False

    def begin_page(self, page: PDFPage, ctm: Matrix) -> None:
        """Begin with nothing painted."""
        super().begin_page(page, ctm)
        self.fills, self.characters = [], 0
        self.notes = _notes_on(page, ctm)

    def render_string(
        self, textstate: PDFTextState, seq: PDFTextSeq, ncs: PDFColorSpace, graphicstate: PDFGraphicState
    ) -> None:
        """Paint text, which keeps how much is seen of it."""
        if isinstance(graphicstate, State):
            is_unsure = ncs.name == "Pattern"
            own = Sight.UNSEEN if textstate.render in _INVISIBLE else Sight(is_unsure)
            graphicstate.sight = max(own, graphicstate.through)
        super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(  # noqa: PLR0913, PLR0917  # as pdfminer has it
        self,
        matrix: Matrix,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: PDFColorSpace,
        graphicstate: PDFGraphicState,
    ) -> float:
        """Paint one character, and count it."""
        self.characters += 1
        return super().render_char(matrix, font, fontsize, scaling, rise, cid, ncs, graphicstate)

    def paint_path(
        self,
        gstate: PDFGraphicState,
        stroke: bool,  # noqa: FBT001  # as pdfminer has it
        fill: bool,  # noqa: FBT001
        evenodd: bool,  # noqa: FBT001
        path: Sequence[PathSegment],
    ) -> None:
        """Paint a path unless it is not seen."""
        if isinstance(gstate, State):
            if gstate.through is Sight.UNSEEN:
                return
            if fill and not self._is_compound:
                self._note(gstate, path, is_even_odd=evenodd)
        # A path of several outlines comes back here, one outline after the other.
        before, self._is_compound = self._is_compound, True
        super().paint_path(gstate, stroke, fill, evenodd, path)
        self._is_compound = before

    def _note(self, state: State, path: Sequence[PathSegment], *, is_even_odd: bool) -> None:
        area = area_of(path, self.ctm, is_even_odd=is_even_odd)
        x0, y0, x1, y1 = area.box
        if min(x1 - x0, y1 - y0) > _THINNEST:
            covers = state.is_plain and state.ncs.name != "Pattern"
            colour = state.colour if covers else None
            self.fills.append(Fill(self.characters, area, state.clip, colour, covers))

    def render_image(self, name: str, stream: PDFStream) -> None:
        """Paint a picture unless it is not seen."""
        if self.state.through is Sight.UNSEEN:
            return
        super().render_image(name, stream)
        lets_through = any(resolve1(stream.get(key)) for key in ("SMask", "Mask", "ImageMask", "IM"))
        covers = self.state.is_plain and not lets_through
        area = area_of_box((0, 0, 1, 1), self.ctm)
        self.fills.append(Fill(self.characters, area, self.state.clip, None, covers))

    def receive_layout(self, ltpage: LTPage) -> None:
        """Keep what was painted."""
        self.page = ltpage


def _notes_on(page: PDFPage, ctm: Matrix) -> list[Rect]:
    """Where there are stamps, drawings, strokes and the like on `page`."""
    found = []
    for reference in resolve1(page.annots) or ():
        note = resolve1(reference)
        if not isinstance(note, dict) or word(note.get("Subtype")) not in _HIDING.split():
            continue
        flags, box = resolve1(note.get("F")), numbers(note.get("Rect"))
        if box and not (isinstance(flags, int) and flags & _NOT_SHOWN):
            found.append(apply_matrix_rect(ctm, (box[0], box[1], box[2], box[3])))
    return found
