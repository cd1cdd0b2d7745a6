"""Which of the sources count: one for each unit, on the right year, without errors, in whatever order."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.checks.history import bare
from workbook_tool.excel.rollup_layout import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook_tool.phrase import Phrase
    from workbook_tool.rollup.units import Unit

_IN_ORDER = ("same_again", "passing_one")
"""Reasons that are no fault of the data: nothing of the unit is lost."""


class Named(NamedTuple):
    """A unit of the roster."""

    code: str
    agency: str


class Roster:
    """The units that the sum is to be of, found by code or by name."""

    def __init__(self, units: Iterable[Named]) -> None:
        """The roster of `units`, in their order."""
        self.units = tuple(units)
        self._by_code = {bare(named.code): named for named in self.units if bare(named.code)}
        self._by_name = {bare(named.agency): named for named in self.units if bare(named.agency)}

    def find(self, unit: Unit) -> Named | None:
        """Whose report it is: by its code, or else by its name."""
        return self._by_code.get(bare(unit.code)) or self._by_name.get(bare(unit.agency))


class Excluded(NamedTuple):
    """A source that is not counted, and why."""

    unit: Unit
    why: Phrase
    reason: str

    @property
    def is_fault(self) -> bool:
        """Whether something has to be put right before the sum is that of all."""
        return self.reason not in _IN_ORDER


class Chosen(NamedTuple):
    """The sources that count, in their order, and those that do not."""

    counted: tuple[Unit, ...]
    excluded: tuple[Excluded, ...]


def choose(
    units: Sequence[Unit], year: int | None, roster: Roster | None, *, include_failing: bool
) -> Chosen:
    """Choose among `units`; each that is not counted has one reason, the first that holds."""
    excluded: dict[int, Excluded] = {}

    def leave(reason: str, entries: Iterable[tuple[int, str | Phrase]]) -> None:
        for number, what in entries:
            why = words("why", reason, what=what)
            excluded.setdefault(number, Excluded(units[number], why, reason))

    def left() -> dict[int, Unit]:
        return {number: unit for number, unit in enumerate(units) if number not in excluded}

    leave("unreadable", _unreadable(units))
    leave("no_year", ((n, "") for n, unit in left().items() if unit.year is None))
    leave("other_year", ((n, str(unit.year)) for n, unit in left().items() if unit.year != year))
    if roster is not None:
        leave("not_on_roster", ((n, "") for n, u in left().items() if not u.is_own and not roster.find(u)))
    if not include_failing:
        leave("failing", ((n, unit.rules) for n, unit in left().items() if unit.status == "fail"))
    for group in _groups(left()):
        for reason, entries in _rivals(group):
            leave(reason, entries)
    leave("overlaps", _overlapping(left()))
    leave("within", _within(left()))
    counted = tuple(left().values())
    return Chosen(counted, tuple(excluded[number] for number in sorted(excluded)))


def year_of(units: Iterable[Unit]) -> int | None:
    """The year that most of `units` are on, the latest of several."""
    years = Counter(unit.year for unit in units if unit.year is not None)
    return max(years, key=lambda year: (years[year], year), default=None)


def _unreadable(units: Sequence[Unit]) -> Iterator[tuple[int, str]]:
    for number, unit in enumerate(units):
        if unit.form is None:
            yield number, unit.problem


def _groups(units: dict[int, Unit]) -> Iterator[dict[int, Unit]]:
    """The sources of each unit that has several.

    A code tells; a source without one is of the unit that bears its name.
    """
    by_name: dict[str, str] = {}
    for unit in units.values():
        if bare(unit.code):
            name = bare(unit.agency)
            by_name[name] = min(by_name.get(name, unit.key), unit.key)
    groups: dict[str, dict[int, Unit]] = {}
    for number, unit in units.items():
        key = unit.key if bare(unit.code) else by_name.get(bare(unit.agency), unit.key)
        groups.setdefault(key, {})[number] = unit
    yield from (group for group in groups.values() if len(group) > 1)


def _rivals(group: dict[int, Unit]) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Which sources of one unit do not count.

    The unit's report is the one that passes; where several do and have the same figures, it is any of them;
    where they do not, nobody can tell which.
    """
    passing = {number: unit for number, unit in group.items() if unit.counts_by_itself}
    best = passing or group
    first = next(iter(best.values()))
    yield "passing_one", [(n, first.source) for n in group if n not in best]
    if len({(unit.form, unit.figures) for unit in best.values()}) == 1:
        yield "same_again", [(n, first.source) for n, unit in best.items() if unit is not first]
        return
    sources = {number: unit.source for number, unit in best.items()}
    yield (
        "disputed",
        [(n, "、".join(source for other, source in sources.items() if other != n)) for n in best],
    )


def _overlapping(units: dict[int, Unit]) -> Iterator[tuple[int, str]]:
    """The roll-ups that have a unit in common with another."""
    holders: dict[str, list[int]] = {}
    for number, unit in units.items():
        for member in unit.members:
            holders.setdefault(bare(member), []).append(number)
    for numbers in holders.values():
        for number in numbers if len(numbers) > 1 else ():
            yield number, "、".join(units[other].source for other in numbers if other != number)


def _within(units: dict[int, Unit]) -> Iterator[tuple[int, str]]:
    """The units that a roll-up among the sources has in it already."""
    members = {bare(member): unit for unit in units.values() for member in unit.members}
    for number, unit in units.items():
        keys = (bare(unit.code), bare(unit.agency))
        whole = next((members[key] for key in keys if key and key in members), None)
        if whole and whole is not unit:
            yield number, whole.source
