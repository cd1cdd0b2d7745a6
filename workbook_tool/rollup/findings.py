"""X-01, X-02 and X-03: what is wrong with many reports together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.checks.gather import gather
from workbook_tool.excel.rollup_layout import Gap, words
from workbook_tool.phrase import Phrase, listed
from workbook_tool.report import distance, plain
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from workbook_tool.forms import Cell, Form
    from workbook_tool.report import Report
    from workbook_tool.rollup.choosing import Excluded, Named, Roster
    from workbook_tool.rollup.units import Unit

_TELLING = 8
"""Digits of all figures together from which it is no coincidence that they are the same."""

_SHOWN = 10
_Shared = tuple[object, ...]


def check_same(units: Sequence[Unit]) -> Iterator[Finding]:
    """X-01: no two units share a narrative, or a whole set of non-zero figures."""
    shared: dict[tuple[str, ...], tuple[Sequence[Unit], list[str]]] = {}
    for (section, _), group in _grouped((entry, unit) for unit in units for entry in unit.texts.items()):
        sources = tuple(unit.source for unit in group)
        shared.setdefault(sources, (group, []))[1].append(str(section))
    for alike, sections in shared.values():
        form = next(unit.form for unit in alike if unit.form)
        names = listed(form.section(section).name for section in sections)
        yield _same(alike, "", section=names)
    for key, group in _grouped((_figures(unit), unit) for unit in units):
        yield _same(group, "figures", count=str(len(key)))


def check_roster(
    counted: Sequence[Unit], excluded: Sequence[Excluded], roster: Roster
) -> tuple[tuple[Named, ...], list[Finding]]:
    """X-02: everyone on the roster is in. Who has sent in nothing, and the findings."""
    here = {found for unit in counted if (found := roster.find(unit))}
    tried = {found for one in excluded if (found := roster.find(one.unit))}
    missing = tuple(named for named in roster.units if named not in here | tried)
    left = tuple(named for named in roster.units if named in tried - here)
    findings = [
        Finding(
            "X-02",
            case=case,
            found=str(len(names)),
            details={"count": str(len(names)), "units": some([_named(name) for name in names])},
        )
        for case, names in (("", missing), ("excluded", left))
        if names
    ]
    return missing, findings


def check_stated(
    values: Mapping[Cell, int | Decimal | None], form: Form, stated: Report
) -> Iterator[Finding]:
    """X-03: each figure of `stated` is the sum. A total that only follows its parts is not told again."""
    off = {
        cell
        for cell in form.cells.values()
        if cell in stated.values and (stated.values[cell] or 0) != (values[cell] or 0)
    }
    yield from gather(
        Finding(
            "X-03",
            stated.place(cell),
            ids=(cell.id,),
            expected=plain(values[cell] or 0),
            found=plain(stated.values[cell]) or "—",
            details={
                "line": cell.where,
                "difference": plain(distance(stated.values[cell] or 0, values[cell] or 0)),
            },
        )
        for cell in form.cells.values()
        if cell in off and not (cell in form.sums and off.intersection(_leaves(form, cell)))
    )


def some(names: Sequence[Phrase], shown: int = _SHOWN) -> Phrase:
    """Some of `names`, and how many there are where that is not all."""
    few = listed(names[:shown])
    return few if len(names) <= shown else words("words", "and_more", shown=few, count=len(names))


def _leaves(form: Form, cell: Cell) -> Iterator[Cell]:
    for part in form.sums[cell].left:
        yield part
        if part in form.sums:
            yield from _leaves(form, part)


def _grouped(entries: Iterable[tuple[tuple[object, ...], Unit]]) -> Iterator[tuple[_Shared, list[Unit]]]:
    """The units that have something in common, by what that is."""
    by_key: dict[_Shared, list[Unit]] = {}
    for key, unit in entries:
        if key:
            by_key.setdefault(key, []).append(unit)
    yield from ((key, group) for key, group in by_key.items() if len(group) > 1)


def _figures(unit: Unit) -> tuple[object, ...]:
    """What tells the figures of `unit` from others': those that are entered and not zero, if many."""
    if unit.form is None:
        return ()
    stated = tuple(
        (cell.id, figure)
        for cell, figure in zip(unit.form.cells.values(), unit.figures, strict=True)
        if figure and figure is not Gap.LACKS and not cell.is_total
    )
    return stated if sum(len(str(figure)) for _, figure in stated) >= _TELLING else ()


def _same(group: Sequence[Unit], case: str, **details: str | Phrase) -> Finding:
    units = some([Phrase(unit.name, unit.name) for unit in group])
    return Finding("X-01", Place(units), case, details={"units": units, **details})


def _named(named: Named) -> Phrase:
    name = f"{named.agency}({named.code})" if named.code else named.agency
    return Phrase(name, name)
