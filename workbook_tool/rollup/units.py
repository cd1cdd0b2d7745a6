"""One source among many, small enough that a province's fit into memory."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.checks.history import bare
from workbook_tool.excel.rollup_layout import Gap
from workbook_tool.forms import forms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook_tool.batch import Record
    from workbook_tool.checks.verdict import Status
    from workbook_tool.excel.rollup_layout import Figure
    from workbook_tool.forms import Form

_LEVELS = ("error", "warning", "notice")


class Unit(NamedTuple):
    """Whose report is in a source, how it fares, and its figures in the order of its form's cells."""

    source: str
    status: Status
    agency: str
    code: str
    year: int | None
    form: Form | None
    figures: tuple[Figure, ...]
    texts: Mapping[str, str]
    counts: tuple[int, int, int]
    rules: str
    """The rules that it breaks, each with how often."""
    problem: str
    """What is wrong in the first place, where it cannot be read."""
    members: tuple[str, ...] = ()
    """Who is in it, if it is a roll-up itself: codes, or names of units without one."""
    is_own: bool = False

    @property
    def name(self) -> str:
        """What to call it: its agency, or else its source."""
        return self.agency or self.source

    @property
    def key(self) -> str:
        """What tells the unit from others: its code, or else its name, or else its source."""
        return bare(self.code) or bare(self.agency) or self.source

    @property
    def counts_by_itself(self) -> bool:
        """Whether it may be counted: it can be read and has no error."""
        return self.status in ("pass", "warn")


def unit_of(record: Record, *, is_own: bool = False) -> Unit:
    """What is kept of `record` here."""
    known = _forms().get((record.edition, record.variant))
    figures = tuple(map(record.values.get, known.cells, repeat(Gap.LACKS))) if known else ()
    severities = Counter(finding.severity for finding in record.findings)
    rules = Counter(finding.rule for finding in record.findings if not finding.is_explained)
    errors, warnings, notices = (severities[level] for level in _LEVELS)
    return Unit(
        record.source,
        record.status,
        record.agency,
        record.code,
        record.year,
        known,
        figures,
        record.texts,
        (errors, warnings, notices),
        "、".join(rule if count == 1 else f"{rule}×{count}" for rule, count in rules.items()),
        record.findings[0].message if record.findings and not record.is_readable else "",
        record.members,
        is_own,
    )


@cache
def _forms() -> Mapping[tuple[str, str], Form]:
    """Every form by its edition and the section that it varies in, as records name them."""
    return {(known.edition, _variant(known)): known for known in forms()}


def _variant(known: Form) -> str:
    return f"{known.varied.section} {known.varied.edition}" if known.varied else ""
