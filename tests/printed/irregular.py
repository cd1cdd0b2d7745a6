"""What is irregular about printed reports: each takes something of a `Printed` and says what is true then.

`KINDS` of notations differ in what they can show: a ``grid`` (web page, Word, PDF) knows where each cell
stands; a ``ragged`` one (pipes, tabs) prints a merged cell once; a ``sheet`` has rows of one length, so that
a cell less in a row cannot be told from a blank one, and only a ``book`` tells merged cells. A ``stream`` has
a cell a line, ``words`` a space between all, a ``run`` nothing; in these a blank cell leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import NamedTuple

from tests.printed.page import Printed, Sheet, Slot

KINDS = ("grid", "book", "ragged", "sheet", "stream", "words", "run")
_ALL = " ".join(KINDS)

Change = Callable[[Printed, Random], None]


class Irregularity(NamedTuple):
    """A change, the kinds of notations that can show it, and those in which all is read nevertheless."""

    name: str
    apply: Change
    kinds: frozenset[str]
    harmless: frozenset[str]


IRREGULARITIES: dict[str, Irregularity] = {}


def irregularity(kinds: str = _ALL, *, harmless: str = "") -> Callable[[Change], Change]:
    """Register a change by its name."""

    def register(change: Change) -> Change:
        name = change.__name__
        IRREGULARITIES[name] = Irregularity(
            name, change, frozenset(kinds.split()), frozenset(harmless.split())
        )
        return change

    return register


def for_kind(kind: str) -> list[Irregularity]:
    """The irregularities that a kind of notation can show."""
    return [one for one in IRREGULARITIES.values() if kind in one.kinds]


def may_damage(page: Printed, slot: Slot, damage: str) -> bool:
    """Whether the row of `slot` may have too ``few`` or too ``many`` figures printed; then it is noted."""
    row = next(
        [other for other in sheet.figures if other.row == slot.row]
        for sheet in page.sheets
        if slot in sheet.slots
    )
    if any(other.damage not in {"", damage} for other in row):
        return False
    for other in row:
        other.damage = damage
    return True


def movable_rows(page: Printed) -> list[tuple[Sheet, list[Slot]]]:
    """The figures of those rows that are one beside the other, and none of them reaches into another row."""
    rows = ((sheet, [slot for slot in row if slot.cell]) for sheet in page.sheets for row in sheet.rows())
    return [
        (sheet, row)
        for sheet, row in rows
        if row
        and not any(slot.height > 1 and slot.covers_row(row[0].row) for slot in sheet.figures)
        and all(left.right == right.column for left, right in pairwise(row))
    ]
