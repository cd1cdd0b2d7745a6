"""Two reports side by side as one page to read, print and pass on: nothing from outside, all escaped."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from workbook_tool.resources import page_template
from workbook_tool.year_on_year import comparison_words

if TYPE_CHECKING:
    from workbook_tool.changes import Difference
    from workbook_tool.year_on_year import Comparison, Row


def comparison_page(comparison: Comparison, language: str) -> str:
    """The page: a table for each section, what only one form has, and the paragraphs that differ."""
    words = comparison_words(language)
    sides = [side.say(language) for side in comparison.sides]
    only = [
        {
            "title": words["only"].format(side=one.side.say(language)),
            "rows": [(cell, label.say(language), side.stands) for cell, label, side in one.rows],
            "rest": words["rest"].format(count=one.rest) if one.rest else "",
        }
        for one in comparison.one_sided
        if one.rows or one.rest
    ]
    page = page_template("comparison.html.j2").render(
        words=words,
        sides=sides,
        agency=comparison.agency,
        subject=[_difference(difference, language) for difference in comparison.subject],
        parts=[
            {"heading": part.heading, "rows": [_row(row, language) for row in part.rows]}
            for part in comparison.parts
        ],
        only=only,
        texts=[
            (place.say(language), text_id, [_difference(difference, language) for difference in differences])
            for (place, text_id), differences in groupby(comparison.texts, lambda each: (each.place, each.id))
        ],
        summary=words["count"].format(count=comparison.total) if comparison.total else words["same"],
    )
    return page + "\n"


def _row(row: Row, language: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "label": row.label.say(language),
        "total": row.is_total,
        "differs": row.differs,
        "figures": row.written(language),
    }


def _difference(difference: Difference, language: str) -> dict[str, Any]:
    return {
        "place": difference.place.say(language),
        "id": difference.id,
        "before": difference.before.split("\n") if difference.before else [],
        "after": difference.after.split("\n") if difference.after else [],
    }
