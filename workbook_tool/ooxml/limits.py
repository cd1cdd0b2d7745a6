"""How much a file of an office program may hold, whatever it is, and why so much.

What real offices write stays far below; what is above is refused before any of it is kept
(finding W-01, case ``unsafe``).
"""

from __future__ import annotations

from typing import NamedTuple

from workbook_tool.errors import SourceError
from workbook_tool.phrase import Phrase


class Limit(NamedTuple):
    """The most that there may be of something."""

    what: Phrase
    most: int

    def hold(self, number: int, at: str = "") -> None:
        """Refuse the file when `number` is above the limit; `at` says where."""
        if number > self.most:
            place = f"{at}: " if at else ""
            problem = (f"{place}{word} {number} > {self.most}" for word in self.what)
            raise SourceError("unsafe", {"problem": Phrase(*problem)})


MEMBERS = Limit(Phrase("部件", "parts"), 1_000)
"""Parts in the zip. Ours have 30; add-ins bring dozens."""

INFLATED = Limit(Phrase("展开后字节", "bytes inflated"), 60 * 2**20)
"""Bytes of all parts together. Ours inflate to 0.2 MiB; pasted pictures take some."""

RATIO = 200
"""Inflation of one part over a MiB. Real sheets stay below 40, repeated spaces reach 1,000."""
