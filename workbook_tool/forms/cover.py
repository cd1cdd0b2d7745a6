"""The cover of a report: its fields, and the levels of government to choose from.

The same for every edition; described in ``templates/workbook.toml``.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from workbook_tool.phrase import Phrase
from workbook_tool.resources import read_toml, resource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class CoverField(NamedTuple):
    """One field of the cover."""

    id: str
    label: str
    en: str
    kind: Literal["text", "year", "choice", "period"]
    prompt: str
    required: bool = False

    @property
    def name(self) -> str:
        """The defined name of its cell."""
        return f"cover__{self.id}"

    @property
    def words(self) -> Phrase:
        """What messages call the field."""
        return Phrase(self.label, self.en)


class Level(NamedTuple):
    """A level of government: what it may do, and what sizes are plausible for it."""

    name: Phrase
    powers: tuple[str, ...]
    ceiling: Mapping[str, Decimal]


@cache
def workbook_data() -> Mapping[str, Any]:
    """The content of ``templates/workbook.toml``."""
    return read_toml(resource("templates/workbook.toml"))


@cache
def cover_fields() -> tuple[CoverField, ...]:
    """The fields of the cover, in order."""
    return tuple(CoverField(**entry) for entry in workbook_data()["cover"])


def cover_words(field_id: str) -> Phrase:
    """What messages call the cover's field with this id."""
    return next(field.words for field in cover_fields() if field.id == field_id)


@cache
def levels() -> Mapping[str, Level]:
    """The levels of government by their Chinese name."""
    return {
        entry["name"]["zh"]: Level(
            name=Phrase(**entry["name"]),
            powers=tuple(entry.get("powers", ())),
            ceiling={cell: Decimal(most) for cell, most in entry.get("ceiling", {}).items()},
        )
        for entry in workbook_data()["level"]
    }


def period(year: int) -> str:
    """The statistical period of a report on `year`."""
    return f"{year}年1月1日至{year}年12月31日"
