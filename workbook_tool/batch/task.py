"""What is done with each of many sources; light, for commands that have but one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbook_tool.phrase import Phrase


class Task(NamedTuple):
    """What is done with each source, and what is said of one that cannot be done; all cross processes."""

    work: Callable[[Any], Any]
    lost: Callable[[Any, Phrase], Any]
    apart: Callable[[Any], Any] | None = None
    """The same as `work`, proof against what brings a process down; without it a child does the work."""
