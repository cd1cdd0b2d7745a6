"""What a figure of the prose is about: cells of the form to be added up, or a part of the fee statement."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.narrative.names import field_name, resolve
from workbook_tool.phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook_tool.forms import Cell, Form
    from workbook_tool.narrative.tokens import Token

FEE = "fee"
_MYRIAD = 10_000


class Target(NamedTuple):
    """A line by its name, such as ``t3.outcome.refused.total``, and the cells that make it up."""

    name: str
    cells: tuple[Cell, ...] = ()
    words: Phrase = Phrase("", "")
    """What messages call it."""


@cache
def target(form: Form, table: str, rows: str, column: str | None) -> Target | None:
    """The target on one line, or on several joined by ``+``; ``None`` where the form has none such."""
    if table == FEE:
        return Target(f"{FEE}.{rows}")
    parts: list[Target] = []
    for row in rows.split("+"):
        name = f"{table}.{row}.{column}"
        cells = resolve(form, name)
        if cells is None:
            return None
        parts.append(Target(name, cells, _words(form, name, cells)))
    return Target(
        " + ".join(part.name for part in parts),
        tuple(cell for part in parts for cell in part.cells),
        Phrase("＋".join(part.words.zh for part in parts), " + ".join(part.words.en for part in parts)),
    )


def _words(form: Form, name: str, cells: tuple[Cell, ...]) -> Phrase:
    """What a cell is called, or a group: by its field name, spelled as places are."""
    if len(cells) == 1:
        return cells[0].where
    number, _, line = field_name(form, *cells).partition(".")
    path, table = line.replace(".", " · "), cells[0].where.en.partition(" · ")[0]
    words = name.partition(".")[2].replace("_", " ").replace(".", " · ")
    return Phrase(
        f"表{number} · {path}（{len(cells)} 格之和）", f"{table} · {words} (sum of {len(cells)} cells)"
    )


def in_unit_of(targets: Sequence[Target], number: Token) -> int | Decimal | None:
    """The value of `number` in the unit of its target; ``None`` where its unit is not of that kind."""
    if not targets:
        return None
    name, cells, _ = targets[0]
    is_money = (name.startswith(FEE) and not name.endswith("notices")) or any(
        c.kind == "money" for c in cells
    )
    if number.value and (number.unit == "money") != is_money:
        return None
    is_case = name.startswith(("t3", "t4")) or name.endswith(".decisions")
    if number.value and number.unit == "items" and is_case:
        return None  # 行政许可 23 项 are kinds of licences, not decisions
    if not is_money or not cells:
        return number.value
    tens = Decimal(number.value) / _MYRIAD
    return int(tens) if tens == tens.to_integral_value() else tens
