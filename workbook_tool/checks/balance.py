"""The identities of a report as one system of equations: which changes would make all of them hold.

The unknowns are the figures that somebody typed; a total that is left to its formula stands for
its parts. As statistical offices do it (Fellegi and Holt 1976): the fewest cells to change.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from workbook_tool.forms import Cell, Form, Identity
    from workbook_tool.report import Report

    Figure = int | Decimal
    Shifts = Mapping[Cell, Figure]
    """What to add to each of some cells."""


class Equation(NamedTuple):
    """An identity: how often each typed figure counts in it, and by how much it is off as stated."""

    identity: Identity
    parts: Mapping[Cell, int]
    off: Figure


class Balance:
    """The equations of a report that can be judged."""

    def __init__(self, report: Report, identities: Iterable[Identity]) -> None:
        """Take those of `identities` that are equations and whose figures are all there.

        What stands among formulas alone follows from the others.
        """
        self.report = report
        self._parts = parts = _typed_parts(report.form, report.computed)
        self.equations = [
            Equation(identity, parts[identity], _off(report, identity))
            for identity in identities
            if identity.relation == "equal" and report.holds(identity) is not None
            if parts[identity] and not report.computed.issuperset(identity.cells)
        ]
        self.of: dict[Cell, list[Equation]] = defaultdict(list)
        for equation in self.equations:
            for cell in equation.parts:
                self.of[cell].append(equation)

    @cached_property
    def unsure(self) -> frozenset[Cell]:
        """The figures in an equation that cannot be judged; nothing can be said of them."""
        judged = {equation.identity for equation in self.equations}
        return frozenset(
            cell
            for identity, cells in self._parts.items()
            if identity not in judged and identity.relation == "equal"
            if not self.report.computed.issuperset(identity.cells)
            for cell in cells
        )

    @property
    def failing(self) -> list[Equation]:
        """The equations that do not hold."""
        return [equation for equation in self.equations if equation.off]

    def groups(self, failing: Sequence[Equation]) -> Iterator[list[Equation]]:
        """`failing` in groups that no change of a few cells could concern together."""
        reach = {id(e): frozenset(id(near) for cell in e.parts for near in self.of[cell]) for e in failing}
        left = list(failing)
        while left:
            group = [left.pop(0)]
            for equation in group:
                near = [other for other in left if not reach[id(equation)].isdisjoint(reach[id(other)])]
                left = [other for other in left if other not in near]
                group += near
            yield group

    def single(self, cell: Cell, group: Sequence[Equation]) -> Figure | None:
        """What to add to `cell` alone so that all of its equations hold, if it is concerned by `group`."""
        first = next((e for e in group if cell in e.parts), None)
        shift = _share(first.off, first.parts[cell]) if first else None
        if shift and self._settles({cell: shift}, ()) and self._is_possible({cell: shift}):
            return shift
        return None

    def changes(self, group: Sequence[Equation]) -> list[Shifts]:
        """The smallest sets of cells, of one or two, whose change makes `group` hold and breaks nothing."""
        first = group[0]
        found: dict[frozenset[Cell], Shifts] = {}
        for cell in first.parts:
            shift = self.single(cell, group)
            if shift and all(cell in equation.parts for equation in group):
                found[frozenset((cell,))] = {cell: shift}
        if not found:
            for cell in first.parts:
                for other in self._partners(cell, group):
                    pair = frozenset((cell, other))
                    if pair not in found and (shifts := self._pair(cell, other, group)):
                        found[pair] = shifts
        return list(found.values())

    def _partners(self, cell: Cell, group: Sequence[Equation]) -> Iterable[Cell]:
        """The cells that may have to change with `cell`: they see to what it leaves off or puts off."""
        left = next((e for e in group if cell not in e.parts), None)
        if left:
            return left.parts
        broken = next((e for e in self.of[cell] if not e.off), None)
        if broken:
            return broken.parts
        return dict.fromkeys(other for equation in group for other in equation.parts)

    def _pair(self, cell: Cell, other: Cell, group: Sequence[Equation]) -> Shifts | None:
        """What to add to two cells, each of which has an equation without the other."""
        if cell == other:
            return None
        shifts: dict[Cell, Figure] = {}
        for one, two in ((cell, other), (other, cell)):
            own = next((e for e in self.of[one] if two not in e.parts), None)
            shift = _share(own.off, own.parts[one]) if own else None
            if shift:
                shifts[one] = shift
        if len(shifts) == 1:
            shifts |= self._complement(shifts, other if cell in shifts else cell)
        if len(shifts) == 2 and self._settles(shifts, group) and self._is_possible(shifts):  # noqa: PLR2004  # a pair
            return shifts
        return None

    def _complement(self, known: Shifts, cell: Cell) -> Shifts:
        """What to add to `cell` once another is changed, as an equation of both says."""
        ((other, shift),) = known.items()
        both = next((e for e in self.of[cell] if other in e.parts), None)
        rest = _share(both.off + shift * both.parts[other], both.parts[cell]) if both else None
        return {cell: rest} if rest else {}

    def _settles(self, shifts: Shifts, group: Sequence[Equation]) -> bool:
        """Whether, with `shifts`, `group` and every equation of the shifted cells hold."""
        touched = {id(e): e for cell in shifts for e in self.of[cell]}
        return all(id(e) in touched for e in group) and all(
            e.off + sum(shift * e.parts.get(cell, 0) for cell, shift in shifts.items()) == 0
            for e in touched.values()
        )

    def _is_possible(self, shifts: Shifts) -> bool:
        """Whether every changed figure could stand in its cell, as far as can be judged."""
        values = self.report.values
        return self.unsure.isdisjoint(shifts) and all(
            cell.kind == "change" or (values[cell] or 0) + shift >= 0 for cell, shift in shifts.items()
        )


def _share(off: Figure, times: int) -> Figure | None:
    """What to add to a figure that counts `times` in an equation that is `off`; ``None`` if nothing whole."""
    return -off // times if off % times == 0 else None


def _off(report: Report, identity: Identity) -> Figure:
    left, right = report.sides(identity)
    return left - right


@lru_cache(maxsize=16)
def _typed_parts(form: Form, computed: frozenset[Cell]) -> Mapping[Identity, Mapping[Cell, int]]:
    """How often each typed figure counts in each identity, formulas replaced by their parts."""

    def add(cell: Cell, times: int, into: dict[Cell, int]) -> None:
        if cell in computed:
            for part in form.sums[cell].left:
                add(part, times, into)
        else:
            into[cell] += times

    found: dict[Identity, Mapping[Cell, int]] = {}
    for identity in form.identities:
        parts: dict[Cell, int] = defaultdict(int)
        for cells, sign in ((identity.left, 1), (identity.right, -1)):
            for cell in cells:
                add(cell, sign, parts)
        found[identity] = {cell: times for cell, times in parts.items() if times}
    return found
