"""T2-01, T3-01, T3-02, T3-03, T4-01: what must balance balances.

The identities come from the form. A root cause is told once: where one cell alone explains why
several identities fail, the finding is about that cell; an identity that fails only because
those it is made of fail is not told again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbook_tool.checks.balance import Balance
from workbook_tool.checks.suggestions import in_pairs, suggest
from workbook_tool.phrase import Phrase, listed
from workbook_tool.report import distance, plain, with_totals
from workbook_tool.rules import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from workbook_tool.checks.balance import Shifts
    from workbook_tool.forms import Cell, Identity
    from workbook_tool.report import Report
    from workbook_tool.rules import Suggestion


def check_footing(report: Report) -> Iterator[Finding]:
    """Every identity of the form holds on the figures as stated."""
    by_formula = {report.form.sums[total] for total in report.computed}
    asked = (identity for identity in report.form.identities if identity not in by_formula)
    off = [identity for identity in asked if report.holds(identity) is False]
    if not off:
        return
    judged = [i for i in report.form.identities if not any(is_doubted(report, cell) for cell in i.cells)]
    failing = [identity for identity in off if identity in judged]
    balance = Balance(report, judged)
    culprits = _settled(balance, _culprits(balance), judged)
    together = in_pairs(report, culprits)
    for cell, shift in culprits.items():
        suggestions = suggest(report, [together[cell]])
        yield replace(_crossed(balance, cell, shift), suggestions=suggestions)
    corrected = _corrected(report, culprits)
    left = [i for i in failing if corrected.holds(i) is False and not _implied(report, i)]
    likely = _likely_slips(corrected, judged, left)
    for identity in left:
        yield replace(_unbalanced(report, identity), suggestions=likely.get(identity, ()))


def is_doubted(report: Report, cell: Cell) -> bool:
    """Whether `cell` is a finding already, or a formula over one: negative, or blank in a workbook.

    On a printed page blanks stand for nothing and the sums can still be judged.
    """
    if cell in report.computed:
        return any(is_doubted(report, part) for part in report.form.sums[cell].left)
    figure = report.values.get(cell)
    if figure is None:
        return report.on_sheets
    return figure < 0 and cell.kind != "change"


def _culprits(balance: Balance) -> Shifts:
    """The cells that alone explain two or more failing identities, with what to add to each.

    Changed by that much, with the totals that are formulas following, the cell breaks none of the
    identities that it has a part in. The cell that explains more comes first; where two explain
    the same failures equally well, neither does.
    """
    failing = balance.failing
    suspects: dict[Cell, int | Decimal] = {}
    for cell in dict.fromkeys(cell for equation in failing for cell in equation.identity.cells):
        shift = balance.single(cell, failing) if len(balance.of[cell]) > 1 else None
        if shift:
            suspects[cell] = shift

    def rivals(cell: Cell) -> Iterator[Cell]:
        own = balance.of[cell]
        for other in suspects:
            theirs = balance.of[other]
            if other != cell and len(theirs) >= len(own) and any(equation in own for equation in theirs):
                yield other

    return {cell: shift for cell, shift in suspects.items() if not any(rivals(cell))}


def _settled(balance: Balance, culprits: Shifts, judged: Sequence[Identity]) -> Shifts:
    """`culprits` but for those that leave something to explain where two other cells explain everything."""
    left = {e.identity for e in Balance(_corrected(balance.report, culprits), judged).failing}
    kept = dict(culprits)
    for group in balance.groups(balance.failing) if left else ():
        if any(equation.identity in left for equation in group) and balance.changes(group):
            for equation in group:
                for cell in equation.parts:
                    kept.pop(cell, None)
    return kept


def _corrected(report: Report, shifts: Shifts) -> Report:
    """`report` with `shifts` added to its figures and its formulas following."""
    changed = {cell: (report.values[cell] or 0) + shift for cell, shift in shifts.items()}
    return replace(report, values=with_totals(report.form, {**report.values, **changed}, report.computed))


def _likely_slips(
    report: Report, judged: Sequence[Identity], left: Sequence[Identity]
) -> dict[Identity, tuple[Suggestion, ...]]:
    """What probably happened, by the identity in `left` with which it is told."""
    balance = Balance(report, judged)
    found: dict[Identity, tuple[Suggestion, ...]] = {}
    for group in balance.groups(balance.failing):
        told = next((identity for identity in left if any(e.identity is identity for e in group)), None)
        if told:
            found[told] = suggest(report, balance.changes(group))
    return found


def _implied(report: Report, identity: Identity) -> bool:
    """Whether `identity` fails because others do, which say it better: among formulas alone, it must.

    In the column 总计 the equation is the sum of those in the other columns, as long as the
    totals of the rows can be compared; then one of them fails as well and says it better.
    """
    if report.computed.issuperset(identity.cells):
        return True
    if identity.is_sum or identity.along != "rows" or not identity.left[0].column.sum:
        return False
    return all(report.holds(report.form.sums[cell]) is not None for cell in identity.cells)


def _crossed(balance: Balance, cell: Cell, shift: int | Decimal) -> Finding:
    report, identities = balance.report, [equation.identity for equation in balance.of[cell]]
    checks = listed(
        Phrase(f"{identity.rule} {_line(identity).zh}", f"{identity.rule} {_line(identity).en}")
        for identity in identities
    )
    figure = report.values[cell] or 0
    return Finding(
        identities[0].rule,
        report.place(cell),
        "crossed_total" if cell.is_total else "crossed",
        ids=(cell.id,),
        expected=plain(figure + shift),
        found=plain(figure),
        details={"checks": checks},
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
        ids=tuple(dict.fromkeys((told_at.id, *(cell.id for cell in identity.cells)))),
        expected=plain(expected),
        found=plain(found),
        details={
            "line": _line(identity),
            "left": plain(left),
            "right": plain(right),
            "difference": plain(distance(left, right)),
            **({} if identity.is_sum or identity.relation != "equal" else {"equation": identity.rule}),
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
