"""How a figure is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.report import plain

if TYPE_CHECKING:
    from workbook_tool.forms import Cell
    from workbook_tool.report import Report

UNKNOWN = "—"
"""Stands for a figure that the source lacks or that could not be decided; a blank stays blank."""


def printed(report: Report, cell: Cell) -> str:
    """The figure of `cell` as printed."""
    return plain(report.values[cell]) if cell in report.values else UNKNOWN
