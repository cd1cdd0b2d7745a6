"""What the texts of a report state as they are printed, figures in place of fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.narrative.facts import facts_in
from workbook_tool.narrative.fields import printed_texts
from workbook_tool.narrative.recall import recalled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.narrative.facts import Fact
    from workbook_tool.report import Report


class Stated(NamedTuple):
    """A fact of one of the texts, its place and words as they were written."""

    text: str
    fact: Fact
    figure: str = ""
    """What is printed in place of a field."""


@recalled
def facts_of(report: Report) -> tuple[Stated, ...]:
    """The facts of the texts of `report`, in their order: judged as printed, to be found as written."""
    return tuple(_facts_of(report))


def _facts_of(report: Report) -> Iterator[Stated]:
    for text_id, known in printed_texts(report).items():
        text = report.texts[text_id]
        facts = facts_in(known.text, report.form, report.year, report.agency)
        if not known.fields:
            yield from (Stated(text_id, fact) for fact in facts)
            continue
        for fact in facts:
            start, end = known.written(fact.start, fact.end)
            words = text[start:end]
            figure = "" if words == fact.words else fact.words
            yield Stated(text_id, fact._replace(start=start, end=end, words=words), figure)
