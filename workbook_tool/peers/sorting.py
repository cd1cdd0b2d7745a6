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
    """Names by the reason (a word of the page): ``unreadable``, ``other_year``, ``copies``, ``several``,
    ``failing``, ``missing``, ``strange``, ``no_last``, ``several_last``, ``failing_last``,
    ``unreadable_last``."""


def sort_out(
    found: Sequence[Stand],
    last: Sequence[Stand] = (),
    roster: Sequence[Listed] | None = None,
    *,
    include_failing: bool = False,
) -> Sorted:
    """What of `found` is compared, against `last` where there is any.

    That is the year of most reports (of several such, the latest); a unit whose reports do not say the
    same, or fail, is shown and not counted.
    """
    aside: dict[str, list[str]] = defaultdict(list)
    readable = [stand for stand in found if stand.is_readable]
    aside["unreadable"] = [_reason(stand) for stand in found if not stand.is_readable]
    year = _year_of_most(readable)
    aside["other_year"] = [_named(stand) for stand in readable if stand.year != year]
    kept = _without_copies([stand for stand in readable if stand.year == year], aside)
    times = Counter(_identity(stand) for stand in kept)
    known = {word: listed for listed in roster or () for word in _words(listed) if word}
    units = []
    for stand in kept:
        listed = next((known[word] for word in stand.key if word in known), None)
        if roster is not None and listed is None:
            aside["strange"].append(_named(stand))
        several = times[_identity(stand)] > 1
        fails = stand.status == "fail" and not include_failing
        if several or fails:
            aside["several" if several else "failing"].append(_named(stand) if several else _reason(stand))
        level = (listed.level if listed else "") or stand.level
        before = _last_of(stand, last, aside) if last else None
        units.append(Unit(stand, before, level, counted=not several and not fails))
    here = {word for stand in kept for word in stand.key}
    aside["missing"] = [one.agency for one in roster or () if not here.intersection(_words(one))]
    compared = {unit.last.source for unit in units if unit.last}
    aside["failing_last"] = [
        _reason(stand) for stand in last if stand.source in compared and stand.status == "fail"
    ]
    aside["unreadable_last"] = [_reason(stand) for stand in last if not stand.is_readable]
    return Sorted(year, tuple(units), {why: tuple(names) for why, names in aside.items() if names})


def _year_of_most(stands: Iterable[Stand]) -> int | None:
    times = Counter(stand.year for stand in stands)
    return max(times, key=lambda year: (times[year], year or 0), default=None)


def _without_copies(stands: Iterable[Stand], aside: dict[str, list[str]]) -> list[Stand]:
    """Each report once, however many files hold it; of a named unit, that is."""
    kept: dict[object, Stand] = {}
    for stand in stands:
        known_by = (stand.key, stand.digest) if any(stand.key) else stand.source
        if known_by in kept:
            aside["copies"].append(_named(stand))
        kept.setdefault(known_by, stand)
    return list(kept.values())


def _identity(stand: Stand) -> str:
    """What tells a unit from the others: its code, else its name; without either, its file."""
    code, name = stand.key
    return code or name or stand.source


def _last_of(stand: Stand, last: Iterable[Stand], aside: dict[str, list[str]]) -> Stand | None:
    """Last year's report with the unit's code, else that with its name and no other code."""
    code, name = stand.key
    before = [one for one in last if stand.year and one.year == stand.year - 1]
    found = [one for one in before if code and one.key[0] == code] or [
        one for one in before if name and one.key[1] == name and not (code and one.key[0])
    ]
    if len({one.digest for one in found}) == 1:
        return found[0]
    aside["several_last" if found else "no_last"].append(_named(stand))
    return None


def _words(listed: Listed) -> tuple[str, str]:
    return bare(listed.code).upper(), bare(listed.agency)


def _named(stand: Stand) -> str:
    year = f" {stand.year}" if stand.year else ""
    return f"{stand.agency}{year} ({stand.source})" if stand.agency else f"{stand.source}{year}"


def _reason(stand: Stand) -> str:
    return f"{_named(stand)}: {stand.why}" if stand.why else _named(stand)
