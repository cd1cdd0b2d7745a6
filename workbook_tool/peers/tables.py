"""The units side by side: a table for each group of indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook_tool.peers.indicators import groups, indicators, words
from workbook_tool.peers.written import change, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook_tool.peers.analysis import Analysis, Pair
    from workbook_tool.peers.indicators import Indicator

Sides = dict[tuple[int, str, bool], str]
"""Who stands out to which side: by unit, indicator, and whether in its change."""


def unit_tables(
    analysis: Analysis, drawn: Sequence[dict[str, Any]], sides: Sides, language: str
) -> Iterator[dict[str, Any]]:
    """A table for each group; a row for each unit, of which `drawn` has the cards."""
    for group, title in groups().items():
        columns = list(_columns(group, has_last=analysis.has_last))
        yield {
            "title": title.say(language),
            "heads": [_head(indicator, of_change, language) for indicator, of_change in columns],
            "rows": [
                {
                    "unit": card,
                    "cells": [
                        _cell(indicator, pairs[indicator.id], of_change, card, language)
                        | {"side": sides.get((place, indicator.id, of_change), "")}
                        for indicator, of_change in columns
                    ],
                }
                for place, (card, pairs) in enumerate(zip(drawn, analysis.table, strict=True))
            ],
        }


def _columns(group: str, *, has_last: bool) -> Iterator[tuple[Indicator, bool]]:
    """Each indicator, and its change where there is something to compare with and it has a column."""
    for one in indicators():
        if one.group == group:
            yield one, False
            if one.trend and has_last:
                yield one, True


def _head(indicator: Indicator, of_change: bool, language: str) -> str:  # noqa: FBT001  # as the columns are
    name = indicator.name.say(language)
    if not of_change:
        return name
    return f"{name} {words(language)['change_points' if indicator.is_share else 'change']}"


def _cell(
    indicator: Indicator,
    pair: Pair,
    of_change: bool,  # noqa: FBT001  # as the columns are
    card: Mapping[str, Any],
    language: str,
) -> dict[str, str]:
    if of_change:
        text = change(indicator, pair, language, short=True)
    else:
        text = number(indicator, pair.number, language)
    return {"text": text, "target": card["targets"].get(indicator.id, "")}
