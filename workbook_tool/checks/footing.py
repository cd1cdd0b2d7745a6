"""T2-01, T3-01, T3-02, T3-03, T4-01: what must balance balances.

The identities come from the form. A root cause is told once: where one cell alone explains why
several identities fail, the finding is about that cell; an identity that fails only because
those it is made of fail is not told again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbook_tool.phrase import Phrase
from workbook_tool.report import distance, plain, with_totals
from workbook_tool.rules import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from workbook_tool.forms import Cell, Identity
    from workbook_tool.report import Report


def check_footing(report: Report) -> Iterator[Finding]:
    """Every identity of the form holds on the figures as stated."""
    failing = [
        identity
        for identity in report.form.identities
        if report.holds(identity) is False and not any(_is_doubted(report, c) for c in identity.cells)
    ]
    culprits = _culprits(report, [identity for identity in failing if identity.relation == "equal"])
    explained: list[Identity] = []
    for cell, (identities, shift) in culprits.items():
        explained += identities
        yield _crossed(report, cell, identities, shift)
    for identity in failing:
        if identity not in explained and not _implied(report, identity):
            yield _unbalanced(report, identity)


def _is_doubted(report: Report, cell: Cell) -> bool:
    """Whether `cell` is a finding already, or a formula over one: negative, or blank in a workbook.

    On a printed page blanks stand for nothing and the sums can still be judged.
    """
    if cell in report.computed:
        return any(_is_doubted(report, part) for part in report.form.sums[cell].left)
    figure = report.values.get(cell)
    if figure is None:
        return report.on_sheets
    return figure < 0 and cell.kind != "change"


def _culprits(
    report: Report, failing: Sequence[Identity]
) -> dict[Cell, tuple[list[Identity], int | Decimal]]:
    """The cells that alone explain two or more failing identities, with what to add to each.

    Changed by that much, with the totals that are formulas following, the cell breaks none of the
    identities that it has a part in. The cell that explains more comes first; where two explain
    the same failures equally well, neither does.
    """
    suspects: dict[Cell, tuple[list[Identity], int | Decimal]] = {}
    for identity in failing:
        for cell in identity.cells:
            if cell in suspects or cell in report.computed:
                continue
            shift = _shift(report, identity, cell)
            fixed = _fixed_by(report, failing, cell, shift)
            if len(fixed) > 1:
                suspects[cell] = (fixed, shift)

    def rivals(cell: Cell) -> Iterator[Cell]:
        own = suspects[cell][0]
        for other, (theirs, _) in suspects.items():
            if other != cell and len(theirs) >= len(own) and any(identity in own for identity in theirs):
                yield other

    return {cell: suspect for cell, suspect in suspects.items() if not any(rivals(cell))}


def _fixed_by(
    report: Report, failing: Sequence[Identity], cell: Cell, shift: int | Decimal
) -> list[Identity]:
    """The failing identities that hold once `cell` is changed by `shift`; none if any of its own does not."""
    changed = {**report.values, cell: (report.values[cell] or 0) + shift}
    values = with_totals(report.form, changed, report.computed)
    moved = {other for other, figure in values.items() if figure != report.values.get(other)}
    after = replace(report, values=values)
    touched = [i for i in report.form.identities if i.relation == "equal" and not moved.isdisjoint(i.cells)]
    if any(after.holds(identity) is False for identity in touched):
        return []
    return [identity for identity in touched if identity in failing]


def _shift(report: Report, identity: Identity, cell: Cell) -> int | Decimal:
    """What must be added to `cell` for `identity` to hold."""
    left, right = report.sides(identity)
    return right - left if cell in identity.left else left - right


def _implied(report: Report, identity: Identity) -> bool:
    """Whether `identity` stands in a total column whose parts already answer for its failure.

    In the column 总计 the equation is the sum of those in the other columns, as long as the
    totals of the rows can be compared; then one of them fails as well and says it better.
    """
    if identity.is_sum or identity.along != "rows" or not identity.left[0].column.sum:
        return False
    return all(report.holds(report.form.sums[cell]) is not None for cell in identity.cells)


def _crossed(report: Report, cell: Cell, identities: Sequence[Identity], shift: int | Decimal) -> Finding:
    figure = report.values[cell] or 0
    names = [f"{identity.rule} {_line(identity).zh}" for identity in identities]
    english = [f"{identity.rule} {_line(identity).en}" for identity in identities]
    return Finding(
        identities[0].rule,
        report.place(cell),
        "crossed_total" if cell.is_total else "crossed",
        ids=(cell.id,),
        expected=plain(figure + shift),
        found=plain(figure),
        details={"checks": Phrase("、".join(names), ", ".join(english))},
    )


def _unbalanced(report: Report, identity: Identity) -> Finding:
    """A sum is told at its total, an equation at the first cell of its left side."""
    left, right = report.sides(identity)
    told_at = identity.right[0] if identity.is_sum else identity.left[0]
    expected, found = (left, right) if identity.is_sum else (right, left)
    if identity.relation == "at_least":
        # in force + repealed >= issued, told as in force >= issued - repealed
        expected, found = right - (left - _stated(report, told_at)), _stated(report, told_at)
    return Finding(
        identity.rule,
        report.place(told_at),
        ids=tuple(cell.id for cell in identity.cells),
        expected=plain(expected),
        found=plain(found),
        details={
            "line": _line(identity),
            "left": plain(left),
            "right": plain(right),
            "difference": plain(distance(left, right)),
        },
    )


def _stated(report: Report, cell: Cell) -> int | Decimal:
    return report.values[cell] or 0


def _line(identity: Identity) -> Phrase:
    """The line on which the identity stands: the column of added rows, or the row of added columns."""
    total = identity.right[0]
    if identity.along == "rows":
        return total.column.name
    if total.row:
        return total.row.name
    return Phrase(*(text.partition(" · ")[2].rpartition(" · ")[0] for text in total.where))
