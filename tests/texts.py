"""Reports with texts of their own, for what is said of prose."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbook_tool import Report


def with_texts(report: Report, opening: str | None = None, **narratives: str) -> Report:
    """`report` with other prose, by section ids; as if it had been read from a page."""
    texts = {**report.narratives, **narratives}
    opening = report.opening if opening is None else opening
    return replace(report, opening=opening, narratives=texts, paragraphs={})
