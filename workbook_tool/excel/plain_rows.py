"""Rows as every program writes them: attributes in the usual order, cells with an address and little else."""

from __future__ import annotations

import re
from typing import Final

from workbook_tool.excel.plain import ITSELF, WORDS

_NUMBER = "[0-9]++"
_ROW = (
    rf'<row r="[0-9]{{1,7}}+"(?: spans="[0-9:]++")?+(?: s="{_NUMBER}")?+(?: customFormat="1")?+'
    r'(?: ht="[0-9.]++")?+(?: customHeight="1")?+(?: x14ac:dyDescent="[0-9.]++")?+'
)


def _cell(group: str) -> str:
    """A plain cell as it is written, each part of it in a `group`."""
    start = rf'<c r="{group}[A-Z0-9]++)"(?: s="{group}{_NUMBER})")?+(?: t="{group}[a-z]++)")?+'
    return rf"{start}(?:/>|>(?:<f>{group}{WORDS})</f>)?+(?:<v>{group}(?!<){ITSELF})</v>)?+</c>)"


ROWS: Final = re.compile(rf"(?:{_ROW}(?:/>|>(?:{_cell('(?:')})*+</row>))++")
"""A run of plain rows."""

FILLED: Final = re.compile(_cell("(").replace("(?:/>|>", "(?:>"))
"""A plain cell with content: its address, format, type, formula and value."""


def ends_at(run: str) -> str | int:
    """The address of the last cell of `run`, or the number of the last row where that has no cells."""
    row, cell = run.rindex("<row "), run.rfind("<c ")
    place = run[max(row, cell) :].split('"', 2)[1]
    return place if cell > row else int(place)
