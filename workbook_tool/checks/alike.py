"""H-04: narratives that are last year's over again."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.checks.history import last_year_of
from workbook_tool.phrase import Phrase
from workbook_tool.rules import Finding, Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook_tool.checks.basis import Basis
    from workbook_tool.report import Report

_SENTENCE = re.compile(r"[^。；;！!？?\n]+[。；;！!？?]*")
_DIGITS = "0-9〇零一二三四五六七八九十百千万亿两"
_FIGURES = re.compile(rf"【[^【】\n]+】|[{_DIGITS}][{_DIGITS}.,]*")
"""Figures, and the fields that stand for them."""

_COUNTS = re.compile(r"【|[0-9]")
_YEAR = re.compile(r"20[0-9]{2}年")
_SAID = 12
"""Sentences of fewer characters say nothing of their own, such as a lead-in."""

_MOST = 200
"""Among how many sentences, those about its place, one is looked for; among the others only word for word.
No section has as many, and where one has, to compare every pair would take seconds."""

_SHOWN = 2
_LONGEST_QUOTE = 60


class _Sentence(NamedTuple):
    """A sentence: where it stands, and its words without figures, spaces and the agency's name."""

    start: int
    end: int
    words: str


def check_alike(report: Report, basis: Basis) -> Iterator[Finding]:
    """No narrative is last year's with other years and figures, standard statements aside."""
    prior = last_year_of(report, basis)
    for section in report.form.narratives if prior else ():
        text = report.narratives.get(section.id, "")
        before = prior.narratives.get(section.id, "") if prior else ""
        if not prior or not text or not before:
            continue
        own, last = _sentences(text, report.agency, basis), _sentences(before, prior.agency, basis)
        length = sum(len(sentence.words) for sentence in own)
        if length < basis.limit("history", "long_enough"):
            continue
        same = _same(own, last, basis.limit("history", "same_sentence"))
        part = sum(len(sentence.words) for sentence in same) / length
        if part >= basis.limit("history", "alike"):
            runs = sorted(_runs(text, own, same), key=lambda run: run[0] - run[1])
            yield _finding(report, section.id, runs, f"{part:.0%}".removesuffix("%"))


def own_words(text: str, agency: str, basis: Basis) -> str:
    """What `text` says of its own: standard statements, and sentences that state counts, are everybody's.

    Without figures and the agency's name; empty where it is too little for two texts to be compared by it.
    """
    said = "".join(sentence.words for sentence in _sentences(text, agency, basis, counting=False))
    return said if len(said) >= basis.limit("history", "long_enough") else ""


def _sentences(text: str, agency: str, basis: Basis, *, counting: bool = True) -> list[_Sentence]:
    """The sentences of `text` that say something of their own, those that state counts if `counting`."""
    standard = basis.limit("history", "standard")
    found = []
    for match in _SENTENCE.finditer(text):
        if not counting and _COUNTS.search(_YEAR.sub("", match[0])):
            continue
        plain = unicodedata.normalize("NFKC", match[0].replace(agency, "") if agency else match[0])
        words = "".join(filter(str.isalnum, _FIGURES.sub("", plain)))
        if len(words) >= _SAID and not any(word in plain for word in standard):
            found.append(_Sentence(*match.span(), words))
    return found


def _same(own: Sequence[_Sentence], last: Iterable[_Sentence], alike: float) -> list[_Sentence]:
    """Those of `own` that stand among `last`, a word or two aside."""
    # Only a comparison with last year needs it.
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    known = list(dict.fromkeys(sentence.words for sentence in last))
    exact = set(known)
    same = []
    for number, sentence in enumerate(own):
        first = max(0, min(number * len(known) // len(own) - _MOST // 2, len(known) - _MOST))
        near = known[first : first + _MOST]
        if sentence.words in exact or process.extractOne(
            sentence.words, near, scorer=fuzz.ratio, score_cutoff=100 * alike
        ):
            same.append(sentence)
    return same


def _runs(text: str, own: Iterable[_Sentence], same: Iterable[_Sentence]) -> Iterator[tuple[int, int]]:
    """From where to where in `text` sentences that are the same follow each other in one paragraph."""
    starts = {sentence.start for sentence in same}
    start = end = -1
    for sentence in own:
        if sentence.start in starts and start >= 0 and "\n" not in text[end : sentence.start]:
            end = sentence.end
            continue
        if start >= 0:
            yield start, end
        start, end = (sentence.start, sentence.end) if sentence.start in starts else (-1, -1)
    if start >= 0:
        yield start, end


def _finding(report: Report, text_id: str, runs: Sequence[tuple[int, int]], part: str) -> Finding:
    text = report.texts[text_id]
    passage = Passage(text_id, *runs[0])
    quotes = [_quote(text[start:end]) for start, end in runs[:_SHOWN]]
    return Finding(
        "H-04",
        report.passage_place(passage),
        found=quotes[0],
        details={
            "text": report.text_name(text_id),
            "part": part,
            "passages": Phrase(*(sign.join(f"“{quote}”" for quote in quotes) for sign in ("、", ", "))),
        },
        passage=passage,
    )


def _quote(words: str) -> str:
    words = words.strip()
    return words if len(words) <= _LONGEST_QUOTE else f"{words[:_LONGEST_QUOTE]}…"
