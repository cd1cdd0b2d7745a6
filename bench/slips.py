"""How often the suggestions name the slip that was made.

``python bench/slips.py [--reports FOLDER]``: balanced reports with the magnitudes of real ones, one slip
of a random kind in one random cell, totals kept as typed; the figures go into bench/README.md. The
folder holds the figures of real reports, a JSON file each with ``cells``; without it the sample stands in.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from workbook_tool.checks import check  # noqa: E402  # the path comes first
from workbook_tool.checks.balance import Balance  # noqa: E402
from workbook_tool.forms import form, lay_out  # noqa: E402
from workbook_tool.report import Reading, Report, blank_report, with_totals  # noqa: E402
from workbook_tool.sources import open_report  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workbook_tool.forms import Cell

    Values = dict[Cell, int]
    Slip = Callable[[Report, Cell, random.Random], Values | None]

RUNS = 3_000
ONE, SEVERAL, NOT_SEEN = "one", "several", "none: it balances"


def swapped(report: Report, cell: Cell, draw: random.Random) -> Values | None:
    """Two adjacent digits exchanged."""
    digits = str(_value(report, cell))
    places = [at for at in range(len(digits) - 1) if digits[at] != digits[at + 1]]
    if not places:
        return None
    at = draw.choice(places)
    return {cell: int(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :])}


def dropped(report: Report, cell: Cell, draw: random.Random) -> Values | None:
    """A digit left out."""
    digits = str(_value(report, cell))
    at = draw.randrange(len(digits))
    return {cell: int(digits[:at] + digits[at + 1 :])} if len(digits) > 1 else None


def doubled(report: Report, cell: Cell, draw: random.Random) -> Values | None:
    """A digit typed twice."""
    digits = str(_value(report, cell))
    at = draw.randrange(len(digits))
    return {cell: int(digits[: at + 1] + digits[at:])}


def changed(report: Report, cell: Cell, draw: random.Random) -> Values | None:
    """A digit typed wrongly."""
    digits = str(_value(report, cell))
    at = draw.randrange(len(digits))
    return {cell: int(digits[:at] + draw.choice("0123456789") + digits[at + 1 :])}


def tenfold(report: Report, cell: Cell, draw: random.Random) -> Values | None:
    """A zero too many or too few."""
    value = _value(report, cell)
    return {cell: value * 10 if value % 10 or draw.randrange(2) else value // 10}


def negative(report: Report, cell: Cell, _: random.Random) -> Values | None:
    """The wrong sign."""
    return {cell: -_value(report, cell)}


def beside(report: Report, cell: Cell, draw: random.Random) -> Values | None:
    """Entered in the neighbouring row or column, whose own figure is a zero that stands here."""
    other = _neighbour(report, cell, draw)
    return (
        {cell: _value(report, other), other: _value(report, cell)}
        if _value(report, cell) and not _value(report, other)
        else None
    )


def exchanged(report: Report, cell: Cell, draw: random.Random) -> Values | None:
    """Two neighbouring figures exchanged."""
    other = _neighbour(report, cell, draw)
    return (
        {cell: _value(report, other), other: _value(report, cell)}
        if _value(report, cell) and _value(report, other)
        else None
    )


def twice(report: Report, cell: Cell, draw: random.Random) -> Values | None:
    """The neighbour's figure entered here as well."""
    return {cell: _value(report, _neighbour(report, cell, draw))}


def omitted(_: Report, cell: Cell, __: random.Random) -> Values | None:
    """A zero instead of the figure."""
    return {cell: 0}


def without_a_part(report: Report, cell: Cell, draw: random.Random) -> Values | None:
    """A total without one of its parts."""
    if not cell.is_total:
        return None
    part = draw.choice(report.form.sums[cell].left)
    return {cell: _value(report, cell) - _value(report, part)}


SLIPS: dict[str, Slip] = {
    slip.__name__: slip
    for slip in (
        swapped,
        dropped,
        doubled,
        changed,
        tenfold,
        negative,
        beside,
        exchanged,
        twice,
        omitted,
        without_a_part,
    )
}


def main() -> None:
    """Draw slips, and print how often the suggestions name them, by kind and by table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=Path)
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args()
    models = list(_models(options.reports))
    draw = random.Random(1)
    counts: dict[tuple[str, str], Counter[str]] = {}
    slowest = 0.0
    for _ in range(options.runs):
        report, kind, wrong = _one(models, draw)
        truth = {cell.id: str(report.values[cell]) for cell in wrong}
        slipped = replace(report, values={**report.values, **wrong})
        table = _what_can_be_told(slipped, truth)
        start = time.perf_counter()
        findings = list(check(Reading(slipped)))
        slowest = max(slowest, time.perf_counter() - start)
        named = [
            {change.id: change.expected for change in suggestion.changes}
            for finding in findings
            for suggestion in finding.suggestions
        ]
        count = counts.setdefault((table, kind), Counter())
        count["all"] += 1
        count["first"] += named[:1] == [truth]
        count["three"] += truth in named[:3]
    _print(counts)
    print(f"slowest check: {slowest * 1000:.0f} ms")


def _what_can_be_told(slipped: Report, truth: dict[str, str]) -> str:
    """Whether no other change of as few cells would make everything balance."""
    balance = Balance(slipped, slipped.form.identities)
    if not balance.failing:
        return NOT_SEEN
    options = [changes for group in balance.groups(balance.failing) for changes in balance.changes(group)]
    return ONE if [set(option) for option in options] == [set(truth)] else SEVERAL


def _print(counts: dict[tuple[str, str], Counter[str]]) -> None:
    print("| explanations | slip | drawn | named first | among three |\n|---|---|---|---|---|")
    for table in (ONE, SEVERAL, NOT_SEEN):
        whole: Counter[str] = Counter()
        for kind in SLIPS:
            whole += counts.get((table, kind), Counter())
            _row(table, kind.replace("_", " "), counts.get((table, kind)))
        _row(table, "**all**", whole)


def _row(table: str, kind: str, count: Counter[str] | None) -> None:
    if count:
        first, three = (f"{100 * count[name] / count['all']:.1f} %" for name in ("first", "three"))
        print(f"| {table} | {kind} | {count['all']} | {first} | {three} |")


def _one(models: list[Report], draw: random.Random) -> tuple[Report, str, Values]:
    """A balanced report, a kind of slip, and the figures that it changed."""
    while True:
        report = _balanced(draw.choice(models), draw)
        kind = draw.choice(list(SLIPS))
        cell = draw.choice([cell for cell in report.values if cell.section != "t2"])
        wrong = {c: v for c, v in (SLIPS[kind](report, cell, draw) or {}).items() if v != _value(report, c)}
        if wrong:
            return report, kind, wrong


def _balanced(model: Report, draw: random.Random) -> Report:
    """A report with figures of the size of those of `model`, in which everything balances."""
    known = model.form
    values = {
        cell: round(int(figure or 0) * 10 ** draw.uniform(-0.5, 0.5)) if cell.section != "t2" else figure
        for cell, figure in model.values.items()
        if not cell.is_total
    }
    summed = with_totals(known, values, known.sums)
    for identity in known.identities:
        if identity.rule == "T3-01" and not identity.left[0].is_total:
            received, carried_in = identity.left
            closed, carried_out = identity.right
            balance = int(summed[closed] or 0) + int(summed[carried_out] or 0)
            values[carried_in] = min(int(summed[carried_in] or 0), balance)
            values[received] = balance - int(values[carried_in] or 0)
    return replace(model, values=with_totals(known, values, known.sums))


def _value(report: Report, cell: Cell) -> int:
    return int(report.values[cell] or 0)


def _neighbour(report: Report, cell: Cell, draw: random.Random) -> Cell:
    at = lay_out(report.form.section(cell.section)).figures()
    row, column = next(spot for spot, other in at.items() if other == cell)
    spots = [(row, column + 1), (row, column - 1), (row + 1, column), (row - 1, column)]
    return draw.choice([found for spot in spots if (found := at.get(spot))])


def _models(folder: Path | None) -> Iterator[Report]:
    """Real reports, as far as their figures are known; or else the sample."""
    for path in sorted(folder.glob("*.json")) if folder else ():
        truth = json.loads(path.read_text(encoding="utf-8"))
        known = form(truth["edition"])
        figures = {
            known.cells[i]: v for i, v in truth["cells"].items() if i in known.cells and isinstance(v, int)
        }
        if truth.get("complete") and not truth.get("unreadable"):
            yield replace(blank_report(known), values={**dict.fromkeys(known.cells.values(), 0), **figures})
    sample = open_report(ROOT / "samples" / "report.txt").report
    if not folder and sample:
        yield sample


if __name__ == "__main__":
    main()
