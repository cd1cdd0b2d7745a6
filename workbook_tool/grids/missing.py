"""Saying which prescribed lines a source lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.phrase import Phrase
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbook_tool.forms import Cell, Section

_SHOWN = 5


def missing_finding(section: Section, missing: Sequence[Cell], unplaced: Iterable[str] = ()) -> Finding:
    """The finding that figures of `section` were not found, naming the rows concerned."""
    unit, lines = _lines(section, missing)
    zh, en = "、".join(line.zh for line in lines[:_SHOWN]), ", ".join(line.en for line in lines[:_SHOWN])
    if len(lines) > _SHOWN:
        zh, en = f"{zh} 等 {len(lines)} {unit.zh}", f"{en} and {len(lines) - _SHOWN} more"
    lost = list(unplaced)
    if lost:
        zh += f"(认不准的行共 {len(lost)} 行，如：{'；'.join(lost[:_SHOWN])})"
        en += f" ({len(lost)} rows could not be placed, such as: {'; '.join(lost[:_SHOWN])})"
    if len(missing) == len(section.cells) and not lost:
        return missing_section(section)
    return Finding(
        "W-03",
        Place(section.name),
        ids=tuple(cell.id for cell in missing),
        details={"section": section.name, "missing": Phrase(zh, en)},
    )


def _lines(section: Section, missing: Sequence[Cell]) -> tuple[Phrase, list[Phrase]]:
    """The lines to name: rows where whole rows are missing, else rows or columns, whichever are fewer."""
    rows = dict.fromkeys(cell.row.name for cell in missing if cell.row)
    columns = dict.fromkeys(cell.column.name for cell in missing)
    whole = sum(cell.row is not None and cell.row.name in rows for cell in section.cells) == len(missing)
    if rows and (len(rows) <= len(columns) or (whole and len(missing) < len(section.cells))):
        return Phrase("行", "rows"), list(rows)
    return Phrase("列", "columns"), list(columns)


def missing_section(section: Section, rule: str = "W-03") -> Finding:
    """The finding that `section` was not found at all; of a document S-01 (no heading) or S-03 (no table)."""
    words = Phrase(section.heading, section.name.en)
    return Finding(rule, Place(section.name), "section" if rule == "W-03" else "", details={"section": words})
