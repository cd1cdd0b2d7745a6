"""Which slip of the hand explains a change of figures, and how likely it is.

The kinds, their weights and their words are data: ``templates/slips.toml``.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from workbook_tool.forms import lay_out
from workbook_tool.phrase import Phrase
from workbook_tool.report import plain
from workbook_tool.resources import read_toml, resource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from workbook_tool.checks.balance import Shifts
    from workbook_tool.forms import Cell, Section
    from workbook_tool.report import Report

    Figure = int | Decimal | None

_SIDES = 4
"""Neighbours of a cell; a figure that strays goes to one of them."""

_RARE = 0.1
"""How much less likely a slip is in its unusual form: digits far apart, cells far apart, a factor of 100."""


class Slip(NamedTuple):
    """One slip that would explain a change."""

    kind: str
    weight: float

    @property
    def words(self) -> Phrase:
        """What happened, in words."""
        return Phrase(**_kinds()[self.kind]["words"])


ONLY = Slip("only", 1.0)
"""No slip that is known, but the only change there is."""


AMONG_TWO = frozenset({"moved", "exchanged"})
"""The slips that concern two cells at once."""


def likeliest(report: Report, shifts: Shifts) -> Slip | None:
    """The slip that best explains why the cells of `shifts` differ from what they should be."""
    slips = (
        [*_of_one(report, *next(iter(shifts.items())))] if len(shifts) == 1 else [*_of_two(report, shifts)]
    )
    return max(slips, key=lambda slip: slip.weight, default=None)


def _slip(kind: str, ways: float = 1) -> Slip:
    return Slip(kind, float(_kinds()[kind]["weight"]) / ways)


def _of_one(report: Report, cell: Cell, shift: int | Decimal) -> Iterator[Slip]:
    found = report.values[cell]
    true = (found or 0) + shift
    if not found and true > 0:
        yield _slip("zero" if found == 0 else "omitted")
        return
    if found == -true:
        yield _slip("sign")
    if found is None or true < 0 or found < 0:
        return
    yield from _of_digits(plain(found), plain(true))
    near = [report.values.get(other) for other in _neighbours(report, cell)]
    if found in near:
        yield _slip("twice", _SIDES if true == 0 else _SIDES / _RARE)
    if cell.is_total:
        parts = [report.values.get(part) for part in report.form.sums[cell].left]
        if shift in parts:
            yield _slip("part", sum(bool(part) for part in parts))


def _of_digits(found: str, true: str) -> Iterator[Slip]:
    """The slips of typing that make `found` of `true`."""
    if len(found) == len(true):
        wrong = [at for at, (one, other) in enumerate(zip(found, true, strict=True)) if one != other]
        if len(wrong) == 1:
            yield _slip("digit", 9 * len(true))
        elif len(wrong) == 2 and found[wrong[0]] + found[wrong[1]] == true[wrong[1]] + true[wrong[0]]:  # noqa: PLR2004  # two digits
            pairs = sum(one != other for one, other in pairwise(true))
            yield _slip("swapped", pairs if wrong[1] - wrong[0] == 1 else pairs / _RARE)
    if _number(found) in _with_one_less(true):
        yield _slip("dropped", len(true))
    if true in _with_one_less(found):
        doubled = any(
            found[at] == found[at + 1] and found[:at] + found[at + 1 :] == true
            for at in range(len(found) - 1)
        )
        yield _slip("doubled", len(true)) if doubled else _slip("inserted", 10 * len(true))
    for one, other in ((found, true), (true, found)):
        if other != "0" and one == f"{other}0":
            yield _slip("factor", 2)
        elif other != "0" and one == f"{other}00":
            yield _slip("factor", 2 / _RARE)


def _with_one_less(digits: str) -> set[str]:
    """What `digits` become when one of them is left out."""
    return {_number(digits[:at] + digits[at + 1 :]) for at in range(len(digits)) if len(digits) > 1}


def _number(digits: str) -> str:
    return digits.lstrip("0") or "0"


def _of_two(report: Report, shifts: Shifts) -> Iterator[Slip]:
    (one, by_one), (other, by_other) = shifts.items()
    found = report.values[one], report.values[other]
    true = (found[0] or 0) + by_one, (found[1] or 0) + by_other
    beside = other in _neighbours(report, one)
    if true == (found[1] or 0, found[0] or 0):
        moved = 0 in true and beside
        yield _slip("moved" if moved else "exchanged", _SIDES if beside else _SIDES / _RARE)
    for away, at in ((0, 1), (1, 0)):
        # One cell was left empty and its figure stands in the other, over what belongs there.
        if beside and not found[away] and true[away] == found[at]:
            yield _slip("moved", _SIDES / _RARE)
    singly = [likeliest(report, {cell: shift}) for cell, shift in shifts.items()]
    if all(singly):
        weight = _slip("both").weight
        for slip in singly:
            weight *= slip.weight if slip else 0
        yield Slip("both", weight)


def _neighbours(report: Report, cell: Cell) -> tuple[Cell, ...]:
    return _near(report.form.section(cell.section))[cell]


@cache
def _near(section: Section) -> Mapping[Cell, tuple[Cell, ...]]:
    """The cells right and left of, above and below each cell of `section`, as printed."""
    at = lay_out(section).figures()
    steps = ((0, 1), (0, -1), (1, 0), (-1, 0))
    return {
        cell: tuple(
            at[row + down, column + right] for down, right in steps if (row + down, column + right) in at
        )
        for (row, column), cell in at.items()
    }


@cache
def _kinds() -> Mapping[str, Mapping[str, Any]]:
    return read_toml(resource("templates/slips.toml"))
