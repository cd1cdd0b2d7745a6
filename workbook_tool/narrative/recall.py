"""What many rules ask of one report is worked out once."""

from __future__ import annotations

from collections import deque
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbook_tool.report import Report

_Found = TypeVar("_Found")


def recalled(work: Callable[[Report], _Found]) -> Callable[[Report], _Found]:
    """`work`, which remembers what it found in the last report and in the one that it is held against."""
    last: deque[tuple[Report, _Found]] = deque(maxlen=2)

    @wraps(work)
    def recall(report: Report) -> _Found:
        for other, found in last:
            if other is report:
                return found
        found = work(report)
        last.append((report, found))
        return found

    return recall
