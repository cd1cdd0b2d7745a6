"""H-01 and H-02: what last year left to this one; compared only where both years state it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from workbook_tool.phrase import Phrase
from workbook_tool.report import distance, plain
from workbook_tool.rules import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from workbook_tool.checks.basis import Basis
    from workbook_tool.forms import Cell, Identity
    from workbook_tool.report import Report

_NO_YEAR = Phrase("年度不明", "no year")


def last_year_of(report: Report, basis: Basis) -> Report | None:
    """The report on the year before, if that is what `basis` holds."""
    prior = basis.prior
    return prior if prior and report.year and prior.year == report.year - 1 else None


def is_of_one_agency(prior: Report, report: Report) -> bool:
    """Whether two reports are of the same agency: by its code where both state it, else by its name."""
    codes = [bare(r.cover.get("agency_code", "")) for r in (prior, report)]
    if all(codes):
        return codes[0] == codes[1]
    return bare(prior.agency) == bare(report.agency)


def check_prior(report: Report, basis: Basis) -> Iterator[Finding]:
    """What is given as last year's report is on the year before, and of the same agency (else it is said)."""
    prior = basis.prior
    if prior is None:
        return
    if last_year_of(report, basis) is None:
        years = {"year": _year(report), "prior": _year(prior)}
        yield Finding("H-01", report.cover_place("year"), "other_year", details=years)
    elif not is_of_one_agency(prior, report):
        place = report.cover_place("agency")
        yield Finding("H-01", place, "other_agency", details={"agency": report.agency, "prior": prior.agency})


def check_carried(report: Report, basis: Basis) -> Iterator[Finding]:
    """What was carried in is what last year carried over, in every column.

    A total counts only where a report states it without its parts; else these are compared.
    """
    prior = last_year_of(report, basis)
    for cell in report.form.cells.values() if prior else ():
        if prior is None or cell.carried_from in (None, cell):
            continue
        if cell in report.form.sums and not _stands_alone(report, prior, cell):
            continue
        now, then = _two(report, prior, cell)
        if now is None or then is None or now == then:
            continue
        yield Finding(
            "H-01",
            report.place(cell),
            ids=(cell.id,),
            expected=plain(then),
            found=plain(now),
            details={
                "line": cell.column.name,
                "year": str(prior.year),
                "difference": plain(distance(now, then)),
            },
        )


def _stands_alone(report: Report, prior: Report, total: Cell) -> bool:
    """Whether one of the reports states nothing but the total, and neither only some of its parts."""
    sides = zip(*(_two(report, prior, part) for part in report.form.sums[total].left), strict=True)
    blanks = [[figure is None for figure in side] for side in sides]
    return any(map(all, blanks)) and not any(any(side) and not all(side) for side in blanks)


def check_in_force(report: Report, basis: Basis) -> Iterator[Finding]:
    """What is in force is what was, and what came to it, less what went.

    Where there is too little even for this year's own figures, that is told (T2-01) and not this.
    """
    prior = last_year_of(report, basis)
    for identity in report.form.identities if prior else ():
        kept = next((cell for cell in identity.left if cell.carried_from == cell), None)
        if prior and kept and report.holds(identity):
            yield from _in_force(report, prior, identity, kept)


def _in_force(report: Report, prior: Report, identity: Identity, kept: Cell) -> Iterator[Finding]:
    now, then = _two(report, prior, kept)
    others = (*identity.right, *(cell for cell in identity.left if cell is not kept))
    if now is None or then is None or any(report.values[cell] is None for cell in others):
        return
    went, come = report.sides(identity)
    went -= now
    expected = then + come - went
    if now != expected:
        yield Finding(
            "H-02",
            report.place(kept),
            ids=(kept.id, *(cell.id for cell in others)),
            expected=plain(expected),
            found=plain(now),
            details={
                "year": str(prior.year),
                "then": plain(then),
                "come": plain(come),
                "went": plain(went),
                "difference": plain(distance(now, expected)),
            },
        )


def _two(report: Report, prior: Report, cell: Cell) -> tuple[int | Decimal | None, int | Decimal | None]:
    """The figure of `cell` and the one of last year that it carries on."""
    carried = prior.form.cells.get(cell.carried_from or "")
    return report.values.get(cell), prior.values.get(carried) if carried else None


def _year(report: Report) -> Phrase:
    return Phrase(f"{report.year}年度", str(report.year)) if report.year else _NO_YEAR


def bare(name: str) -> str:
    """A name without what people write differently: spaces, and wide or narrow characters."""
    return "".join(unicodedata.normalize("NFKC", name).split())
