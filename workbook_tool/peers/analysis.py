"""The comparison itself: every unit's indicators, what they come to together, and who stands out."""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.peers.indicators import Parts, indicators, limits, parts
from workbook_tool.peers.statistics import approximate, middle, robust_scores

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook_tool.peers.indicators import Indicator
    from workbook_tool.peers.sorting import Sorted, Unit
    from workbook_tool.peers.stands import Stand
    from workbook_tool.peers.statistics import Middle


class Pair(NamedTuple):
    """An indicator of one unit, this year and last."""

    this: Parts | None
    last: Parts | None

    @property
    def number(self) -> Fraction | None:
        """Its value this year."""
        return self.this.number if self.this else None

    @property
    def before(self) -> Fraction | None:
        """Its value last year."""
        return self.last.number if self.last else None

    @property
    def change(self) -> Fraction | None:
        """How much more it is than last year; ``None`` where either is not known."""
        if self.number is None or self.before is None:
            return None
        return self.number - self.before


class Together(NamedTuple):
    """An indicator of all counted units together.

    A share of all is that of their sums. `pair` is of the units that state it for both years.
    """

    indicator: Indicator
    all: Parts | None
    units: int
    pair: Pair
    pairs: int
    numbers: tuple[float, ...]
    """Each unit's."""

    @property
    def number(self) -> Fraction | None:
        """The indicator of all."""
        return self.all.number if self.all else None

    @property
    def middle(self) -> Middle | None:
        """The median and the quartiles of the units."""
        return middle(self.numbers)


class Outlier(NamedTuple):
    """A unit that stands out among those of its kind."""

    unit: int
    """Its place among the units."""
    indicator: Indicator
    of_change: bool
    """Whether it is the change from last year that does."""
    number: Fraction
    median: Fraction
    score: float
    peers: int


class Analysis(NamedTuple):
    """All that the page shows."""

    sorted: Sorted
    table: tuple[Mapping[str, Pair], ...]
    """Every unit's indicators by id, in the order of the units."""
    together: tuple[Together, ...]
    outliers: tuple[Outlier, ...]
    """The farthest first."""
    kinds: Mapping[str, int]
    """How many counted units there are of each level."""

    @property
    def has_last(self) -> bool:
        """Whether there is any report of last year."""
        return any(unit.last for unit in self.sorted.units)


def analyse(found: Sorted) -> Analysis:
    """The comparison of the units of `found`."""
    table = tuple(
        {one.id: Pair(_parts(one, unit.stand), _parts(one, unit.last)) for one in indicators()}
        for unit in found.units
    )
    counted = [row for row, unit in zip(table, found.units, strict=True) if unit.counted]
    kinds: dict[str, int] = defaultdict(int)
    for unit in found.units:
        kinds[unit.level] += unit.counted
    outliers = sorted(
        _outliers(found.units, table), key=lambda one: (-abs(one.score), one.unit, one.indicator.id)
    )
    together = tuple(_together(one, [row[one.id] for row in counted]) for one in indicators())
    return Analysis(found, table, together, tuple(outliers), kinds)


def _parts(indicator: Indicator, stand: Stand | None) -> Parts | None:
    return parts(indicator, stand.values, stand.undecided) if stand else None


def _together(indicator: Indicator, column: Sequence[Pair]) -> Together:
    stated = [pair.this for pair in column if pair.this and pair.number is not None]
    both = [pair for pair in column if pair.change is not None]
    return Together(
        indicator,
        _sum(indicator, stated) if stated else None,
        len(stated),
        Pair(
            _sum(indicator, [pair.this for pair in both if pair.this]),
            _sum(indicator, [pair.last for pair in both if pair.last]),
        )
        if both
        else Pair(None, None),
        len(both),
        tuple(approximate(part.number) for part in stated if part.number is not None),
    )


def _sum(indicator: Indicator, found: Sequence[Parts]) -> Parts:
    by = sum((part.by for part in found), Fraction(0)) if indicator.is_share else Fraction(1)
    return Parts(sum((part.of for part in found), Fraction(0)), by)


def _outliers(units: Sequence[Unit], table: Sequence[Mapping[str, Pair]]) -> Iterator[Outlier]:
    """Who stands out in anything among the counted units of the same level."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for number, unit in enumerate(units):
        if unit.counted:
            kinds[unit.level].append(number)
    for peers in kinds.values():
        for indicator in indicators():
            for of_change in (False, True):
                column = [
                    (number, measured)
                    for number in peers
                    if (measured := _measured(indicator, table[number][indicator.id], of_change=of_change))
                ]
                yield from _far(indicator, column, of_change=of_change)


class _Measured(NamedTuple):
    number: Fraction
    scale: float
    """Where it stands on the scale on which distances are compared: numbers by their orders of magnitude."""


def _measured(indicator: Indicator, pair: Pair, *, of_change: bool) -> _Measured | None:
    """What is held against the others'; ``None`` where it is not known, or of too few cases to tell."""
    known = [pair.this, pair.last] if of_change else [pair.this]
    if any(part is None or part.number is None for part in known):
        return None
    base, number = limits()["base"], pair.number or Fraction(0)
    if indicator.is_share:
        if any(part is not None and part.by < base for part in known):
            return None
        shown = (pair.change or Fraction(0)) if of_change else number
        return _Measured(shown, approximate(shown))
    before = pair.before or Fraction(0)
    if not of_change:
        return _Measured(number, magnitude(number))
    if before < base:
        return None
    return _Measured(number / before - 1, magnitude(number) - magnitude(before))


def magnitude(number: Fraction) -> float:
    """Where `number` stands on a scale of orders of magnitude, on which 0 is 0."""
    whole = max(number, Fraction(0)) + 1
    return math.log(whole.numerator) - math.log(whole.denominator)


def _far(
    indicator: Indicator, column: Sequence[tuple[int, _Measured]], *, of_change: bool
) -> Iterator[Outlier]:
    if len(column) < limits()["units"]:
        return
    scores = robust_scores([measured.scale for _, measured in column])
    median = _median([measured.number for _, measured in column])
    for (number, measured), score in zip(column, scores, strict=True):
        if abs(score) >= limits()["score"] and _matters(
            indicator, measured.number, median, of_change=of_change
        ):
            yield Outlier(number, indicator, of_change, measured.number, median, score, len(column))


def _matters(indicator: Indicator, number: Fraction, median: Fraction, *, of_change: bool) -> bool:
    """Whether the distance is worth a word, however alike the others are."""
    apart = abs(number - median)
    if indicator.is_share:
        return approximate(apart) >= limits()["points"]
    if of_change:
        return approximate(apart) >= limits()["change"]
    smaller, larger = sorted((number, median))
    return approximate(apart) >= limits()["number"] and larger >= smaller * Fraction(limits()["factor"])


def _median(numbers: Sequence[Fraction]) -> Fraction:
    ordered = sorted(numbers)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
