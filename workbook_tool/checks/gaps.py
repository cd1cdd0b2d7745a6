"""N-07: no figure is missing in the prose, and nothing of a template is left in it."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from workbook_tool.checks.quotation import MOST, finding_about, shortened, words
from workbook_tool.phrase import Phrase
from workbook_tool.rules import Passage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.report import Report
    from workbook_tool.rules import Finding


def check_gaps(report: Report) -> Iterator[Finding]:
    """No count stands without its figure, and no placeholder without what it stands for.

    The same words are told once a text, with how often they occur.
    """
    for text_id, text in report.texts.items():
        told: dict[tuple[str, str], list[Passage]] = {}
        for case, start, end in _gaps(text):
            told.setdefault((case, shortened(text[start:end])), []).append(Passage(text_id, start, end))
        for (case, _), passages in islice(told.items(), MOST):
            many = len(passages)
            times = Phrase(f"(共 {many} 处)", f" ({many} times)") if many > 1 else Phrase("", "")
            yield finding_about(report, "N-07", passages[0], case, details={"times": times})


def is_placeholder(said: str) -> bool:
    """Whether all of `said` is a placeholder, brackets included."""
    return any(pattern.fullmatch(said) for case, pattern in _patterns() if not case)


@lru_cache(maxsize=64)  # many agencies write the same
def _gaps(text: str) -> tuple[tuple[str, int, int], ...]:
    """The gaps in `text` in order: which case, from where to where; of two that overlap the first."""
    counted, uncounted = _counted()
    clauses = (each for each in counted.finditer(text) if not uncounted.search(each[0]))
    found = [("number", each.start(), each.end()) for each in clauses]
    found += [
        (case, each.start(), each.end()) for case, pattern in _patterns() for each in pattern.finditer(text)
    ]
    apart: list[tuple[str, int, int]] = []
    for case, start, end in sorted(found, key=lambda gap: gap[1:]):
        if not apart or start >= apart[-1][2]:
            apart.append((case, start, end))
    return tuple(apart)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    cases = (("number", words("gaps")["number"]), ("", words("gaps")["placeholder"]))
    return tuple((case, re.compile(pattern)) for case, patterns in cases for pattern in patterns)


@cache
def _counted() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(words("gaps")["counted"]), re.compile(words("gaps")["uncounted"])
