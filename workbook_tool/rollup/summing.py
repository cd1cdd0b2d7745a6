"""Adding up: every cell that means the same in each unit's edition, over all units that have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.excel.rollup_layout import Gap, summed
from workbook_tool.rollup.units import unit_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from workbook_tool.batch import Record
    from workbook_tool.excel.rollup_layout import Figure
    from workbook_tool.forms import Cell, Form
    from workbook_tool.rollup.units import Unit


class Aside(NamedTuple):
    """Figures that are not in the sum, and the units whose they are or which lack them."""

    units: tuple[Unit, ...]
    cells: tuple[Cell, ...]


class Sums(NamedTuple):
    """The sum of each cell, each unit's share in it, and what is not in it.

    `values` has every cell of the form: ``None`` where all units leave it blank. `left_out` are figures of
    another edition that the form has no cell for, `lacking` those of its cells that some units do not have.
    """

    values: dict[Cell, int | Decimal | None]
    figures: tuple[tuple[Figure, ...], ...]
    left_out: tuple[Aside, ...]
    lacking: tuple[Aside, ...]


def sum_records(records: Iterable[Record], form: Form) -> dict[Cell, int | Decimal | None]:
    """The sum of each cell of `form` over `records`; blanks and what is lacking count as nothing."""
    return sum_units([unit_of(record) for record in records], form).values


def sum_units(units: Sequence[Unit], form: Form) -> Sums:
    """The sums over `units` in `form`: cells are the same where their ids are."""
    cells = tuple(form.cells.values())
    figures = tuple(_aligned(unit, form) for unit in units)
    columns = zip(*figures, strict=True) if figures else ((),) * len(cells)
    values = {cell: summed(column) for cell, column in zip(cells, columns, strict=True)}
    left_out = _together((unit, _without_place(unit, form)) for unit in units)
    lacking = _together(
        (unit, tuple(cell for cell, figure in zip(cells, row, strict=True) if figure is Gap.LACKS))
        for unit, row in zip(units, figures, strict=True)
        if Gap.LACKS in row
    )
    return Sums(values, figures, left_out, lacking)


def _aligned(unit: Unit, form: Form) -> tuple[Figure, ...]:
    """The figures of `unit` in the order of the cells of `form`."""
    if unit.form is form or unit.form is None:
        return unit.figures or (Gap.LACKS,) * len(form.cells)
    own = dict(zip(unit.form.cells, unit.figures, strict=True))
    return tuple(own.get(cell_id, Gap.LACKS) for cell_id in form.cells)


def _without_place(unit: Unit, form: Form) -> tuple[Cell, ...]:
    """What `unit` states in cells that `form` does not have."""
    if unit.form is form or unit.form is None:
        return ()
    stated = zip(unit.form.cells.values(), unit.figures, strict=True)
    return tuple(
        cell for cell, figure in stated if cell.id not in form.cells and figure and figure is not Gap.LACKS
    )


def _together(entries: Iterable[tuple[Unit, tuple[Cell, ...]]]) -> tuple[Aside, ...]:
    """Units with the same cells aside as one."""
    by_cells: dict[tuple[Cell, ...], list[Unit]] = {}
    for unit, cells in entries:
        if cells:
            by_cells.setdefault(cells, []).append(unit)
    return tuple(Aside(tuple(units), cells) for cells, units in by_cells.items())
