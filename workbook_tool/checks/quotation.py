"""Findings about words: the words quoted, with what stands around them, and where they stand."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from workbook_tool.resources import read_toml, resource
from workbook_tool.rules import Finding, Passage

if TYPE_CHECKING:
    from workbook_tool.phrase import Phrase
    from workbook_tool.report import Report

MOST = 50
"""A text with more faults of a kind than this is no text of a report; the others are not told."""

_STOPS = "，。；！？,;!?\n"
_AROUND = 10
_LONGEST = 40


def finding_about(  # what a finding says
    report: Report,
    rule: str,
    passage: Passage,
    case: str = "",
    *,
    expected: str | None = None,
    details: dict[str, str | Phrase] | None = None,
) -> Finding:
    """The finding that the words of `passage` break `rule`; `{context}` quotes more of the text."""
    text = report.texts[passage.text]
    return Finding(
        rule,
        report.passage_place(passage),
        case,
        expected=expected,
        found=shortened(text[passage.start : passage.end]),
        details={"context": context(text, passage.start, passage.end), **(details or {})},
        passage=passage,
    )


def quoted(text: str, start: int, end: int) -> str:
    """The clauses that the words from `start` to `end` stand in, whole, unless they are long."""
    first = max(text.rfind(stop, 0, start) for stop in _STOPS) + 1
    ends = [found for stop in _STOPS if (found := text.find(stop, end)) >= 0]
    return shortened(text[first : min([*ends, len(text)])], 2 * _LONGEST)


def context(text: str, start: int, end: int) -> str:
    """The words from `start` to `end` with a few of their paragraph on either side."""
    first = max(text.rfind("\n", 0, start) + 1, start - _AROUND)
    after = text.find("\n", end)
    last = min(len(text) if after < 0 else after, end + _AROUND)
    cut = ("…" if first and text[first - 1] != "\n" else "", "…" if text[last : last + 1].strip("\n") else "")
    return f"{cut[0]}{shortened(text[first:start] + text[start:end], 2 * _LONGEST)}{text[end:last]}{cut[1]}"


def shortened(text: str, longest: int = _LONGEST) -> str:
    """`text` on one line, its middle left out where it is long."""
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest // 2]}…{text[-longest // 2 :]}"


@cache
def words(group: str) -> Any:  # noqa: ANN401  # TOML is not typed
    """One group of ``templates/prose.toml``."""
    return read_toml(resource("templates/prose.toml"))[group]
