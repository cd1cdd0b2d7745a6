"""The comparison as one page to read, print and pass on: nothing from outside, everything escaped."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

from workbook_tool.peers.charts import bars, strip
from workbook_tool.peers.indicators import groups, indicators, limits, words
from workbook_tool.peers.sources import cards, cell_label
from workbook_tool.peers.tables import Sides, unit_tables
from workbook_tool.peers.written import change, number, outlier_number, outlier_words
from workbook_tool.resources import page_template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbook_tool.peers.analysis import Analysis, Outlier, Together


def compare_page(analysis: Analysis, links: Mapping[str, str], language: str, *, failing: bool) -> str:
    """The page.

    `links` lead from a source to its file, where there is one to lead to; `failing` says that units with
    errors were counted.
    """
    # Ours, and hashed as it stands.
    from markupsafe import Markup  # noqa: PLC0415

    said = dict(words(language))
    said["outliers_how"] = said["outliers_how"].format(**_limits())
    script = page_template("compare.js").render()
    drawn = cards(analysis, links, language)
    sides: Sides = {
        (one.unit, one.indicator.id, one.of_change): "high" if one.score > 0 else "low"
        for one in analysis.outliers
    }
    return (
        page_template("compare.html.j2").render(
            words=said,
            script=Markup(script),  # noqa: S704  # see above
            script_hash="sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            summary=_summary(analysis, language),
            lines=list(_lines(analysis, language, failing=failing)),
            aside=[
                {"title": said[why], "names": names} for why, names in analysis.sorted.aside.items() if names
            ],
            has_last=analysis.has_last,
            together=list(_together(analysis, language)),
            charts=list(bars(analysis, language)),
            too_few=_too_few(analysis, language),
            outliers=[_outlier(one, drawn, language) for one in analysis.outliers],
            tables=list(unit_tables(analysis, drawn, sides, language)),
            definitions=list(_definitions(language)),
            units=drawn,
        )
        + "\n"
    )


def _limits() -> dict[str, str]:
    return {name: f"{limit:g}" for name, limit in limits().items()}


def _summary(analysis: Analysis, language: str) -> str:
    said, units = words(language), analysis.sorted.units
    if not units:
        return said["nothing"]
    text = said["summary"].format(
        year=analysis.sorted.year or said["no_year"],
        units=len(units),
        counted=sum(unit.counted for unit in units),
    )
    if analysis.has_last:
        text += (" " if language == "en" else "") + said["against_last"].format(
            number=sum(unit.last is not None for unit in units)
        )
    return text


def _lines(analysis: Analysis, language: str, *, failing: bool) -> Iterator[str]:
    """What else is to be known before anything is read."""
    said = words(language)
    if failing:
        yield said["included"]
    editions = Counter(
        side.edition for unit in analysis.sorted.units for side in (unit.stand, unit.last) if side
    )
    if len(editions) > 1:
        counted = (said["edition"].format(edition=name, number=n) for name, n in sorted(editions.items()))
        yield said["editions"].format(editions=_listed(counted, language))


def _too_few(analysis: Analysis, language: str) -> str:
    said, least = words(language), limits()["units"]
    few = [f"{kind or said['no_level']} {n}" for kind, n in analysis.kinds.items() if 0 < n < least]
    return said["too_few"].format(units=f"{least:g}", kinds=_listed(few, language)) if few else ""


def _listed(parts: Iterator[str] | list[str], language: str) -> str:
    return (", " if language == "en" else "、").join(parts)


def _together(analysis: Analysis, language: str) -> Iterator[dict[str, Any]]:
    """The table of each group: what all units come to."""
    for group, title in groups().items():
        rows = [one for one in analysis.together if one.indicator.group == group]
        yield {
            "title": title.say(language),
            "rows": [_row(one, language, has_last=analysis.has_last) for one in rows],
        }


def _row(one: Together, language: str, *, has_last: bool) -> dict[str, Any]:
    indicator, middle, none = one.indicator, one.middle, words(language)["none"]
    cells = [number(indicator, one.number, language), str(one.units)]
    if has_last:
        cells += [number(indicator, value, language) for value in (one.pair.before, one.pair.number)]
        cells += [change(indicator, one.pair, language), str(one.pairs)]
    cells.append(number(indicator, middle.median if middle else None, language))
    ends = [number(indicator, end, language) for end in (middle.lower, middle.upper)] if middle else [none]
    cells.append(ends[0] if len(set(ends)) == 1 else " – ".join(ends))
    return {"name": indicator.name.say(language), "cells": cells, "chart": strip(one, language)}


def _outlier(one: Outlier, drawn: list[dict[str, Any]], language: str) -> dict[str, Any]:
    name = one.indicator.name.say(language)
    unit = drawn[one.unit]
    return {
        "unit": unit["number"],
        "agency": unit["agency"],
        "name": words(language)["of_change"].format(name=name) if one.of_change else name,
        "side": "high" if one.score > 0 else "low",
        "target": unit["targets"].get(one.indicator.id, f"u{unit['number']}"),
        "number": outlier_number(one, one.number, language),
        "said": outlier_words(one, language),
        "score": f"{one.score:+.1f}",
    }


def _definitions(language: str) -> Iterator[dict[str, str]]:
    for one in indicators():
        of, by = (" + ".join(cell_label(cell, language) for cell in cells) for cells in (one.of, one.by))
        made_of = f"({of}) ÷ ({by})" if by else of
        yield {"name": one.name.say(language), "made_of": made_of}
