"""Why a message or a file in it gave no submission: a fixed list, described in ``templates/round.toml``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.phrase import Phrase
from workbook_tool.round.settings import round_data

if TYPE_CHECKING:
    from collections.abc import Mapping


class Reason(NamedTuple):
    """One reason: its words, whether a person has to decide, whether and how the unit is told."""

    id: str
    words: Phrase
    human: bool = False
    answer: bool = False
    tell: str = ""


@cache
def reasons() -> Mapping[str, Reason]:
    """Every reason by its id; the empty id is no reason at all."""
    listed = {
        name: Reason(
            name, Phrase(raw["zh"], raw["en"]), raw.get("human", False), raw.get("answer", False), raw["tell"]
        )
        for name, raw in round_data()["reason"].items()
    }
    return {"": Reason("", Phrase("", "")), **listed}
