"""Which finding somebody points at: by its address, by words that it quotes, or by the line of the form."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from workbook_tool.checks.quotation import shortened
from workbook_tool.phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook_tool.report import Report
    from workbook_tool.rules import Explanation, Finding

_STOPS = "，。；！？、,;!?\n（）()"
_STOP = re.compile(f"[{re.escape(_STOPS)}]")
_LONGEST = 24
_SHORTEST = 2
"""Of a quotation two characters at least, lest any letter points at anything."""

_FIGURES = re.compile(r"[\d〇零一二两三四五六七八九十百千万]+")


def told_apart(findings: Sequence[Finding], report: Report) -> Iterator[Finding]:
    """`findings`, the places of those about words naming the words, and the line where words are shared."""
    named = [_with_words(finding, report) for finding in findings]
    shared = Counter((finding.rule, finding.place) for finding in named)
    for finding in named:
        line = finding.details.get("line")
        if finding.passage and isinstance(line, Phrase) and shared[finding.rule, finding.place] > 1:
            words = Phrase(*(f"{finding.place.words.say(lang)} {line.say(lang)}" for lang in ("zh", "en")))
            yield replace(finding, place=finding.place._replace(words=words))
        else:
            yield finding


def _with_words(finding: Finding, report: Report) -> Finding:
    """`finding` with the words around its passage beside the name of the text."""
    if finding.passage is None:
        return finding
    text_id, start, end = finding.passage
    text = report.texts[text_id]
    if text[start:end].strip() == text.strip() or "。" in text[start:end]:
        return finding  # it is about a text, or about sentences
    clause = finding.details.get("clause")
    quote = shortened(clause if isinstance(clause, str) else _around(text, start, end), _LONGEST)
    words = Phrase(*(f"{name} “{quote}”" for name in report.text_name(text_id)))
    return replace(finding, place=finding.place._replace(words=words)) if quote else finding


def _around(text: str, start: int, end: int) -> str:
    """The clause that holds the words from `start` to `end`."""
    first = start
    while first and text[first - 1] not in _STOPS:
        first -= 1
    stop = _STOP.search(text, end)
    return text[first : stop.start() if stop else len(text)].strip()


def meant_by(explanation: Explanation, findings: Sequence[Finding]) -> Sequence[Finding]:
    """The findings that `explanation` points at; several where it is not precise enough.

    One for figures of before may quote the words as they were: other figures in them do not matter.
    """
    found = [finding for finding in findings if is_about(explanation, finding)]
    if not found and explanation.figures:
        found = [finding for finding in findings if is_about(explanation, finding, whatever_figures=True)]
    return found


def is_about(explanation: Explanation, finding: Finding, *, whatever_figures: bool = False) -> bool:
    """Whether `explanation` may speak of `finding`: of its rule, and its place or nothing as place."""
    if explanation.rule != finding.rule:
        return False
    written, place = _bare(explanation.place), finding.place
    address = place.cell or ""
    if written in {"", *map(_bare, (*place.words, address, f"{place.sheet or ''}{address}"))}:
        return True
    return finding.passage is not None and _quotes(explanation.place, finding, whatever_figures)


def _quotes(written: str, finding: Finding, whatever_figures: bool) -> bool:  # noqa: FBT001  # passed on
    """Whether `written`, after sheet and address, is of the words that `finding` quotes or of its line."""
    place = finding.place
    where = [name.partition("“")[0] for name in place.words]
    own = {token for name in (*where, place.sheet or "", place.cell or "") for token in _tokens(name)}
    own |= {*map(_bare, where), _bare(place.sheet or "")}
    tokens = _tokens(written)
    while tokens and tokens[0] in own:
        del tokens[0]
    words = "".join(tokens)
    if not words:
        return True  # the text's name, or the sheet's
    if words == _bare(finding.found or ""):
        return True
    told = [finding.details.get(name, "") for name in ("clause", "context", "line", "lines")]
    told += [finding.found or "", *place.words]
    said = [_bare(each) for entry in told for each in (entry if isinstance(entry, Phrase) else (entry,))]
    if whatever_figures:
        words, said = _FIGURES.sub("", words), [_FIGURES.sub("", each) for each in said]
    return len(words) >= _SHORTEST and any(words in each for each in said)


def _tokens(text: str) -> list[str]:
    """The runs of letters and digits in `text`, marks that people write differently aside."""
    plain = unicodedata.normalize("NFKC", text).replace("$", "").upper()
    return "".join(c if c.isalnum() else " " for c in plain).split()


def _bare(text: str) -> str:
    """`text` without the marks that people write differently: case, spaces, ``$``, quotes, dots."""
    return "".join(_tokens(text))
