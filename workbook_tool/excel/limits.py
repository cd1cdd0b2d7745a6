"""How much of anything a workbook may hold, and why so much.

One table for the whole gate; what goes for any office file is in `ooxml.limits`. What real offices
write stays far below; what is above is refused before any of it is kept (finding W-01, case ``unsafe``).
"""

from __future__ import annotations

from dataclasses import dataclass

from workbook_tool.ooxml.limits import Limit
from workbook_tool.phrase import Phrase

SHEETS = Limit(Phrase("工作表", "sheets"), 200)
"""Sheets of one workbook. Ours have 9."""

ROWS = Limit(Phrase("行", "rows"), 100_000)
"""Row elements of all sheets, empty ones included: whole-sheet formatting writes tens of thousands."""

CELLS = Limit(Phrase("单元格", "cells"), 400_000)
"""Cell elements of all sheets, empty styled ones included."""

FILLED = Limit(Phrase("有内容的格", "cells with content"), 60_000)
"""Cells with content on all sheets. Ours have 800."""

FILLED_IN_ROLL_UP = Limit(Phrase("有内容的格", "cells with content"), 260_000)
"""The same in a roll-up: a thousand units of two hundred figures each beside the tables."""

LAST_ROW = Limit(Phrase("行", "row"), 20_000)
"""The last row that may hold content. Ours end at 100."""

LAST_COLUMN = Limit(Phrase("列", "column"), 1_000)
"""The last column that may hold content. Ours end at 16."""

MERGES = Limit(Phrase("合并区域", "merged areas"), 5_000)
"""Merged areas of one sheet. Ours have 30."""

MERGED_CELLS = Limit(Phrase("合并的格", "cells merged"), 200_000)
"""Cells covered by one sheet's merged areas: `A1:XFD1048576` covers 17 billion."""

AREA = Limit(Phrase("格(行乘列)", "cells (rows by columns)"), 200_000)
"""Rows by columns of one sheet in the formats that a library reads whole."""

ARRAYS = Limit(Phrase("数组公式所占的格", "cells of array formulas"), 200_000)
"""Cells that one sheet's array formulas fill. Ours have none."""

RULES = Limit(Phrase("输入规则", "input rules"), 5_000)
"""Areas with validations on one sheet. Ours have 10."""

STYLES = Limit(Phrase("格式", "cell formats"), 66_000)
"""Cell formats. Excel itself stops at 65,490."""

STRINGS = Limit(Phrase("文本", "strings"), 200_000)
"""Shared strings."""

TEXT = Limit(Phrase("字符", "characters"), 32_767)
"""Characters in one cell. Excel's own limit."""

FORMULA = Limit(Phrase("公式字符", "characters of a formula"), 32_767)
"""Characters of one formula. Excel stops at 8,192."""

ALL_TEXT = Limit(Phrase("字符合计", "characters in all"), 20 * 2**20)
"""Characters of all texts of all sheets together."""

NAMES = Limit(Phrase("名称", "names"), 20_000)
"""Defined names. Ours have 250; old add-ins leave thousands."""


@dataclass
class Tally:
    """What has been counted so far, over all sheets of a workbook, and how many cells may have content."""

    rows: int = 0
    cells: int = 0
    filled: int = 0
    characters: int = 0
    most_filled: Limit = FILLED

    def add(self, other: Tally) -> None:
        """Count what `other` did as well."""
        self.rows += other.rows
        self.cells += other.cells
        self.filled += other.filled
        self.characters += other.characters
        ROWS.hold(self.rows)
        CELLS.hold(self.cells)
        self.most_filled.hold(self.filled)
        ALL_TEXT.hold(self.characters)
