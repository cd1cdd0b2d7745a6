"""The prose of a report for the page of findings, the words marked that findings are about or that agree."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from workbook_tool.checks.verdict import agreed_in
from workbook_tool.report import OPENING
from workbook_tool.rules import LEVELS, SYMBOLS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from workbook_tool.report import Report
    from workbook_tool.rules import Finding


class _Mark(NamedTuple):
    """Words to be marked: from where to where, and what is drawn there."""

    start: int
    end: int
    drawn: dict[str, Any]


def narratives_of(
    report: Report, findings: Iterable[Finding], anchors: Mapping[int, str], language: str
) -> Iterator[dict[str, Any]]:
    """The texts that say something, each as paragraphs of pieces, marked or plain."""
    marks: dict[str, list[_Mark]] = {}
    for finding in findings:
        if finding.passage:
            text_id, start, end = finding.passage
            drawn = {
                "anchor": anchors[id(finding)],
                "severity": finding.severity,
                "symbol": SYMBOLS[finding.severity],
                "level": LEVELS[finding.severity].say(language),
            }
            marks.setdefault(text_id, []).append(_Mark(start, end, drawn))
    faulty = set(marks)
    for agreed in agreed_in(report):
        text_id, start, end = agreed.passage
        title = f"↔ {agreed.line.say(language)} {agreed.figure}"
        marks.setdefault(text_id, []).append(_Mark(start, end, {"title": title}))
    for text_id, text in report.texts.items():
        if text:
            title = report.text_name(text_id).say(language)
            if text_id != OPENING:
                title = report.form.section(text_id).heading
            paragraphs = list(_paragraphs(text, marks.get(text_id, ())))
            yield {"title": title, "paragraphs": paragraphs, "open": text_id in faulty}


def _paragraphs(text: str, marks: Iterable[_Mark]) -> Iterator[list[dict[str, Any]]]:
    """The paragraphs, each as its pieces; of marks that overlap the first is drawn."""
    drawn = list(_apart(marks))
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        first = bisect_right(drawn, start, key=lambda mark: mark.end)
        last = bisect_left(drawn, end, key=lambda mark: mark.start)
        yield list(_pieces(text, start, end, drawn[first:last]))
        start = end + 1


def _apart(marks: Iterable[_Mark]) -> Iterator[_Mark]:
    """The marks in their order, without those that overlap an earlier one; findings go before agreements."""
    position = 0
    for mark in sorted(marks, key=lambda mark: (mark.start, "title" in mark.drawn, mark.end)):
        if position <= mark.start < mark.end:
            yield mark
            position = mark.end


def _pieces(text: str, start: int, end: int, marks: Iterable[_Mark]) -> Iterator[dict[str, Any]]:
    """The text from `start` to `end`, where `marks` stand one after the other."""
    position = start
    for mark in marks:
        first, last = max(mark.start, start), min(mark.end, end)
        if position < first:
            yield {"text": text[position:first]}
        yield {"text": text[first:last], **mark.drawn}
        position = last
    if position < end:
        yield {"text": text[position:end]}
