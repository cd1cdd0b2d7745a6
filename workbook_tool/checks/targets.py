"""Which part of a report a finding is about, by name, wherever the report is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.forms import cover_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook_tool.forms import Form
    from workbook_tool.rules import Finding


def targets_of(finding: Finding, form: Form) -> Sequence[str]:
    """The names of what `finding` is about, the one where it is told first; nothing for the whole file.

    A cell's id, ``cover.<field>``, or a section's id.
    """
    place = finding.place
    cells = [form.cells[cell_id] for cell_id in finding.ids if cell_id in form.cells]
    if cells:
        told = next((cell for cell in cells if cell.where == place.words), cells[0])
        # An equation is told at one of its cells; an entry that is wrong is wrong in each.
        alone = finding.rule.startswith("T") and finding.count == 1
        return [told] if alone else [told, *(cell for cell in cells if cell is not told)]
    for field in cover_fields():
        if place.words == field.words:
            return [f"cover.{field.id}"]
    named = (s.id for s in form.sections if place.sheet == s.tab or place.words == s.name)
    return list(named)[:1]
