"""N-11, the patterns: marks that do not pair, doubled marks and words, a sentence that breaks off."""

from __future__ import annotations

import re
from bisect import bisect
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from workbook_tool.checks.quotation import MOST, finding_about, words
from workbook_tool.rules import Passage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook_tool.report import Report
    from workbook_tool.rules import Finding

_LETTER = r"[\u4e00-\u9fff]"
_OPENING = "“‘《〈（(【〔[「『"
_CLOSING = "”’》〉）)】〕]」』"
_PAIRS = {**dict(zip(_CLOSING, _OPENING, strict=True)), "）": "(", ")": "(", "]": "〔", "〕": "〔"}
_AS_ONE = {"（": "(", "[": "〔"}
_MARKS = re.compile(f"[{re.escape(_OPENING + _CLOSING)}]")
_WIDTH = 2
"""A lookbehind must know how wide it is."""

_DEEPEST = 20
"""How many brackets may stand in one another before the outermost are given up."""

_QUOTES = "“”‘’"
# A closing bracket after a number at the beginning, 1) or 一）, has no partner.
_NUMBERED = re.compile(r"(?:^|[。；;：:,，\s])[\d一二三四五六七八九十a-zA-Z]{1,3}$")
_MARK = "，、；：。"
# A pattern that begins with a character finds its places fast; what stands before it is asked behind it.
_DOUBLED_MARKS = re.compile(
    rf"[,{_MARK}](?:[ \t　]?(?=[{_MARK}])(?:[,{_MARK}][ \t　]?(?=[{_MARK}])){{0,2}}[{_MARK}]"
    r"|(?<=[,、])[ \t　]?[,.;:](?!\w))"
)
# Repeated on purpose: 一件一件, 多少万多少万; and one letter many times is no word.
_DOUBLED_WORDS = re.compile(rf"(?!一|多|几|各|每|({_LETTER})\1)({_LETTER}{{3,8}})\2")
_COMMA_AND = re.compile(r"、和(?![谐平睦解气田静县林顺龙政美煦善])(?=[\u4e00-\u9fff]{3})")


def check_writing(report: Report) -> Iterator[Finding]:
    """Brackets and quotation marks pair, no mark or word stands twice, sentences are whole."""
    for text_id, text in report.texts.items():
        for start, end, case in _first_faults(text):
            yield finding_about(report, "N-11", Passage(text_id, start, end), case)


@lru_cache(maxsize=64)  # many agencies write the same
def _first_faults(text: str) -> tuple[tuple[int, int, str], ...]:
    return tuple(sorted(islice(_faults(text), MOST)))


def _faults(text: str) -> Iterator[tuple[int, int, str]]:
    yield from _unpaired(text)
    for found in _DOUBLED_MARKS.finditer(text):
        if set(found[0]) != {"。"}:  # dots for what is left out
            yield found.start(), found.end(), "marks"
    for pattern, case in ((_DOUBLED_WORDS, "doubled"), (_COMMA_AND, "comma"), *_wordy()):
        for found in pattern.finditer(text):
            yield found.start(), found.end(), case


def _unpaired(text: str) -> Iterator[tuple[int, int, str]]:
    """The brackets and quotation marks without a partner, those of one paragraph and kind together."""
    left: list[int] = []
    alone: list[int] = []
    for found in _MARKS.finditer(text):
        mark, at = found[0], found.start()
        if mark in _OPENING:
            # A quotation of several paragraphs is opened in each and closed in the last.
            if not (
                mark == "“" and text[at - 1 : at] == "\n" and any(text[i] == mark for i in left[-_DEEPEST:])
            ):
                left.append(at)
            continue
        wanted = _PAIRS[mark]
        tops = range(-1, -1 - min(len(left), _DEEPEST), -1)
        partner = next((i for i in tops if _AS_ONE.get(text[left[i]], text[left[i]]) == wanted), None)
        if partner is not None:
            alone += left[len(left) + partner + 1 :]
            del left[partner:]
        elif not _goes_without(mark, text, at):
            alone.append(at)
    yield from _together(sorted(alone + left), text)


def _goes_without(mark: str, text: str, at: int) -> bool:
    """Whether the closing `mark` needs no partner: an item's number before it, or an apostrophe."""
    if mark == "’":
        return True
    return mark in "）)" and bool(_NUMBERED.search(text[max(0, at - 4) : at]) or at < 3)  # noqa: PLR2004


def _together(alone: Sequence[int], text: str) -> Iterator[tuple[int, int, str]]:
    lines = [found.start() for found in re.finditer("\n", text)]
    groups: dict[tuple[int, bool], list[int]] = {}
    for at in alone:
        groups.setdefault((bisect(lines, at), text[at] in _QUOTES), []).append(at)
    for (_, is_quote), places in groups.items():
        yield places[0], places[-1] + 1, "quotes" if is_quote else "brackets"


@cache
def _wordy() -> Sequence[tuple[re.Pattern[str], str]]:
    """The patterns that need words: a comma before 和, and a clause that never comes to its verb."""
    nouns, verbs = ("|".join(words("writing")[name]) for name in ("nouns", "verbs"))
    pairs = "|".join(noun for noun in words("writing")["nouns"] if len(noun) == _WIDTH)
    comma = rf"[,，](?<=(?:{pairs})[,，])和(?!谐|平|睦|解){_LETTER}{{0,4}}(?:{nouns})(?=[,，。；;])"
    item = rf"(?:(?!{verbs})[^,，。；;：:、\n]){{2,8}}"
    through = r"[通对](?:(?<=^.)|(?<=[。；;].))(?:(?<=对)|(?<=通)过[^,，。；;：:、\n]{1,15}?对)"
    breaks_off = rf"{through}(?!象|外|口|接|比|应|照|策|标){item}(?:、{item}){{3,}}等。"
    return (re.compile(comma), "comma"), (re.compile(breaks_off, re.MULTILINE), "fragment")
