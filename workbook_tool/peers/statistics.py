"""How far each of many numbers is from what is usual among them: robust, and whatever their order."""

from __future__ import annotations

from fractions import Fraction
from math import fsum
from statistics import median, quantiles
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_OF_MAD, _OF_MEAN = 0.6745, 1.253314
"""What makes either deviation comparable with the standard deviation where numbers are normal."""


_LARGEST = 1e300


class Middle(NamedTuple):
    """The median and the quartiles around it."""

    lower: float
    median: float
    upper: float


def approximate(number: Fraction) -> float:
    """`number` as a float; one that is too large for any becomes the largest that is used."""
    return float(max(min(number, Fraction(_LARGEST)), Fraction(-_LARGEST)))


def middle(numbers: Sequence[float]) -> Middle | None:
    """The median and the quartiles (inclusive) of `numbers`; ``None`` where there are none."""
    if not numbers:
        return None
    if len(numbers) == 1:
        return Middle(numbers[0], numbers[0], numbers[0])
    lower, _, upper = quantiles(numbers, n=4, method="inclusive")
    return Middle(lower, median(numbers), upper)


def robust_scores(numbers: Sequence[float]) -> list[float]:
    """The modified z-score of each of `numbers`: its distance from the median, by the usual distance.

    The usual distance is the median of the distances (MAD). Where that is 0, because more than half of
    the numbers are the same, it is their mean; where that is 0 too nothing differs and each score is 0.
    After Iglewicz and Hoaglin, *How to Detect and Handle Outliers* (1993).
    """
    if not numbers:
        return []
    centre = median(numbers)
    distances = [abs(number - centre) for number in numbers]
    usual = median(distances) / _OF_MAD or fsum(distances) / len(distances) * _OF_MEAN
    return [(number - centre) / usual if usual else 0.0 for number in numbers]
