"""Units of one kind side by side, and against last year."""

from workbook_tool.peers.analysis import Analysis, analyse
from workbook_tool.peers.sorting import Listed, Sorted, sort_out
from workbook_tool.peers.stands import Stand, stands

__all__ = ["Analysis", "Listed", "Sorted", "Stand", "analyse", "sort_out", "stands"]
