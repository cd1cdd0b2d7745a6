"""Where the six sections begin: their headings among the lines of a document, however they are numbered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.errors import SourceError
from workbook_tool.grids import label_key, nearest
from workbook_tool.phrase import Phrase
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook_tool.forms import Form, Section
    from workbook_tool.published.lines import Line

_LONGEST = 40
_LISTED = 3
"""So many headings with nothing between them are a table of contents."""
_ALIKE, _LEAD = 60, 15
"""How many per cent of its characters a reworded title shares with the form's, and how many more than with
any other section's."""

_NUMBERING = re.compile(
    r"^(?:第?[一二三四五六七八九十]{1,3}(?:部分|章|[、.．,，:：]|\s)|\d{1,2}(?:[、.．]|\s))[、.．,，:：\s]*"
)
_AS_PRINTED, _RENUMBERED, _REWORDED = "", "numbering", "title"
"""How a heading differs from the form's, as cases of rule S-01; the first is what one hopes for."""


class Heading(NamedTuple):
    """A heading: of which section, on which line, and in what it differs from the form's."""

    section: Section
    line: int
    case: str


def headings(form: Form, lines: Sequence[Line]) -> list[Heading]:
    """The heading of each section, in the document's order; a `SourceError` where there are two reports.

    A heading as the form prints it wins over one that is numbered otherwise, and that over one in other
    words. Of several, that of a section of tables is the one with rows below it, that of another the last
    one: what comes before is a table of contents.
    """
    found: dict[Section, list[Heading]] = {}
    for heading in _without_contents(form, lines):
        found.setdefault(heading.section, []).append(heading)
    plainest = {section: min(some, key=_rank).case for section, some in found.items()}
    best = [one for some in found.values() for one in some if one.case == plainest[one.section]]
    best.sort(key=lambda heading: heading.line)
    ends = [*(heading.line for heading in best), len(lines)][1:]
    filled = {
        heading.line
        for heading, end in zip(best, ends, strict=True)
        if any(line.cells for line in lines[heading.line + 1 : end])
    }
    return sorted((_chosen(section, best, filled) for section in found), key=lambda heading: heading.line)


def _without_contents(form: Form, lines: Sequence[Line]) -> list[Heading]:
    """The headings of sections but for those listed one after the other that stand elsewhere again."""
    read = (_heading(form, line.text, number) for number, line in enumerate(lines))
    found = [heading for heading in read if heading]
    runs: list[list[Heading]] = []
    for heading in found:
        if not runs or heading.line > runs[-1][-1].line + 1:
            runs.append([])
        runs[-1].append(heading)
    elsewhere = {heading.section for run in runs if len(run) < _LISTED for heading in run}
    listed = {
        heading.line
        for run in runs
        if len(run) >= _LISTED and any(heading.section in elsewhere for heading in run)
        for heading in run
    }
    return [heading for heading in found if heading.line not in listed]


def heading_findings(form: Form, found: Sequence[Heading], lines: Sequence[Line]) -> Iterator[Finding]:
    """S-01: what the headings that were found have in other words, numbers or another order."""
    for heading in found:
        if heading.case:
            yield Finding(
                "S-01",
                Place(heading.section.name),
                heading.case,
                expected=heading.section.heading,
                found=lines[heading.line].text,
            )
    order = [heading.section for heading in found]
    wanted = [section for section in form.sections if section in order]
    if order != wanted:
        yield Finding(
            "S-01",
            Place(Phrase("全文", "the whole report")),
            "order",
            expected="".join(section.number for section in wanted),
            found="".join(section.number for section in order),
        )


def _alike(bare: str, titles: Mapping[str, str]) -> str | None:
    """The section whose title a numbered line has most of (…及整改措施), if no other comes near."""
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415  # only where a heading is not as it should be

    alike: dict[str, float] = {}
    for title, section in titles.items():
        alike[section] = max(alike.get(section, 0), ratio(bare, title))
    (_, others), (meant, best) = sorted(alike.items(), key=lambda each: each[1])[-2:]
    return meant if best >= _ALIKE and best - others >= _LEAD else None


def is_heading(form: Form, text: str) -> bool:
    """Whether a line is the heading of a section as the form prints it."""
    heading = _heading(form, text, 0)
    return heading is not None and heading.case == _AS_PRINTED


def section_headed(form: Form, text: str) -> Section | None:
    """The section of which a line is the heading, as printed or otherwise."""
    heading = _heading(form, text, 0)
    return heading.section if heading else None


def _rank(heading: Heading) -> int:
    return (_AS_PRINTED, _RENUMBERED, _REWORDED).index(heading.case)


def _chosen(section: Section, best: Sequence[Heading], filled: set[int]) -> Heading:
    own = [heading for heading in best if heading.section is section]
    tabled = [heading for heading in own if section.tables and heading.line in filled]
    if len(tabled) > 1:
        raise SourceError("several")
    return tabled[0] if tabled else own[-1]


def _heading(form: Form, text: str, number: int) -> Heading | None:
    if len(text) > _LONGEST or not text:
        return None
    key = label_key(text)
    bare = label_key(_NUMBERING.sub("", text, count=1))
    titles: dict[str, str] = {}
    for section in form.sections:
        keys = [label_key(title) for title in (section.title, *section.also)]
        if text.startswith(section.number) and any(key == section.number + title for title in keys):
            return Heading(section, number, _AS_PRINTED)
        if bare in keys:
            return Heading(section, number, _RENUMBERED)
        titles |= dict.fromkeys(keys, section.id)
    if bare == key:
        return None
    meant = nearest(bare, titles) or _alike(bare, titles)
    numbered = [s for s in form.sections if s.id == meant and text.startswith(s.number)]
    return Heading(numbered[0], number, _REWORDED) if numbered else None
