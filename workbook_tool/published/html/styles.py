"""What styles say of elements that changes how a figure is read: in their attributes, and in style sheets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.remembering import remembered

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

UNSURE, APART, PALE, GROUND, MOVED = (
    f"data-read-{name}" for name in ("unsure", "apart", "pale", "ground", "moved")
)
"""Attributes of elements of which style sheets say that they may not be seen as they are, that they stand
apart, are white, have a ground that is not, or that rows and cells may not stand where they are written."""

_ZERO = r"0?\.?0+(?:px|pt|em|rem|%)?\s*(?:;|!|$)"
_WHITE = (
    r"(?:white(?:smoke)?|snow|ivory|#[ef]{3,4}\b|#(?:[ef][\da-f]){3}(?:[\da-f]{2})?\b"
    r"|rgba?\((?:\s*2[45]\d\s*[,)/]?){3}|hsla?\([^)]{0,60}100%\s*[,)])"
)
_NOTHING = (
    r"(?:transparent|rgba?\([^)]{0,60}[,/]\s*0?\.0+%?\s*\)|rgba\([^)]{0,60}[,/]\s*0\s*\)"
    r"|#[\da-f]{3}0\b|#[\da-f]{6}00\b)"
)

REMOVES = re.compile(r"display\s*:\s*none", re.IGNORECASE)
COLLAPSES = re.compile(r"visibility\s*:\s*collapse", re.IGNORECASE)
"""What leaves no place for an element; all else that hides it leaves its place blank."""

HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|line-through"
    rf"|(?:font-size|opacity)\s*:\s*{_ZERO}"
    rf"|(?<![\w-])(?:color|-webkit-text-fill-color)\s*:\s*{_NOTHING}"
    r"|position\s*:\s*(?:absolute|fixed)(?=[^}]{0,99}(?<![\w-])(?:left|top)\s*:\s*-\d{3})"
    r"|(?<![\w-])(?:left|top)\s*:\s*-\d{3}(?=[^}]{0,99}position\s*:\s*(?:absolute|fixed))",
    re.IGNORECASE,
)
_VEILS = re.compile(
    r"(?<![\w-])(?:transform|scale|rotate|translate|clip|clip-path|filter|mask|mask-image)\s*:\s*(?!none|auto)"
    r"|(?<![\w-])(?:left|top|text-indent)\s*:\s*-\d{3}"
    rf"|(?<![\w-])font\s*:[^;]{{0,60}}?(?<![\d.])0(?:px|pt|em|%)?\s*/|(?<![\w-])zoom\s*:\s*{_ZERO}"
    r"|(?<![\w-])opacity\s*:\s*0?\.[01]|font-size\s*:\s*[01](?:\.\d+)?(?:px|pt)"
    r"|(?<![\w-])(?:display|visibility|color|opacity|content|order|direction|font-size)\s*:\s*var\(",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"(?<![\w-])color\s*:\s*([^\s;!]+)", re.IGNORECASE)
_GROUND_COLOUR = re.compile(r"(?<![\w-])background(?:-color)?\s*:\s*([^\s;!]+)", re.IGNORECASE)
_CUTS = re.compile(r"overflow(?:-[xy])?\s*:\s*(?:hidden|clip)", re.IGNORECASE)
_NO_SIZE = re.compile(rf"(?<![\w-])(?:max-)?(?:width|height)\s*:\s*{_ZERO}", re.IGNORECASE)

REVERSES = re.compile(r"unicode-bidi\s*:\s*[\w-]{0,20}override", re.IGNORECASE)
REORDERS = re.compile(
    r"(?<![\w-])(?:flex-direction|flex-flow)\s*:[^;]{0,40}-reverse|(?<![\w-])order\s*:\s*-?\d|direction\s*:\s*rtl"
    r"|(?<![\w-])grid-(?:area|row|column)",
    re.IGNORECASE,
)
"""What puts cells or rows elsewhere."""

FLOATS = re.compile(r"(?<![\w-])(?:float\s*:\s*(?!none)|position\s*:\s*(?:absolute|fixed))", re.IGNORECASE)

MAKES_BLOCK = re.compile(r"display\s*:\s*(?!inline\s*(?:;|!|$)|none)\w", re.IGNORECASE)
BLOCK_RULE = re.compile(r"display\s*:\s*(?!inline|none)\w", re.IGNORECASE)
SETS_APART = re.compile(
    r"vertical-align\s*:\s*(?:super|sub|text-|[-\d.])|mso-text-raise|(?<![\w-])(?:float|position)\s*:",
    re.IGNORECASE,
)
WHITENS = re.compile(rf"(?<![\w-])(?:color|-webkit-text-fill-color)\s*:\s*{_WHITE}", re.IGNORECASE)
GROUNDS = re.compile(
    rf"(?<![\w-])background(?:-color|-image)?\s*:\s*(?!\s|{_WHITE}|{_NOTHING}|none|inherit|initial|unset)",
    re.IGNORECASE,
)
APPENDS = re.compile(r'(?<![\w-])content\s*:\s*(?!(?:none|normal|""|\s)*(?:;|!|$))', re.IGNORECASE)
"""Content made by a style sheet, in which words are `x` and others nothing."""

_PALE_ATTRIBUTE = re.compile(rf"\s*{_WHITE}", re.IGNORECASE)


_PLACES = frozenset(("table", "thead", "tbody", "tfoot", "tr", "td", "th"))
_SHORT = 1_000
_UNDONE = re.compile(r"visibility|color|font", re.IGNORECASE)


def veils(declared: str) -> bool:
    """Whether what has these declarations may be seen or not."""
    if _VEILS.search(declared) or (_CUTS.search(declared) and _NO_SIZE.search(declared)):
        return True
    ground = _GROUND_COLOUR.search(declared)
    colour = _COLOUR.search(declared) if ground else None
    return bool(ground and colour and ground[1].lower() == colour[1].lower())


class Said(NamedTuple):
    """What declarations say of an element."""

    is_unsure: bool
    """Whether it is not certain that its text is seen, and in this order."""
    makes_block: bool
    sets_apart: bool
    whitens: bool
    hides: bool


@remembered(most=1024, below=_SHORT)  # a page says the same over and over
def said(declared: str) -> Said:
    """What `declared` says of the element that has it."""
    return Said(
        bool(REVERSES.search(declared) or REORDERS.search(declared)) or veils(declared),
        bool(MAKES_BLOCK.search(declared)),
        bool(SETS_APART.search(declared)),
        bool(WHITENS.search(declared)),
        bool(HIDES.search(declared)),
    )


def is_moved(node: LexborNode) -> bool:
    """Whether it is not certain that a part of a table stands where it is written, and is there at all."""
    attributes = node.attributes
    style = attributes.get("style") or ""
    return (
        MOVED in attributes
        or bool(REORDERS.search(style) or veils(style))
        or (node.tag != "table" and bool(FLOATS.search(style)))
        or (node.tag not in {"td", "th"} and bool(HIDES.search(style)))
    )


def is_removed(node: LexborNode) -> bool:
    """Whether an element is not shown and takes no place."""
    attributes = node.attributes
    if "hidden" in attributes:
        return True
    style = attributes.get("style") or ""
    return bool(REMOVES.search(style)) or (node.tag not in {"td", "th"} and bool(COLLAPSES.search(style)))


def is_undone(node: LexborNode) -> bool:
    """Whether something within an element that is hidden may be shown all the same."""
    return not is_removed(node) and any(
        _UNDONE.search(inner.attributes.get("style") or "") for inner in node.css("[style]") if inner != node
    )


def mark_for(effect: str, tag: str) -> str:
    """The attribute for an element on which a style sheet has this effect."""
    is_place = tag in _PLACES
    if effect == "hidden":
        return MOVED if is_place else UNSURE
    if effect == "added":
        return MOVED if is_place and tag not in {"td", "th"} else UNSURE
    if effect == "moved":
        return MOVED if is_place else UNSURE
    if effect == "floating":
        return MOVED if is_place and tag != "table" else APART
    return {"apart": APART, "reversed": UNSURE, "pale": PALE, "ground": GROUND}[effect]


def is_white(node: LexborNode) -> bool:
    """Whether the text of an element is said to be white."""
    attributes = node.attributes
    return (
        PALE in attributes
        or bool(_PALE_ATTRIBUTE.match(attributes.get("color") or ""))
        or said(attributes.get("style") or "").whitens
    )


def has_ground(node: LexborNode) -> bool:
    """Whether something around an element gives it a ground that is not white."""
    around: LexborNode | None = node
    while around is not None and around.tag != "html":
        attributes = around.attributes
        colour = attributes.get("bgcolor") or ""
        if (
            GROUND in attributes
            or GROUNDS.search(attributes.get("style") or "")
            or attributes.get("background")
            or (colour and not _PALE_ATTRIBUTE.match(colour))
        ):
            return True
        around = around.parent
    return False


def is_pale_around(table: LexborNode) -> bool:
    """Whether the text around `table` is white, on a ground of which nothing says that it is not."""
    around: LexborNode | None = table
    while around is not None and around.tag != "html":
        if is_white(around):
            return not has_ground(around)
        around = around.parent
    return False
