"""What recognising a section of the form in a grid comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook_tool.forms import Cell, Line
    from workbook_tool.grids.grid import GridCell


@dataclass
class Recognition:
    """Where each figure of a section was found, and the rows that hold figures but no certain place."""

    cells: dict[Cell, GridCell] = field(default_factory=dict)
    unplaced: list[str] = field(default_factory=list)
    ambiguous: set[Cell] = field(default_factory=set)
    altered: dict[Line, GridCell] = field(default_factory=dict)
    """The lines whose labels are printed otherwise than the form has them, with what is printed."""
    owners: dict[int, Cell] = field(default_factory=dict)
    """The cell that each place was found to be of."""

    def add(self, cell: Cell, found: GridCell) -> None:
        """Note that `cell` was found; found twice, it is ambiguous and neither place counts."""
        if cell in self.cells and self.cells[cell] is not found:
            self.ambiguous.add(cell)
        self.cells[cell] = found

    def share(self, cell: Cell, found: GridCell) -> None:
        """Note whose figure stands in `found`: one figure is never that of two cells."""
        other = self.owners.setdefault(id(found), cell)
        if other is not cell and found.text.strip():
            self.ambiguous |= {cell, other}

    def certain(self) -> Mapping[Cell, GridCell]:
        """The figures found exactly once."""
        return {cell: found for cell, found in self.cells.items() if cell not in self.ambiguous}
