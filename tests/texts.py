"""Reports with texts of their own, for what is said of prose."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbook_tool import Report

WITHOUT_FIGURES = {
    "s1": "本单位做好主动公开和依申请公开，规范政府信息管理，办好网站，强化监督保障。",
    "s5": "存在的问题是公开的内容不够通俗。改进的办法是请居民试读。",
    "s6": "本年度发出信息处理费收费通知九件，总金额九百元，实际收取九百元。",
}
"""Texts in which there is nothing to be found, whatever stands in the tables."""


def with_texts(report: Report, opening: str | None = None, **narratives: str) -> Report:
    """`report` with other prose, by section ids; as if it had been read from a page."""
    texts = {**report.narratives, **narratives}
    opening = report.opening if opening is None else opening
    return replace(report, opening=opening, narratives=texts, paragraphs={})
