"""Records of sources → rows of the tables, a batch at a time."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.checks.history import bare
from workbook_tool.dataset.schema import DIGITS, PLACES
from workbook_tool.forms import forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook_tool.batch import Record

Value = str | int | Decimal | bool | None
Row = tuple[Value, ...]
Batch = tuple[str, list[Row]]
"""Rows of one table, and which one; in the order of its columns."""

_BATCH = 8_000
"""Rows that are held at a time, of each table."""

_EXACT = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN)
_SMALLEST = Decimal(1).scaleb(-PLACES)


class Unit(NamedTuple):
    """A unit of the roster: what the reports themselves may not say of it."""

    code: str
    agency: str
    level: str = ""
    parent: str = ""


class Units:
    """The roster's units, found by their code, or by their name where a report states no code."""

    def __init__(self, units: Iterable[Unit] = ()) -> None:
        """All that there are; codes and names are different from each other."""
        self.all = tuple(units)
        self._by_code = {unit.code.upper(): unit for unit in self.all}
        self._by_name = {bare(unit.agency): unit for unit in self.all}

    def of(self, record: Record) -> Unit | None:
        """The unit whose report `record` is of, if it is on the roster."""
        if record.code:
            return self._by_code.get(record.code.upper())
        return self._by_name.get(bare(record.agency)) if record.agency else None


def batches(records: Iterable[Record], units: Units | None = None) -> Iterator[Batch]:
    """The rows of all tables: those of `records` in their order, then those of `units`.

    A few thousand rows are held at a time, however many records there are.
    """
    units = units or Units()
    waiting: dict[str, list[Row]] = {}
    for record in records:
        for table, rows in _rows(record, units):
            held = waiting.setdefault(table, [])
            held += rows
            if len(held) >= _BATCH:
                yield table, waiting.pop(table)
    yield from waiting.items()
    yield "units", [tuple(_text(part) for part in unit) for unit in units.all]


def _rows(record: Record, units: Units) -> Iterator[Batch]:
    unit = units.of(record) or Unit("", "")
    subject = (
        _text(record.agency),
        _text(record.code or unit.code),
        _text(record.level or unit.level),
        _text(unit.parent),
        record.year,
        _text(record.edition),
    )
    source, digest = _text(record.source), _text(record.digest)
    levels = Counter(finding.severity for finding in record.findings)
    explained = sum(finding.is_explained for finding in record.findings)
    counts = (levels["error"], levels["warning"], levels["notice"], explained)
    yield "reports", [(source, record.status, *subject, _text(record.variant), digest, *counts)]
    places = _places()
    yield (
        "figures",
        [
            (*subject, *places[cell], _fitting(figure), figure is None, source, digest)
            for cell, figure in record.values.items()
        ],
    )
    yield (
        "findings",
        [
            (
                source,
                *subject,
                finding.rule,
                _text(finding.case),
                finding.severity,
                _text(finding.place),
                _text(finding.sheet),
                _text(finding.cell),
                _text(" ".join(finding.ids)),
                _text(finding.expected),
                _text(finding.found),
                finding.is_explained,
                _text(finding.message) or finding.rule,
            )
            for finding in record.findings
        ],
    )


def _fitting(figure: int | Decimal | None) -> int | Decimal | None:
    """`figure` as the column holds it: an amount with more decimals is rounded to the fen."""
    if isinstance(figure, Decimal):
        return figure.quantize(_SMALLEST, context=_EXACT).normalize(_EXACT)
    return figure


@cache
def _places() -> dict[str, tuple[str, str, str | None, str]]:
    """For each cell of any edition its id, section, row and column; a table may have but one row."""
    return {
        cell.id: (cell.id, cell.section, cell.row.id if cell.row else None, cell.column.id)
        for form in forms()
        for cell in form.cells.values()
    }


def _text(text: str | None) -> str | None:
    """`text` as every format can hold it, or nothing: no NUL, and what is no character as its code."""
    if not text:
        return None
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
