"""Saying which prescribed lines a source lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.forms import Phrase
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbook_tool.forms import Cell, Section

_SHOWN = 5


def missing_finding(section: Section, missing: Sequence[Cell], unplaced: Iterable[str] = ()) -> Finding:
    """The finding that figures of `section` were not found, naming the rows concerned."""
    lines = list(dict.fromkeys((cell.row or cell.column).name for cell in missing))
    zh, en = "、".join(line.zh for line in lines[:_SHOWN]), ", ".join(line.en for line in lines[:_SHOWN])
    if len(lines) > _SHOWN:
        zh, en = f"{zh} 等 {len(lines)} 行", f"{en} and {len(lines) - _SHOWN} more"
    rows = list(unplaced)
    if rows:
        shown = "; ".join(rows[:_SHOWN])
        zh += f"(认不准的行共 {len(rows)} 行,如:{shown})"
        en += f" ({len(rows)} rows could not be placed, such as: {shown})"
    if len(missing) == len(section.cells) and not rows:
        words = Phrase(section.heading, section.name.en)
        return Finding("W-03", Place(section.name), "section", details={"section": words})
    return Finding(
        "W-03",
        Place(section.name),
        ids=tuple(cell.id for cell in missing),
        details={"section": section.name, "missing": Phrase(zh, en)},
    )
