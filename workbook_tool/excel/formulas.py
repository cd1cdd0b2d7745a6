"""The little that must be known of formulas: moving their references, and seeing what is dangerous."""

from __future__ import annotations

import re
from functools import lru_cache

from workbook_tool.excel.layout import column_name, column_number

_TOKEN = re.compile(
    r"""("(?:[^"]|"")*")"""  # text
    r"""|('(?:[^']|'')*'!)"""  # a quoted sheet name
    r"""|(\$?)\b([A-Za-z]{1,3})(\$?)([0-9]{1,7})\b(?![(!.\w])"""  # a reference
)
_CALLS_OUT = re.compile(
    r"\b(WEBSERVICE|RTD|CALL|REGISTER|REGISTER\.ID|EXEC|DDE)\s*\(|\|\s*'|\[\d+\]", re.IGNORECASE
)


def shifted(formula: str, rows: int, columns: int) -> str:
    """`formula` with its relative references moved, as a shared formula is in each of its cells."""

    def move(found: re.Match[str]) -> str:
        text, sheet, fixed_column, letters, fixed_row, row = found.groups()
        if text or sheet:
            return found[0]
        moved_column = (
            letters.upper() if fixed_column else column_name(max(column_number(letters) + columns, 0))
        )
        moved_row = int(row) if fixed_row else int(row) + rows
        return f"{fixed_column}{moved_column}{fixed_row}{moved_row}"

    return _TOKEN.sub(move, formula)


@lru_cache(maxsize=4096)
def calls_out(formula: str) -> bool:
    """Whether a formula reaches outside the workbook: DDE, web services, other files."""
    return bool(_CALLS_OUT.search(formula))
