"""One cause that hit many cells is told once, with examples."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbook_tool.phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook_tool.rules import Finding

_MANY = 6
_SHOWN = 12
_ONE_BY_ONE = ("V-04", "V-06", "N-")
"""Blanks are gathered by their own rule; each entry with a remark has a figure of its own, as have words."""


def gather(findings: Iterable[Finding]) -> Iterator[Finding]:
    """`findings` with those of the same rule, case and sheet as one, where there are many."""
    alike: dict[object, list[Finding]] = {}
    for number, finding in enumerate(findings):
        single = finding.rule.startswith(_ONE_BY_ONE) or not finding.ids
        key: object = number if single else _cause(finding)
        alike.setdefault(key, []).append(finding)
    for group in alike.values():
        if len(group) < _MANY:
            yield from group
            continue
        shown = (Phrase(cell, cell) if (cell := f.place.cell) else f.place.words for f in group[:_SHOWN])
        # An equation is told at the first of its cells; anything else is about each.
        about = slice(1) if group[0].rule.startswith("T") else slice(None)
        ids = dict.fromkeys(cell_id for finding in group for cell_id in finding.ids[about])
        yield replace(group[0], ids=tuple(ids), count=len(group), examples=tuple(shown))


def _cause(finding: Finding) -> object:
    """What findings of one cause have in common; different words in cells are different causes."""
    entered = finding.found if finding.rule == "V-01" else None
    return finding.rule, finding.case, finding.place.sheet, entered
