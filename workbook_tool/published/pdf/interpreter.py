"""Following the operators of a page that pdfminer passes over: clipping paths, layers, opacity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import resolve1

from workbook_tool.published.pdf.canvas import State
from workbook_tool.published.pdf.layers import numbers, word
from workbook_tool.published.pdf.sight import Sight, area_of, area_of_box

if TYPE_CHECKING:
    from pdfminer.pdfinterp import PDFResourceManager, PDFStackT
    from pdfminer.pdfpage import PDFPage
    from pdfminer.utils import Matrix

    from workbook_tool.published.pdf.canvas import Canvas
    from workbook_tool.published.pdf.layers import Layers

_CLIPS = 4
"""Modes of painting text from which on it is a clipping path for what comes after."""


class Interpreter(PDFPageInterpreter):
    """Paints pages on a canvas."""

    device: Canvas
    graphicstate: State

    def __init__(
        self, resources: PDFResourceManager, canvas: Canvas, layers: Layers, outer: Interpreter | None = None
    ) -> None:
        """Paint on `canvas`; `outer` is painting the page or the form in which this one's form is shown."""
        super().__init__(resources, canvas)
        self._layers = layers
        self._outer = outer
        self._marks: list[Sight] = []
        self._bounds: object = None
        """The box of the form to be shown next, or of the page."""

    def dup(self) -> Interpreter:
        """One that paints a form."""
        return Interpreter(self.rsrcmgr, self.device, self._layers, self)

    def process_page(self, page: PDFPage) -> None:
        """Paint a page, of which no more is seen than its crop box holds."""
        self._bounds = page.cropbox
        super().process_page(page)

    def init_state(self, ctm: Matrix) -> None:
        """Begin the page; or a form, for which the state goes on and whose box is a clipping path."""
        super().init_state(ctm)
        outer = self._outer
        self.graphicstate = outer.graphicstate.copy() if outer else State()
        if outer:
            self.graphicstate.floor = outer.graphicstate.through
            self.textstate.render = outer.textstate.render
        self._marks = [self.graphicstate.layer]
        box = numbers((outer or self)._bounds)  # noqa: SLF001  # one of this class
        if box:
            area = area_of_box(box, ctm)
            self.graphicstate.clip = self.graphicstate.clip.within(area)

    def do_W(self) -> None:  # noqa: N802  # the operator's name
        """Clip by the path."""
        self._clip()

    def do_W_a(self) -> None:  # noqa: N802
        """The same, by the other rule."""
        self._clip(is_even_odd=True)

    def _clip(self, *, is_even_odd: bool = False) -> None:
        area = area_of(self.curpath, self.ctm, is_even_odd=is_even_odd)
        self.graphicstate.clip = self.graphicstate.clip.within(area)

    def do_gs(self, name: PDFStackT) -> None:
        """Set opacity, how colours are mixed, and the mask."""
        states = resolve1(self.resources.get("ExtGState"))
        found = resolve1(states.get(word(name))) if isinstance(states, dict) else None
        if not isinstance(found, dict):
            return
        state = self.graphicstate
        opacity, mode, mask = (resolve1(found.get(key)) for key in ("ca", "BM", "SMask"))
        if isinstance(opacity, int | float):
            state.opacity = float(opacity)
        if mode is not None:
            state.is_mixed = word(mode) not in {"Normal", "Compatible"}
        if mask is not None:
            state.is_masked = word(mask) != "None"

    def do_ET(self) -> None:  # noqa: N802
        """End text, which may be a clipping path from now on."""
        super().do_ET()
        if self.textstate.render >= _CLIPS:
            self.graphicstate.floor = max(self.graphicstate.floor, Sight.UNSURE)

    def do_Q(self) -> None:  # noqa: N802
        """Restore the state, but not the layer."""
        super().do_Q()
        self.graphicstate.layer = max(self._marks)

    def do_BMC(self, tag: PDFStackT) -> None:  # noqa: N802
        """Begin a part that belongs to no layer."""
        super().do_BMC(tag)
        self._enter(Sight.SEEN)

    def do_BDC(self, tag: PDFStackT, props: PDFStackT) -> None:  # noqa: N802
        """Begin a part that may belong to one."""
        super().do_BDC(tag, props)
        named = resolve1(self.resources.get("Properties")) if word(tag) == "OC" else None
        reference = named.get(word(props)) if isinstance(named, dict) else None
        self._enter(self._layers.sight(reference))

    def do_EMC(self) -> None:  # noqa: N802
        """End a part."""
        super().do_EMC()
        self._leave()

    def do_Do(self, xobjid_arg: PDFStackT) -> None:  # noqa: N802
        """Show a form or a picture, which may belong to a layer."""
        shown: Any = resolve1(self.xobjmap.get(word(xobjid_arg)))
        attributes = getattr(shown, "attrs", {})
        self._enter(self._layers.sight(attributes.get("OC")))
        self._bounds = attributes.get("BBox")
        self.device.state = self.graphicstate
        super().do_Do(xobjid_arg)
        self._leave()

    def do_EI(self, obj: PDFStackT) -> None:  # noqa: N802
        """Show a picture."""
        self.device.state = self.graphicstate
        super().do_EI(obj)

    def _enter(self, sight: Sight) -> None:
        self._marks.append(sight)
        self.graphicstate.layer = max(self._marks)

    def _leave(self) -> None:
        if len(self._marks) > 1:
            self._marks.pop()
        self.graphicstate.layer = max(self._marks)
