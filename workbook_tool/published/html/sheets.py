"""Style sheets within a page: which elements they hide, move or add to.

Of several rules for one element nobody says here which wins: what one hides is only unsure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from selectolax.lexbor import SelectolaxError

from workbook_tool.published.html.styles import (
    APPENDS,
    BLOCK_RULE,
    FLOATS,
    GROUNDS,
    HIDES,
    MOVED,
    REORDERS,
    REVERSES,
    SETS_APART,
    WHITENS,
    mark_for,
    veils,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from selectolax.lexbor import LexborHTMLParser, LexborNode

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*(?:"|\n|\\?\Z)|\'(?:[^\'\\\n]|\\.)*(?:\'|\n|\\?\Z)', re.DOTALL)
_PUT_BY = "\ue000"
_PLACE = re.compile(rf'"{_PUT_BY}(\d+)"')
"""Where one of the strings was: braces, signs and words in it are none of the sheet's."""

_OF_TYPE = re.compile(r":(?:first|last|only|nth|nth-last)-of-type(?:\([^)]*\))?", re.IGNORECASE)
"""What counts elements that are called otherwise here; all of them are meant then."""

_ADDRESS = re.compile(r"url\([^)]*(?:\)|\Z)", re.IGNORECASE)
_HACK = re.compile(r"\\[09]+(?=\s*[;!}])")
"""Signs that only an old browser understood."""

_ELEMENT = re.compile(r"::?(?:before|after|first-letter|first-line|marker)\b")
_ADDED = re.compile(r"::?(?:before|after|marker)\b")
_LISTED = re.compile(r",(?![^()]*\))")
_ELSEWHERE = re.compile(
    r":-|:(?:hover|focus|active|visited|target|checked|disabled)|::|@|^(?:from|to|[\d.]+%)$"
)
"""Selectors of what is not seen at first, of parts of controls, and of no element."""

WAS = "data-read-was-"
"""With the name of a formatting element behind it: the attribute of what stands for one."""

_FORMATTING = re.compile(
    r"(?<![\w.#:\[=-])(a|b|big|code|em|font|i|nobr|small|strong|tt|u)(?![\w-])", re.IGNORECASE
)
_STRUCK = re.compile(r"(?<![\w.#:\[=-])(?:s|strike)(?![\w-])", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\(.*\)|:+[\w-]+|=[^\]]*")
_COMBINED = re.compile(r"[\s>+~]+")
_CLASSES = re.compile(r"[.#]([\w-]+)")
_NAMES = re.compile(r"[\w-]+")
_CLASS = re.compile(r"[.#][\w-]{1,99}$")
_LONGEST = 400_000
_MOST_RULES = 300
_LONGEST_SELECTOR = 200
_LONGEST_RULE = 5_000
_ANYWHERE = frozenset(("hidden", "reversed", "apart", "floating"))
"""Effects that count outside of tables as well."""


def mark_styled(page: LexborHTMLParser, tables: Container[int]) -> None:
    """Mark the elements that the style sheets of `page` change, in the tables with these ids above all."""
    sheets = "".join(style.text() for style in page.css("style"))
    if not sheets.strip():
        return
    data = [table for table in page.css("table") if table.mem_id in tables]
    source = ((page.body.html or "") if page.body else "").lower()
    rules = [*dict.fromkeys(rule for rule in _rules(sheets[:_LONGEST]) if _may_match(rule[0], source))]
    if len(rules) > _MOST_RULES or len(sheets) > _LONGEST or any(_is_costly(rule[0]) for rule in rules):
        for table in data:
            table.attrs[MOVED] = ""
        return
    for selector, effect in rules:
        is_general = effect in _ANYWHERE and (_CLASS.search(selector) or selector.endswith("table"))
        for root in [page] if is_general else data:
            for node in _matched(root, selector):
                node.attrs[mark_for(effect, node.tag or "")] = ""


def _may_match(selector: str, source: str) -> bool:
    """Whether all classes that `selector` names are anywhere in the page, and its last element is."""
    if "\\" in selector:
        return True
    bare = _IN_BRACKETS.sub("", selector)
    last = _COMBINED.split(bare)[-1]
    return all(name.lower() in source for name in (*_CLASSES.findall(bare), *_NAMES.findall(last)))


def _is_costly(selector: str) -> bool:
    return len(selector) > _LONGEST_SELECTOR or ":has" in selector


def _matched(root: LexborHTMLParser | LexborNode, selector: str) -> Sequence[LexborNode]:
    try:
        return root.css(selector)
    except SelectolaxError:
        # What is not understood here may be by a browser: then all that its last word names, or all there is.
        name = _CLASS.search(selector)
        return root.css(name[0] if name else "*")


def _rules(sheets: str) -> Iterator[tuple[str, str]]:
    """The selectors in `sheets` whose elements are to be marked, and how."""
    strings: list[str] = []

    def put_by(string: re.Match[str]) -> str:
        if not any(sign.isalnum() or sign == "\\" for sign in string[0]):
            return '""'
        strings.append(string[0])
        return f'"{_PUT_BY}{len(strings) - 1}"'

    plain = _ADDRESS.sub(
        "url()", _STRING.sub(put_by, _HACK.sub("", _COMMENT.sub("", sheets.replace(_PUT_BY, ""))))
    )
    for rule in plain.split("}"):
        before, _, declared = rule.rpartition("{")
        selectors = re.split(r"[{;]", before)[-1]
        effects = list(_effects(declared))
        is_plain = "(" not in selectors or len(selectors) > _LONGEST_RULE
        for selector in (selectors.split(",") if is_plain else _LISTED.split(selectors)) if effects else ():
            marked = _as_marked(_ELEMENT.sub("", selector).strip())
            bare = _PLACE.sub(lambda place: strings[int(place[1])], marked) or "*"
            is_added = _ADDED.search(selector) is not None
            if _ELSEWHERE.search(bare) is None:
                yield from ((bare, effect) for effect, of_added in effects if is_added == of_added)


def _as_marked(selector: str) -> str:
    """`selector` for a page in which formatting elements are called otherwise; within a rule, by itself."""
    plain = _STRUCK.sub("del", _OF_TYPE.sub("", selector.replace("&", "")))
    return _FORMATTING.sub(lambda name: f"span[{WAS}{name[1].lower()}]", plain)


def _effects(declared: str) -> Iterator[tuple[str, bool]]:
    """What these declarations do to elements; whether to what is added before or after them."""
    if APPENDS.search(declared):
        yield "added", True
    if len(declared) > _LONGEST_RULE or HIDES.search(declared) or veils(declared) or "\\" in declared:
        yield "hidden", False
    for effect, signs in _EFFECTS.items():
        if any(sign.search(declared) for sign in signs):
            yield effect, False


_EFFECTS = {
    "reversed": (REVERSES,),
    "moved": (REORDERS,),
    "floating": (FLOATS,),
    "apart": (SETS_APART, BLOCK_RULE),
    "pale": (WHITENS,),
    "ground": (GROUNDS,),
}
