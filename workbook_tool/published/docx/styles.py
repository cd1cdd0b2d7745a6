"""What the styles of a Word document say that decides what is read: hidden text, numbers, centred lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook_tool.published.docx.names import W, is_on, number, stated, step, value

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_DEEPEST = 20
_TINY = 4
"""Half points: no more than a speck."""
_PALE_THEMES = frozenset(("background1", "light1", "bg1", "lt1"))
_PICTURE_FONTS = ("Wingdings", "Webdings")


@dataclass
class Style:
    """A style, what it is based on included."""

    name: str = ""
    is_hidden: bool = False
    is_marked: bool = False
    is_faint: bool = False
    has_ground: bool = False
    is_centred: bool = False
    list_id: str = ""
    level: int = 0

    @property
    def is_contents(self) -> bool:
        """Whether its paragraphs are a table of contents."""
        return self.name.startswith("toc ")


class Styles:
    """The styles of a document by their ids."""

    def __init__(self, root: Element | None) -> None:
        """Take them from the part that holds them."""
        every = [] if root is None else root.findall(f"{W}style")
        self._elements = {element.get(f"{W}styleId", ""): element for element in every}
        self._known: dict[str, Style] = {}

    def __getitem__(self, style_id: str) -> Style:
        """The style with this id; one that says nothing where there is none."""
        if style_id not in self._known:
            self._known[style_id] = self._make(style_id)
        return self._known[style_id]

    def _make(self, style_id: str) -> Style:
        chain: list[Element] = []
        while style_id in self._elements and len(chain) < _DEEPEST:
            chain.append(self._elements[style_id])
            style_id = value(chain[-1], "basedOn")
        made = Style(value(chain[0], "name").lower() if chain else "")
        for element in reversed(chain):
            hidden = stated(element, "rPr", "vanish")
            made.is_hidden = made.is_hidden if hidden is None else hidden
            made.is_marked = made.is_marked or is_marked(step(element, "rPr"))
            made.is_faint = made.is_faint or is_faint(step(element, "rPr"))
            made.has_ground = made.has_ground or any(
                has_ground(step(element, kind)) for kind in ("rPr", "pPr", "tblPr", "tcPr")
            )
            aligned = value(element, "pPr", "jc")
            made.is_centred = aligned == "center" if aligned else made.is_centred
            list_id = value(element, "pPr", "numPr", "numId")
            if list_id:
                made.list_id = list_id
                made.level = number(value(element, "pPr", "numPr", "ilvl"))
        return made


def hides(properties: Element | None, *styles: Style) -> bool:
    """Whether a run is hidden, as its own properties or else its styles say."""
    own = stated(properties, "vanish")
    return any(style.is_hidden for style in styles) if own is None else own


def is_marked(properties: Element | None) -> bool:
    """Whether a run is struck through, a mark of a note, or in a font whose digits are pictures."""
    raised = value(properties, "vertAlign") in {"superscript", "subscript"}
    fonts = step(properties, "rFonts")
    drawn = fonts is not None and fonts.get(f"{W}ascii", "").startswith(_PICTURE_FONTS)
    return raised or drawn or is_on(properties, "strike") or is_on(properties, "dstrike")


def is_faint(properties: Element | None) -> bool:
    """Whether a run is white or so small that it is not to be read."""
    size = number(value(properties, "sz"), _TINY + 1)
    colour = step(properties, "color")
    is_white = colour is not None and (
        _is_pale(colour.get(f"{W}val", "")) or colour.get(f"{W}themeColor", "") in _PALE_THEMES
    )
    return size <= _TINY or is_white


def has_ground(properties: Element | None) -> bool:
    """Whether something has a ground on which white is seen."""
    shading = step(properties, "shd")
    marked = value(properties, "highlight")
    if marked not in {"", "none", "white"}:
        return True
    if shading is None:
        return False
    fill, theme = shading.get(f"{W}fill", ""), shading.get(f"{W}themeFill", "")
    is_plain = fill.lower() in {"", "auto"} or _is_pale(fill)
    is_solid = shading.get(f"{W}val", "") not in {"", "clear", "nil"}
    return not is_plain or is_solid or theme not in {"", *_PALE_THEMES}


def _is_pale(colour: str) -> bool:
    return len(colour) == 6 and all(digit in "EFef" for digit in colour[::2])  # noqa: PLR2004  # RRGGBB


def is_aside(properties: Element | None) -> bool:
    """Whether a run stands higher or lower than what is beside it, if that does not."""
    return value(properties, "position") not in {"", "0"}
