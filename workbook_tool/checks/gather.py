"""One cause that hit many cells is told once, with examples."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook_tool.rules import Finding

_MANY = 6
_SHOWN = 5
_ONE_BY_ONE = ("T", "V-04")
"""Identities are different equations, and blanks are gathered by their own rule."""


def gather(findings: Iterable[Finding]) -> Iterator[Finding]:
    """`findings` with those of the same rule, case and sheet as one, where there are many."""
    alike: dict[object, list[Finding]] = {}
    for number, finding in enumerate(findings):
        single = finding.rule.startswith(_ONE_BY_ONE) or not finding.ids
        key: object = number if single else (finding.rule, finding.case, finding.place.sheet)
        alike.setdefault(key, []).append(finding)
    for group in alike.values():
        if len(group) < _MANY:
            yield from group
            continue
        shown = (finding.place.cell or finding.place.words.zh for finding in group[:_SHOWN])
        ids = dict.fromkeys(cell_id for finding in group for cell_id in finding.ids)
        yield replace(group[0], ids=tuple(ids), count=len(group), examples=tuple(shown))
