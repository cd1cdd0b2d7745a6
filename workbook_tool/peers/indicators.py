"""What units are compared by: numbers and shares, each made of cells of one report."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from workbook_tool.forms import forms
from workbook_tool.phrase import Phrase
from workbook_tool.report import add_up
from workbook_tool.resources import read_toml, resource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal


class Indicator(NamedTuple):
    """A number, or a share of one number in another."""

    id: str
    group: str
    name: Phrase
    kind: Literal["count", "money", "share"]
    of: tuple[str, ...]
    """Cell ids whose figures are added."""
    by: tuple[str, ...]
    """Cell ids by whose sum that is divided, for a share."""
    trend: bool
    """Whether its change from last year has a column of its own."""

    @property
    def is_share(self) -> bool:
        """Whether it is a part of something, between 0 and 1 as a rule."""
        return self.kind == "share"


class Parts(NamedTuple):
    """What an indicator is made of in one report, or in several together: exact, whatever their order."""

    of: Fraction
    by: Fraction

    @property
    def number(self) -> Fraction | None:
        """The indicator itself; there is no share of nothing."""
        return self.of / self.by if self.by else None


@cache
def indicators() -> tuple[Indicator, ...]:
    """All indicators, in the order of the page."""
    return tuple(
        Indicator(
            entry["id"],
            entry["group"],
            Phrase(**entry["name"]),
            entry["kind"],
            tuple(entry["of"]),
            tuple(entry.get("by", ())),
            entry.get("trend", False),
        )
        for entry in _data()["indicator"]
    )


@cache
def groups() -> Mapping[str, Phrase]:
    """The groups of indicators by their id, in the order of the page."""
    return {entry["id"]: Phrase(**entry["name"]) for entry in _data()["group"]}


@cache
def cells_shown() -> tuple[str, ...]:
    """Every cell id that an indicator is made of, in the order of the forms."""
    made_of = {cell for one in indicators() for cell in (*one.of, *one.by)}
    return tuple(dict.fromkeys(cell for form in forms() for cell in form.cells if cell in made_of))


def limits() -> Mapping[str, float]:
    """From where on a unit stands out (see ``templates/compare.toml``)."""
    found: Mapping[str, float] = _data()["limits"]
    return found


@cache
def words(language: str) -> Mapping[str, str]:
    """The words of the page by their names."""
    return {name: Phrase(**phrase).say(language) for name, phrase in _data()["words"].items()}


def parts(
    indicator: Indicator, values: Mapping[str, int | Decimal | None], undecided: frozenset[str]
) -> Parts | None:
    """What `indicator` is made of in a report with `values`.

    ``None`` where that cannot be known: no cell of it is stated, or one holds what is no figure.
    A blank beside stated figures counts as nothing; cells that the form does not have are not asked for.
    """
    sums = []
    for cells in filter(None, (indicator.of, indicator.by)):
        total = None if undecided.intersection(cells) else add_up(values.get(cell) for cell in cells)
        if total is None:
            return None
        sums.append(Fraction(total))
    return Parts(sums[0], sums[1] if indicator.is_share else Fraction(1))


def _data() -> dict[str, Any]:
    return read_toml(resource("templates/compare.toml"))
