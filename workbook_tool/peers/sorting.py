"""Which of many sources are compared, as whose, and against which report of last year."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.checks.history import bare

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workbook_tool.peers.stands import Stand


class Listed(NamedTuple):
    """A unit of the roster."""

    code: str
    agency: str
    level: str = ""


class Unit(NamedTuple):
    """One unit's report, last year's if there is one, and whether it is summed and judged."""

    stand: Stand
    last: Stand | None
    level: str
    counted: bool


class Sorted(NamedTuple):
    """What is compared, and what is not and why: each of the rest by names or files."""

    year: int | None
    units: tuple[Unit, ...]
    aside: Mapping[str, tuple[str, ...]]
    """Names by the reason (a word of the page): ``unreadable``, ``rollups``, ``other_year``, ``copies``,
    ``passing_one``, ``several``, ``failing``, ``missing``, ``strange``, ``no_last``, ``several_last``,
    ``failing_last``, ``unreadable_last``."""


def sort_out(
    found: Sequence[Stand],
    last: Sequence[Stand] = (),
    roster: Sequence[Listed] | None = None,
    *,
    include_failing: bool = False,
) -> Sorted:
    """What of `found` is compared, against `last` where there is any.

    That is the year of most reports (of several such, the latest). A unit whose reports do not say the
    same, whose report has errors, or which is not on the roster, is shown and not counted.
    """
    aside: dict[str, list[str]] = defaultdict(list)
    aside["unreadable"] = [_reason(stand) for stand in found if not stand.is_readable]
    present = {word.upper() for stand in found for word in stand.key if word}
    aside["rollups"] = [_named(stand) for stand in found if stand.members & present]
    single = [stand for stand in found if stand.is_readable and not stand.members & present]
    year = _year_of_most(single)
    aside["other_year"] = [_named(stand) for stand in single if stand.year != year]
    known = {word: listed for listed in roster or () for word in _words(listed) if word}
    units = []
    for group in _groups([stand for stand in single if stand.year == year]):
        kept = _without_copies(group, aside)
        for stand in kept:
            listed = next((known[word] for word in stand.key if word in known), None)
            counted = _counts(stand, aside, several=len(kept) > 1, include_failing=include_failing)
            if roster is not None and listed is None:
                aside["strange"].append(_named(stand))
                counted = False
            before = _last_of(stand, last, aside) if last else None
            units.append(Unit(stand, before, (listed.level if listed else "") or stand.level, counted))
    here = {word for unit in units for word in unit.stand.key}
    aside["missing"] = [one.agency for one in roster or () if not here.intersection(_words(one))]
    aside["unreadable_last"] = [_reason(stand) for stand in last if not stand.is_readable]
    aside["failing_last"] = [_reason(one.last) for one in units if one.last and one.last.status == "fail"]
    return Sorted(year, tuple(units), {why: tuple(names) for why, names in aside.items() if names})


def _counts(stand: Stand, aside: dict[str, list[str]], *, several: bool, include_failing: bool) -> bool:
    if several:
        aside["several"].append(_named(stand))
    elif stand.status == "fail" and not include_failing:
        aside["failing"].append(_reason(stand))
    else:
        return True
    return False


def _year_of_most(stands: Iterable[Stand]) -> int | None:
    times = Counter(stand.year for stand in stands if stand.year is not None)
    return max(times, key=lambda year: (times[year], year), default=None)


def _groups(stands: Sequence[Stand]) -> list[list[Stand]]:
    """The sources of each unit: a code tells, and without one the name; with neither it is one of its own."""
    code_of: dict[str, str] = {}
    for code, name in sorted(stand.key for stand in stands):
        if code and name:
            code_of.setdefault(name, code)
    groups: dict[str, list[Stand]] = {}
    for stand in stands:
        code, name = stand.key
        groups.setdefault(code or code_of.get(name, name) or stand.source, []).append(stand)
    return list(groups.values())


def _without_copies(group: Sequence[Stand], aside: dict[str, list[str]]) -> list[Stand]:
    """The reports of one unit: those without errors if there are any, and each figure for figure once."""
    sound = [stand for stand in group if stand.status != "fail"] or list(group)
    aside["passing_one"] += [_reason(stand) for stand in group if stand not in sound]
    kept: list[Stand] = []
    for stand in sound:
        if any(stand.values == other.values for other in kept):
            aside["copies"].append(_named(stand))
        else:
            kept.append(stand)
    return kept


def _last_of(stand: Stand, last: Iterable[Stand], aside: dict[str, list[str]]) -> Stand | None:
    """Last year's report with the unit's code, else that with its name and no other code."""
    code, name = stand.key
    before = [one for one in last if stand.year and one.year == stand.year - 1]
    found = [one for one in before if code and one.key[0] == code] or [
        one for one in before if name and one.key[1] == name and not (code and one.key[0])
    ]
    sound = [one for one in found if one.status != "fail"] or found
    if sound and all(one.values == sound[0].values for one in sound):
        return sound[0]
    aside["several_last" if found else "no_last"].append(_named(stand))
    return None


def _words(listed: Listed) -> tuple[str, str]:
    return bare(listed.code).upper(), bare(listed.agency)


def _named(stand: Stand) -> str:
    year = f" {stand.year}" if stand.year else ""
    return f"{stand.agency}{year} ({stand.source})" if stand.agency else f"{stand.source}{year}"


def _reason(stand: Stand) -> str:
    return f"{_named(stand)}: {stand.why}" if stand.why else _named(stand)
