"""N-01, N-08 and N-12: that the narratives say something, that section 一 says it all, and not too much."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from workbook_tool.checks.quotation import shortened, words
from workbook_tool.narrative.fields import printed_texts
from workbook_tool.phrase import Phrase, listed
from workbook_tool.rules import Finding, Passage, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.checks.basis import Basis
    from workbook_tool.forms import Section
    from workbook_tool.report import Report

_GENERAL = "s1"
_LEFT_OUT = re.compile(r"[〔\[（(【]\s{0,9}略\s{0,9}[〕\]）)】]")
_NO_WORD = re.compile(r"[\W_]+")


def check_substance(report: Report, basis: Basis) -> Iterator[Finding]:
    """Each narrative says something: it is not empty, no mere 无, no stub.

    Where nothing at all has been filled in, the tables say so.
    """
    if not any(report.narratives.values()) and all(figure is None for figure in report.values.values()):
        return
    fewest = basis.limit("narrative", "fewest")
    printed = printed_texts(report)
    for section in report.form.narratives:
        text = report.narratives.get(section.id, "")
        details: dict[str, str | Phrase] = {"section": _heading(section)}
        if text.strip():
            if _is_stub(printed[section.id].text, fewest):
                place, passage = _place(report, section), Passage(section.id, 0, len(text))
                yield Finding("N-01", place, found=shortened(text), details=details, passage=passage)
        elif section.id in report.narratives and not report.paragraphs.get(section.id):
            # A section that is missing, and what stands there and is no text, are told otherwise.
            yield Finding("N-01", _place(report, section), "empty", details=details)


def check_aspects(report: Report, basis: Basis) -> Iterator[Finding]:
    """Section 一 speaks of each of the five aspects, in a part of its own or in words."""
    text = report.narratives.get(_GENERAL, "")
    section = report.form.section(_GENERAL)
    written = {paragraph.block for paragraph in report.paragraphs.get(_GENERAL, ())}
    missing = [
        Phrase(**aspect["name"])
        for aspect in words("aspect")
        if aspect["id"] not in written and not any(word in text for word in aspect["words"])
    ]
    if missing and not _is_stub(text, basis.limit("narrative", "fewest")) and not _LEFT_OUT.search(text):
        details: dict[str, str | Phrase] = {"section": _heading(section), "missing": listed(missing)}
        yield Finding("N-08", _place(report, section), details=details)


def check_length(report: Report, basis: Basis) -> Iterator[Finding]:
    """Section 一 is printed no longer than the limit, white space not counted."""
    longest, section = basis.limit("narrative", "longest"), report.form.section(_GENERAL)
    printed = printed_texts(report).get(_GENERAL)
    count = len("".join(printed.text.split())) if printed else 0
    if count > longest:
        yield Finding(
            "N-12",
            _place(report, section),
            expected=str(longest),
            found=str(count),
            details={"section": _heading(section)},
        )


def _is_stub(text: str, fewest: int) -> bool:
    said = _NO_WORD.sub("", _LEFT_OUT.sub("", text))
    if not said or said in _nothings():
        return True
    return len(said) < fewest and not re.match(words("substance")["statement"], said)


@cache
def _nothings() -> frozenset[str]:
    return frozenset(words("substance")["nothing"])


def _heading(section: Section) -> Phrase:
    return Phrase(section.heading, section.name.en)


def _place(report: Report, section: Section) -> Place:
    """The section's sheet at the first row that has been filled in; in words where there is none."""
    stood = [paragraph for paragraph in report.paragraphs.get(section.id, ()) if paragraph.is_read]
    if stood and stood[0].sheet:
        return Place(section.name, stood[0].sheet, stood[0].cell)
    return Place(section.name, section.tab if report.on_sheets else None)
