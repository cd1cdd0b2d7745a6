"""What stands beside the official tables in the workbook of a roll-up, and where."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from workbook_tool.excel.layout import Spot, column_name
from workbook_tool.phrase import Phrase
from workbook_tool.report import add_up, plain
from workbook_tool.resources import read_toml, resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workbook_tool.forms import Cell
    from workbook_tool.rules import Finding


class Gap(Enum):
    """What stands for a figure that a unit does not have."""

    LACKS = "缺"


Figure = int | Decimal | None | Gap
"""A figure of a unit: ``None`` is a blank, `Gap.LACKS` one that it does not have at all."""

FORMULAS = 1_000
"""Up to so many units the tables are formulas over the units' sheet: what is read back in a second."""

FIGURES = 5_000
"""Up to so many units their figures stand in the workbook: a million of them."""

_DECIMALS = 6
_WHOLE = 10**15
"""Below it a spreadsheet keeps whole numbers exactly."""

AGENCY, CODE, SOURCE, DIGEST, FIRST_FIGURE = range(5)
"""The columns of the units' sheet."""

ROW_SUM, ROW_TABLE, ROW_CHECK, ROW_SECTION, ROW_LINE, ROW_COLUMN, ROW_ID, FIRST_UNIT = range(2, 10)
"""Its rows, from 0."""

UNITS_NAME = "rollup__units"
"""The name of the first unit's cell, and so of where the figures are."""

MODE, SUMS = "wb_rollup", "wb_rollup_sums"
"""The properties: how the tables are made (`Mode`), and the digest of the sums."""


class Mode(Enum):
    """How the tables of a roll-up are made, and what its sheet of units holds."""

    FORMULAS = "formulas"
    VALUES = "values"
    APART = "apart"
    """As values; the units' figures are not in the workbook."""


def mode_in(properties: Mapping[str, str]) -> Mode | None:
    """How the tables of the roll-up with these properties are made; ``None`` of any other workbook."""
    stated = properties.get(MODE, "")
    return next((mode for mode in Mode if mode.value == stated), None)


class UnitLine(NamedTuple):
    """A unit that is counted: who it is, how it fares, and its figures in the order of the form's cells."""

    agency: str
    code: str
    source: str
    status: str
    counts: tuple[int, int, int]
    """Errors, warnings and notices."""
    rules: str
    """The rules that it breaks, each with how often."""
    figures: tuple[Figure, ...]
    is_own: bool = False


class Listed(NamedTuple):
    """A unit that is not counted, and why."""

    agency: str
    code: str
    source: str
    why: Phrase
    counts: tuple[int, int, int] = (0, 0, 0)
    status: str = ""
    rules: str = ""


class Appendix(NamedTuple):
    """All that a roll-up says beside the sums; `missing` is ``None`` where there is no roster."""

    units: tuple[UnitLine, ...]
    missing: tuple[Listed, ...] | None
    excluded: tuple[Listed, ...]
    remarks: tuple[Phrase, ...]
    findings: tuple[Finding, ...]


def words(kind: str, name: str, **details: object) -> Phrase:
    """The words called `name` among those of `kind`, with `details` filled in."""
    said: Mapping[str, str] = _data()[kind][name]
    filled = {
        language: text.format(**{k: _in(v, language) for k, v in details.items()})
        for language, text in said.items()
    }
    return Phrase(**filled)


def tab(name: str) -> str:
    """The title of one of the sheets of a roll-up."""
    return str(_data()["sheets"][name])


def tabs() -> frozenset[str]:
    """The titles of them all."""
    return frozenset(_data()["sheets"].values())


def mode_of(units: Sequence[UnitLine], sums: Iterable[Figure]) -> Mode:
    """Formulas where there are few enough units, and every figure is one that a spreadsheet adds exactly."""
    if len(units) > FIGURES:
        return Mode.APART
    if len(units) > FORMULAS or not all(map(_is_exact, sums)):
        return Mode.VALUES
    exact = all(_is_exact(figure) for unit in units for figure in unit.figures)
    return Mode.FORMULAS if exact else Mode.VALUES


def sum_formula(title: str, cell: Cell, column: int, rows: tuple[int, int]) -> str:
    """The formula of a sum over the units, blank while all are; `rows` are the first and the last, from 0."""
    letters = column_name(column)
    area = f"'{title}'!${letters}${rows[0] + 1}:${letters}${rows[1] + 1}"
    total = f"ROUND(SUM({area}),{_DECIMALS})" if cell.kind == "money" else f"SUM({area})"
    return f'=IF(COUNT({area})=0,"",{total})'


def summed(figures: Sequence[Figure]) -> int | Decimal | None:
    """The sum of the figures of some units; blanks and what is lacking count as nothing."""
    if Gap.LACKS in figures:
        return add_up(figure for figure in figures if not isinstance(figure, Gap))
    return add_up(cast("Sequence[int | Decimal | None]", figures))


def figure_spot(row: int, number: int) -> Spot:
    """Where the figure with this number stands in a row of the units' sheet."""
    return Spot(row, FIRST_FIGURE + number)


def row_digest(agency: str, code: str, figures: Iterable[str]) -> str:
    """Twelve hexadecimal digits over a unit's row, its figures as they are `shown`."""
    return _digest([agency, code, *figures])


def sums_digest(values: Mapping[Cell, int | Decimal | None]) -> str:
    """Twelve hexadecimal digits over all sums."""
    return _digest(f"{cell.id}={plain(figure)}" for cell, figure in sorted(values.items()))


def shown(figure: Figure) -> str:
    """A figure as text."""
    if type(figure) is int:
        return str(figure)
    return figure.value if isinstance(figure, Gap) else plain(figure)


def is_number(figure: Figure) -> bool:
    """Whether a spreadsheet keeps a figure as a number without changing it."""
    if type(figure) is int:
        return -_WHOLE < figure < _WHOLE
    return isinstance(figure, Decimal) and Decimal(repr(float(figure))) == figure


def _is_exact(figure: Figure) -> bool:
    if isinstance(figure, Decimal) and figure != round(figure, _DECIMALS):
        return False
    return figure is None or isinstance(figure, Gap) or is_number(figure)


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("|".join(parts).encode(errors="surrogatepass")).hexdigest()[:12]


def _data() -> Mapping[str, Any]:
    return read_toml(resource("templates/rollup.toml"))


def _in(value: object, language: str) -> object:
    return value.say(language) if isinstance(value, Phrase) else value
