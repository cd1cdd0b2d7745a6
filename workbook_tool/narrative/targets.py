"""What a figure in the prose is about: cells of the form that are added up, or a part of the fee statement."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook_tool.forms import Cell, Form

FEE = "fee"


class Target(NamedTuple):
    """A line by its name, such as ``t3.outcome.refused.total``, and the cells that make it up."""

    name: str
    cells: tuple[Cell, ...] = ()


@cache
def target(form: Form, table: str, rows: str, column: str | None) -> Target | None:
    """The target on one line, or on several joined by ``+``; ``None`` where the form has none such."""
    if table == FEE:
        return Target(f"{FEE}.{rows}")
    names, cells = [], []
    for row in rows.split("+"):
        names.append(f"{table}.{row}.{column}")
        found = _cells(form, table, row, column or "")
        if not found:
            return None
        cells += found
    return Target(" + ".join(names), tuple(cells))


def _cells(form: Form, table: str, row: str, column: str) -> list[Cell]:
    """The cell at a row and a column, or those below where one of them is a group."""
    grid = _grid(form)
    exact = grid.get((table, row, column))
    if exact:
        return [exact]
    return [
        cell
        for (name, r, c), cell in grid.items()
        if name == table and _is_below(r, row) and _is_below(c, column)
    ]


def _is_below(name: str, group: str) -> bool:
    return name == group or name.startswith(f"{group}.")


@cache
def _grid(form: Form) -> Mapping[tuple[str, str, str], Cell]:
    """Every cell by its table, row and column; table 四 has its rows in its columns' ids."""
    grid = {}
    for cell in form.cells.values():
        row, _, column = (
            (cell.row.id, "", cell.column.id) if cell.row else cell.column.id.rpartition(".")
        )
        grid[cell.section, row, column] = cell
    return grid
