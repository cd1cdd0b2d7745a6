"""What styles say of elements that changes how a figure is read: in their attributes, and in style sheets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

UNSURE, APART = "data-read-unsure", "data-read-apart"
"""Attributes of elements of which style sheets say that they may not be seen, or that they stand apart."""

HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|line-through"
    r"|(?:font-size|opacity)\s*:\s*0?(?:\.?0+)(?:px|pt|em|%)?\s*(?:;|!|$)"
    r"|(?<![\w-])color\s*:\s*transparent|(?<![\w-])(?:left|top|text-indent)\s*:\s*-\d{3}",
    re.IGNORECASE,
)
MAKES_BLOCK = re.compile(r"display\s*:\s*(?!inline\s*(?:;|!|$)|none)\w", re.IGNORECASE)
SETS_APART = re.compile(
    r"vertical-align\s*:\s*(?:super|sub|text-|[-\d.])|mso-text-raise"
    r"|(?<![\w-])(?:float|position|transform|clip|clip-path)\s*:"
    r"|(?<![\w-])color\s*:\s*(?:white|#f{3}\b|#f{6}\b|rgba?\((?:\s*255\s*[,)]){3})",
    re.IGNORECASE,
)
REVERSES = re.compile(r"unicode-bidi\s*:\s*[\w-]{0,20}override", re.IGNORECASE)
_CSS_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_CLASS = re.compile(r"([.#][\w-]{1,99})$")
"""The class with which a selector ends; of others nothing is known without weighing them."""
_BLOCK_RULE = re.compile(r"display\s*:\s*(?!inline|none)\w", re.IGNORECASE)
_LONGEST_SHEET = 50_000


def mark_styled(page: LexborHTMLParser) -> None:
    """Mark the elements of classes that a style sheet of `page` hides or sets apart.

    Of several rules for one element nobody says here which wins: what one hides is only unsure.
    """
    sheets = "".join(style.text() for style in page.css("style"))[:_LONGEST_SHEET]
    names: dict[str, str] = {}
    for selectors, declared in _RULE.findall(_CSS_COMMENT.sub("", sheets)):
        name = _name_for(declared)
        for selector in selectors.split(",") if name else ():
            ends = _CLASS.search(selector.strip())
            if ends:
                names[ends[1]] = UNSURE if UNSURE in {name, names.get(ends[1])} else name
    for node in page.css("[class], [id]") if names else ():
        attributes = node.attributes
        classes = {f".{each}" for each in (attributes.get("class") or "").split()}
        for each in names.keys() & {*classes, f"#{attributes.get('id') or ''}"}:
            node.attrs[names[each]] = ""


def _name_for(declared: str) -> str:
    if HIDES.search(declared) or REVERSES.search(declared):
        return UNSURE
    return APART if SETS_APART.search(declared) or _BLOCK_RULE.search(declared) else ""
