"""Two reports side by side as plain text, for a terminal: columns aligned, the ids of the lines last."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from workbook_tool.year_on_year import comparison_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook_tool.changes import Difference
    from workbook_tool.year_on_year import Comparison


def comparison_text(comparison: Comparison, language: str) -> Iterator[str]:
    """The lines: whose reports, the tables, what only one form has, the paragraphs, how many differ."""
    words = comparison_words(language)
    sides = [side.say(language) for side in comparison.sides]
    yield f"{comparison.agency}  {sides[0]} → {sides[1]}".strip()
    for difference in comparison.subject:
        before, after = difference.before or words["blank"], difference.after or words["blank"]
        yield f"{difference.place.say(language)}: {before} → {after}  {difference.id}"
    heads = [words["line"], *sides, words["change"], words["percent"], words["id"]]
    for part in comparison.parts:
        rows = [[row.label.say(language), *row.written(language), row.id] for row in part.rows]
        yield from ("", f"【{part.heading}】")
        yield from _aligned([heads, *rows])
    for only in comparison.one_sided:
        if only.rows or only.rest:
            yield from ("", f"【{words['only'].format(side=only.side.say(language))}】")
            yield from _aligned(
                [
                    [label.say(language), side.stands or words["blank"], cell]
                    for cell, label, side in only.rows
                ]
            )
            if only.rest:
                yield words["rest"].format(count=only.rest)
    for (place, text_id), differences in groupby(comparison.texts, lambda each: (each.place, each.id)):
        yield from ("", f"【{place.say(language)}】  {text_id}")
        for number, difference in enumerate(differences):
            yield from ("",) if number else ()
            yield from _paragraphs(difference)
    yield ""
    yield words["count"].format(count=comparison.total) if comparison.total else words["same"]


def _paragraphs(difference: Difference) -> Iterator[str]:
    for mark, text in (("-", difference.before), ("+", difference.after)):
        for line in text.split("\n") if text else ():
            yield f"  {mark} {line}"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """`rows` in columns: the first and the last begin together, the figures between them end together."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for first, *figures, last in rows:
        padded = [
            " " * (width - _width(text)) + text for text, width in zip(figures, widths[1:-1], strict=True)
        ]
        yield "  ".join([first + " " * (widths[0] - _width(first)), *padded, last])


def _width(text: str) -> int:
    """How many columns of a terminal `text` takes: two a wide character."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
