"""Possible changes as suggestions: the likeliest first, at most three, and none without a reason."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from workbook_tool.checks.balance import Balance
from workbook_tool.checks.slips import AMONG_TWO, ONLY, likeliest
from workbook_tool.report import plain
from workbook_tool.rules import Change, Suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook_tool.checks.balance import Shifts
    from workbook_tool.checks.slips import Slip
    from workbook_tool.forms import Cell
    from workbook_tool.report import Report

_MOST = 3
_LEAST_SHARE = 0.05
"""What is less likely than this, compared with all that could have happened, is not worth a look."""

_LEAST_FIRST = 0.2
"""Where not even the likeliest reaches this, anything could have happened, and nothing is said."""


def suggest(report: Report, options: Sequence[Shifts]) -> tuple[Suggestion, ...]:
    """The likeliest of `options`, each of which would make everything balance.

    Weighed against each other, as if one of them must have happened. A change that no slip explains is
    suggested only where there is no other.
    """
    explained = [(slip, shifts) for shifts in options if (slip := likeliest(report, shifts))]
    if not explained and len(options) == 1:
        explained = [(ONLY, options[0])]
    whole = sum(slip.weight for slip, _ in explained)
    explained.sort(key=lambda option: -option[0].weight)
    if not explained or explained[0][0].weight < _LEAST_FIRST * whole:
        return ()
    return tuple(
        _suggestion(report, slip, shifts)
        for slip, shifts in explained[:_MOST]
        if slip.weight >= _LEAST_SHARE * whole
    )


def in_pairs(report: Report, culprits: Shifts) -> Mapping[Cell, Shifts]:
    """What the suggestion for each of `culprits` changes: it, and the cell that it was exchanged with."""
    together: dict[Cell, Shifts] = {cell: {cell: shift} for cell, shift in culprits.items()}
    for one, other in combinations(culprits, 2):
        pair = {one: culprits[one], other: culprits[other]}
        slip = likeliest(report, pair)
        if slip and slip.kind in AMONG_TWO:
            together[one] = together[other] = pair
    return together


def settling(report: Report, cell: Cell) -> tuple[Suggestion, ...]:
    """What `cell` should be, where its identities say so and it is the only one in them that is in doubt."""
    balance = Balance(report, report.form.identities_of(cell))
    others = {other for equation in balance.of[cell] for other in equation.parts if other != cell}
    shift = balance.single(cell, balance.failing)
    if not shift or any((figure := report.values[other]) is None or figure < 0 for other in others):
        return ()
    return suggest(report, [{cell: shift}])


def _suggestion(report: Report, slip: Slip, shifts: Shifts) -> Suggestion:
    changes = (
        Change(cell.id, plain(report.values[cell]), plain((report.values[cell] or 0) + shift), cell.where)
        for cell, shift in shifts.items()
    )
    return Suggestion(tuple(changes), slip.words)
